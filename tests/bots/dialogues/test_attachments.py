from typing import get_args

import pytest

from bots.engine.events import Event, EventKind
from tests.bots.dialogues.talk import Talk


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("sticker", "สติกเกอร์"),
        ("location", "ไม่เก็บไว้"),
        ("audio", "ฟังเสียงไม่ได้"),
        ("file", "เปิดไฟล์ไม่ได้"),
        ("contact_card", "รายชื่อ"),
    ],
)
def test_what_we_cannot_read_is_said_plainly(talk: Talk, kind: EventKind, told: str) -> None:
    talk.does(Event(kind))
    assert told in talk.answer
    assert talk.step.effects == ()


def test_a_place_sent_to_staff_is_acknowledged_every_time(talk: Talk) -> None:
    talk.presses("m1:staff")
    for _ in range(2):
        talk.does(Event("location", latitude=13.66, longitude=102.55))
        assert "ได้รับตำแหน่งแล้ว" in talk.answer
        assert "13.66" not in talk.answer


def test_stickers_to_staff_are_not_answered_one_by_one(talk: Talk) -> None:
    talk.presses("m1:staff")
    talk.does(Event("sticker"))
    assert "ดูสติกเกอร์ไม่ได้" in talk.answer
    talk.does(Event("sticker"))
    assert talk.step.reply is None


def test_every_kind_of_event_is_known_to_somebody(talk: Talk) -> None:
    silent = {"picture", "unfollow", "unsend", "edit", "leave", "other", "evidence", "warning", "keeper"}
    for kind in get_args(EventKind):
        talk.does(Event(kind))
        assert (talk.step.reply is None) == (kind in silent), kind
