import pytest

from bots.dialogues.staff import QUIET_SECONDS
from bots.engine.events import Event
from bots.engine.steps import HandOverEffect, OpenReferralEffect
from tests.bots.dialogues.talk import Talk, crisis_of, judgement_of


def opened(talk: Talk) -> OpenReferralEffect:
    (effect,) = talk.effects(OpenReferralEffect)
    return effect


def test_asking_opens_at_once_and_shows_the_receipt_like_a_parcel_number(talk: Talk) -> None:
    talk.presses("m1:staff")
    assert (opened(talk).priority, opened(talk).source) == ("P2", "staff_request")
    assert opened(talk).reasons == ("asked_for_staff",)
    assert opened(talk).receipt == "1234567890123456"
    assert "1234 5678 9012 3456" in talk.answer
    assert "เราจะไม่ทักไปก่อน เปิดแชตนี้มาดูคำตอบได้ตลอด" in talk.answer
    assert talk.step.reply is not None
    assert talk.step.reply.sensitive


def test_words_open_it_like_the_button(talk: Talk) -> None:
    talk.says("ขอคุยกับเจ้าหน้าที่หน่อยค่ะ")
    assert opened(talk).reasons == ("asked_for_staff",)


def test_asking_again_says_where_it_stands_and_opens_nothing(talk: Talk) -> None:
    talk.presses("m1:staff")
    talk.presses("m1:staff")
    assert talk.step.effects == ()
    assert "รอเจ้าหน้าที่รับ" in talk.answer
    talk.claim()
    talk.presses("s1:status")
    assert "มีเจ้าหน้าที่รับเรื่องแล้ว" in talk.answer


@pytest.mark.parametrize(
    ("band", "stage", "priority"),
    [
        ("danger", "travelling", "P1"),
        ("danger", "already_there", "P1"),
        ("danger", "not_yet", "P2"),
        ("caution", "already_there", "P2"),
    ],
)
def test_after_a_verdict_one_question_decides_the_priority(
    talk: Talk, band: str, stage: str, priority: str
) -> None:
    talk.says("รับแอดมิน", judgement=judgement_of(band, "check_offer"))  # type: ignore[arg-type]
    talk.presses("m1:staff")
    assert ("offer_danger" in opened(talk).reasons) == (band == "danger")
    assert "ตอนนี้ไปหรือยัง" in talk.answer
    talk.presses(f"s1:{stage}")
    assert (opened(talk).priority, opened(talk).reasons) == (priority, (stage,))


def test_a_request_out_of_the_blue_is_asked_nothing(talk: Talk) -> None:
    talk.presses("m1:staff")
    assert "ไปหรือยัง" not in talk.answer


def test_a_plea_raises_the_request(talk: Talk) -> None:
    talk.says("แย่แล้ว", crisis=crisis_of("concern", "domestic_violence"))
    assert talk.step.effects == ()
    talk.presses("m1:staff")
    assert (opened(talk).priority, opened(talk).kinds) == ("P1", ("domestic_violence",))
    assert "needs_help" in opened(talk).reasons


@pytest.mark.parametrize("press", ["s1:report", "m1:staff"])
def test_an_offer_that_was_judged_is_handed_over_and_need_not_be_sent_again(talk: Talk, press: str) -> None:
    talk.says("รับแอดมิน", judgement=judgement_of("danger", "check_offer"))
    talk.presses("o1:report")
    assert "เขาจะเห็นข้อความที่ให้เราตรวจ" in talk.answer
    talk.wait(minutes=1)
    talk.presses(press)
    assert "offer_danger" in opened(talk).reasons
    assert len(talk.effects(HandOverEffect)) == 1
    assert "ไม่ต้องส่งซ้ำ" in talk.answer
    assert "ส่งมาอีกครั้ง" not in talk.answer
    talk.presses("s1:report")
    assert talk.effects(HandOverEffect) == []


def test_an_offer_written_in_the_same_turn_is_in_the_thread_already(talk: Talk) -> None:
    talk.says("รับแอดมิน", judgement=judgement_of("danger", "check_offer"))
    talk.presses("s1:report")
    assert talk.effects(HandOverEffect) == []
    assert "ไม่ต้องส่งซ้ำ" in talk.answer


