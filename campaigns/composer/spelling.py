"""Thai words that look misspelt, as hints that never stop anything.

What is often written wrongly stands in misspelt.tsv. Other words are found by how a text falls apart: where the
dictionary can't cut it into words, or only into rare ones, one letter more, less or otherwise makes a common word of it.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources
from itertools import accumulate
from typing import NamedTuple

import ahocorasick
from pythainlp.corpus import thai_words

from campaigns.composer.fault import Fault
from campaigns.composer.personal import sayings_of
from campaigns.plans.blocks import QuizBlock, SurveyBlock, Wording
from campaigns.plans.plan import Plan
from nlp.known_words import are_thai_words, word_costs
from nlp.segment import words

_THAI = re.compile(r"[\u0e01-\u0e4e]+")
_STRETCH = re.compile(r"[\u0e01-\u0e4e]+|[^\u0e01-\u0e4e]+")
# Vowels and marks that belong to the letter before them.
_GOES_ON = re.compile(r"[\u0e31\u0e34-\u0e3a]")
_AGAIN = chr(0x0E46)  # MAIYAMOK
# What one letter may become or be added: consonants, vowels, marks.
_LETTERS = "".join(map(chr, (*range(0x0E01, 0x0E2F), *range(0x0E30, 0x0E3A), *range(0x0E40, 0x0E4D))))
# Costs are in nats, as in nlp.known_words: a letter of no word, and what a correction must gain to be worth a hint.
_UNKNOWN_LETTER, _GAIN = 9.0, 9.0
# A word of the list that is rarer than this is worth a look; commoner ones are as meant.
_RARE = 15.0
_MOST_TOGETHER, _SHORTEST, _LONGEST = 4, 4, 16
# Looked at in one text; a text with more is in no Thai that we know.
_MOST_LOOKS = 40


class Hint(NamedTuple):
    """`start` and `end` count code points; `meant` is "" where no word is near."""

    start: int
    end: int
    words: str
    meant: str


def hints_of(plan: Plan) -> list[Fault]:
    """Hints for all Thai of a plan, each at its block, its code "spelling", with `words` and `meant`."""
    return [
        Fault(
            f"{step}.{wording.variant}.{place}",
            "spelling",
            "",
            {"words": hint.words, "meant": hint.meant},
            stops=False,
        )
        for step, one in enumerate(plan.steps)
        for wording in one.wordings
        for place, text in _texts(wording)
        for hint in misspelt(text)
    ]


def _texts(wording: Wording) -> Iterator[tuple[str, str]]:
    yield "notice", wording.notice.get("th", "")
    for block in wording.blocks:
        for said in sayings_of(block):
            yield block.id, said.get("th", "")
        if isinstance(block, QuizBlock | SurveyBlock):
            for choice in block.choices:
                yield f"{block.id}.choices.{choice.id}", choice.label.get("th", "")
                yield f"{block.id}.choices.{choice.id}", choice.reply.get("th", "")


def misspelt(text: str) -> list[Hint]:
    """What looks misspelt in a text, in its order."""
    often = list(_often_misspelt(text))
    taken = {at for hint in often for at in range(hint.start, hint.end)}
    # Each stretch of Thai by itself: signs that touch a word spoil the cut.
    parts = [part for stretch in _STRETCH.findall(text) for part in _cut(stretch)]
    starts = [0, *accumulate(map(len, parts))]
    found = [hint for hint in _fallen_apart(parts, starts) if taken.isdisjoint(range(hint.start, hint.end))]
    return sorted([*often, *found])


def _cut(stretch: str) -> list[str]:
    return words(stretch) if _THAI.match(stretch) else [stretch]


def _often_misspelt(text: str) -> Iterator[Hint]:
    for last, (wrong, right) in _list().iter_long(text):
        start = last + 1 - len(wrong)
        # What goes on with a vowel is another word.
        if _GOES_ON.match(text, last + 1) is None:
            yield Hint(start, last + 1, wrong, right)


def _fallen_apart(parts: list[str], starts: list[int]) -> Iterator[Hint]:
    done, looks = 0, 0
    for at, part in enumerate(parts):
        if at < done or not _is_odd(part) or looks >= _MOST_LOOKS:
            continue
        looks += 1
        found = _nearest(parts, at, done)
        if found is not None:
            first, end, meant = found
            yield Hint(starts[first], starts[end], "".join(parts[first:end]), meant)
            done = end
        elif part not in thai_words() and len(part) >= _SHORTEST:
            yield Hint(starts[at], starts[at + 1], part, "")


def _is_odd(part: str) -> bool:
    return _THAI.fullmatch(part) is not None and part != _AGAIN and word_costs().get(part, 99.0) > _RARE


def _nearest(parts: list[str], at: int, done: int) -> tuple[int, int, str] | None:
    """The window around an odd part that one letter makes most common, and that word."""
    best, gained = None, _GAIN
    for first in range(max(done, at - _MOST_TOGETHER + 1), at + 1):
        for end in range(at + 1, min(len(parts), first + _MOST_TOGETHER) + 1):
            joined = "".join(parts[first:end])
            if not _SHORTEST <= len(joined) <= _LONGEST or _THAI.fullmatch(joined) is None:
                continue
            if joined in thai_words() or are_thai_words(joined):
                # The text was cut wrongly, not written wrongly.
                continue
            now = sum(_cost(part) for part in parts[first:end])
            for word in _one_letter_away(joined):
                gain = now - word_costs().get(word, now)
                if gain > gained:
                    best, gained = (first, end, word), gain
    return best


def _cost(part: str) -> float:
    """A rare word of the dictionary costs no more than a rare word of the corpus."""
    known = word_costs().get(part)
    if known is not None:
        return known
    return _RARE + 3 if part in thai_words() and len(part) > 2 else _UNKNOWN_LETTER * len(part)


def _one_letter_away(word: str) -> Iterable[str]:
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        if tail:
            yield head + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        for letter in _LETTERS:
            yield head + letter + tail
            if tail:
                yield head + letter + tail[1:]


@cache
def _list() -> ahocorasick.Automaton:
    found = ahocorasick.Automaton()
    lines = resources.files("campaigns.composer").joinpath("misspelt.tsv").read_text("utf-8").splitlines()
    for line in lines:
        if line and not line.startswith("#"):
            wrong, right = line.split("\t")
            found.add_word(wrong, (wrong, right))
    found.make_automaton()
    return found
