"""What is sent for a report, from the turn that notes it to the job that keeps it."""

from typing import Any, Literal

import pytest

from bots.channels.base import Channel
from bots.channels.line.channel import LineChannel
from bots.channels.telegram.channel import TelegramChannel
from bots.dispatch.evidence import EvidenceKeeper
from core.crypto.sealing import context, open_sealed
from core.jobs.queue import unpack_ids
from tests.referrals.cleaning.samples import SECRETS, paper, photograph, voice
from tests.support.house import House, QuietHouse

DAO = "U" + "da0" * 10 + "da"


class Gallery(LineChannel):
    """LINE whose files lie here instead of on LINE's servers."""

    def __init__(self, quiet: QuietHouse, files: dict[str, bytes]) -> None:
        super().__init__(quiet.runtime.settings)
        self.files = files
        self.fetched: list[str] = []

    async def fetch_media(self, media: str, *, limit: int) -> bytes | None:
        self.fetched.append(media)
        data = self.files.get(media)
        return data if data is not None and len(data) <= limit else None


class TelegramGallery(TelegramChannel):
    def __init__(self, quiet: QuietHouse, files: dict[str, bytes]) -> None:
        super().__init__(quiet.runtime.settings)
        self.files = files

    async def fetch_media(self, media: str, *, limit: int) -> bytes | None:
        data = self.files.get(media)
        return data if data is not None and len(data) <= limit else None


def line_event(number: int, event: dict[str, Any]) -> dict[str, Any]:
    return event | {
        "mode": "active", "timestamp": 1_700_000_000_000 + number, "webhookEventId": f"01E{number}",
        "replyToken": f"{number:032d}", "source": {"type": "user", "userId": DAO},
    }  # fmt: skip


async def does(quiet: QuietHouse, number: int, event: dict[str, Any]) -> str:
    """Let something happen and run the turn; return what is answered, "" where nothing is."""
    before = len(quiet.notebook.sent)
    assert await quiet.post_line({"destination": "U", "events": [line_event(number, event)]}) == 200
    return await answered(quiet, before)


async def answered(quiet: QuietHouse, before: int) -> str:
    await quiet.turn()
    await quiet.rows("UPDATE message SET state = 'sent', finished_at = now()")
    return "".join(str(sent.envelope.content) for sent in quiet.notebook.sent[before:])


def press(data: str) -> dict[str, Any]:
    return {"type": "postback", "postback": {"data": data}}


def sent(number: int, kind: str = "image") -> dict[str, Any]:
    provider = {} if kind == "file" else {"contentProvider": {"type": "line"}}
    return {"type": "message", "message": {"type": kind, "id": f"i{number}", **provider}}


async def keep(quiet: QuietHouse, channel: Channel) -> None:
    """Run every `keep_evidence` job that waits, as the worker would."""
    jobs = await quiet.rows(
        "DELETE FROM pgqueuer WHERE entrypoint = 'keep_evidence' RETURNING payload, execute_after"
    )
    keeper = EvidenceKeeper(quiet.database, quiet.keys, {channel.name: channel})
    for job in jobs:
        await keeper.keep(unpack_ids(job.payload))


async def pieces(quiet: QuietHouse) -> list[tuple[str, str, str | None]]:
    rows = await quiet.rows("SELECT kind, state, reason FROM evidence ORDER BY id")
    return [(row.kind, row.state, row.reason) for row in rows]


async def contents(quiet: QuietHouse) -> list[bytes]:
    rows = await quiet.rows(
        "SELECT e.id, e.content, k.id AS key_id, k.wrapped FROM evidence e JOIN referral r ON r.id = e.referral_id"
        " JOIN data_key k ON k.id = r.data_key_id WHERE e.content IS NOT NULL ORDER BY e.id"
    )
    return [
        open_sealed(
            quiet.keys.open(row.key_id, row.wrapped), row.content, context("evidence", "content", row.id)
        )
        for row in rows
    ]


