"""What a person wants of the service, in the vocabulary of the contracts."""

import re
from typing import cast

from nlp.contexts import Frame, read_frame
from nlp.crisis import crisis_in
from nlp.entities.everything import find_entities
from nlp.facts import entity_events
from nlp.findings import Crisis
from nlp.indicators import find_indicators
from nlp.lexicon import read_table
from nlp.normalize import normal_word
from nlp.prepared import Prepared, prepare
from nlp.verdict import is_offer

_CLOSING = re.compile(r"(?:[\s.!?~,…\"'“”]|นะ|ค่ะ|คะ|ครับ|คับ|คร้าบ|ค่า|จ้า|จ้ะ|จ๊ะ|ฮะ|ฮับ|งับ|น้า|แล้ว|ๆ|please|pls)+$")
_LETTER = re.compile(r"[^\W_]")
_WHOLE: dict[str, str] = {
    normal_word(word): intent
    for intent, words in cast("dict[str, list[str]]", read_table("intents.toml")["whole"]).items()
    for word in words
}
_WISHES = (
    ("wants_status", "case_status"),
    ("wants_staff", "talk_to_staff"),
    ("about_service", "service_question"),
)
_SHORT_QUESTION = 60  # squeezed characters


def recognise_intent(text: str) -> str:
    prepared = prepare(text)
    entities = find_entities(prepared)
    events = prepared.events | entity_events(prepared, entities)
    frame = read_frame(prepared, entities)
    indicators = () if frame.speaks_about_offers else find_indicators(prepared, events)
    offer = is_offer(prepared, frame, indicators, names_pay="@pay" in events)
    return intent_of(prepared, frame, crisis_in(prepared), offer=offer)


def intent_of(prepared: Prepared, frame: Frame, crisis: Crisis, *, offer: bool) -> str:
    """Whole-message words first, then danger, then wishes in a sentence, then what the text is."""
    text = prepared.squeezed.text.strip()
    if not _LETTER.search(text):
        return "unreadable"
    whole = _WHOLE.get(text) or _WHOLE.get(_CLOSING.sub("", text))
    if whole is not None:
        return whole
    if crisis.level == "urgent" or (crisis.level == "concern" and not offer):
        return "need_help"
    for concept, intent in _WISHES:
        if prepared.has(concept):
            return intent
    if offer or frame.doubts or prepared.has("wants_check"):
        return "report" if prepared.has("wants_report") and not frame.doubts else "check_offer"
    return _of_talk(prepared, frame)


def _of_talk(prepared: Prepared, frame: Frame) -> str:
    if prepared.has("wants_report"):
        return "report"
    if frame.warns or frame.reports_news:
        return "check_offer" if prepared.has("work") else "small_talk"
    if prepared.has("plea"):
        return "need_help"
    if prepared.has("thanks_word") and len(prepared.squeezed.text) <= _SHORT_QUESTION:
        return "thanks"
    return "small_talk"
