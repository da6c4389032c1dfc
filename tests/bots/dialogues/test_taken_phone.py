"""What somebody tries who only holds the phone, and what comes of it."""

from uuid import UUID

import msgspec

from bots.engine.steps import OpenReferral, PrivateEffect
from referrals.tracked import Tracked
from tests.bots.dialogues.talk import Talk

REPORT = UUID(int=7)
OPEN = OpenReferral(UUID(int=1), "P2", claimed=False, cancellable=False)
CODE = "1234 5678 9012 3456"
WORD = "มะม่วงสุก"
OTHER = "รถไฟสีทอง"


def choose(talk: Talk) -> None:
    talk.presses("x1:word")
    talk.says(WORD)
    talk.says(WORD)
    assert talk.state.code_word == WORD


def test_the_word_typed_unasked_is_told_to_nobody(talk: Talk) -> None:
    talk.referral = OPEN
    choose(talk)
    talk.says(WORD)
    assert talk.effects(PrivateEffect)


def test_the_word_is_changed_only_by_who_knows_it(talk: Talk) -> None:
    choose(talk)
    talk.presses("x1:word")
    talk.says(OTHER)
    assert "ยังใช้คำเดิม" in talk.answer
    talk.says(OTHER)
    assert talk.state.code_word == WORD
    talk.presses("x1:word")
    talk.says(WORD)
    talk.says(OTHER)
    talk.says(OTHER)
    assert talk.state.code_word == OTHER


def test_an_opened_report_is_shut_by_leaving(talk: Talk) -> None:
    talk.tracked = Tracked(referral=REPORT, stage="waiting")
    talk.says(CODE)
    talk.tracked = msgspec.structs.replace(talk.tracked, opened=True)
    talk.says(WORD)
    talk.presses("x1:leave")
    talk.wait(seconds=90)
    for _ in range(3):
        talk.says("กลับหน้าแรก")
    assert not talk.state.decoy
    talk.presses("k1:status")
    assert talk.answer.startswith("รายการนี้ปิดหน้าจอแล้ว")


def test_a_code_typed_behind_the_decoy_is_told_to_nobody(talk: Talk) -> None:
    talk.referral = OPEN
    talk.presses("x1:leave")
    talk.says("9999 8888 7777 6666")
    assert talk.effects(PrivateEffect)


def test_guesses_behind_the_decoy_take_days(talk: Talk) -> None:
    choose(talk)
    talk.presses("x1:leave")
    for number in range(40):
        talk.says(f"เดาคำ{number}")
    talk.says(WORD)
    assert talk.state.decoy
    talk.wait(minutes=11)
    talk.says(WORD)
    assert not talk.state.decoy


def test_small_talk_of_others_does_not_lock_the_person_out(talk: Talk) -> None:
    choose(talk)
    talk.presses("x1:leave")
    for number in range(15):
        talk.says(f"กินข้าวยัง{number}")
    talk.says(WORD)
    assert not talk.state.decoy
