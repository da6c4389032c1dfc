"""What a text is, and from its score to a band; no band says that an offer is fine."""

import msgspec

from nlp.contexts import Frame, read_frame
from nlp.entities.everything import find_entities
from nlp.facts import entity_events
from nlp.findings import Band, Entity, Indicator
from nlp.indicators import find_indicators
from nlp.lexicon import Events
from nlp.prepared import Prepared

DANGER = 0.72
CAUTION = 0.36


class Study(msgspec.Struct, frozen=True):
    """Everything found in one text; signs are kept only when the text is an offer."""

    prepared: Prepared
    entities: dict[str, tuple[Entity, ...]]
    facts: Events
    frame: Frame
    indicators: tuple[Indicator, ...]
    is_offer: bool


def study_text(prepared: Prepared) -> Study:
    entities = find_entities(prepared)
    facts = entity_events(prepared, entities)
    frame = read_frame(prepared, entities)
    if frame.speaks_about_offers:
        return Study(prepared, entities, facts, frame, (), is_offer=False)
    indicators = find_indicators(prepared, facts)
    offer = bool(indicators) or _offers_work(prepared, frame, names_pay="@pay" in facts)
    return Study(prepared, entities, facts, frame, indicators, is_offer=offer)


def choose_band(score: float, *, offer: bool) -> Band:
    if not offer:
        return "not_an_offer"
    if score >= DANGER:
        return "danger"
    return "caution" if score >= CAUTION else "unclear"


def _offers_work(prepared: Prepared, frame: Frame, *, names_pay: bool) -> bool:
    """Whether a text without signs calls for people, names pay for work, or asks about work it describes."""
    if _calls_for_people(prepared) or (prepared.has("going_to_work") and frame.doubts):
        return True
    return (prepared.has("work") or prepared.has("recruit")) and (names_pay or frame.doubts)


def _calls_for_people(prepared: Prepared) -> bool:
    """Whether a word of recruiting stands that people don't also use of looking for work themselves."""
    spans = prepared.spans("recruit")
    weak = prepared.spans("weak_recruit")
    return len(spans) > len(weak) or (bool(spans) and prepared.has("own_voice") and prepared.has("work"))
