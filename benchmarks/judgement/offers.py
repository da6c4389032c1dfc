"""How offers are judged on the hold-outs, which no training reads."""

from collections.abc import Sequence

import numpy as np

from benchmarks.judgement import baselines
from benchmarks.judgement.comparing import (
    AS_FLAGGED,
    CALIBRATED,
    OURS,
    TOLD_APART,
    Method,
    compare,
    print_calibration,
    print_difference,
)
from benchmarks.judgement.everyday import everyday_unseen
from benchmarks.judgement.figures import Flags, share
from benchmarks.judgement.groups import Judged, families, pair, print_confusion, print_groups, print_texts
from benchmarks.judgement.page import Goal, Page, tell
from nlp.judgement import Judgement, judge
from nlp.training.corpus import HOLD_OUTS, Example, read_folder
from nlp.training.real import read_development

FLAGGED = frozenset({"danger", "caution"})
BANDS = ("danger", "caution", "unclear", "not_an_offer")
LIKELY = 0.5
_FEWEST = 4  # texts of a family of subtypes that stands in a row of its own
_GOALS = {
    "AUC": Goal(0.98),
    "recall at 3 % false alarms": Goal(0.95),
    "flagged for nothing": Goal(0.10, at_least=False),
}
MEASURES = tuple(m._replace(goal=_GOALS.get(m.name)) for m in (*TOLD_APART, *AS_FLAGGED, *CALIBRATED))


def report_offers(page: Page) -> None:
    together = [judged for folder in HOLD_OUTS for judged in _report_hold_out(page, folder)]
    page.section(
        f"Offers of all hold-outs by form and subtype: {len(together)} texts",
        "Caught and flagged mean the bands danger or caution. Subtypes are the corpora's own words for a lure or an ad; "
        f"where fewer than {_FEWEST} texts share one, those that begin alike stand together.",
    )
    print_by_header(page, together, _FEWEST)
    _report_everyday(page)
    print_texts(page, together)


def deceptive(examples: Sequence[Example]) -> Flags:
    return np.array([example.label == "deceptive" for example in examples])


def print_by_header(page: Page, judged: Sequence[Judged], fewest: int) -> None:
    words = ("deceptive", "genuine and other")
    form = families([one.example.form for one in judged], fewest)
    print_groups(page, "form", judged, lambda one: form[one.example.form], words)
    family = families([one.example.subtype for one in judged], fewest)
    print_groups(page, "subtype", judged, lambda one: family[one.example.subtype], words)


def by_words(texts: Sequence[str]) -> Method:
    counted = baselines.count_words(baselines.OFFER_WORDS, texts)
    return Method("keyword list", counted, baselines.flag_offers(counted), likely=False)


def _report_hold_out(page: Page, name: str) -> list[Judged]:
    examples = [example for example in read_folder(name) if example.source == "offers"]
    tell(f"offers: judging {len(examples)} texts of {name}")
    truth, judged = deceptive(examples), [judge(example.text) for example in examples]
    page.section(
        f"Offers, hold-out “{name}”: {len(examples)} texts, {truth.sum()} of them deceptive",
        "Authored whole posts, chats and forwards, by people who saw neither the texts taught nor the word lists. Flagged: "
        f"{OURS} says danger or caution; the keyword list finds two words; TF-IDF says {LIKELY} or more.",
    )
    methods = [_ours(judged), *_baselines([example.text for example in examples])]
    compare(page, f"offers, {name}", truth, methods, MEASURES)
    print_difference(page, truth, methods[0], methods[1])
    pairs = [(e.label, j.band) for e, j in zip(examples, judged, strict=True)]
    print_confusion(
        page,
        "Bands given (across) to deceptive, genuine and other texts",
        pairs,
        ("deceptive", "genuine", "other", *BANDS),
    )
    print_calibration(page, truth, methods[0].score)
    return pair(examples, truth, methods[0].flagged)


def _report_everyday(page: Page) -> None:
    texts = everyday_unseen()
    if not texts:
        return
    tell(f"offers: judging {len(texts):,} everyday messages")
    flagged = np.array([judge(text).band in FLAGGED for text in texts], dtype=np.float64)
    page.say(
        f"\nEveryday messages of real people flagged danger or caution: {share(flagged, np.ones(len(texts)))} of {len(texts):,}"
    )


def _ours(judged: Sequence[Judgement]) -> Method:
    flagged = np.array([judgement.band in FLAGGED for judgement in judged])
    return Method(OURS, np.array([judgement.score for judgement in judged]), flagged)


def _baselines(texts: Sequence[str]) -> list[Method]:
    score = baselines.offers_by_letters()(texts)
    found = [Method("TF-IDF, same texts", score, score >= LIKELY)]
    development = read_development()
    if development:
        real = baselines.teach_letters([e.text for e in development], deceptive(development))(texts)
        found.append(Method("TF-IDF, real texts", real, real >= LIKELY))
    return [*found, by_words(texts)]
