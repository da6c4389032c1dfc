"""How taught offers are judged by models that saw neither them nor texts like them."""

from benchmarks.judgement.comparing import AS_FLAGGED, CALIBRATED, OURS, TOLD_APART, Method, compare
from benchmarks.judgement.fifths import Unseen
from benchmarks.judgement.groups import pair, print_texts
from benchmarks.judgement.offers import LIKELY, by_words, deceptive, print_by_header
from benchmarks.judgement.page import Page
from nlp.training.blending import FOLDS
from nlp.verdict import CAUTION

_FEWEST = 20  # texts of a family of subtypes that stands in a row of its own
_MEASURES = (*TOLD_APART, *AS_FLAGGED, *CALIBRATED)


def report_unseen(page: Page, unseen: Unseen) -> None:
    _report_authored(page, unseen)
    if unseen.development:
        _report_development(page, unseen)


def _report_authored(page: Page, unseen: Unseen) -> None:
    examples = unseen.authored
    ours, letters = unseen.ours[: len(examples)], unseen.letters[: len(examples)]
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


def _report_development(page: Page, unseen: Unseen) -> None:
    examples, nested = unseen.development, unseen.nested
    ours, letters = unseen.ours[-len(examples) :], unseen.letters[-len(examples) :]
    truth = deceptive(examples)
    page.section(
        f"Real development texts, {FOLDS}-fold: {len(examples)} texts, {truth.sum()} of them deceptive",
        "The same models: each fifth judged by models that did not see it. Taught with the fact-checkers' own phrases "
        "masked and asked about the texts as they stand. TF-IDF on real texts alone chooses its regularisation by a second, "
        "inner cross-validation. Short claims and notices: they look different from what citizens send.",
    )
    methods = [
        Method(OURS, ours, ours >= CAUTION),
        Method("TF-IDF, same texts", letters, letters >= LIKELY),
        Method("TF-IDF, real, nested", nested, nested >= LIKELY),
        by_words([example.text for example in examples]),
    ]
    compare(page, "real development texts", truth, methods, _MEASURES)
