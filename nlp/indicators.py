"""The signs of a deceptive or exploitative offer found in a text, each with the words that show it."""

from collections.abc import Iterable

from nlp.contexts import is_denied
from nlp.findings import Indicator
from nlp.lexicon import Events, Span
from nlp.patterns import Pattern, Rules, matches, needed, parse
from nlp.prepared import Prepared
from nlp.signs import CREDITS, SIGNS, WORDING, Credit, Sign

_QUOTED_TOGETHER = 60  # sides of a sign farther apart than this many characters are not quoted as one


_SIGN_RULES = Rules((sign, parse(source)) for sign in SIGNS for source in sign.patterns)
_CREDIT_RULES = Rules((credit, parse(source)) for credit in CREDITS for source in credit.patterns)


def find_indicators(prepared: Prepared, facts: Events) -> tuple[Indicator, ...]:
    """Strongest first; a sign counts once, quoted where it stands first; `facts` are the events of the entities."""
    found: dict[str, Indicator] = {}
    rules = _SIGN_RULES.possible(prepared.names | facts.keys())
    events = prepared.events_of(needed(rules)) | facts
    for sign, pattern in rules:
        if sign.code not in found:
            indicator = _shown(sign, pattern, prepared, events)
            if indicator is not None:
                found[sign.code] = indicator
    return tuple(
        sorted(found.values(), key=lambda indicator: (-indicator.weight, indicator.start, indicator.code))
    )


def find_credits(prepared: Prepared, facts: Events) -> tuple[Credit, ...]:
    rules = _CREDIT_RULES.possible(prepared.names | facts.keys())
    events = prepared.events_of(needed(rules)) | facts
    found = [credit for credit, pattern in rules if any(matches(pattern, events))]
    return tuple(dict.fromkeys(found))


def _shown(sign: Sign, pattern: Pattern, prepared: Prepared, events: Events) -> Indicator | None:
    for sides in matches(pattern, events):
        if sign.denial == "itself" or not any(is_denied(prepared, side) for side in sides):
            return _quoted(sign, prepared, _evidence(prepared, sides))
    return None


def _evidence(prepared: Prepared, sides: list[Span]) -> Span:
    """The stretch over all sides when they stand close together in one line, else the first side."""
    starts, ends = zip(*sides, strict=True)
    start, end = min(starts), max(ends)
    if end - start > _QUOTED_TOGETHER or "\n" in prepared.squeezed.text[start:end]:
        return sides[0]
    return start, end


def _quoted(sign: Sign, prepared: Prepared, span: Span) -> Indicator:
    start, end = prepared.squeezed.given(*span)
    return Indicator(sign.code, sign.name, sign.reason, sign.weight, start, end, prepared.given[start:end])


def concepts_used() -> Iterable[str]:
    """Every concept and event that a sign or credit asks for."""
    lists = [*(sign.patterns for sign in SIGNS), *(credit.patterns for credit in CREDITS)]
    return sorted({concept for sources in lists for source in sources for concept in parse(source).needs})


def wording_sign(prepared: Prepared, span: Span, weight: float) -> Indicator:
    """The sign for a stretch of the squeezed form that moved the trained model; `weight` in log-odds."""
    start, end = prepared.squeezed.given(*span)
    return Indicator(
        WORDING.code, WORDING.name, WORDING.reason, weight, start, end, prepared.given[start:end]
    )
