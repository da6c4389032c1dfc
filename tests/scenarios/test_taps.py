"""From hello to a receipt: at most twelve taps, whichever way through the first seven questions, on both platforms.

The real dialogue is walked by the buttons that each platform really shows (LINE cuts them off at thirteen).
"""

import copy as copying
from collections.abc import Iterator
from uuid import UUID

import pytest

from bots.channels.line import render as line
from bots.channels.telegram import render as telegram
from bots.dialogues.intake_progress import read_progress
from bots.dialogues.intake_screen import GO_ON, PREFIX
from bots.engine.events import Event
from core.messages.content import Button, Content, Text
from simulator.control.buttons import inline_buttons, quick_reply_actions
from simulator.faults import Platform
from tests.bots.dialogues.talk import Talk

MOST = 12
_NEED = "m1:need"
# Sharing a place takes one tap on the button and one on the map.
_PLACE_TAPS = 2
_WAYS_OUT = ("r1:back", "r1:stop", "r1:later")
_SOMEWHERE = (13.75, 100.5)


class Way:
    """One way through the report, so many taps from hello."""

    def __init__(self, talk: Talk, taps: int, path: tuple[str, ...]) -> None:
        self.talk, self.taps, self.path = talk, taps, path

    @property
    def has_receipt(self) -> bool:
        reply = self.talk.step.reply
        return reply is not None and any(
            "เลขติดตามของคุณ" in bubble.text for bubble in reply.bubbles if isinstance(bubble, Text)
        )

    def after(self, button: Button) -> "Way":
        talk = copying.deepcopy(self.talk)
        talk.wait(seconds=5)
        if button.location:
            talk.does(_pin())
            return Way(talk, self.taps + _PLACE_TAPS, (*self.path, button.label))
        talk.presses(button.data)
        return Way(talk, self.taps + 1, (*self.path, button.label))

    def place(self) -> tuple[object, ...]:
        """What decides what is asked next among the first seven; ways that meet here go on alike."""
        progress = read_progress(self.talk.state.data)
        assert progress is not None
        # Who it is about, how old they are and whether staff have it already; no other answer opens a question here.
        deciding = (progress.answers.get("G2"), progress.answers.get("G3"), progress.sent)
        return self.taps, progress.asked, tuple(sorted(progress.answers)), deciding


def _pin() -> Event:
    return Event("location", latitude=_SOMEWHERE[0], longitude=_SOMEWHERE[1])


def _shown(content: Content, platform: Platform) -> set[str]:
    """Labels that the platform shows below the answer."""
    if platform == "line":
        parts = line.render_parts(content, cover="plain", message_id=UUID(int=1))
        return {one["label"] for one in quick_reply_actions(parts[-1]["messages"][-1])}
    parts = telegram.render_parts(content, cover="plain", message_id=UUID(int=1))
    below = {one["text"] for part in parts for one in inline_buttons(part)}
    keyboards = [part.get("reply_markup", {}).get("keyboard", []) for part in parts]
    return below | {key["text"] for rows in keyboards for row in rows for key in row}


def _answers(way: Way, platform: Platform) -> list[Button]:
    """What answers the question, or goes on with the questions."""
    reply = way.talk.step.reply
    assert reply is not None
    shown = _shown(reply, platform)
    return [
        one
        for one in reply.choices
        if one.label in shown
        and (one.location or one.data == GO_ON or (one.data.startswith(PREFIX) and one.data not in _WAYS_OUT))
    ]


def ways_to_a_receipt(platform: Platform) -> Iterator[Way]:
    talk = Talk()
    talk.channel = platform
    talk.says("สวัสดี")
    talk.presses(_NEED)
    open_ways, met = [Way(talk, 1, ())], set()
    while open_ways:
        way = open_ways.pop()
        for button in _answers(way, platform):
            after = way.after(button)
            if after.has_receipt:
                yield after
            elif after.talk.state.dialogue == "intake" and after.place() not in met:
                met.add(after.place())
                open_ways.append(after)
            elif after.talk.state.dialogue != "intake" and any(b.data == GO_ON for b in after.talk.buttons):
                open_ways.append(after)


@pytest.mark.parametrize("platform", ["line", "telegram"])
def test_a_receipt_is_at_most_twelve_taps_from_hello(platform: Platform) -> None:
    ways = list(ways_to_a_receipt(platform))
    assert len(ways) > 20
    longest = max(ways, key=lambda way: way.taps)
    assert longest.taps <= MOST, longest.path


@pytest.mark.parametrize("platform", ["line", "telegram"])
def test_no_question_of_a_report_loses_its_way_to_a_person(platform: Platform) -> None:
    """Also where LINE cuts off, the quick way out and a person are shown beside every answer."""
    for way in ways_to_a_receipt(platform):
        reply = way.talk.step.reply
        assert reply is not None
        assert {"กลับหน้าแรก", "คุยกับเจ้าหน้าที่"} <= _shown(reply, platform), way.path
