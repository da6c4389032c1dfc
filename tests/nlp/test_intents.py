from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.intents import SIGNS, recognise_intent
from nlp.patterns import parse
from nlp.training.corpus import TEXTS, read_file
from nlp.vocabulary import lexicon

INTENTS = {
    "check_offer", "report", "need_help", "case_status", "talk_to_staff", "stop", "campaign_answer",
    "service_question", "thanks", "small_talk", "unreadable",
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("หยุด", "stop"),
        ("เลิกรับค่ะ", "stop"),
        ("ยกเลิกรับข่าว", "stop"),
        ("STOP", "stop"),
        ("ขอบคุณมากค่ะ", "thanks"),
        ("thanks!", "thanks"),
        ("สวัสดีค่ะ", "small_talk"),
        ("วันนี้ฝนตกหนักมาก", "small_talk"),
        ("คุยกับคน", "talk_to_staff"),
        ("ขอคุยกับเจ้าหน้าที่ได้ไหมคะ", "talk_to_staff"),
        ("เรื่องที่แจ้งไว้ถึงไหนแล้วคะ", "case_status"),
        ("ติดตามสถานะ", "case_status"),
        ("อยากแจ้งเพจหลอกลวงค่ะ", "report"),
        ("โดนหลอกให้โอนเงินไปแล้ว 5,000 บาท", "report"),
        ("บริการนี้ฟรีไหมคะ", "service_question"),
        ("ใช้งานยังไง", "service_question"),
        ("ช่วยด้วย โดนขังอยู่", "need_help"),
        ("help", "need_help"),
        ("งานนี้จริงไหมคะ", "check_offer"),
        ("รับสมัครคนแพ็กของ วันละ 500 บาท", "check_offer"),
        ("ช่วยดูงานนี้ให้หน่อย", "check_offer"),
        ("😀😀", "unreadable"),
        ("...", "unreadable"),
        ("", "unreadable"),
    ],
)
def test_it_recognises_what_a_person_wants(text: str, intent: str) -> None:
    assert recognise_intent(text) == intent


@pytest.mark.parametrize(
    "text", ["หยุดโอนเงินแล้วทำยังไงต่อคะ", "อยากให้มันหยุดตีหนู", "ยกเลิกงานนี้ได้ไหม", "don't stop", "หยุดงานวันไหนบ้าง"]
)
def test_stop_counts_only_as_the_whole_message(text: str) -> None:
    assert recognise_intent(text) != "stop"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("อยากโทรคุย พิมพ์ไม่ถนัด ขอเจ้าหน้าที่หน่อย", "talk_to_staff"),
        ("บอทตอบวนไปวนมา ขอคนตอบ", "talk_to_staff"),
        ("ที่ส่งเรื่องไปเมื่อวานมีใครอ่านหรือยัง", "case_status"),
        ("any update on my report?", "case_status"),
        ("ขอแจ้งเบาะแส มีคนเกณฑ์เด็กในหมู่บ้านไปขายแรงงาน", "report"),
        ("how do I report a fake recruiter", "report"),
        ("พี่ที่รู้จักชวนไปขายของฝั่งลาว น่าไปไหม", "check_offer"),
        ("เขาให้โอนค่าชุดก่อน แบบนี้ปกติไหม", "check_offer"),
        ("ติดต่อน้องที่ไปทำงานพม่าไม่ได้ ทำยังไงดี", "need_help"),
        ("รูปที่ส่งไปเก็บไว้กี่วัน", "service_question"),
        ("ควิซวันนี้ตอบข้อ 3", "campaign_answer"),
        ("โอเค ขอบคุณที่ช่วยดูให้นะ", "thanks"),
        ("แมวที่บ้านคลอดลูกแล้ว ดีใจ", "small_talk"),
        ("ฟหกดฟหกด", "unreadable"),
    ],
)
def test_it_understands_wishes_in_sentences(text: str, intent: str) -> None:
    assert recognise_intent(text) == intent


@pytest.mark.parametrize(
    "text",
    [
        "หนูโดนขังอยู่ ขอบคุณที่อ่าน",
        "ขอคุยกับเจ้าหน้าที่ เขายึดพาสปอร์ตหนู หนูออกไปไหนไม่ได้",
        "help me please i am locked up in poipet thanks",
    ],
)
def test_danger_comes_before_every_other_wish(text: str) -> None:
    assert recognise_intent(text) == "need_help"


def test_it_understands_messages_that_nothing_was_taught_on() -> None:
    examples = list(read_file(TEXTS / "holdout" / "intents.txt"))
    assert len(examples) >= 250
    right = Counter(e.label for e in examples if recognise_intent(e.text) == e.label)
    asked = Counter(e.label for e in examples)
    assert set(asked) == INTENTS
    assert right.total() / asked.total() >= 0.9
    assert {
        intent: right[intent] / asked[intent] for intent in asked if right[intent] / asked[intent] < 0.75
    } == {}


def test_what_people_say_stays_apart_from_what_is_measured() -> None:
    taught = {e.text for e in read_file(TEXTS / "intents" / "messages.txt")}
    assert len(taught) >= 800
    assert not taught & {e.text for e in read_file(TEXTS / "holdout" / "intents.txt")}


def test_every_sign_is_made_of_words_that_the_lexicon_has() -> None:
    for sign in SIGNS:
        assert sign.intent in INTENTS - {"stop", "unreadable"}
        for source in sign.patterns:
            assert parse(source).needs <= lexicon().concepts


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_any_text_has_one_intent_of_the_contract(text: str) -> None:
    assert recognise_intent(text) in INTENTS


@pytest.mark.parametrize(
    "text",
    [
        "แอดมินตอบแชท ปอยเปต 35,000 ไม่ใช้วุฒิ รถมารับ",
        "ร้านเรารับแอดมินอยู่ค่ะ บางแค 12k แวะมาคุยได้",
        "แอดมินตอบแชทร้านครีม ออฟฟิศรามคำแหง กะบ่าย 12,000",
    ],
)
def test_an_admin_who_is_wanted_is_no_wish_to_talk_to_one(text: str) -> None:
    assert recognise_intent(text) == "check_offer"
