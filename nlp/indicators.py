"""The signs of a deceptive or exploitative offer found in a text, each with the words that show it."""

from collections.abc import Iterable

import msgspec

from nlp.contexts import is_denied
from nlp.findings import Indicator
from nlp.lexicon import Events, Span, read_table
from nlp.patterns import Pattern, matches, parse
from nlp.prepared import Prepared

_QUOTED_TOGETHER = 60  # sides of a sign farther apart than this many characters are not quoted as one


class Sign(msgspec.Struct, frozen=True):
    """One entry of `lexicons/indicators.toml`."""

    code: str
    name: str
    reason: str
    weight: float
    source: str
    since: str
    patterns: tuple[str, ...]
    must_fire: tuple[str, ...]
    must_not_fire: tuple[str, ...]
    denial: str = "takes it back"


class Credit(msgspec.Struct, frozen=True):
    """A feature of genuine offers that lowers the score a little; never shown, never enough alone."""

    code: str
    weight: float
    source: str
    patterns: tuple[str, ...]


_TABLE = read_table("indicators.toml")
SIGNS = msgspec.convert(_TABLE["indicator"], tuple[Sign, ...])
CREDITS = msgspec.convert(_TABLE["credit"], tuple[Credit, ...])
_PATTERNS: dict[str, tuple[Pattern, ...]] = {
    code: tuple(parse(source) for source in sources)
    for code, sources in [(sign.code, sign.patterns) for sign in SIGNS]
    + [(part.code, part.patterns) for part in CREDITS]
}


def find_indicators(prepared: Prepared, events: Events) -> tuple[Indicator, ...]:
    """Strongest first; a sign counts once, quoted where it stands first."""
    found = [indicator for sign in SIGNS if (indicator := _shown(sign, prepared, events)) is not None]
    return tuple(sorted(found, key=lambda indicator: (-indicator.weight, indicator.start, indicator.code)))


def find_credits(events: Events) -> tuple[Credit, ...]:
    return tuple(
        credit
        for credit in CREDITS
        if any(any(matches(pattern, events)) for pattern in _PATTERNS[credit.code])
    )


def _shown(sign: Sign, prepared: Prepared, events: Events) -> Indicator | None:
    for pattern in _PATTERNS[sign.code]:
        if not pattern.needs <= events.keys():
            continue
        for sides in matches(pattern, events):
            if sign.denial == "itself" or not any(is_denied(prepared, side) for side in sides):
                return _quoted(sign, prepared, _evidence(sides))
    return None


def _evidence(sides: list[Span]) -> Span:
    """The stretch over all sides when they stand close together, else the first side."""
    start, end = min(side[0] for side in sides), max(side[1] for side in sides)
    return (start, end) if end - start <= _QUOTED_TOGETHER else sides[0]


def _quoted(sign: Sign, prepared: Prepared, span: Span) -> Indicator:
    start, end = prepared.squeezed.given(*span)
    return Indicator(sign.code, sign.name, sign.reason, sign.weight, start, end, prepared.given[start:end])


def concepts_used() -> Iterable[str]:
    """Every concept and event that a sign or credit asks for."""
    return sorted(
        {concept for patterns in _PATTERNS.values() for pattern in patterns for concept in pattern.needs}
    )
