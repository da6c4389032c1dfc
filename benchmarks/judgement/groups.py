"""The same figures by group: form of the text, subtype, kind."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from benchmarks.judgement.figures import Flags
from benchmarks.judgement.page import Page
from nlp.training.corpus import Example

OTHERS = "(all others)"
_HEAD = 12  # letters of a column's head


class Judged(NamedTuple):
    """A text of a corpus with what was made of it."""

    example: Example
    positive: bool
    flagged: bool


def pair(examples: Sequence[Example], positive: Flags, flagged: Flags) -> list[Judged]:
    return [Judged(e, bool(p), bool(f)) for e, p, f in zip(examples, positive, flagged, strict=True)]


def families(subtypes: Sequence[str], fewest: int) -> dict[str, str]:
    """Subtype → the longest run of its leading words ("one_line" of "one_line_bank") that `fewest` texts share.

    Texts that a longer run names count for no shorter one.
    """
    named: dict[str, str] = {}
    for length in range(max((len(s.split("_")) for s in subtypes), default=0), 0, -1):
        runs = {s: _leading(s, length) for s in set(subtypes) - named.keys()}
        counts = Counter(runs[subtype] for subtype in subtypes if subtype in runs)
        named |= {s: run for s, run in runs.items() if run and counts[run] >= fewest}
    return {subtype: named.get(subtype, OTHERS) for subtype in set(subtypes)}


def print_groups(
    page: Page,
    title: str,
    judged: Sequence[Judged],
    group: Callable[[Judged], str],
    words: tuple[str, str] = ("positive", "negative"),
) -> None:
    """Print, largest group first, how many of the positive were caught and of the negative flagged."""
    numbers = Counter(group(one) for one in judged)
    rows = [
        (name, *_caught([o for o in judged if group(o) == name]))
        for name, _ in sorted(numbers.items(), key=lambda item: (item[0] == OTHERS, -item[1], item[0]))
    ]
    page.table((title, words[0], "caught", words[1], "flagged"), rows)


def print_confusion(page: Page, title: str, pairs: Sequence[tuple[str, str]], order: Sequence[str]) -> None:
    """Print what the texts are (down) and what was answered (across); what never occurs is left out."""
    page.say(f"\n{title}")
    counts = Counter(pairs)
    truths = [one for one in order if any(truth == one for truth, _ in counts)]
    answers = [one for one in order if any(answer == one for _, answer in counts)]
    rows = [(truth, *(str(counts[truth, answer] or "·") for answer in answers)) for truth in truths]
    page.table(("", *(answer[:_HEAD] for answer in answers)), rows)


def print_texts(page: Page, judged: Sequence[Judged]) -> None:
    """Print what was judged wrongly, where the reader asked for texts."""
    if not page.texts:
        return
    for one in judged:
        if one.positive == one.flagged:
            continue
        e, what = one.example, "missed" if one.positive else "flagged for nothing"
        page.say(f"\n[{what}] {e.source}:{e.place} {e.label} {e.subtype} {e.form}\n{e.text}")


def _caught(judged: Sequence[Judged]) -> tuple[str, str, str, str]:
    cells = []
    for positive in (True, False):
        flags = [one.flagged for one in judged if one.positive is positive]
        cells += [str(len(flags)), f"{100 * np.mean(flags):.0f} %"] if flags else ["·", "·"]
    return cells[0], cells[1], cells[2], cells[3]


def _leading(subtype: str, length: int) -> str:
    """The first words of a subtype; nothing where it has fewer."""
    words = subtype.split("_")
    return "_".join(words[:length]) if len(words) >= length else ""
