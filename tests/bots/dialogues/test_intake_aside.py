"""What comes in between of a report is answered, and the report waits."""

import msgspec
import pytest

from bots.engine.events import Event
from bots.engine.steps import HandWordsEffect, OpenReferralEffect, StoreAnswersEffect
from tests.bots.dialogues.reporting import FIRST, RECEIPT, asked, button, tap, types
from tests.bots.dialogues.talk import Talk, crisis_of, judgement_of

OFFER = judgement_of("danger", "check_offer")
CHAT = judgement_of("not_an_offer", "small_talk")


def test_an_offer_is_judged_and_the_report_goes_on_where_it_was(talk: Talk) -> None:
    talk.presses("m1:need")
    tap(talk, "สะดวก", "ไม่มี", "ตัวเอง")
    types(talk, "รับแอดมินปอยเปต", judgement=OFFER)
    assert "อย่าเพิ่งไป" in talk.answer
    assert "ที่ถามค้างไว้ ยังอยู่ตรงนี้" in talk.answer
    tap(talk, "ทำต่อ")
    assert asked(talk) == "G3"


def test_an_offer_that_is_told_of_is_part_of_the_report(talk: Talk) -> None:
    talk.presses("m1:need")
    types(talk, "เพื่อนโดนหลอกไปทำแอดมินปอยเปต", judgement=judgement_of("danger", "report"))
    assert "เราเก็บที่เล่าไว้แล้ว" in talk.answer
    assert asked(talk) == "G0"


def test_no_more_in_other_words_puts_it_aside(talk: Talk) -> None:
    talk.presses("m1:need")
    types(talk, "ไม่เอาแล้ว", judgement=judgement_of(intent="stop"))
    assert "ยังไม่ได้ส่งให้ใคร" in talk.answer


def test_a_question_about_us_is_answered_and_the_report_offered_again(talk: Talk) -> None:
    talk.presses("m1:need")
    types(talk, "เก็บข้อมูลอะไรไปบ้าง", judgement=judgement_of(intent="service_question"))
    assert {"ทำต่อ", "ไว้ก่อน"} <= set(talk.labels)


def test_it_is_offered_by_a_button_and_mentioned_again_only_after_a_while(talk: Talk) -> None:
    talk.presses("m1:need")
    tap(talk, "สะดวก")
    talk.presses("m1:news")
    talk.presses("m1:menu")
    assert "ทำต่อ" in talk.labels
    assert "ที่ถามค้างไว้" not in talk.answer
    talk.wait(days=2)
    talk.says("สวัสดี")
    assert "ที่ถามค้างไว้" in talk.answer


def test_put_off_it_is_not_offered_again_but_waits(talk: Talk) -> None:
    talk.presses("m1:need")
    tap(talk, "สะดวก", "ไม่มี")
    talk.presses("m1:news")
    tap(talk, "ไว้ก่อน")
    talk.presses("m1:menu")
    assert "ทำต่อ" not in talk.labels
    talk.wait(minutes=20)
    talk.presses("m1:need")
    assert asked(talk) == "G0"
    tap(talk, "สะดวก")
    assert asked(talk) == "G2"


def test_a_draft_that_nobody_came_back_to_for_a_month_is_gone(talk: Talk) -> None:
    talk.presses("m1:need")
    tap(talk, "สะดวก", "ไม่มี")
    talk.presses("m1:menu")
    talk.wait(days=31)
    talk.presses("m1:menu")
    assert talk.state.aside is None


def test_calling_staff_in_the_midst_gives_them_what_was_answered(talk: Talk) -> None:
    talk.presses("m1:need")
    tap(talk, "สะดวก", "ไม่มี", "ตัวเอง", "คุยกับเจ้าหน้าที่")
    assert len(talk.effects(OpenReferralEffect)) == 1
    (stored,) = talk.effects(StoreAnswersEffect)
    assert [one.question for one in stored.answers] == ["G0", "G1", "G2"]
    assert "ทำต่อ" in talk.labels


def test_on_a_referral_that_stood_before_the_old_receipt_holds(talk: Talk) -> None:
    talk.presses("m1:staff")
    assert RECEIPT in talk.answer
    tap(talk, "ตอบทีละข้อ", *FIRST)
    assert "เลขติดตามเดิม" in talk.answer
    assert RECEIPT not in talk.answer


def test_danger_told_in_words_comes_first_and_the_report_waits_quietly(talk: Talk) -> None:
    talk.presses("m1:need")
    tap(talk, "สะดวก", "ไม่มี")
    types(talk, "ช่วยด้วย เขาตี", crisis=crisis_of("urgent", "danger"))
    assert talk.step.crisis
    assert "191" in talk.answer
    assert "ที่ถามค้างไว้" not in talk.answer
    tap(talk, "ทำต่อ")
    assert asked(talk) == "G2"
    assert talk.effects(OpenReferralEffect) == []


def test_words_of_concern_are_part_of_the_report_and_the_questions_go_on(talk: Talk) -> None:
    talk.presses("m1:need")
    tap(talk, "สะดวก")
    types(talk, "เขาชอบตีแม่ตอนเมา", crisis=crisis_of("concern", "domestic_violence"), judgement=CHAT)
    assert asked(talk) == "G1"
    assert "เราเก็บที่เล่าไว้แล้ว" in talk.answer
    tap(talk, "มี")
    (opened,) = talk.effects(OpenReferralEffect)
    assert "domestic_violence" in opened.kinds
    assert len(talk.effects(HandWordsEffect)) == 1


