from typing import get_args

import pytest

from bots.engine.events import Event, PictureProblem
from bots.engine.steps import OpenReferralEffect
from core.messages.content import Card
from nlp.judgement import judge
from tests.bots.dialogues.talk import Talk, crisis_of, judgement_of


@pytest.mark.parametrize("problem", [problem for problem in get_args(PictureProblem) if problem])
def test_a_picture_that_cannot_be_read_is_told_with_why_and_what_to_do(
    talk: Talk, problem: PictureProblem
) -> None:
    talk.does(Event("reading", problem=problem))
    first = talk.step.reply.bubbles[0].text if talk.step.reply else ""
    assert first.startswith("อ่านรูปนี้ไม่ได้ ")
    assert "ส่ง" in first or "พิมพ์" in first


def test_each_problem_has_its_own_words(talk: Talk) -> None:
    told = set()
    for problem in get_args(PictureProblem)[1:]:
        talk.does(Event("reading", problem=problem))
        told.add(talk.step.reply.bubbles[0].text if talk.step.reply else "")
    assert len(told) == len(get_args(PictureProblem)) - 1


@pytest.mark.parametrize("text", ["", "   ", "ก", "123 456"])
def test_a_picture_without_words_is_told_so(talk: Talk, text: str) -> None:
    talk.does(Event("reading", text=text), judge(text) if text else None)
    assert "หาตัวหนังสือไม่เจอ" in talk.answer


def test_a_link_alone_is_shown_on_a_card_and_the_text_asked_for(talk: Talk) -> None:
    text = "https://bit.ly/งานดี"
    talk.does(Event("reading", text=text), judge(text))
    card = talk.step.reply.bubbles[0] if talk.step.reply else None
    assert isinstance(card, Card)
    assert card.band == "neutral"
    assert card.lead == "อย่าเพิ่งกด อย่าเพิ่งสแกน"
    assert "bit.ly" in card.quotes[0].words
    assert any("ส่งข้อความ" in step for step in card.steps)


def test_words_beside_a_link_are_judged(talk: Talk) -> None:
    text = "รับสมัครแอดมิน ปอยเปต รายได้ 35,000 ไม่ต้องมีพาสปอร์ต สมัครที่ https://bit.ly/abc"
    talk.does(Event("reading", text=text), judge(text))
    assert "⛔ อันตราย" in talk.answer


def test_a_picture_of_something_else_is_told_so(talk: Talk) -> None:
    talk.does(Event("reading", text="วันนี้อากาศดีมากเลย ไปทะเลกัน"), judgement_of("not_an_offer"))
    assert "ไม่เจอประกาศงาน" in talk.answer


def test_a_plea_in_a_picture_is_met_with_an_offer_of_help(talk: Talk) -> None:
    plea = judgement_of("not_an_offer", "need_help")
    judged = plea.__class__(
        plea.band, plea.score, (), {}, crisis_of("urgent", "detention"), "need_help", "r", "m"
    )
    talk.does(Event("reading", text="ช่วยด้วย ถูกขังออกไปไม่ได้เลย"), judged)
    assert "อยากให้เจ้าหน้าที่ช่วยดูไหม" in talk.answer
    assert talk.effects(OpenReferralEffect) == []


def test_with_staff_there_a_picture_without_an_offer_needs_no_second_word(talk: Talk) -> None:
    talk.presses("m1:staff")
    for event in (Event("reading", text="สลิปโอนเงินห้าร้อยบาทถ้วน"), Event("reading", problem="gone")):
        talk.does(event, judgement_of() if event.text else None)
        assert talk.step.reply is None
