"""What a person wants of the service, in the vocabulary of the contracts."""

import re
from typing import cast

from nlp.contexts import Frame
from nlp.distress import hear_crisis
from nlp.findings import Crisis
from nlp.lexicon import read_table
from nlp.normalize import normal_word
from nlp.prepared import Prepared, prepare
from nlp.verdict import Study, study_text

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
    study = study_text(prepare(text))
    return intent_of(study, hear_crisis(study.prepared, study.wording))


def intent_of(study: Study, crisis: Crisis) -> str:
    """Whole-message words first, then danger, then wishes in a sentence, then what the text is."""
    prepared, frame, offer = study.prepared, study.frame, study.is_offer
    text = prepared.squeezed.text.strip()
    if not _LETTER.search(text):
        return "unreadable"
    whole = _whole_message(text)
    if whole is not None:
        return whole
    if crisis.level == "urgent" or (crisis.level == "concern" and not offer):
        return "need_help"
    retold = frame.warns or frame.reports_news
    for concept, intent in _WISHES:
        if prepared.has(concept) and not retold:
            return intent
    if offer or frame.doubts or prepared.has("wants_check"):
        return "report" if prepared.has("wants_report") and not frame.doubts else "check_offer"
    return _of_talk(prepared, frame)


def _whole_message(text: str) -> str | None:
    """The intent of a message that says one listed thing and nothing else."""
    if len(text) > _SHORT_QUESTION:
        return None
    return _WHOLE.get(text) or _WHOLE.get(_CLOSING.sub("", text))


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
