"""The library takes what phones and posters make, and nothing that would fill the memory or tell of who took it."""

import struct
import time
import zlib
from io import BytesIO
from uuid import UUID

import pytest
from PIL import Image

from campaigns import media
from campaigns.drafting import create_campaign
from campaigns.media import (
    PictureBytesError,
    PictureInUseError,
    PictureKindError,
    PicturePixelsError,
    PictureShapeError,
    PictureWordsError,
    describe_picture,
    keep_picture,
    list_pictures,
    read_media,
    read_served,
    remove_picture,
    shrink,
)
from campaigns.models import Campaign
from campaigns.plans.blocks import CardBlock
from core.accounts.invitations import add_account
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.errors import AppError, NotFoundError
from core.ids import new_id
from tests.campaigns.composer.plans import plan, said

BASE = "https://rootan.example/"
GPS, ORIENTATION = 0x8825, 0x0112


def drawn(width: int, height: int, form: str = "JPEG", mode: str = "RGB", **more: object) -> bytes:
    out = BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert(mode).save(out, form, **more)  # type: ignore[arg-type]
    return out.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes that says that it is so large."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.fixture
async def malee(database: Database, keys: DataKeys) -> UUID:
    async with database.unit_of_work() as session:
        account = await add_account(
            session, keys, email="malee@example.org", name="Malee", role="campaign_manager"
        )
        return account.id


async def _keep(database: Database, malee: UUID, data: bytes = b"", name: str = "โปสเตอร์") -> UUID:
    async with database.unit_of_work() as session:
        return await keep_picture(
            session, data or drawn(800, 600), name=name, alt_th="แผนที่", alt_en="", author_id=malee
        )


@pytest.mark.parametrize(
    ("width", "height"), [(4_000, 3_000), (1_024, 1_024), (3_000, 4_000), (200, 100), (10_000, 500)]
)
@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_picture_is_drawn_anew_in_both_sizes(width: int, height: int, form: str) -> None:
    kept = shrink(drawn(width, height, form))
    assert max(kept.width, kept.height) == min(max(width, height), media.SIDE)
    assert kept.width / kept.height == pytest.approx(width / height, rel=0.03)
    picture, preview = (Image.open(BytesIO(data)) for data in (kept.picture, kept.preview))
    assert (picture.size, picture.format) == ((kept.width, kept.height), form)
    assert max(preview.size) <= media.SMALL_SIDE
    assert len(kept.picture) <= 1_100_000
    assert len(kept.preview) <= 200_000


def test_where_and_with_what_it_was_taken_is_gone_and_it_stands_upright() -> None:
    taken = Image.new("RGB", (60, 40), "red")
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[0x010F] = "Telephone"
    exif.get_ifd(GPS)[1] = "N"
    out = BytesIO()
    taken.save(out, "JPEG", exif=exif, comment=b"secret")
    kept = shrink(out.getvalue())
    assert (kept.width, kept.height) == (40, 60)
    for data in (kept.picture, kept.preview):
        assert not Image.open(BytesIO(data)).getexif()
        assert b"Telephone" not in data
        assert b"secret" not in data


def test_what_shows_through_becomes_white() -> None:
    out = BytesIO()
    Image.new("RGBA", (50, 50), (255, 0, 0, 0)).save(out, "PNG")
    assert Image.open(BytesIO(shrink(out.getvalue()).picture)).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["L", "P", "1", "RGBA", "LA"])
def test_every_way_to_colour_a_png_is_taken(mode: str) -> None:
    assert shrink(drawn(300, 200, "PNG", mode)).width == 300


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", PictureKindError),
        (b"GIF89a" + b"0" * 50, PictureKindError),
        (drawn(10, 10, "WEBP"), PictureKindError),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", PictureKindError),
        (drawn(300, 300)[:400], PictureKindError),
        (b"\xff\xd8\xff" + b"\0" * 100, PictureKindError),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, PictureKindError),
        (b"\xff\xd8\xff" + b"\0" * media.MOST_BYTES, PictureBytesError),
        (bomb(50_000, 50_000), PicturePixelsError),
        (bomb(4_243, 4_243), PicturePixelsError),
        (drawn(4_200, 200), PictureShapeError),
        (drawn(20, 500, "PNG"), PictureShapeError),
    ],
)
def test_what_is_no_picture_or_too_large_is_refused_by_name(data: bytes, error: type[AppError]) -> None:
    with pytest.raises(error) as refused:
        shrink(data)
    assert refused.value.code.startswith("picture_")


