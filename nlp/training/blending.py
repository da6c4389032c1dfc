"""How the trained model and the rules are put together, learnt from texts that the model had not seen."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from nlp.training.fit import Column, Counted, Floats, fit_model, weigh_all
from nlp.training.likeness import group_alike
from nlp.training.teaching import Lesson

FOLDS = 5


def weigh_unseen(lesson: Lesson, counted: Counted, seed: int = 0) -> Floats:
    """Log-odds of the first column of every text by a model taught on the other folds; texts alike share a fold."""
    folds = choose_folds(lesson.texts, seed)
    odds = np.zeros(len(lesson.texts))
    name, target, weight = lesson.columns[0]
    for fold in range(FOLDS):
        unseen = folds == fold
        column = Column(name, target[~unseen], weight[~unseen])
        odds[unseen] = weigh_all(fit_model(counted.rows(~unseen), [column]), counted.rows(unseen))[:, 0]
    return odds


def choose_folds(texts: Sequence[str], seed: int) -> npt.NDArray[np.int64]:
    groups = group_alike(texts)
    return np.random.default_rng(seed).integers(0, FOLDS, len(texts))[groups]


def blend(features: Floats, target: npt.NDArray[np.bool_], weight: Floats) -> tuple[float, list[float]]:
    """Bias and a weight a feature, by logistic regression: the blended log-odds are calibrated."""
    fitted = LogisticRegression(C=10.0).fit(features, target, sample_weight=weight)
    return round(float(fitted.intercept_[0]), 4), [round(float(part), 4) for part in fitted.coef_[0]]
