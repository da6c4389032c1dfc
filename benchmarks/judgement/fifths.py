"""Scores of taught offers, each by models that saw neither it nor texts like it."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

from benchmarks.judgement import baselines
from benchmarks.judgement.figures import Flags, Floats
from benchmarks.judgement.page import tell
from nlp.classifier import score_offer
from nlp.training.blending import FOLDS, choose_folds
from nlp.training.corpus import Example, read_folder
from nlp.training.features import rule_features
from nlp.training.fit import Column, Counted, count_pieces, fit_model, join, weigh_all
from nlp.training.real import mask_leaks, read_development
from nlp.training.teaching import Lesson, teach_offers


class Unseen(NamedTuple):
    """Authored texts and, below them, the real development texts; `nested` has scores of the latter alone."""

    authored: list[Example]
    development: list[Example]
    ours: Floats
    letters: Floats
    nested: Floats


class _Ground(NamedTuple):
    """A lesson, into which fifth each of its texts falls (texts alike into one), and which of them are asked about."""

    lesson: Lesson
    folds: npt.NDArray[np.int64]
    authored: Flags
    asked: npt.NDArray[np.int64]
    development: list[str]


def score_unseen() -> Unseen:
    """Takes two minutes; runs in a process of its own."""
    tell("taught offers: finding texts that are alike")
    authored, development, lesson = read_folder("offers"), read_development(), teach_offers()
    folds = choose_folds(lesson.texts, seed=0)
    # The lesson begins with the authored offers, in their order.
    first = np.arange(len(lesson.texts)) < len(authored)
    real = folds[lesson.origin == "development"]
    texts = [example.text for example in development]
    ground = _Ground(lesson, folds, first, np.concatenate((folds[first], real)), texts)
    return Unseen(
        authored,
        development,
        _score(ground, [example.text for example in (*authored, *development)]),
        _score_by_letters(ground),
        _score_nested(development, real),
    )


def _score(ground: _Ground, texts: list[str]) -> Floats:
    """By our model, taught with the fact-checkers' own phrases masked and asked about texts as they stand."""
    counted = count_pieces(ground.lesson.texts)
    wanted = counted.rows(ground.authored)
    if ground.development:
        wanted = join(wanted, count_pieces(ground.development))
    odds = np.zeros(len(texts))
    for fold in range(FOLDS):
        tell(f"taught offers: fifth {fold + 1} of {FOLDS}, our model")
        odds[ground.asked == fold] = _weigh(ground, counted, wanted, fold)
    return np.array(
        [
            score_offer(wording, row[0], offer=bool(row[1]), signs=bool(row[2]))
            for wording, row in zip(odds, rule_features(texts), strict=True)
        ]
    )


def _weigh(ground: _Ground, counted: Counted, wanted: Counted, fold: int) -> Floats:
    column, rest = ground.lesson.columns[0], ground.folds != fold
    model = fit_model(counted.rows(rest), [Column(column.name, column.target[rest], column.weight[rest])])
    return weigh_all(model, wanted.rows(ground.asked == fold))[:, 0]


def _score_by_letters(ground: _Ground) -> Floats:
    """The baseline on the same fifths; how common letters are was counted on all texts, which favours it a little."""
    column, vectors = ground.lesson.columns[0], baselines.count_letters()
    counted = vectors.fit_transform(ground.lesson.texts)
    parts = [counted[ground.authored]]
    if ground.development:
        parts.append(vectors.transform(ground.development))
    wanted = sparse.vstack(parts).tocsr()
    score = np.zeros(len(ground.asked))
    for fold in range(FOLDS):
        tell(f"taught offers: fifth {fold + 1} of {FOLDS}, baseline of letters")
        rest, mine = ground.folds != fold, ground.asked == fold
        fitted = baselines.regress().fit(counted[rest], column.target[rest], sample_weight=column.weight[rest])  # fmt: skip
        score[mine] = fitted.predict_proba(wanted[mine])[:, 1]
    return score


def _score_nested(development: list[Example], folds: npt.NDArray[np.int64]) -> Floats:
    if not development:
        return np.zeros(0)
    tell("taught offers: the baseline on real texts alone")
    truth = np.array([example.label == "deceptive" for example in development])
    masked = [mask_leaks(example).text for example in development]
    return baselines.score_nested(masked, [example.text for example in development], truth, folds)
