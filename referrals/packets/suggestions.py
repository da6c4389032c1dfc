"""What in a text may tell who somebody is: names, identity numbers, phones, handles; for a person to decide on."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

import regex
from pythainlp.corpus import thai_family_names

from nlp.entities import bank_account, email, facebook, line_id, phone, promptpay, telegram
from nlp.findings import Entity
from nlp.prepared import Prepared
from referrals.desk.names import names_in
from referrals.packets.graphemes import Span, Suggestion, find_words, widen

# A shorter name would be found in the middle of other words.
_SHORTEST_NAME = 3
# Thirteen figures, Thai ones too, grouped or not, as on an identity card.
_ID_NUMBER = regex.compile(r"(?<!\d)\d(?:[\s.\-–]?\d){12}(?!\d)")
# A point on the map, as an answer or as typed.
_POINT = regex.compile(r"-?\d{1,2}\.\d{3,}\s*,\s*-?\d{1,3}\.\d{3,}")
# Letters behind a name and a blank.
_BEHIND = regex.compile(r"\s+([ก-๙]{2,40})")
_FINDERS = {
    "phone": phone.find, "line_id": line_id.find, "facebook": facebook.find, "telegram": telegram.find,
    "email": email.find, "bank_account": bank_account.find, "promptpay": promptpay.find,
}  # fmt: skip


def suggest(texts: Mapping[str, str]) -> dict[str, list[Suggestion]]:
    """Return what may be hidden of each text, in order, none overlapping another; a name told once is found in all."""
    names = {name for text in texts.values() for name in names_in(text) if len(name) >= _SHORTEST_NAME}
    return {piece: _apart(_all(text, names)) for piece, text in texts.items()}


def _all(text: str, names: Iterable[str]) -> Iterator[Suggestion]:
    for match in _ID_NUMBER.finditer(text):
        yield Suggestion(widen(text, Span(*match.span())), "id_number")
    for match in _POINT.finditer(text):
        yield Suggestion(widen(text, Span(*match.span())), "pin")
    prepared = Prepared(text)
    for kind, find in _FINDERS.items():
        for entity in find(prepared):
            yield Suggestion(_span(text, entity), kind)
    for span in find_words(text, sorted(names, key=len, reverse=True)):
        yield Suggestion(_with_family(text, span), "name")


def _with_family(text: str, span: Span) -> Span:
    """Stretch a name over the family name behind it."""
    behind = _BEHIND.match(text, span.end)
    if behind and (behind[1].startswith("แซ่") or behind[1] in _family_names()):
        return widen(text, Span(span.start, behind.end()))
    return span


@cache
def _family_names() -> frozenset[str]:
    return frozenset(thai_family_names())


def _span(text: str, entity: Entity) -> Span:
    return widen(text, Span(entity.start, entity.end))


def _apart(found: Iterable[Suggestion]) -> list[Suggestion]:
    """Leave the first found of those that overlap, stretched over the others, so that no end sticks out."""
    kept: list[Suggestion] = []
    for one in found:
        inside = [
            other for other in kept if one.span.start < other.span.end and other.span.start < one.span.end
        ]
        kept = [other for other in kept if other not in inside]
        spans = [one.span, *(other.span for other in inside)]
        stretched = Span(min(span.start for span in spans), max(span.end for span in spans))
        kept.append(Suggestion(stretched, inside[0].kind if inside else one.kind))
    return sorted(kept)
