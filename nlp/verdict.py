"""From score and kind of text to a band; no band says that an offer is fine."""

from nlp.contexts import Frame
from nlp.findings import Band, Indicator
from nlp.prepared import Prepared

DANGER = 0.72
CAUTION = 0.36


def is_offer(prepared: Prepared, frame: Frame, indicators: tuple[Indicator, ...], *, names_pay: bool) -> bool:
    """Whether the text offers work, or asks about one offer it describes."""
    if frame.speaks_about_offers:
        return False
    if indicators or prepared.has("going_to_work") and frame.doubts or _calls_for_people(prepared):
        return True
    return (prepared.has("work") or prepared.has("recruit")) and (names_pay or frame.doubts)


def _calls_for_people(prepared: Prepared) -> bool:
    """Whether a word of recruiting stands that people don't also use of looking for work themselves."""
    spans = prepared.events.get("recruit", [])
    weak = prepared.events.get("weak_recruit", [])
    return len(spans) > len(weak) or (bool(spans) and prepared.has("own_voice") and prepared.has("work"))


def choose_band(score: float, *, offer: bool) -> Band:
    if not offer:
        return "not_an_offer"
    if score >= DANGER:
        return "danger"
    return "caution" if score >= CAUTION else "unclear"
