"""A small language for signs made of several words.

`keep papers`          papers within 3 characters after keep
`keep >12 papers`      papers within 12 characters after keep
`keep <>20 papers`     either order, within 20 characters
`border & chat_admin`  both anywhere in the message
`@pay_high`            an event that the entities raise
Names are concepts of the lexicon; a Thai or quoted word stands for itself.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from functools import partial
from itertools import islice
from typing import Generic, TypeVar

import msgspec

from nlp.lexicon import Events, Span

_TOUCHING = 3
_MOST_MATCHES = 8
_Owner = TypeVar("_Owner")
_GAP = re.compile(r"(<?>)(\d+)$")


class Step(msgspec.Struct, frozen=True):
    concept: str
    gap: int
    either_order: bool


Group = tuple[Step, ...]


class Pattern(msgspec.Struct, frozen=True):
    groups: tuple[Group, ...]
    needs: frozenset[str]


def parse(source: str) -> Pattern:
    """Raises ValueError on a pattern that ends in a gap or has an empty side."""
    groups = tuple(_parse_group(part) for part in source.split("&"))
    return Pattern(groups, frozenset(step.concept for group in groups for step in group))


def _parse_group(source: str) -> Group:
    steps: list[Step] = []
    gap, either = _TOUCHING, False
    pending = False
    for token in source.split():
        distance = _GAP.match(token)
        if distance:
            gap, either, pending = int(distance[2]), distance[1] == "<>", True
            continue
        steps.append(Step(token, gap, either))
        gap, either, pending = _TOUCHING, False, False
    if not steps or pending:
        raise ValueError(f"pattern {source!r} is not complete")
    return tuple(steps)


class Rules(Generic[_Owner]):
    """Patterns with whom each speaks for; a text asks only for those whose words it holds.

    Of some 700 patterns a text can match about ten: each is filed under the least used of its concepts, so that the
    others cost nothing (asking every pattern in turn was a fifth of the time of a judgement).
    """

    def __init__(self, rules: Iterable[tuple[_Owner, Pattern]]) -> None:
        self._rules = list(rules)
        uses = Counter(concept for _, pattern in self._rules for concept in pattern.needs)
        self._filed: dict[str, list[int]] = {}
        for number, (_, pattern) in enumerate(self._rules):
            rarest = min(pattern.needs, key=lambda concept: (uses[concept], concept))
            self._filed.setdefault(rarest, []).append(number)

    def possible(self, present: AbstractSet[str]) -> list[tuple[_Owner, Pattern]]:
        """The rules whose concepts are all present, in the order given."""
        numbers = [
            number
            for concept in present & self._filed.keys()
            for number in self._filed[concept]
            if self._rules[number][1].needs <= present
        ]
        return [self._rules[number] for number in sorted(numbers)]


def needed(rules: Iterable[tuple[object, Pattern]]) -> set[str]:
    """Every concept that some rule asks for."""
    return set().union(*(pattern.needs for _, pattern in rules))


def matches(pattern: Pattern, events: Events) -> Iterator[list[Span]]:
    """Each occurrence of the first side of `&`, with the nearest occurrence of every other side."""
    sides = [_occurrences(group, events) for group in pattern.groups]
    if all(sides):
        for span in sides[0]:
            yield [span, *(_nearest(span, spans) for spans in sides[1:])]


def _occurrences(group: Group, events: Events) -> list[Span]:
    if len(group) == 1:
        return events.get(group[0].concept, [])[:_MOST_MATCHES]
    return list(islice(_sequences(group, events), _MOST_MATCHES))


def _nearest(span: Span, spans: list[Span]) -> Span:
    return spans[0] if len(spans) == 1 else min(spans, key=partial(_distance, span))


def _distance(span: Span, other: Span) -> int:
    if other[0] >= span[1]:
        return other[0] - span[1]
    return max(span[0] - other[1], 0)


def _sequences(group: Group, events: Events) -> Iterator[Span]:
    for start in events.get(group[0].concept, ()):
        span = _follow(start, group, 1, events)
        if span is not None:
            yield span


def _follow(span: Span, group: Group, number: int, events: Events) -> Span | None:
    """The stretch from a span over the first words near enough that the steps from `number` on name."""
    if number == len(group):
        return span
    step = group[number]
    start, end = span
    for first, last in events.get(step.concept, ()):
        if 0 <= first - end <= step.gap or (step.either_order and 0 <= start - last <= step.gap):
            joined = _follow((min(start, first), max(end, last)), group, number + 1, events)
            if joined is not None:
                return joined
    return None