def test_danger_that_staff_know_of_is_told_on_and_the_questions_go_on(talk: Talk) -> None:
    talk.presses("m1:need")
    tap(talk, "สะดวก", "มี", *FIRST[2:5])
    types(talk, "ไม่ได้ เขาล็อกประตู", crisis=crisis_of("urgent", "detention"))
    assert talk.step.crisis
    (stored,) = talk.effects(StoreAnswersEffect)
    assert [one.question for one in stored.answers] == ["P5q"]
    assert asked(talk) == "C3"
    types(talk, "มันเอามีดมาขู่", crisis=crisis_of("urgent", "sexual_violence"))
    assert "เราบอกเจ้าหน้าที่แล้วว่ารอไม่ได้" in talk.answer
    assert "1300" in talk.answer
    assert asked(talk) == "C3"


def test_numbers_in_between_are_those_of_somebody_abroad(talk: Talk) -> None:
    talk.presses("m1:need")
    tap(talk, *FIRST[:4], "ต่างประเทศ")
    types(talk, "ช่วยด้วย", crisis=crisis_of("urgent", "detention"))
    assert "02-572-8442" in talk.answer


def test_an_answer_in_words_of_despair_reaches_staff_too(talk: Talk) -> None:
    talk.presses("m1:need")
    tap(talk, *FIRST[:5])
    talk.presses("m1:staff")
    tap(talk, "ทำต่อ")
    types(talk, "ไม่ได้", crisis=crisis_of("urgent", "suicide"))
    (stored,) = talk.effects(StoreAnswersEffect)
    assert [one.question for one in stored.answers] == ["P5q"]


def test_despair_gets_its_own_careful_answer(talk: Talk) -> None:
    talk.presses("m1:need")
    types(talk, "ไม่ไหวแล้ว", crisis=crisis_of("concern", "suicide"))
    assert "1323" in talk.answer
    assert "ทำต่อ" in talk.labels


def test_with_staff_there_what_answers_nothing_goes_to_them(talk: Talk) -> None:
    talk.presses("m1:need")
    tap(talk, *FIRST)
    types(talk, "พี่อยู่ไหมคะตอนนี้", judgement=CHAT)
    assert "ส่งให้เจ้าหน้าที่แล้ว" in talk.answer
    assert asked(talk) == "C4"


def test_talk_with_staff_who_took_the_case_is_not_pestered_with_questions(talk: Talk) -> None:
    talk.presses("m1:need")
    tap(talk, *FIRST)
    talk.claim()
    types(talk, "พี่อยู่ไหมคะตอนนี้", judgement=CHAT)
    assert "ส่งให้เจ้าหน้าที่แล้ว" in talk.answer
    assert talk.state.dialogue == "staff"
    assert "ทำต่อ" in talk.labels
    types(talk, "มีสามคนค่ะ", judgement=CHAT)
    assert talk.step.reply is None


def test_a_cancelled_report_is_not_offered_again(talk: Talk) -> None:
    talk.presses("m1:need")
    tap(talk, *FIRST)
    talk.presses("c1:cancel")
    talk.presses("c1:cancel.yes")
    talk.presses("m1:menu")
    assert "ทำต่อ" not in talk.labels
    talk.presses("m1:need")
    assert asked(talk) == "G0"
    assert not talk.state.data.get("answers")


@pytest.mark.parametrize("kind", ["audio", "file", "contact_card"])
def test_what_is_sent_along_is_met_and_the_question_asked_again(talk: Talk, kind: str) -> None:
    talk.presses("m1:need")
    tap(talk, "สะดวก")
    talk.does(Event(kind, media="1"))  # type: ignore[arg-type]
    assert "มีใครถูกทำร้าย" in talk.answer
    assert asked(talk) == "G1"
    assert button(talk, "ไม่มี")


def test_unsend_takes_an_answer_out_of_a_report_that_is_not_sent(talk: Talk) -> None:
    talk.presses("m1:need")
    tap(talk, *FIRST[:4])
    talk.wait(seconds=5)
    talk.does(Event("text", text="เชียงใหม่", message="m5"), judgement_of())
    assert "G4" in talk.state.data["answers"]
    talk.does(Event("unsend", message="m5"))
    assert "G4" not in talk.state.data["answers"]
    assert talk.step.reply is None


def test_unsend_reaches_a_report_that_was_put_aside(talk: Talk) -> None:
    talk.presses("m1:need")
    talk.wait(seconds=5)
    talk.does(Event("text", text="เขาไม่จ่ายค่าแรงเลยค่ะ", message="m2"), judgement_of(intent="report"))
    talk.presses("m1:menu")
    assert talk.state.aside is not None
    assert talk.state.aside.data["words"]
    talk.does(Event("unsend", message="m2"))
    assert not talk.state.aside.data.get("words")


def test_a_state_of_an_earlier_form_starts_the_report_over(talk: Talk) -> None:
    talk.presses("m1:need")
    talk.state = msgspec.structs.replace(talk.state, data={"answers": 7})
    talk.presses("m1:need")
    assert asked(talk) == "G0"
