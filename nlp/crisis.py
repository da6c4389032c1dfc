"""Whether the writer, or somebody they write about, may be in danger now."""

import math
from itertools import groupby
from operator import itemgetter

import msgspec

from nlp.contexts import is_denied
from nlp.findings import Crisis, CrisisLevel
from nlp.hints import add_up_hints
from nlp.lexicon import Events, Span
from nlp.patterns import Pattern, Rules, matches, needed, parse
from nlp.prepared import Prepared, prepare
from nlp.tables import read_table

_REACH = 120  # squeezed characters over which the parts of one sign may lie
_NO_JOKE = ("confined", "papers_held", "hurt", "suicide_plan")
_OFFERING = ("own_voice", "chat_contact", "lodging", "big_income", "no_qualification", "urgent_words")
_NONE = Crisis("none", (), 0.0)
_LEVELS: tuple[CrisisLevel, ...] = ("none", "concern", "urgent")


class CrisisSign(msgspec.Struct, frozen=True):
    """One entry of `lexicons/crisis.toml`."""

    kind: str
    level: CrisisLevel
    score: float
    patterns: tuple[str, ...]
    must_fire: tuple[str, ...]
    must_not_fire: tuple[str, ...]
    raised_by: tuple[str, ...] = ()
    needs_quiet: tuple[str, ...] = ()
    longest: int = 0  # squeezed characters of a text in which the sign still counts; 0 = any


SIGNS = msgspec.convert(read_table("crisis.toml")["sign"], tuple[CrisisSign, ...])
_RULES = Rules((sign, parse(source)) for sign in SIGNS for source in sign.patterns)


def detect_crisis(text: str) -> Crisis:
    return crisis_in(prepare(text))


def crisis_in(prepared: Prepared) -> Crisis:
    """Highest level of all signs after what the context takes away, with every kind found."""
    found = _find_signs(prepared)
    if not found:
        hints = add_up_hints(prepared)
        return _NONE if hints.level == "none" or _ceiling(prepared) == "none" else hints
    ceiling = _ceiling(prepared)
    if ceiling == "none":
        return _NONE
    level = min(max((level for _, level in found), key=_LEVELS.index), ceiling, key=_LEVELS.index)
    kinds = tuple(dict.fromkeys(sign.kind for sign, _ in sorted(found, key=lambda pair: -pair[0].score)))
    return Crisis(level, kinds, _combined(found) if level == "urgent" else _best(found))


def _find_signs(prepared: Prepared) -> list[tuple[CrisisSign, CrisisLevel]]:
    """Every sign that holds, in the order of the table, with its level here."""
    possible = _RULES.possible(prepared.names)
    events = prepared.events_of(needed(possible))
    return [
        (sign, _level(sign, prepared))
        for sign, rules in groupby(possible, key=itemgetter(0))
        if _counts(sign, prepared) and any(_holds(pattern, prepared, events) for _, pattern in rules)
    ]


def _counts(sign: CrisisSign, prepared: Prepared) -> bool:
    """Whether the sign means anything in a text of this length and subject."""
    fits = not sign.longest or len(prepared.squeezed.text) <= sign.longest
    return fits and not any(map(prepared.has, sign.needs_quiet))


def _holds(pattern: Pattern, prepared: Prepared, events: Events) -> bool:
    return any(
        _together(sides) and not any(is_denied(prepared, side) for side in sides)
        for sides in matches(pattern, events)
    )


def _together(sides: list[Span]) -> bool:
    return max(side[1] for side in sides) - min(side[0] for side in sides) <= _REACH


def _level(sign: CrisisSign, prepared: Prepared) -> CrisisLevel:
    return "urgent" if any(map(prepared.has, sign.raised_by)) else sign.level


def _ceiling(prepared: Prepared) -> CrisisLevel:
    """The most that the kind of text allows: news, fiction, jokes and offers are no pleas; the past is a concern."""
    speaks = prepared.has("plea") or prepared.has("self")
    if prepared.has("official_voice") or prepared.count("news") > 1:
        return "concern" if prepared.has("plea") and prepared.has("self") else "none"
    if prepared.has("news"):
        return "concern" if prepared.has("self") or prepared.has("unwilling") else "none"
    if prepared.has("warning") and not prepared.has("plea"):
        return "concern" if prepared.has("self") else "none"
    if _is_an_offer(prepared):
        return "none"
    if prepared.has("laughter"):
        return (
            "concern"
            if prepared.has("plea") and any(prepared.has(concept) for concept in _NO_JOKE)
            else "none"
        )
    if prepared.has("fiction"):
        return "concern" if speaks else "none"
    asks_what_if = prepared.has("if_words") and prepared.has("question") and not speaks
    if prepared.has("past") or asks_what_if:
        return "urgent" if prepared.has("plea") and prepared.has("now") else "concern"
    return "urgent"


def _is_an_offer(prepared: Prepared) -> bool:
    if prepared.has("plea") or prepared.has("victim_report"):
        return False
    return prepared.has("recruit") and any(prepared.has(concept) for concept in _OFFERING)


def _combined(found: list[tuple[CrisisSign, CrisisLevel]]) -> float:
    """Probability that at least one sign is true, taken as independent."""
    return round(1.0 - math.prod(1.0 - sign.score for sign, _ in found), 4)


def _best(found: list[tuple[CrisisSign, CrisisLevel]]) -> float:
    return max(sign.score for sign, _ in found)
