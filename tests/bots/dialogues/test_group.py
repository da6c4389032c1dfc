import pytest

from bots.engine.events import Event
from tests.bots.dialogues.talk import Talk, words_of


@pytest.mark.parametrize(
    "event",
    [
        Event("text", place="group", addressed=True, text="@rootan งานนี้จริงไหม"),
        Event("press", place="group", addressed=True, data="m1:staff"),
        Event("join", place="group", addressed=False),
    ],
)
def test_whoever_calls_us_in_a_group_is_sent_to_a_private_chat(talk: Talk, event: Event) -> None:
    before = talk.state
    step = talk.does(event)
    assert words_of(step.reply) == "ทักแชตส่วนตัวได้เลย"
    assert talk.buttons == []
    assert step.effects == ()
    assert talk.state == before


@pytest.mark.parametrize("kind", ["text", "picture", "sticker", "location", "leave", "other", "reading"])
def test_unaddressed_talk_in_a_group_gets_no_answer(talk: Talk, kind: str) -> None:
    step = talk.does(Event(kind, place="group", addressed=False, text="หยุด"))  # type: ignore[arg-type]
    assert step.reply is None
    assert step.effects == ()


def test_on_standby_a_group_gets_no_answer_either(talk: Talk) -> None:
    assert talk.does(Event("text", place="group", text="@rootan", standby=True)).reply is None