async def test_what_is_sent_to_staff_is_acknowledged_fetched_cleaned_and_kept(quiet: QuietHouse) -> None:
    await does(quiet, 1, press("m1:staff"))
    assert "เก็บไว้กับเรื่อง" in await does(quiet, 2, sent(2))
    await does(quiet, 3, sent(3, "audio"))
    await does(quiet, 4, sent(4, "file"))
    assert [state for _, state, _ in await pieces(quiet)] == ["fetching"] * 3
    await keep(quiet, Gallery(quiet, {"i2": photograph(), "i3": voice(), "i4": paper()}))
    assert await pieces(quiet) == [
        ("picture", "kept", None),
        ("sound", "kept", None),
        ("document", "kept", None),
    ]
    kept = await contents(quiet)
    assert [data[:4] for data in kept] == [b"\xff\xd8\xff\xe0", b"OggS", b"%PDF"]
    assert not any(secret in data for secret in SECRETS for data in kept[:2])


async def test_telegrams_voice_and_file_are_kept_too(quiet: QuietHouse) -> None:
    parts: list[dict[str, Any]] = [
        {"text": "คุยกับเจ้าหน้าที่"},
        {"voice": {"file_id": "v", "file_size": 900}},
        {"document": {"file_id": "d", "mime_type": "application/pdf", "file_size": 900}},
        {"photo": [{"file_id": "small"}, {"file_id": "p"}]},
    ]
    for number, part in enumerate(parts, 1):
        message = {
            "message_id": number, "date": 1_700_000_000, "chat": {"id": 7, "type": "private"},
            "from": {"id": 7, "is_bot": False, "first_name": "เอก"},
        }  # fmt: skip
        assert await quiet.post_telegram({"update_id": number, "message": message | part}) == 200
        await answered(quiet, 0)
    await keep(quiet, TelegramGallery(quiet, {"v": voice(), "d": paper(), "p": photograph()}))
    assert [kind for kind, _, _ in await pieces(quiet)] == ["sound", "document", "picture"]
    assert {state for _, state, _ in await pieces(quiet)} == {"kept"}


async def test_keeping_again_fetches_nothing(quiet: QuietHouse) -> None:
    await does(quiet, 1, press("m1:staff"))
    await does(quiet, 2, sent(2))
    gallery = Gallery(quiet, {"i2": photograph()})
    keeper = EvidenceKeeper(quiet.database, quiet.keys, {"line": gallery})
    (row,) = await quiet.rows("SELECT id FROM evidence")
    for _ in range(2):
        await keeper.keep([row.id])
    assert gallery.fetched == ["i2"]


async def test_a_wrong_kind_is_refused_whatever_it_is_called_and_the_person_is_told_once(
    quiet: QuietHouse,
) -> None:
    await does(quiet, 1, press("m1:staff"))
    await does(quiet, 2, sent(2, "file"))
    before = len(quiet.notebook.sent)
    await keep(quiet, Gallery(quiet, {"i2": b"MZ\x90\0 a program"}))
    assert await pieces(quiet) == [("document", "refused", "unknown_kind")]
    assert "เราเก็บได้แค่รูป เสียง วิดีโอ และ PDF" in await answered(quiet, before)
    (row,) = await quiet.rows("SELECT id FROM evidence")
    await EvidenceKeeper(quiet.database, quiet.keys, {"line": Gallery(quiet, {})}).keep([row.id])
    assert await quiet.value("SELECT count(*) FROM inbound_event WHERE event_id LIKE 'evidence:%'") == 1


async def test_what_the_platform_has_not_ready_is_asked_for_again_until_it_is_gone(
    quiet: QuietHouse,
) -> None:
    await does(quiet, 1, press("m1:staff"))
    await does(quiet, 2, sent(2, "video"))
    await keep(quiet, Gallery(quiet, {}))
    assert await pieces(quiet) == [("document", "fetching", None)]
    assert await quiet.value("SELECT execute_after > now() FROM pgqueuer WHERE entrypoint = 'keep_evidence'")
    await quiet.rows("UPDATE evidence SET at = at - interval '1 hour'")
    before = len(quiet.notebook.sent)
    await keep(quiet, Gallery(quiet, {}))
    assert await pieces(quiet) == [("document", "gone", None)]
    assert "เปิดไม่ได้แล้ว" in await answered(quiet, before)


