"""A report that was erased from elsewhere, or closed, and the phone on which it was begun."""

import pytest

from bots.engine.events import Event
from bots.engine.steps import OpenReferralEffect, StoreAnswersEffect
from tests.bots.dialogues.reporting import FIRST, asked, tap
from tests.bots.dialogues.talk import Talk, crisis_of, judgement_of

GONE = "ปิดหรือลบไปแล้ว"
SMALL = judgement_of("not_an_offer", "small_talk")


@pytest.fixture
def erased(talk: Talk) -> Talk:
    """Sent, put aside, and then erased from another phone."""
    talk.presses("m1:need")
    tap(talk, *FIRST)
    tap(talk, "พอแค่นี้ก่อน")
    talk.referral = None
    talk.wait(hours=2)
    return talk


@pytest.fixture
def in_the_midst(talk: Talk) -> Talk:
    """The same while a question still stands."""
    talk.presses("m1:need")
    tap(talk, *FIRST)
    talk.referral = None
    talk.wait(minutes=2)
    return talk


def test_going_on_tells_that_it_is_gone_and_offers_to_begin_anew(erased: Talk) -> None:
    erased.says("ทำต่อ")
    assert GONE in erased.answer
    assert erased.step.effects == ()
    assert erased.step.reply.sensitive
    erased.presses("r1:begin")
    assert asked(erased) == "G0"
    for _ in range(7):
        assert erased.effects(StoreAnswersEffect) == []
        tap(erased, "ข้าม")
    assert {answer.codes for answer in erased.effects(StoreAnswersEffect)[0].answers} == {("skip",)}


def test_it_is_not_offered_to_whoever_writes_next(erased: Talk) -> None:
    for press in ("m1:menu", "m1:help"):
        erased.presses(press)
        assert "r1:go_on" not in {button.data for button in erased.buttons}


def test_asking_for_help_begins_anew(erased: Talk) -> None:
    erased.presses("m1:need")
    assert asked(erased) == "G0"
    assert not erased.state.data.get("answers")


@pytest.mark.parametrize("press", ["r1:back", "r1:stop", "r1:go_on", "r1:C4:noted@abcdef"])
def test_no_button_of_its_questions_brings_it_back(in_the_midst: Talk, press: str) -> None:
    in_the_midst.presses(press)
    assert GONE in in_the_midst.answer
    assert in_the_midst.step.effects == ()


@pytest.mark.parametrize(
    "event",
    [Event("text", text="จดแล้วค่ะ"), Event("sticker"), Event("location", latitude=13.7, longitude=100.5)],
)
def test_no_answer_brings_it_back(in_the_midst: Talk, event: Event) -> None:
    in_the_midst.does(event, SMALL if event.text else None)
    assert GONE in in_the_midst.answer
    assert in_the_midst.effects(OpenReferralEffect) == []


@pytest.mark.parametrize("when", ["erased", "in_the_midst"])
def test_what_is_opened_later_is_not_mixed_up_with_it(when: str, request: pytest.FixtureRequest) -> None:
    talk: Talk = request.getfixturevalue(when)
    talk.says("ช่วยด้วย", crisis=crisis_of("urgent", "danger"))
    assert len(talk.effects(OpenReferralEffect)) == 1
    assert talk.effects(StoreAnswersEffect) == []
    assert talk.state.aside is None
    talk.wait(minutes=1)
    talk.presses("c1:free")
    talk.presses("r1:begin.free")
    assert asked(talk) == "G1"


def test_words_of_worry_are_met_and_not_put_off_by_it(in_the_midst: Talk) -> None:
    in_the_midst.says("แฟนชอบบีบแขน", crisis=crisis_of("concern", "domestic_violence"), judgement=SMALL)
    assert GONE not in in_the_midst.answer
    assert "อยากให้เจ้าหน้าที่ช่วยดูไหม" in in_the_midst.answer