def test_a_bomb_is_refused_before_it_is_opened() -> None:
    began = time.process_time()
    for side in (30_000, 60_000, 2**31 - 1):
        with pytest.raises((PicturePixelsError, PictureKindError)):
            shrink(bomb(side, side))
    assert time.process_time() - began < 1.0


@pytest.mark.parametrize(
    "words",
    [
        {"name": " ", "alt_th": "ก", "alt_en": ""},
        {"name": "ก" * 81, "alt_th": "ก", "alt_en": ""},
        {"name": "ก", "alt_th": "\n", "alt_en": "x"},
        {"name": "ก", "alt_th": "ก" * 301, "alt_en": ""},
        {"name": "ก", "alt_th": "ก", "alt_en": "x" * 301},
    ],
)
async def test_a_picture_needs_words_for_who_can_not_see_it(
    database: Database, malee: UUID, words: dict[str, str]
) -> None:
    async with database.unit_of_work() as session:
        with pytest.raises(PictureWordsError):
            await keep_picture(session, drawn(10, 10), author_id=malee, **words)
        assert await list_pictures(session, BASE) == []


async def test_a_kept_picture_is_known_and_served_under_a_key_that_nobody_guesses(
    database: Database, malee: UUID
) -> None:
    first, second = await _keep(database, malee, drawn(1_500, 1_000, "PNG")), await _keep(database, malee)
    async with database.unit_of_work() as session:
        known = await read_media(session, [str(first), str(second), str(new_id()), "x"], BASE)
        facts = known[str(first)]
        key = facts.url.rpartition("/")[2]
        whole, small = await read_served(session, key), await read_served(session, key, small=True)
        assert await read_served(session, key[:-1]) is None
        assert [one.id for one in await list_pictures(session, BASE)] == [second, first]
        assert [one.id for one in await list_pictures(session, BASE, after=second)] == [first]
    assert known.keys() == {str(first), str(second)}
    assert (facts.width, facts.height, facts.alt, facts.removed) == (
        1_024,
        683,
        {"th": "แผนที่", "en": ""},
        False,
    )
    assert whole is not None
    assert small is not None
    assert (len(whole.content), len(small.content)) == (facts.size, facts.preview_size)
    assert (whole.media_type, small.media_type) == ("image/png", "image/jpeg")
    assert facts.url == f"https://rootan.example/media/{key}"
    assert facts.preview_url == f"{facts.url}/small"
    assert len(key) == 32


async def test_a_pictures_words_can_be_changed(database: Database, malee: UUID) -> None:
    kept = await _keep(database, malee)
    async with database.unit_of_work() as session:
        await describe_picture(session, kept, name="ใหม่", alt_th="ป้าย", alt_en="A sign")
        facts = (await read_media(session, [str(kept)], BASE))[str(kept)]
        with pytest.raises(NotFoundError):
            await describe_picture(session, new_id(), name="ใหม่", alt_th="ป้าย", alt_en="")
    assert (facts.name, facts.alt) == ("ใหม่", {"th": "ป้าย", "en": "A sign"})


async def test_a_removed_picture_is_gone_unless_a_campaign_may_still_show_it(
    database: Database, malee: UUID
) -> None:
    kept = await _keep(database, malee)
    async with database.unit_of_work() as session:
        shown = plan(CardBlock("c1", said("หัว"), said("ก"), str(kept)))
        campaign = await create_campaign(session, title="มีรูป", plan=shown, author_id=malee)
        (await session.get_one(Campaign, campaign)).state = "scheduled"
    async with database.unit_of_work() as session:
        with pytest.raises(PictureInUseError):
            await remove_picture(session, kept)
        (await session.get_one(Campaign, campaign)).state = "done"
        await session.flush()
        key = (await read_media(session, [str(kept)], BASE))[str(kept)].url.rpartition("/")[2]
        await remove_picture(session, kept)
        assert await read_served(session, key) is None
        assert await read_served(session, key, small=True) is None
        assert (await read_media(session, [str(kept)], BASE))[str(kept)].removed
        assert await list_pictures(session, BASE) == []
        with pytest.raises(NotFoundError):
            await remove_picture(session, kept)
