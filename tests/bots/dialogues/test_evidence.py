from typing import get_args

import pytest

from bots.dialogues.evidence import MOST_BYTES
from bots.engine.events import Event, EventKind, EvidenceProblem
from bots.engine.steps import EvidenceEffect, OpenReferralEffect, ReadPictureEffect
from tests.bots.dialogues.reporting import asked, tap
from tests.bots.dialogues.talk import Talk, judgement_of

KEPT, NOTED = "เก็บไว้กับเรื่อง", "แนบไปกับเรื่อง"
# Up to the question before the one with which a report reaches staff.
BEGUN = ("สะดวก", "ไม่มี", "ตัวเอง")


def sent(kind: EventKind, number: int = 1, size: int = 0) -> Event:
    return Event(kind, media=f"f{number}", message=f"m{number}", size=size)


@pytest.mark.parametrize("kind", ["picture", "audio", "file"])
def test_with_staff_there_it_is_kept_and_acknowledged_each_time(talk: Talk, kind: EventKind) -> None:
    talk.presses("m1:staff")
    for number in (1, 2):
        talk.does(sent(kind, number))
        assert KEPT in talk.answer
        assert talk.effects(EvidenceEffect) == [EvidenceEffect()]
        assert talk.step.reply is not None
        assert talk.step.reply.sensitive


def test_with_staff_there_an_offer_in_a_picture_still_gets_its_verdict(talk: Talk) -> None:
    talk.presses("m1:staff")
    talk.does(sent("picture"))
    assert len(talk.effects(ReadPictureEffect)) == 1
    talk.does(Event("reading", text="รับแอดมิน ปอยเปต ไม่ต้องมีพาสปอร์ต"), judgement_of("danger"))
    assert "อันตราย" in talk.answer


@pytest.mark.parametrize("kind", ["picture", "audio", "file"])
def test_without_a_report_nothing_is_kept(talk: Talk, kind: EventKind) -> None:
    talk.does(sent(kind))
    assert talk.effects(EvidenceEffect) == []
    assert talk.state.media == ()


def test_what_is_sent_between_two_questions_waits_and_joins_the_report_when_it_reaches_staff(
    talk: Talk,
) -> None:
    talk.presses("m1:need")
    tap(talk, *BEGUN)
    question = asked(talk)
    for kind, number in (("picture", 1), ("audio", 2)):
        talk.does(sent(kind, number))  # type: ignore[arg-type]
        assert NOTED in talk.answer
        assert asked(talk) == question
        assert talk.effects(ReadPictureEffect) == []
    talk.presses("m1:staff")
    assert len(talk.effects(OpenReferralEffect)) == 1
    assert talk.effects(EvidenceEffect) == [EvidenceEffect((("m1", "picture"), ("m2", "audio")))]
    assert talk.state.media == ()


def test_what_was_taken_back_no_longer_waits(talk: Talk) -> None:
    talk.presses("m1:need")
    for number in (1, 2):
        talk.does(sent("picture", number))
    talk.does(Event("unsend", message="m1"))
    talk.presses("m1:staff")
    assert talk.effects(EvidenceEffect) == [EvidenceEffect((("m2", "picture"),))]


def test_of_very_many_the_latest_wait(talk: Talk) -> None:
    talk.presses("m1:need")
    for number in range(15):
        talk.does(sent("file", number))
    assert [message for message, _ in talk.state.media] == [f"m{n}" for n in range(5, 15)]


def test_a_picture_long_after_the_last_question_is_read_as_ever(talk: Talk) -> None:
    talk.presses("m1:need")
    talk.wait(hours=2)
    talk.does(sent("picture"))
    assert len(talk.effects(ReadPictureEffect)) == 1
    assert talk.state.media == ()


def test_what_is_too_large_is_said_at_once_and_not_fetched(talk: Talk) -> None:
    talk.presses("m1:staff")
    talk.does(sent("file", size=MOST_BYTES + 1))
    assert "20 MB" in talk.answer
    assert talk.step.effects == ()


@pytest.mark.parametrize("problem", get_args(EvidenceProblem))
def test_why_something_could_not_be_kept_is_said_with_what_to_do(
    talk: Talk, problem: EvidenceProblem
) -> None:
    talk.presses("m1:staff")
    talk.does(Event("evidence", problem=problem))
    assert "ส่ง" in talk.answer or "แคป" in talk.answer or "พิมพ์" in talk.answer
    assert talk.step.effects == ()


def test_each_problem_has_its_own_words(talk: Talk) -> None:
    told = {talk.does(Event("evidence", problem=problem)).reply for problem in get_args(EvidenceProblem)}
    assert len(told) == len(get_args(EvidenceProblem))


def test_a_problem_told_between_two_questions_leaves_the_question_standing(talk: Talk) -> None:
    talk.presses("m1:need")
    tap(talk, *BEGUN)
    question = asked(talk)
    talk.does(Event("evidence", problem="broken"))
    assert "เปิดไม่ได้" in talk.answer
    assert asked(talk) == question


@pytest.mark.parametrize("event", [sent("picture"), sent("audio"), Event("evidence", problem="broken")])
def test_behind_the_decoy_face_nothing_is_kept_and_nothing_told(talk: Talk, event: Event) -> None:
    talk.presses("m1:staff")
    talk.presses("x1:leave")
    talk.does(event)
    assert talk.effects(EvidenceEffect) == []
    assert "เก็บ" not in talk.answer
    assert "ไฟล์" not in talk.answer
