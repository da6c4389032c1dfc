"""The share of caught offers of the hold-outs that are still caught when disguised, by twenty attacks and their pairs."""

import itertools
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from benchmarks.judgement import baselines
from benchmarks.judgement.comparing import OURS
from benchmarks.judgement.figures import Figure, Flags, share
from benchmarks.judgement.offers import FLAGGED, LIKELY
from benchmarks.judgement.page import Goal, Page, tell
from nlp.judgement import judge
from nlp.training.corpus import HOLD_OUTS, read_folder
from tests.nlp.attacks import Disguise, paired_disguises, single_disguises

_GOAL = Goal(0.98)
_WORST = 12  # pairs printed
_OFTEN = 95  # disguises between two words on how far it is
Catching = Callable[[Sequence[str]], Flags]


class Tried(NamedTuple):
    """One disguise tried on one text."""

    disguise: str
    text: int
    caught: bool


def report_disguises(page: Page, each: int) -> None:
    """`each`: texts that a pair of attacks is tried on."""
    examples = [e for folder in HOLD_OUTS for e in read_folder(folder) if e.source == "offers"]
    lures = [example.text for example in examples if example.label == "deceptive"]
    fair = [example.text for example in examples if example.label != "deceptive"]
    page.section(
        f"Disguises: {len(lures)} deceptive offers of the hold-outs",
        "Zero-width letters, spaced and dotted words, look-alike alphabets, wrong keyboard and so on: twenty ways to slip "
        "through, which people still read. Of the offers that are caught as they stand, the share still caught, each attack "
        "alone on every offer and each ordered pair on some of them in turn.",
    )
    known = [text for text, caught in zip(lures, _ours(lures), strict=True) if caught]
    alone = try_all(known, single_disguises(), len(known), _ours)
    paired = try_all(known, paired_disguises(), each, _ours)
    rows = [_row(page, "alone", OURS, alone), _row(page, "in pairs", OURS, paired)]
    tell("disguises: the baselines")
    for name, catching in (("TF-IDF, same texts", _by_letters), ("keyword list", _by_words)):
        caught = [text for text, hit in zip(lures, catching(lures), strict=True) if hit]
        rows.append(_row(page, "alone", name, try_all(caught, single_disguises(), len(caught), catching)))
    page.table(("", "judged by", "tried", "still caught", "goal"), rows)
    _print_worst(page, "attack alone", alone, len(single_disguises()))
    _print_steps(page, paired)
    _print_worst(page, "worst pairs", paired, _WORST)
    _report_fair(page, fair)


def try_all(
    texts: Sequence[str], disguises: Sequence[Disguise], each: int, catching: Catching
) -> list[Tried]:
    """Try every disguise on `each` texts, taken in turn so that every text meets as many disguises."""
    turn = itertools.cycle(range(len(texts)))
    tried: list[Tried] = []
    for number, disguise in enumerate(disguises):
        if number % _OFTEN == 0:
            tell(f"disguises: {number} of {len(disguises)}")
        sample = list(itertools.islice(turn, min(each, len(texts))))
        caught = catching([disguise.apply(texts[at], at) for at in sample])
        tried += [Tried(disguise.name, at, bool(hit)) for at, hit in zip(sample, caught, strict=True)]
    return tried


def share_caught(tried: Sequence[Tried]) -> Figure:
    """With an interval over the texts: what happens to one text under many disguises is no independent news."""
    texts = sorted({one.text for one in tried})
    row = {text: number for number, text in enumerate(texts)}
    caught, times = np.zeros(len(texts)), np.zeros(len(texts))
    for one in tried:
        caught[row[one.text]] += one.caught
        times[row[one.text]] += 1
    return share(caught, times)


def _row(page: Page, how: str, by: str, tried: Sequence[Tried]) -> tuple[str, str, str, str, str]:
    if not tried:
        return how, by, "0", "–", ""
    figure = share_caught(tried)
    held = page.hold(f"disguised {how}: still caught", figure, _GOAL) if by == OURS else ""
    return how, by, f"{len(tried):,}", str(figure), held


def _print_worst(page: Page, title: str, tried: Sequence[Tried], most: int) -> None:
    by_name: dict[str, list[bool]] = defaultdict(list)
    for one in tried:
        by_name[one.disguise].append(one.caught)
    ordered = sorted(by_name.items(), key=lambda item: float(np.mean(item[1])))[:most]
    page.table((title, "tried", "still caught"), [(n, str(len(c)), f"{np.mean(c):.3f}") for n, c in ordered])


def _print_steps(page: Page, tried: Sequence[Tried]) -> None:
    steps = [one._replace(disguise=step) for one in tried for step in one.disguise.split(" + ")]
    _print_worst(page, "attack as part of a pair", steps, len(single_disguises()))


def _report_fair(page: Page, fair: Sequence[str]) -> None:
    """A disguise must not make a lure of what is none, either."""
    plain = _ours(fair)
    tried = try_all(fair, single_disguises(), len(fair) // 4, _ours)
    page.say(
        f"\nGenuine and other texts flagged: {100 * plain.mean():.1f} % as they stand,"
        f" {100 * np.mean([one.caught for one in tried]):.1f} % when disguised ({len(tried):,} tried)"
    )


def _ours(texts: Sequence[str]) -> Flags:
    return np.array([judge(text).band in FLAGGED for text in texts], dtype=np.bool_)


def _by_letters(texts: Sequence[str]) -> Flags:
    flagged: Flags = baselines.offers_by_letters()(texts) >= LIKELY
    return flagged


def _by_words(texts: Sequence[str]) -> Flags:
    return baselines.flag_offers(baselines.count_words(baselines.OFFER_WORDS, texts))