@pytest.mark.parametrize("fetched_first", [True, False])
async def test_an_unsend_leaves_neither_content_nor_answer(quiet: QuietHouse, *, fetched_first: bool) -> None:
    await does(quiet, 1, press("m1:staff"))
    await does(quiet, 2, sent(2))
    gallery = Gallery(quiet, {"i2": photograph()})
    if fetched_first:
        await keep(quiet, gallery)
    await does(quiet, 3, {"type": "unsend", "unsend": {"messageId": "i2"}})
    await keep(quiet, gallery)
    assert await pieces(quiet) == [("picture", "taken_back", None)]
    assert await contents(quiet) == []
    assert gallery.fetched == (["i2"] if fetched_first else [])


async def test_what_was_sent_between_the_questions_joins_the_report_but_not_what_was_taken_back(
    quiet: QuietHouse,
) -> None:
    await does(quiet, 1, press("m1:need"))
    for number in (2, 3):
        assert "แนบไปกับเรื่อง" in await does(quiet, number, sent(number))
    await does(quiet, 4, {"type": "unsend", "unsend": {"messageId": "i2"}})
    assert await pieces(quiet) == []
    await does(quiet, 5, press("m1:staff"))
    await keep(quiet, Gallery(quiet, {"i2": photograph(), "i3": photograph()}))
    assert await pieces(quiet) == [("picture", "kept", None)]
    assert (
        await quiet.value("SELECT e.event_id FROM evidence v JOIN inbound_event e ON e.id = v.event_id")
        == "01E3"
    )


async def flood(quiet: QuietHouse, first: int, last: int, kind: str = "image") -> list[str]:
    """Many at once; return what is answered, one for each turn."""
    before = len(quiet.notebook.sent)
    events = [line_event(number, sent(number, kind)) for number in range(first, last)]
    assert await quiet.post_line({"destination": "U", "events": events}) == 200
    while await quiet.value("SELECT count(*) FROM inbound_event WHERE handled_at IS NULL"):
        await answered(quiet, before)
    return [str(one.envelope.content) for one in quiet.notebook.sent[before:]]


async def test_of_a_flood_the_report_takes_what_it_holds_counts_the_rest_and_tells_it_once(
    quiet: QuietHouse,
) -> None:
    await does(quiet, 1, press("m1:staff"))
    answers = await flood(quiet, 2, 47)
    assert 1 <= sum("เก็บไว้กับเรื่อง" in one for one in answers) <= len(answers) <= 2
    counts = await quiet.rows("SELECT state, reason, count(*) AS n FROM evidence GROUP BY 1, 2 ORDER BY 1")
    assert [(row.state, row.reason, row.n) for row in counts] == [
        ("fetching", None, 30),
        ("refused", "too_many", 15),
    ]
    before = len(quiet.notebook.sent)
    await keep(quiet, Gallery(quiet, {f"i{number}": photograph() for number in range(2, 32)}))
    assert "ครบ 30 ชิ้นแล้ว" in await answered(quiet, before)
    assert len(quiet.notebook.sent) == before + 1
    assert await flood(quiet, 50, 60) == []
    await keep(quiet, Gallery(quiet, {}))
    assert await quiet.value("SELECT count(*) FROM inbound_event WHERE event_id LIKE 'evidence:%'") == 1
    assert await quiet.value("SELECT count(*) FROM evidence WHERE reason = 'too_many'") == 25
    assert await quiet.value("SELECT count(*) FROM evidence WHERE state = 'kept'") == 30


async def test_of_pictures_without_room_none_is_read_and_a_later_flood_is_told_of_again(
    quiet: QuietHouse,
) -> None:
    await does(quiet, 1, press("m1:staff"))
    await flood(quiet, 2, 33)
    assert await quiet.value("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'read_picture'") == 30
    await keep(quiet, Gallery(quiet, {}))
    await quiet.turn()
    await quiet.rows("UPDATE evidence SET at = at - interval '2 minutes' WHERE reason = 'too_many'")
    await flood(quiet, 40, 42)
    await keep(quiet, Gallery(quiet, {}))
    assert await quiet.value("SELECT count(*) FROM inbound_event WHERE event_id LIKE 'evidence:%'") == 2


