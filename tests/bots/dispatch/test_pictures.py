"""Pictures become one reading each, those sent in one go become one together."""

import shutil
from io import BytesIO
from typing import Any

import orjson
import pytest
from PIL import Image, ImageDraw, ImageFont

from bots.channels.line.channel import LineChannel
from bots.channels.telegram.channel import TelegramChannel
from bots.dispatch.pictures import PictureReader, album_of
from core.crypto.sealing import context, open_sealed
from tests.support.house import QuietHouse

pytestmark = pytest.mark.skipif(shutil.which("tesseract") is None, reason="Tesseract is not installed")
DAO, EK = "U" + "da0" * 10 + "da", "U" + "ec" * 16


def drawn(words: str) -> bytes:
    picture, buffer = Image.new("L", (960, 200), 255), BytesIO()
    ImageDraw.Draw(picture).text((80, 60), words, font=ImageFont.load_default(60), fill=0)
    picture.save(buffer, "PNG")
    return buffer.getvalue()


class LineGallery(LineChannel):
    """LINE whose pictures lie here instead of on LINE's servers."""

    def __init__(self, quiet: QuietHouse, pictures: dict[str, bytes]) -> None:
        super().__init__(quiet.runtime.settings)
        self.pictures = pictures

    async def fetch_media(self, media: str, *, limit: int) -> bytes | None:
        data = self.pictures.get(media)
        return data if data is not None and len(data) <= limit else None


class TelegramGallery(TelegramChannel):
    def __init__(self, quiet: QuietHouse, pictures: dict[str, bytes]) -> None:
        super().__init__(quiet.runtime.settings)
        self.pictures = pictures

    async def fetch_media(self, media: str, *, limit: int) -> bytes | None:
        data = self.pictures.get(media)
        return data if data is not None and len(data) <= limit else None


def picture_event(number: int, *, by: str = DAO, album: dict[str, Any] | None = None) -> dict[str, Any]:
    message = {"type": "image", "id": f"i{number}", "contentProvider": {"type": "line"}}
    return {
        "type": "message", "mode": "active", "timestamp": 1_700_000_000_000 + number, "webhookEventId": f"01P{number}",
        "replyToken": f"{number:032d}", "source": {"type": "user", "userId": by},
        "message": message | ({"imageSet": album} if album else {}),
    }  # fmt: skip


async def send(quiet: QuietHouse, *events: dict[str, Any]) -> None:
    assert await quiet.post_line({"destination": "U", "events": events}) == 200


async def read_all(quiet: QuietHouse, channels: Any) -> None:
    """Run the jobs of every picture, in the order they came, as the worker would."""
    reader = PictureReader(quiet.database, quiet.keys, channels)
    rows = await quiet.rows(
        "SELECT id FROM inbound_event WHERE event_id NOT LIKE 'reading:%' ORDER BY position"
    )
    for row in rows:
        await reader.read([row.id])


async def readings(quiet: QuietHouse) -> list[dict[str, Any]]:
    rows = await quiet.rows(
        "SELECT e.id, e.body, e.body_key_id, k.wrapped FROM inbound_event e JOIN data_key k ON k.id = e.body_key_id"
        " WHERE e.event_id LIKE 'reading:%' AND e.body IS NOT NULL ORDER BY e.position, e.id"
    )
    return [
        orjson.loads(
            open_sealed(
                quiet.keys.open(row.body_key_id, row.wrapped),
                row.body,
                context("inbound_event", "body", row.id),
            )
        )["rootan"]
        for row in rows
    ]


async def test_a_line_image_set_becomes_one_reading_in_its_order(quiet: QuietHouse) -> None:
    # The second picture of the set arrives first.
    await send(quiet, picture_event(1, album={"id": "S", "index": 2, "total": 2}))
    await send(quiet, picture_event(2, album={"id": "S", "index": 1, "total": 2}))
    await read_all(
        quiet, {"line": LineGallery(quiet, {"i1": drawn("second part"), "i2": drawn("first part")})}
    )
    assert [reading["text"] for reading in await readings(quiet)] == ["first part\n\nsecond part"]


async def test_single_pictures_and_other_people_s_stay_apart(quiet: QuietHouse) -> None:
    await send(quiet, picture_event(1), picture_event(2))
    await send(quiet, picture_event(3, by=EK, album={"id": "S", "index": 1, "total": 1}))
    names = {f"i{n}": drawn(f"offer {word}") for n, word in ((1, "one"), (2, "two"), (3, "three"))}
    await read_all(quiet, {"line": LineGallery(quiet, names)})
    assert sorted(reading["text"] for reading in await readings(quiet)) == [
        "offer one",
        "offer three",
        "offer two",
    ]


async def test_reading_again_changes_nothing(quiet: QuietHouse) -> None:
    await send(quiet, picture_event(1))
    gallery = {"line": LineGallery(quiet, {"i1": drawn("offer one")})}
    await read_all(quiet, gallery)
    await read_all(quiet, gallery)
    assert len(await readings(quiet)) == 1


async def test_of_a_set_the_pictures_that_can_be_read_are_enough(quiet: QuietHouse) -> None:
    await send(quiet, *(picture_event(n, album={"id": "S", "index": n, "total": 2}) for n in (1, 2)))
    await read_all(quiet, {"line": LineGallery(quiet, {"i1": drawn("first part"), "i2": b"no picture"})})
    (reading,) = await readings(quiet)
    assert (reading["text"], reading.get("problem", "")) == ("first part", "")


async def test_of_a_set_of_which_nothing_can_be_read_the_first_problem_is_told(quiet: QuietHouse) -> None:
    await send(quiet, *(picture_event(n, album={"id": "S", "index": n, "total": 2}) for n in (1, 2)))
    await read_all(quiet, {"line": LineGallery(quiet, {"i1": b"no picture"})})
    assert [reading["problem"] for reading in await readings(quiet)] == ["not_an_image"]


async def test_what_was_taken_back_meanwhile_is_not_read(quiet: QuietHouse) -> None:
    await send(quiet, *(picture_event(n, album={"id": "S", "index": n, "total": 2}) for n in (1, 2)))
    await quiet.rows("UPDATE inbound_event SET body = NULL WHERE event_id = '01P1'")
    await read_all(
        quiet, {"line": LineGallery(quiet, {"i1": drawn("first part"), "i2": drawn("second part")})}
    )
    assert [reading["text"] for reading in await readings(quiet)] == ["second part"]


async def test_a_telegram_media_group_becomes_one_reading(quiet: QuietHouse) -> None:
    for number in (1, 2):
        message = {
            "message_id": number, "date": 1_700_000_000, "chat": {"id": 7, "type": "private"}, "media_group_id": "G",
            "from": {"id": 7, "is_bot": False, "first_name": "เอก"}, "photo": [{"file_id": f"f{number}"}],
        }  # fmt: skip
        assert await quiet.post_telegram({"update_id": number, "message": message}) == 200
    gallery = TelegramGallery(quiet, {"f1": drawn("first part"), "f2": drawn("second part")})
    await read_all(quiet, {"telegram": gallery})
    assert [reading["text"] for reading in await readings(quiet)] == ["first part\n\nsecond part"]


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {"message": {}},
        {"message": {"imageSet": "x"}},
        {"message": {"imageSet": {"id": 5}}},
        {"message": 3},
        [],
    ],
)
def test_events_without_a_set_are_single_pictures(raw: Any) -> None:
    assert album_of(raw) is None
