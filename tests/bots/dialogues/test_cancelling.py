import msgspec
import pytest

from bots.engine.steps import CancelReferralEffect, PrivateEffect
from tests.bots.dialogues.talk import Talk, crisis_of


@pytest.fixture
def in_danger(talk: Talk) -> Talk:
    talk.says("ช่วยด้วย", crisis=crisis_of("urgent", "danger"))
    return talk


def test_it_is_confirmed_once(in_danger: Talk) -> None:
    in_danger.presses("c1:cancel")
    assert in_danger.step.effects == ()
    assert in_danger.labels[:2] == ["ไม่ยกเลิก", "ใช่ ยกเลิก"]
    in_danger.presses("c1:cancel.yes")
    assert len(in_danger.effects(CancelReferralEffect)) == 1
    assert "ยกเลิกแล้ว" in in_danger.answer


def test_a_confirmation_pressed_out_of_turn_is_asked_about_first(in_danger: Talk) -> None:
    in_danger.presses("c1:cancel.yes")
    assert in_danger.step.effects == ()
    assert "ใช่ไหม" in in_danger.answer


def test_what_staff_hold_is_not_called_cancelled(in_danger: Talk) -> None:
    in_danger.claim()
    in_danger.presses("c1:cancel")
    in_danger.presses("c1:cancel.yes")
    assert "บอกเจ้าหน้าที่แล้วว่าคุณขอยกเลิก" in in_danger.answer


@pytest.mark.parametrize("press", ["c1:cancel", "c1:cancel.yes", "c1:keep"])
def test_with_nothing_sent_there_is_nothing_to_cancel(talk: Talk, press: str) -> None:
    talk.presses(press)
    assert talk.step.effects == ()
    assert "ไม่มีเรื่องที่ส่งไว้" in talk.answer


def test_keeping_it_keeps_it(in_danger: Talk) -> None:
    in_danger.presses("c1:cancel")
    in_danger.says("ไม่ค่ะ")
    assert in_danger.referral is not None
    assert "ยังอยู่กับเจ้าหน้าที่" in in_danger.answer


def test_other_words_leave_it_open_and_reach_staff(in_danger: Talk) -> None:
    in_danger.presses("c1:cancel")
    in_danger.says("เดี๋ยวก่อนนะ")
    assert in_danger.referral is not None
    in_danger.presses("c1:cancel.yes")
    assert in_danger.step.effects == ()


def test_after_cancelling_the_next_plea_opens_anew(in_danger: Talk) -> None:
    in_danger.presses("c1:cancel")
    in_danger.presses("c1:cancel.yes")
    step = in_danger.says("ช่วยด้วย", crisis=crisis_of("urgent", "danger"))
    assert len(step.effects) == 1
    assert "1234 5678 9012 3456" in in_danger.answer


def test_who_chose_a_word_says_it_before_help_is_called_off(in_danger: Talk) -> None:
    in_danger.state = msgspec.structs.replace(in_danger.state, code_word="มะม่วงสุก")
    for typed in ("เดาเอา", "มะม่วงดิบ"):
        in_danger.presses("c1:cancel")
        in_danger.presses("c1:cancel.yes")
        assert in_danger.step.effects == ()
        assert in_danger.buttons[0].data == "c1:keep"
        in_danger.says(typed)
        assert in_danger.effects(CancelReferralEffect) == []
    in_danger.presses("c1:cancel")
    in_danger.presses("c1:cancel.yes")
    in_danger.says("มะม่วงสุก")
    assert len(in_danger.effects(CancelReferralEffect)) == 1
    assert in_danger.effects(PrivateEffect)
