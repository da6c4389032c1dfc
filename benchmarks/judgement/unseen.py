"""How offers of the taught corpora are judged by models that saw neither them nor texts like them."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from benchmarks.judgement import baselines
from benchmarks.judgement.comparing import AS_FLAGGED, CALIBRATED, OURS, TOLD_APART, Method, compare
from benchmarks.judgement.figures import Flags, Floats
from benchmarks.judgement.groups import pair, print_texts
from benchmarks.judgement.offers import LIKELY, by_words, deceptive, print_by_header
from benchmarks.judgement.page import Page, tell
from nlp.classifier import score_offer
from nlp.training.blending import FOLDS, choose_folds
from nlp.training.corpus import Example, read_folder
from nlp.training.features import rule_features
from nlp.training.fit import Column, Counted, count_pieces, fit_model, weigh_all
from nlp.training.real import mask_leaks, read_development
from nlp.training.teaching import Lesson, teach_offers
from nlp.verdict import CAUTION

_FEWEST = 20  # texts of a family of subtypes that stands in a row of its own
_MEASURES = (*TOLD_APART, *AS_FLAGGED, *CALIBRATED)


class _Ground(NamedTuple):
    """A lesson and into which fifth each of its texts falls; texts alike fall into one."""

    lesson: Lesson
    folds: npt.NDArray[np.int64]
    target: Flags
    weight: Floats

    def rows(self, texts: list[str]) -> npt.NDArray[np.int64]:
        """Where texts stand in the lesson; a text that stands there twice is found at its first place."""
        first: dict[str, int] = {}
        for row, text in enumerate(self.lesson.texts):
            first.setdefault(text, row)
        return np.array([first[text] for text in texts])


def report_unseen(page: Page) -> None:
    tell("taught offers: finding texts that are alike")
    lesson = teach_offers()
    column = lesson.columns[0]
    ground = _Ground(lesson, choose_folds(lesson.texts, seed=0), column.target, column.weight)
    examples = read_folder("offers")
    development = read_development()
    real = np.flatnonzero(lesson.origin == "development")
    rows = np.concatenate((ground.rows([example.text for example in examples]), real))
    asked = [example.text for example in (*examples, *development)]
    ours = _score(ground, rows, asked)
    letters = _score_by_letters(ground, rows, asked)
    authored = len(examples)
    _report_authored(page, examples, ours[:authored], letters[:authored])
    if development:
        _report_development(page, development, ground.folds[real], ours[authored:], letters[authored:])


def _score(ground: _Ground, rows: npt.NDArray[np.int64], asked: list[str]) -> Floats:
    """Scores of texts, each by a model taught on the other four fifths; development texts are asked unmasked."""
    counted, wanted = count_pieces(ground.lesson.texts), count_pieces(asked)
    odds = np.zeros(len(asked))
    for fold in range(FOLDS):
        tell(f"taught offers: fifth {fold + 1} of {FOLDS}, our model")
        odds[ground.folds[rows] == fold] = _weigh(ground, counted, wanted, rows, fold)
    rules = rule_features(asked)
    return np.array(
        [
            score_offer(wording, row[0], offer=bool(row[1]), signs=bool(row[2]))
            for wording, row in zip(odds, rules, strict=True)
        ]
    )


def _weigh(
    ground: _Ground, counted: Counted, wanted: Counted, rows: npt.NDArray[np.int64], fold: int
) -> Floats:
    rest = ground.folds != fold
    column = Column("deceptive", ground.target[rest], ground.weight[rest])
    model = fit_model(counted.rows(rest), [column])
    return weigh_all(model, wanted.rows(ground.folds[rows] == fold))[:, 0]


def _score_by_letters(ground: _Ground, rows: npt.NDArray[np.int64], asked: list[str]) -> Floats:
    """The baseline on the same fifths; how common letters are was counted on all texts, which favours it a little."""
    vectors = baselines.count_letters()
    counted, wanted = vectors.fit_transform(ground.lesson.texts), vectors.transform(asked)
    score = np.zeros(len(asked))
    for fold in range(FOLDS):
        tell(f"taught offers: fifth {fold + 1} of {FOLDS}, baseline of letters")
        rest, mine = ground.folds != fold, ground.folds[rows] == fold
        fitted = baselines.regress().fit(
            counted[rest], ground.target[rest], sample_weight=ground.weight[rest]
        )
        score[mine] = fitted.predict_proba(wanted[mine])[:, 1]
    return score


def _report_authored(page: Page, examples: list[Example], ours: Floats, letters: Floats) -> None:
    truth = deceptive(examples)
    page.section(
        f"Authored offers, {FOLDS}-fold: {len(examples)} texts, {truth.sum()} of them deceptive",
        "Each fifth judged by models taught on the other four; texts alike share a fifth. The rules and how loud they "
        "speak were made with these texts in sight, so these figures show where it is weak rather than how good it is. "
        f"Flagged: a score of {CAUTION} or more.",
    )
    methods = [
        Method(OURS, ours, ours >= CAUTION),
        Method("TF-IDF, same texts", letters, letters >= LIKELY),
        by_words([example.text for example in examples]),
    ]
    compare(page, "authored offers", truth, methods, _MEASURES)
    judged = pair(examples, truth, methods[0].flagged)
    print_by_header(page, judged, _FEWEST)
    print_texts(page, judged)


def _report_development(
    page: Page, examples: list[Example], folds: npt.NDArray[np.int64], ours: Floats, letters: Floats
) -> None:
    truth = deceptive(examples)
    page.section(
        f"Real development texts, {FOLDS}-fold: {len(examples)} texts, {truth.sum()} of them deceptive",
        "The same models: each fifth judged by models that did not see it. Taught with the fact-checkers' own phrases "
        "masked and asked as the texts stand. TF-IDF on real texts alone chooses its regularisation by a second, inner "
        "cross-validation. Short claims and notices: they look different from what citizens send.",
    )
    texts = [example.text for example in examples]
    tell("development texts: nested baseline")
    masked = [mask_leaks(example).text for example in examples]
    nested = baselines.score_nested(masked, texts, truth, folds)
    methods = [
        Method(OURS, ours, ours >= CAUTION),
        Method("TF-IDF, same texts", letters, letters >= LIKELY),
        Method("TF-IDF, real, nested", nested, nested >= LIKELY),
        by_words(texts),
    ]
    compare(page, "real development texts", truth, methods, _MEASURES)
