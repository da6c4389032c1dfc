import pytest

from bots.copy import copy
from bots.dialogues.guide import PRESSES
from nlp.retrieval import entries
from tests.bots.dialogues.talk import Talk, judgement_of


def test_help_says_that_we_are_a_bot_and_can_be_mistaken(talk: Talk) -> None:
    talk.says("/help")
    assert "เราเป็นบอต อาจพลาดได้" in talk.answer


def test_deleting_is_told_honestly_for_each_platform(talk: Talk) -> None:
    talk.presses("h1:unsend")
    assert "เมื่อ LINE แจ้งเรา เราลบของเราด้วย" in talk.answer
    assert "Telegram ไม่แจ้งเรา" in talk.answer


def test_the_notice_can_be_read_again(talk: Talk) -> None:
    talk.says("ข้อมูลของฉัน")
    assert talk.answer.count("24 ชั่วโมง") == 1
    talk.says("ข้อมูลของฉัน")
    assert talk.answer.count("24 ชั่วโมง") == 1


def test_the_language_changes_and_stays(talk: Talk) -> None:
    talk.says("English")
    talk.presses("m1:menu")
    assert talk.answer.startswith("Choose below")
    talk.says("ไทย")
    talk.presses("m1:menu")
    assert talk.answer.startswith("เลือกได้เลย")


def asks(talk: Talk, question: str) -> None:
    talk.says(question, judgement=judgement_of("not_an_offer", "service_question"))


def test_every_entry_of_the_guide_has_an_answer() -> None:
    answered = {key.removeprefix("guide.answers.") for key in copy().keys("guide.answers.")}
    pressed = {code.removeprefix("g1:") for code in PRESSES if code.startswith("g1:")}
    assert answered == pressed
    assert set(entries()) - answered == {"use", "data", "delete"}


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("ฟรีไหมคะ", "ไม่มีค่าบริการ"),
        ("ใครอ่านข้อความเราบ้าง", "บอตอ่านเพื่อตอบคุณ"),
        ("นี่ตำรวจหรือเปล่า", "เราไม่ใช่ตำรวจ"),
        ("สีแดงแปลว่าอะไร", "ไม่ได้แปลว่างานดี"),
        ("ลบข้อความยังไง", "แตะข้อความค้างไว้"),
        ("เก็บไว้กี่วัน", "24 ชั่วโมง"),
        ("วิธีใช้งาน", "เราเป็นบอต"),
        ("1694 คือเบอร์อะไร", "1694"),
        ("อยู่ต่างประเทศโทรเบอร์ไหน", "+66 2 572 8442"),
    ],
)
def test_a_question_gets_the_answer_that_it_asks_for(talk: Talk, question: str, told: str) -> None:
    asks(talk, question)
    assert told in talk.answer


def test_the_answer_comes_in_the_language_of_the_conversation(talk: Talk) -> None:
    talk.presses("l1:en")
    asks(talk, "is it free?")
    assert "It is free" in talk.answer


def test_a_vague_question_is_answered_by_a_choice_of_two(talk: Talk) -> None:
    asks(talk, "ไว้ใจไลน์นี้ได้เหรอคะ")
    assert "หมายถึงเรื่องไหนคะ" in talk.answer
    offered = [button.data for button in talk.buttons if button.data.startswith(("g1:", "h1:", "m1:help"))]
    assert len(offered) == 2
    talk.presses(offered[0])
    assert "หมายถึงเรื่องไหนคะ" not in talk.answer


def test_what_the_guide_does_not_know_is_said_and_a_person_offered(talk: Talk) -> None:
    asks(talk, "ประเทศมองโกเลียมีอูฐกี่ตัว")
    assert "เรื่องนี้เรายังตอบไม่ได้" in talk.answer
    assert "m1:staff" in [button.data for button in talk.buttons]


def test_a_question_that_sounds_like_an_offer_gets_its_answer_and_no_verdict(talk: Talk) -> None:
    talk.says("ที่นี่มีงานให้สมัครไหม", judgement=judgement_of("danger", "service_question"))
    assert "เราไม่มีงานให้สมัคร" in talk.answer
    assert talk.step.effects == ()


def test_asking_opens_nothing_and_forgets_nothing(talk: Talk) -> None:
    before = talk.state
    asks(talk, "ต้องบอกชื่อจริงไหม")
    assert talk.step.effects == ()
    assert talk.state.dialogue == before.dialogue
