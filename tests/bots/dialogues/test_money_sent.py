import pytest

from bots.engine.events import Event
from bots.engine.steps import ScreeningEffect
from core.messages.content import Card, Text
from nlp.judgement import judge
from tests.bots.dialogues.talk import CALM, Talk, crisis_of, judgement_of

TALK = judgement_of("not_an_offer", "small_talk")

POIPET = "รับสมัครแอดมินตอบแชท ปอยเปต เงินเดือน 35,000 ไม่ใช้วุฒิ ไม่ต้องมีพาสปอร์ต แอดไลน์ @rich888"


@pytest.mark.parametrize(
    "text", ["โอนไปแล้ว", "ส่งสลิปไปแล้ว เขาบล็อก", "ให้เลขบัญชีไปแล้ว", "หนูโอนค่าประกันไปแล้ว 1,500 ทำไงดี"]
)
def test_what_is_gone_is_answered_with_the_number_before_anything_else(talk: Talk, text: str) -> None:
    talk.says(text, judgement=TALK)
    card = talk.step.reply.bubbles[0]
    assert isinstance(card, Card)
    assert "1441 ศูนย์ AOC (24 ชม.)" in card.lead
    assert card.buttons[0].phone == "1441"
    assert "s1:report" in [button.data for button in card.buttons]
    assert "อย่า" in talk.answer


def test_papers_and_money_are_told_apart(talk: Talk) -> None:
    talk.says("ส่งรูปบัตรประชาชนไปแล้ว", judgement=TALK)
    assert "OTP" in talk.answer
    talk.says("โอนไปแล้ว 500", judgement=TALK)
    assert "อายัด" in talk.answer


def test_an_offer_with_it_is_judged_behind_the_number(talk: Talk) -> None:
    text = f"{POIPET}\nโอนให้เขาไปแล้ว 500"
    talk.says(text, judgement=judge(text), crisis=CALM)
    first, card = talk.step.reply.bubbles
    assert isinstance(first, Text)
    assert "1441" in first.text
    assert card.band == "danger"
    assert not any("1441" in step for step in card.steps)
    assert len(talk.effects(ScreeningEffect)) == 1


def test_a_few_words_are_no_offer_whatever_they_were_taken_for(talk: Talk) -> None:
    talk.says("โอนไปแล้ว 500 ทำไงดี", judgement=judgement_of("danger", "check_offer"))
    assert "1441" in talk.step.reply.bubbles[0].lead


def test_it_comes_first_also_while_a_question_waits(talk: Talk) -> None:
    talk.says("รับคน", judgement=judgement_of("unclear", "check_offer"))
    talk.says("โอนไปแล้ว 500", judgement=TALK)
    assert "1441" in talk.answer
    assert "ยังไม่เข้าใจ" not in talk.answer


def test_it_comes_first_also_after_an_offer_of_help(talk: Talk) -> None:
    talk.presses("m1:need")
    talk.says("โอนไปแล้ว เขาบล็อกหนู", judgement=TALK)
    assert "1441" in talk.answer


def test_with_worry_help_is_offered_and_the_number_told(talk: Talk) -> None:
    talk.says("โอนไปแล้ว เขาหายไปเลย", crisis=crisis_of("concern", "danger"), judgement=TALK)
    assert "1441" in talk.step.reply.bubbles[0].lead
    assert "เจ้าหน้าที่" in talk.answer


def test_staff_are_told_as_well(talk: Talk) -> None:
    talk.presses("m1:staff")
    talk.says("โอนไปแล้ว 3,000", judgement=TALK)
    assert "1441" in talk.answer
    assert "ส่งให้เจ้าหน้าที่แล้ว" in talk.answer


def test_a_slip_in_a_picture_may_be_anybodys(talk: Talk) -> None:
    talk.does(Event("reading", text="โอนไปแล้ว ขอบคุณค่ะ วันนี้อากาศดี"), judgement_of("not_an_offer"))
    assert "1441" not in talk.answer


def test_it_goes_to_staff_with_the_offer_before_it(talk: Talk) -> None:
    talk.says(POIPET)
    talk.wait(minutes=1)
    talk.says("โอนไปแล้ว 500", judgement=TALK)
    talk.wait(minutes=1)
    talk.presses("s1:report")
    assert "ไม่ต้องส่งซ้ำ" in talk.answer


@pytest.mark.parametrize("channel", ["line", "telegram"])
def test_the_number_stands_once_where_a_button_can_not_call(talk: Talk, channel: str) -> None:
    talk.channel = channel
    talk.says("โอนเงินให้เขาไปแล้ว 5000 โดนหลอก")
    card = talk.step.reply.bubbles[0]
    phones = [button for button in card.buttons if button.phone]
    assert len(phones) == (1 if channel == "line" else 0)
    assert not any("1441" in step for step in card.steps)
