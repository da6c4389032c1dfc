"""Answering a campaign: a kind word, the answer once, and nothing where it would tell or be in the way."""

import pytest

from bots.dialogues.conversation import advance
from bots.engine.events import Event
from bots.engine.steps import CampaignAnswerEffect, Facts, State
from campaigns.plans.presses import encode_press
from campaigns.plans.questions import Asked
from core.ids import new_id
from tests.bots.dialogues.talk import CALM, Talk

CAMPAIGN = new_id()
PRESS = encode_press(CAMPAIGN, "fee1", "no")
QUIZ = Asked({"th": "ใช่ค่ะ ถามก่อน", "en": "Right, ask first."}, right=True, counts=True)
SURVEY = Asked({"th": "รับไว้แล้ว"}, province="50", counts=True)


def pressed(talk: Talk, asked: Asked | None = QUIZ) -> Talk:
    talk.asked = asked
    talk.presses(PRESS)
    return talk


def test_an_answer_gets_its_kind_word_and_is_kept(talk: Talk) -> None:
    pressed(talk)
    assert talk.answer.splitlines()[0] == "ใช่ค่ะ ถามก่อน"
    assert talk.effects(CampaignAnswerEffect) == [CampaignAnswerEffect(CAMPAIGN, "fee1", "no", right=True)]
    assert {"m1:check", "m1:staff", "m1:menu"} <= {button.data for button in talk.buttons}


def test_it_is_said_in_the_persons_language(talk: Talk) -> None:
    talk.state = State(language="en")
    assert pressed(talk).answer.splitlines()[0] == "Right, ask first."
    assert pressed(talk, SURVEY).answer.splitlines()[0] == "รับไว้แล้ว"


def test_a_province_is_told_with_the_answer(talk: Talk) -> None:
    assert [one.province for one in pressed(talk, SURVEY).effects(CampaignAnswerEffect)] == ["50"]


def test_who_answers_again_is_told_which_answer_counts(talk: Talk) -> None:
    again = Asked(QUIZ.reply, right=True, given="yes", counts=True)
    assert "นับคำตอบแรก" in pressed(talk, again).answer
    assert "เปลี่ยนคำตอบ" in pressed(talk, Asked(SURVEY.reply, given="yes", counts=True)).answer
    assert (
        pressed(talk, Asked(QUIZ.reply, right=True, given="no", counts=True)).answer.splitlines()[0]
        == "ใช่ค่ะ ถามก่อน"
    )


@pytest.mark.parametrize("asked", [None, Asked({}, right=True, counts=True), Asked({"th": " "}, counts=True)])
def test_what_is_no_more_and_what_says_nothing_are_thanked_for(talk: Talk, asked: Asked | None) -> None:
    assert "ขอบคุณที่ตอบ" in pressed(talk, asked).answer
    assert bool(talk.effects(CampaignAnswerEffect)) == (asked is not None)


def test_a_press_that_was_never_ours_is_an_old_button(talk: Talk) -> None:
    talk.presses(PRESS + ":more")
    assert "ปุ่มนี้เก่าแล้ว" in talk.answer


def test_a_message_to_try_is_answered_and_not_kept(talk: Talk) -> None:
    assert pressed(talk, Asked(QUIZ.reply, right=True)).answer.splitlines()[0] == "ใช่ค่ะ ถามก่อน"
    assert talk.effects(CampaignAnswerEffect) == []


def test_of_who_is_under_eighteen_nothing_is_kept(talk: Talk) -> None:
    talk.state = State(minor=True)
    assert pressed(talk).answer.splitlines()[0] == "ใช่ค่ะ ถามก่อน"
    assert talk.effects(CampaignAnswerEffect) == []


def test_a_report_that_is_being_told_is_kept_and_offered_again(talk: Talk) -> None:
    talk.presses("m1:need")
    pressed(talk)
    assert talk.answer.startswith("ใช่ค่ะ ถามก่อน")
    assert "r1:go_on" in {button.data for button in talk.buttons}
    assert talk.state.aside is not None


def test_where_the_conversation_stands_is_left_alone(talk: Talk) -> None:
    talk.presses("q1:menu")
    before = talk.state
    assert pressed(talk).state.dialogue == before.dialogue
    assert talk.state.data == before.data


def test_behind_the_decoy_face_the_press_says_nothing_of_it(talk: Talk) -> None:
    talk.presses("x1:leave")
    talk.wait(minutes=2)
    assert talk.state.decoy
    pressed(talk)
    assert "ถามก่อน" not in talk.answer
    assert talk.effects(CampaignAnswerEffect) == []
    assert talk.state.decoy


def test_in_a_group_nothing_is_said_of_it_or_kept(talk: Talk) -> None:
    event = Event("press", place="group", data=PRESS)
    step = advance(State(), event, Facts(now=talk.now, crisis=CALM, asked=QUIZ, fetched=frozenset({"asked"})))
    assert "ถามก่อน" not in str(step.reply)
    assert step.effects == ()
