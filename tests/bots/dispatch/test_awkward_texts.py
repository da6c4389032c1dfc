"""Texts that break programs get a sensible answer on both phones, and nothing in the database breaks. Guards 2, 17."""

import json

import pytest

from tests.support.contents import AWKWARD_TEXTS
from tests.support.house import House

TEXTS = AWKWARD_TEXTS | {
    "NUL": "\0", "NUL within": "ส\0วั\0สดี", "half a character": "\ud83d สวัสดี \udc00", "a half alone": "\ud800",
    "control characters": "".join(map(chr, range(1, 32))), "direction marks alone": "\u202e\u200f\u2066",
    "like our own markup": "</b><tg-spoiler>", "an awkward offer": "รับแอดมิน\0ปอยเปต \u202eเดินทางฟรี\ud83d ไม่ต้องใช้เอกสาร" * 40,
}  # fmt: skip


@pytest.mark.parametrize("platform", ["line", "telegram"])
async def test_every_awkward_text_is_answered(house: House, platform: str) -> None:
    """All through one person after the other, so that one broken turn shows as a missing answer."""
    people = {}
    for name, text in TEXTS.items():
        person = people[name] = await house.phones.create_person(platform, "คน")  # type: ignore[arg-type] # both are
        event = line_event(person.id, text) if platform == "line" else update(len(people), person.id, text)
        status = await (house.post_line if platform == "line" else house.post_telegram)(event)
        assert status == 200, name
    await house.work()
    silent = [
        name for name, person in people.items() if not any(map(str.strip, await house.said_to(person.id)))
    ]
    assert silent == []
    states = await house.rows("SELECT DISTINCT state FROM message")
    assert [row.state for row in states] == ["sent"]
    assert {r.outcome for r in await house.rows("SELECT outcome FROM inbound_event")} == {"answered"}


def line_event(person: str, text: str) -> bytes:
    return dumped({
        "events": [{
            "type": "message", "mode": "active", "timestamp": 1, "webhookEventId": f"e{person}",
            "source": {"type": "user", "userId": person}, "message": {"type": "text", "id": "1", "text": text},
        }]
    })  # fmt: skip


def update(number: int, person: str, text: str) -> bytes:
    chat = {"id": int(person), "type": "private", "first_name": "คน"}
    message = {"message_id": number, "date": 1, "chat": chat, "from": chat | {"is_bot": False}, "text": text}
    return dumped({"update_id": number, "message": message})


def dumped(value: object) -> bytes:
    """orjson refuses lone surrogates, which LINE's and Telegram's own servers may well pass on, escaped."""
    return json.dumps(value).encode()
