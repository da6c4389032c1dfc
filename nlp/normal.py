"""A text in normal form whose every character knows which code points of the text as given it came from."""

import re
from collections.abc import Callable

import msgspec


class Normal(msgspec.Struct, frozen=True):
    """A normal form; character `i` came from the given code points `starts[i]` up to `ends[i]`."""

    text: str
    starts: list[int]
    ends: list[int]
    odd: bool = False  # whether it shows signs of a disguise

    def given(self, start: int, end: int) -> tuple[int, int]:
        """The span in the text as given for a non-empty span of this form."""
        return self.starts[start], self.ends[end - 1]


Edit = tuple[int, int, str]  # from, up to, what stands there instead


def as_given(text: str) -> Normal:
    """A form with one character for each code point."""
    return Normal(text, list(range(len(text))), list(range(1, len(text) + 1)))


def edited(normal: Normal, edits: list[Edit]) -> Normal:
    """The form after edits that stand in order and apart; what is put in came from all that it stands for."""
    if not edits:
        return normal
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    done = 0
    for first, last, new in edits:
        pieces += (normal.text[done:first], new)
        starts += normal.starts[done:first]
        ends += normal.ends[done:first]
        if len(new) == last - first:
            starts += normal.starts[first:last]
            ends += normal.ends[first:last]
        else:
            starts += [normal.starts[first]] * len(new)
            ends += [normal.ends[last - 1]] * len(new)
        done = last
    pieces.append(normal.text[done:])
    return Normal("".join(pieces), starts + normal.starts[done:], ends + normal.ends[done:])


def replaced(normal: Normal, pattern: re.Pattern[str], change: Callable[[re.Match[str]], str]) -> Normal:
    """The form with every match changed; a match that stays as it is costs nothing."""
    edits = []
    for match in pattern.finditer(normal.text):
        new = change(match)
        if new != match[0]:
            edits.append((*match.span(), new))
    return edited(normal, edits)


def removed(normal: Normal, pattern: re.Pattern[str]) -> Normal:
    """The form without what a pattern matches: as `replaced` by nothing, at half its time."""
    text = normal.text
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    done = 0
    for match in pattern.finditer(text):
        first, last = match.span()
        pieces.append(text[done:first])
        starts += normal.starts[done:first]
        ends += normal.ends[done:first]
        done = last
    if not done:
        return normal
    pieces.append(text[done:])
    return Normal("".join(pieces), starts + normal.starts[done:], ends + normal.ends[done:])


def without(normal: Normal, dropped: set[int]) -> Normal:
    """The form without the characters at some offsets."""
    if not dropped:
        return normal
    kept = [i for i in range(len(normal.text)) if i not in dropped]
    return Normal(
        "".join(normal.text[i] for i in kept),
        [normal.starts[i] for i in kept],
        [normal.ends[i] for i in kept],
    )
