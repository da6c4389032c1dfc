"""What kind of text this is, and what takes a sign back: denial, warning, news, fiction, a victim's report."""

from bisect import bisect_left

import msgspec

from nlp.findings import Entity
from nlp.lexicon import Span
from nlp.prepared import Prepared

_DENIAL_REACH = 4  # characters between the word of denial and what it denies
_DENIAL_LENGTH = 40  # characters: more than the longest word of denial and its reach
_AFTER_REACH = 2
_PERSONAL_CONTACTS = ("line_id", "telegram")


class Frame(msgspec.Struct, frozen=True):
    """The speaker's stance; several may hold at once."""

    warns: bool
    reports_news: bool
    retells_fiction: bool
    tells_own_story: bool
    offers: bool
    doubts: bool
    asks: bool

    @property
    def speaks_about_offers(self) -> bool:
        """Warnings, news and reports name the signs of an offer without being one."""
        return (self.warns or self.reports_news or self.tells_own_story) and not self.offers


def read_frame(prepared: Prepared, entities: dict[str, tuple[Entity, ...]]) -> Frame:
    official = prepared.has("official_voice")
    warnings, news = prepared.count("warning"), prepared.count("news")
    contact = any(entities.get(key) for key in _PERSONAL_CONTACTS) or any(
        phone.detail.get("kind") == "mobile" for phone in entities.get("phone", ())
    )
    own_voice = prepared.has("own_voice")
    invites = prepared.has("recruit") and (own_voice or contact)
    doubts = prepared.has("doubt")
    return Frame(
        warns=warnings > 0 and not doubts,
        reports_news=official or news >= 2 or (news == 1 and not prepared.has("recruit")),
        retells_fiction=prepared.has("fiction"),
        tells_own_story=prepared.has("victim_report") and not doubts,
        offers=invites and contact and own_voice and not official and warnings < 4,
        doubts=doubts,
        asks=doubts or prepared.has("question"),
    )


def is_denied(prepared: Prepared, span: Span) -> bool:
    """Whether "ไม่", "ห้าม", "ไม่มี" … stands right before a squeezed span, or the span lies in a word of denial."""
    negators, no_fee = prepared.spans("negator"), prepared.spans("no_fee")
    before = span[0]
    for start, end in negators[bisect_left(negators, (before - _DENIAL_LENGTH,)) :]:
        if start >= before:
            break
        if 0 <= before - end <= _DENIAL_REACH and _unbroken(prepared, start, before):
            return True
    return bool(no_fee) and any(start < before < end for start, end in no_fee)


def is_waived(prepared: Prepared, span: Span) -> bool:
    """Whether "ไม่มี", "ไม่เก็บ", "ฟรี" stands right after the squeezed span of a fee word."""
    return any(0 <= start - span[1] <= _AFTER_REACH for start, _ in prepared.spans("no_after"))


def _unbroken(prepared: Prepared, start: int, end: int) -> bool:
    """No blank or line end between two squeezed offsets, in the text as given."""
    first, last = prepared.squeezed.starts[start], prepared.squeezed.starts[end]
    between = prepared.given[first:last]
    return not any(character.isspace() or character in ",.!?;:" for character in between)