def test_an_offer_in_a_picture_is_handed_over_also_while_a_referral_is_open(talk: Talk) -> None:
    talk.presses("m1:staff")
    talk.does(Event("reading", text="รับแอดมินปอยเปตด่วน"), judgement_of("danger", "check_offer"))
    talk.presses("s1:report")
    assert len(talk.effects(HandOverEffect)) == 1


def test_an_offer_written_to_staff_is_not_handed_over_twice(talk: Talk) -> None:
    talk.presses("m1:staff")
    talk.says("รับแอดมิน", judgement=judgement_of("danger", "check_offer"))
    talk.wait(minutes=1)
    talk.presses("s1:report")
    assert talk.effects(HandOverEffect) == []


def test_words_that_ask_to_report_it_keep_the_offer_at_hand(talk: Talk) -> None:
    talk.says("รับแอดมิน", judgement=judgement_of("danger", "check_offer"))
    talk.wait(minutes=1)
    talk.says("อยากแจ้งเรื่องนี้", judgement=judgement_of("not_an_offer", "report"))
    assert "เขาจะเห็นข้อความที่ให้เราตรวจ" in talk.answer
    talk.presses("s1:report")
    assert len(talk.effects(HandOverEffect)) == 1


def test_what_was_told_without_being_judged_is_asked_for_again(talk: Talk) -> None:
    talk.says("มีคนหลอกเพื่อน", judgement=judgement_of("not_an_offer", "report"))
    talk.presses("s1:report")
    assert talk.effects(HandOverEffect) == []
    assert "ส่งมาอีกครั้ง" in talk.answer


def test_a_report_beside_an_open_referral_joins_it(talk: Talk) -> None:
    talk.presses("m1:staff")
    talk.presses("s1:report")
    assert opened(talk).reasons == ("reported_offer",)
    assert "1234" not in talk.answer


def test_lines_to_staff_are_acknowledged_once_in_ten_minutes(talk: Talk) -> None:
    chat = judgement_of("not_an_offer", "small_talk")
    talk.presses("m1:staff")
    talk.says("หนูอยู่ชั้นสอง", judgement=chat)
    assert "ส่งให้เจ้าหน้าที่แล้ว" in talk.answer
    for _ in range(3):
        talk.wait(seconds=QUIET_SECONDS // 4)
        talk.says("มีสามคน", judgement=chat)
        assert talk.step.reply is None
    talk.wait(seconds=QUIET_SECONDS // 4)
    talk.says("ยังอยู่ไหม", judgement=chat)
    assert "ส่งให้เจ้าหน้าที่แล้ว" in talk.answer


def test_a_clock_that_went_back_acknowledges_rather_than_keeps_silent(talk: Talk) -> None:
    chat = judgement_of("not_an_offer", "small_talk")
    talk.presses("m1:staff")
    talk.says("ก", judgement=chat)
    talk.wait(hours=-1)
    talk.says("ข", judgement=chat)
    assert talk.step.reply is not None


def test_without_a_referral_there_is_no_status(talk: Talk) -> None:
    talk.presses("s1:status")
    assert "ไม่มีเรื่องที่เปิดอยู่" in talk.answer


def test_a_stage_pressed_after_the_referral_closed_opens_a_new_one(talk: Talk) -> None:
    talk.presses("s1:travelling")
    assert opened(talk).reasons == ("asked_for_staff",)
    assert "1234 5678 9012 3456" in talk.answer


def test_money_that_is_gone_gets_the_number_to_freeze_it_at_once(talk: Talk) -> None:
    talk.presses("m1:staff")
    talk.says("เล่าต่อ")
    for _ in range(2):
        talk.says("โอนไปแล้ว 3,000 ทำไงดี", judgement=judgement_of(intent="report", money="3,000"))
        assert "1441" in talk.answer
        assert "ส่งให้เจ้าหน้าที่แล้ว" in talk.answer


def test_a_price_on_somebody_is_not_taken_for_money_that_is_gone(talk: Talk) -> None:
    held = judgement_of(intent="need_help", money="60,000")
    talk.says("เขาให้จ่ายหกหมื่น", judgement=held, crisis=crisis_of("concern", "trafficking"))
    assert "1441" not in talk.answer
    talk.says("โดนหลอกโอนเงินไป 20,000", judgement=held, crisis=crisis_of("concern", "forced_labour"))
    assert "1441" in talk.answer
