"""A place abroad that is named only in a later message brings the consular number, once."""

import pytest

from nlp.judgement import Judgement, judge
from tests.bots.dialogues.talk import Talk, crisis_of, judgement_of

CONSUL = "02-572-8442"
PLEA = crisis_of("urgent", "detention")


@pytest.mark.parametrize("place", ["อยู่ปอยเปต", "ตอนนี้อยู่เมียวดีค่ะ", "พาไปกัมพูชา"])
def test_a_plea_and_then_a_place(talk: Talk, place: str) -> None:
    talk.says("ช่วยด้วย โดนขัง", crisis=PLEA, judgement=judgement_of("not_an_offer", "need_help"))
    assert CONSUL not in talk.answer
    talk.wait(seconds=20)
    talk.says(place, judgement=naming(place))
    assert CONSUL in talk.answer
    assert "+66 2 572 8442" in talk.answer
    assert talk.step.reply.sensitive
    talk.wait(seconds=20)
    talk.says(place, judgement=naming(place))
    assert CONSUL not in talk.answer


def test_also_where_staff_were_told_and_nothing_else_is_said(talk: Talk) -> None:
    talk.presses("m1:staff")
    talk.says("มีสามคน", judgement=judgement_of("not_an_offer", "small_talk"))
    talk.says("ใจดี", judgement=judgement_of("not_an_offer", "small_talk"))
    assert talk.step.reply is None
    talk.says("อยู่ปอยเปต", judgement=naming("อยู่ปอยเปต"))
    assert CONSUL in talk.answer


def test_an_offer_and_then_a_place_is_judged_again(talk: Talk) -> None:
    talk.says("รับคนทำงาน", judgement=judgement_of("unclear", "check_offer"))
    talk.says("เขาให้ไปปอยเปต", judgement=naming("เขาให้ไปปอยเปต"))
    card = talk.step.reply.bubbles[0]
    assert card.band == "danger"
    assert CONSUL in talk.answer


def test_a_verdict_and_then_a_place(talk: Talk) -> None:
    talk.says("รับคน โอนก่อน", judgement=judgement_of("caution", "check_offer", fee="1"))
    assert CONSUL not in talk.answer
    talk.says("ไปกัมพูชา", judgement=naming("ไปกัมพูชา"))
    assert CONSUL in talk.answer
    assert "อย่าเพิ่งเดินทาง" in talk.answer


def test_what_was_said_before_is_known_when_help_is_called_later(talk: Talk) -> None:
    talk.says("รับคน", judgement=judgement_of("caution", "check_offer"))
    talk.says("ไปกัมพูชา", judgement=naming("ไปกัมพูชา"))
    talk.presses("m1:staff")
    talk.says("ช่วยด้วย โดนขัง", crisis=PLEA, judgement=judgement_of("not_an_offer", "need_help"))
    assert talk.answer.index(CONSUL) < talk.answer.index("1300")


def test_a_place_in_small_talk_is_no_matter_of_ours(talk: Talk) -> None:
    talk.presses("m1:menu")
    talk.says("ไปเที่ยวกัมพูชา", judgement=naming("ไปเที่ยวกัมพูชา"))
    assert CONSUL not in talk.answer


def test_where_somebody_is_held_is_told_to_staff_and_not_judged_as_an_offer(talk: Talk) -> None:
    looks = judge("ยังอยู่เมียวดี")
    assert looks.band in {"danger", "caution"}
    talk.says("ช่วยด้วย โดนขัง", crisis=PLEA, judgement=judgement_of("not_an_offer", "need_help"))
    for _ in range(2):
        talk.wait(minutes=20)
        talk.says("ยังอยู่เมียวดี", judgement=looks)
        assert "⛔" not in talk.answer
        assert "ส่งให้เจ้าหน้าที่แล้ว" in talk.answer


def test_a_call_for_help_of_two_words_that_name_a_place_is_asked_on_with_the_number(talk: Talk) -> None:
    talk.says("อยู่ปอยเปต", judgement=judge("อยู่ปอยเปต"))
    assert talk.state.dialogue == "intake"
    assert CONSUL in talk.answer
    talk.wait(seconds=20)
    talk.says("ยังอยู่ปอยเปต", judgement=naming("ยังอยู่ปอยเปต"))
    assert CONSUL not in talk.answer


def naming(text: str) -> Judgement:
    """Small talk that names the places of this text."""
    judged = judge(text)
    made = judgement_of("not_an_offer", "small_talk")
    return Judgement(made.band, 0.02, (), judged.entities, made.crisis, "small_talk", "r", "m")


def test_a_plea_in_the_midst_of_questions_and_then_a_place(talk: Talk) -> None:
    talk.says("ช่วยหน่อยค่ะ มีปัญหา", judgement=judgement_of("not_an_offer", "need_help"))
    assert talk.state.dialogue == "intake"
    for _ in range(2):
        told = CONSUL in talk.answer
        talk.wait(seconds=20)
        talk.says("ตอนนี้อยู่เมียวดี", judgement=naming("ตอนนี้อยู่เมียวดี"))
        assert (CONSUL in talk.answer) is not told
    assert talk.state.dialogue == "intake"


def test_a_place_named_after_something_else_came_in_between(talk: Talk) -> None:
    talk.says("ช่วยด้วย โดนขัง", crisis=PLEA, judgement=judgement_of("not_an_offer", "need_help"))
    talk.presses("m1:menu")
    talk.wait(seconds=20)
    talk.says("อยู่ปอยเปต", judgement=naming("อยู่ปอยเปต"))
    assert CONSUL in talk.answer


def test_the_next_offer_does_not_inherit_the_country_of_the_last(talk: Talk) -> None:
    talk.says("รับคน", judgement=judgement_of("caution", "check_offer"))
    talk.says("ไปกัมพูชา", judgement=naming("ไปกัมพูชา"))
    assert talk.state.data["abroad"]
    talk.says("รับพนักงานร้านกาแฟ บางแค", judgement=judgement_of("caution", "check_offer"))
    assert not talk.state.data.get("abroad")
    talk.presses("c1:numbers")
    assert CONSUL not in talk.answer