async def test_of_many_that_can_not_be_kept_for_one_reason_one_answer_tells(quiet: QuietHouse) -> None:
    await does(quiet, 1, press("m1:staff"))
    await flood(quiet, 2, 7, "file")
    await keep(quiet, Gallery(quiet, {f"i{number}": b"MZ a program" for number in range(2, 7)}))
    assert await quiet.value("SELECT count(*) FROM evidence WHERE reason = 'unknown_kind'") == 5
    assert await quiet.value("SELECT count(*) FROM inbound_event WHERE event_id LIKE 'evidence:%'") == 1


async def test_behind_the_decoy_face_nothing_is_noted(quiet: QuietHouse) -> None:
    await does(quiet, 1, press("m1:staff"))
    await does(quiet, 2, press("x1:leave"))
    await does(quiet, 3, sent(3))
    assert await pieces(quiet) == []


@pytest.mark.parametrize("platform", ["line", "telegram"])
async def test_through_the_platform_itself_a_picture_and_a_voice_are_kept(
    house: House, platform: Literal["line", "telegram"]
) -> None:
    person = await house.phones.create_person(platform, "ดาว")
    await house.phones.say(person.id, "คุยกับเจ้าหน้าที่")
    await house.work()
    await house.phones.send_picture(person.id, photograph())
    await house.phones.send_audio(person.id, voice())
    await house.work()
    for row in await house.rows("SELECT id FROM evidence"):
        await house.handlers["keep_evidence"]([row.id])
    assert sorted((row.kind, row.state) for row in await house.rows("SELECT kind, state FROM evidence")) == [
        ("picture", "kept"),
        ("sound", "kept"),
    ]
    assert any("เก็บไว้กับเรื่อง" in said for said in await house.said_to(person.id))


def captioned(number: int, caption: str) -> dict[str, Any]:
    chat, person = {"id": 7, "type": "private"}, {"id": 7, "is_bot": False, "first_name": "เอก"}
    message = {"message_id": number, "date": 1_700_000_000, "chat": chat, "from": person}
    return {"update_id": number, "message": message | {"photo": [{"file_id": "p"}], "caption": caption}}


async def test_words_beside_a_picture_are_heard_and_go_to_staff_with_it(quiet: QuietHouse) -> None:
    """Guards 6: a call for help is one wherever it stands."""
    assert await quiet.post_telegram(captioned(1, "ช่วยด้วย โดนขังอยู่ในตึก เขายึดพาสปอร์ตไว้")) == 200
    assert "191" in await answered(quiet, 0)
    assert await quiet.value("SELECT priority FROM referral") == "P0"
    assert [state for _, state, _ in await pieces(quiet)] == ["fetching"]
    before = len(quiet.notebook.sent)
    assert await quiet.post_telegram(captioned(2, "นี่คือป้ายหน้าตึก")) == 200
    assert "เก็บไว้กับเรื่อง" in await answered(quiet, before)
    assert await quiet.value("SELECT count(*) FROM referral_entry WHERE author = 'citizen'") == 2


async def test_words_that_only_ask_about_a_picture_get_no_answer_of_their_own(quiet: QuietHouse) -> None:
    assert await quiet.post_telegram(captioned(1, "งานนี้จริงไหมคะ")) == 200
    assert await answered(quiet, 0) == ""
    assert await quiet.value("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'read_picture'") == 1


async def test_an_offer_beside_a_picture_gets_its_verdict(quiet: QuietHouse) -> None:
    offer = "รับแอดมินตอบแชท ปอยเปต เดินทางฟรี ไม่ต้องใช้เอกสาร เงินเดือน 45,000"
    assert await quiet.post_telegram(captioned(1, offer)) == 200
    assert "⛔ อันตราย" in await answered(quiet, 0)
