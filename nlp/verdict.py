"""From score and kind of text to a band; no band says that an offer is fine."""

from nlp.contexts import Frame
from nlp.findings import Band, Indicator
from nlp.prepared import Prepared

DANGER = 0.72
CAUTION = 0.36
_OFFER_MARKS = ("recruit", "going_to_work")


def is_offer(prepared: Prepared, frame: Frame, indicators: tuple[Indicator, ...], *, names_pay: bool) -> bool:
    """Whether the text offers work, or asks about one offer it describes."""
    if frame.speaks_about_offers:
        return False
    if indicators or any(prepared.has(mark) for mark in _OFFER_MARKS):
        return True
    return prepared.has("work") and (names_pay or frame.doubts)


def choose_band(score: float, *, offer: bool) -> Band:
    if not offer:
        return "not_an_offer"
    if score >= DANGER:
        return "danger"
    return "caution" if score >= CAUTION else "unclear"
