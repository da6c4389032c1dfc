"""The media library: pictures of campaigns, drawn anew in the sizes that both platforms take, each with words for who
can't see it.

LINE: a picture at most 10 MB, its preview 1 MB, in Flex 1024 × 1024 pixels. Telegram: 5 MB by address, sides at most 20
to 1. Ours are far below all of these.
"""

import asyncio
import secrets
import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from PIL import Image, ImageFile, ImageOps
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from sqlalchemy.ext.asyncio import AsyncSession

from campaigns.models import Campaign, CampaignMedia
from core.clock import utc_now
from core.errors import ConflictError, InvalidInputError, NotFoundError, TooLargeError
from core.ids import new_id
from core.languages import Language
from core.messages.wording import count_graphemes

MOST_BYTES = 10 * 1024 * 1024
# A poster of A3 at 300 dots an inch has 17.4 millions. A decoded pixel takes four bytes of the web process, eight where
# something shows through.
MOST_PIXELS = 18_000_000
MOST_SIDES = 20  # the longer by the shorter
SIDE, SMALL_SIDE = 1_024, 480  # pixels
LONGEST_NAME, LONGEST_ALT = 80, 300  # graphemes
# Letters stay sharp in a PNG; above this a photograph was saved as one.
_MOST_PNG_BYTES = 1024 * 1024
_QUALITY, _SMALL_QUALITY = 88, 80
_PLUGINS: tuple[tuple[bytes, type[ImageFile.ImageFile]], ...] = (
    (b"\xff\xd8\xff", JpegImageFile),
    (b"\x89PNG\r\n\x1a\n", PngImageFile),
)
_BROKEN = (
    OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, Image.DecompressionBombError,
)  # fmt: skip
# The campaigns whose messages may still go out.
_OPEN = ("submitted", "approved", "scheduled", "running", "paused")
# One at a time, so that several uploads at once don't fill the memory of a web process.
_turn = threading.Lock()


class PictureBytesError(TooLargeError):
    """The file is larger than 10 MB."""

    code = "picture_bytes"


class PicturePixelsError(TooLargeError):
    """More pixels than anybody shows on a phone: a mistake, or a file made to fill the memory of whoever opens it."""

    code = "picture_pixels"


class PictureKindError(InvalidInputError):
    """Neither JPEG nor PNG, or broken."""

    code = "picture_kind"


class PictureShapeError(InvalidInputError):
    """One side is more than 20 times the other: Telegram takes no such picture."""

    code = "picture_shape"


class PictureWordsError(InvalidInputError):
    """The name or the words for who can't see it are missing or too long."""

    code = "picture_words"


class PictureInUseError(ConflictError):
    """A campaign that may still go out shows it."""

    code = "picture_in_use"


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """What is said of a picture wherever it is shown. Addresses are whole; sizes in pixels and bytes."""

    id: UUID
    name: str
    alt: Mapping[Language, str]
    url: str
    preview_url: str
    width: int
    height: int
    size: int
    preview_size: int
    created_at: datetime
    removed: bool = False


class Shrunk(NamedTuple):
    """A picture in both sizes; width and height of the larger."""

    picture: bytes
    preview: bytes
    width: int
    height: int


class Served(NamedTuple):
    """What the route answers with."""

    content: bytes
    media_type: str


async def keep_picture(
    session: AsyncSession, data: bytes, *, name: str, alt_th: str, alt_en: str, author_id: UUID
) -> UUID:
    """Draw the picture anew, upright and without what cameras write into it, and keep it.

    Raises PictureWordsError, PictureBytesError, PictureKindError, PicturePixelsError, PictureShapeError.
    """
    words = _checked_words(name, alt_th, alt_en)
    shrunk = await asyncio.to_thread(shrink, data)
    media_id = new_id()
    session.add(
        CampaignMedia(
            id=media_id,
            key=secrets.token_urlsafe(24),
            width=shrunk.width,
            height=shrunk.height,
            picture=shrunk.picture,
            preview=shrunk.preview,
            created_by=author_id,
            created_at=utc_now(),
            **words,
        )
    )
    await session.flush()
    return media_id


async def describe_picture(
    session: AsyncSession, media_id: UUID, *, name: str, alt_th: str, alt_en: str
) -> None:
    """Change a picture's words; raises PictureWordsError, NotFoundError."""
    changed = (
        sa.update(CampaignMedia)
        .where(CampaignMedia.id == media_id, CampaignMedia.removed_at.is_(None))
        .values(**_checked_words(name, alt_th, alt_en))
        .returning(CampaignMedia.id)
    )
    if await session.scalar(changed) is None:
        raise NotFoundError("no such picture")


async def remove_picture(session: AsyncSession, media_id: UUID) -> None:
    """Serve a picture no more, also not in messages that were sent; raises PictureInUseError, NotFoundError."""
    used = sa.select(sa.literal(1)).where(
        Campaign.state.in_(_OPEN), sa.cast(Campaign.plan, sa.Text).contains(str(media_id), autoescape=True)
    )
    if await session.scalar(sa.select(used.exists())):
        raise PictureInUseError("a campaign that may still go out shows this picture: change that first")
    removed = (
        sa.update(CampaignMedia)
        .where(CampaignMedia.id == media_id, CampaignMedia.removed_at.is_(None))
        .values(removed_at=utc_now(), picture=b"", preview=b"")
        .returning(CampaignMedia.id)
    )
    if await session.scalar(removed) is None:
        raise NotFoundError("no such picture")


async def list_pictures(
    session: AsyncSession, base_url: str, limit: int = 48, after: UUID | None = None
) -> Sequence[MediaFacts]:
    """The library without what was removed, newest first, those kept before `after`."""
    wanted = _facts().where(CampaignMedia.removed_at.is_(None)).order_by(CampaignMedia.id.desc()).limit(limit)
    if after is not None:
        wanted = wanted.where(CampaignMedia.id < after)
    return [_seen(row, base_url) for row in await session.execute(wanted)]


async def read_media(session: AsyncSession, ids: Collection[str], base_url: str) -> Mapping[str, MediaFacts]:
    """What is known of these pictures, by id; what is no id of ours is left out, what was removed says so."""
    wanted = [media_id for media_id in map(_as_id, ids) if media_id is not None]
    if not wanted:
        return {}
    rows = await session.execute(_facts().where(CampaignMedia.id.in_(wanted)))
    return {str(row.id): _seen(row, base_url) for row in rows}


async def read_served(session: AsyncSession, key: str, *, small: bool = False) -> Served | None:
    """The bytes under a key; None where there are none, or no more."""
    column = CampaignMedia.preview if small else CampaignMedia.picture
    content = await session.scalar(
        sa.select(column).where(CampaignMedia.key == key, CampaignMedia.removed_at.is_(None))
    )
    if not content:
        return None
    return Served(content, "image/png" if content.startswith(_PLUGINS[1][0]) else "image/jpeg")


def shrink(data: bytes) -> Shrunk:
    """Both sizes of a picture; raises PictureBytesError, PictureKindError, PicturePixelsError, PictureShapeError.

    The plugin is called directly, so that no other decoder of Pillow is ever tried; the size is read from the header
    before anything is decoded.
    """
    if len(data) > MOST_BYTES:
        raise PictureBytesError(f"a picture has at most {MOST_BYTES // 1024 // 1024} MB: save it smaller")
    plugin = next((kind for magic, kind in _PLUGINS if data.startswith(magic)), None)
    if plugin is None:
        raise PictureKindError("only JPEG and PNG are taken: save the picture as one of them")
    try:
        with _turn, plugin(BytesIO(data)) as opened:
            _check_size(*opened.size)
            return _drawn(opened, is_png=plugin is PngImageFile)
    except _BROKEN as error:
        raise PictureKindError("the picture is broken: save it anew") from error


def _check_size(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise PicturePixelsError(
            f"a picture has at most {MOST_PIXELS // 1_000_000} million pixels: save it smaller"
        )
    if max(width, height) > MOST_SIDES * min(width, height):
        raise PictureShapeError(f"one side is more than {MOST_SIDES} times the other: cut it")


def _drawn(opened: ImageFile.ImageFile, *, is_png: bool) -> Shrunk:
    # A JPEG is decoded at a fraction of its size.
    opened.draft("RGB", (SIDE, SIDE))
    opened.load()
    picture: Image.Image = opened
    # Before it is turned and coloured, so that only the small form is copied.
    if picture.mode in {"P", "1"}:
        picture = picture.convert("RGBA")
    picture.thumbnail((SIDE, SIDE))
    picture = _on_white(ImageOps.exif_transpose(picture))
    preview = picture.copy()
    preview.thumbnail((SMALL_SIDE, SMALL_SIDE))
    encoded = _encoded(picture, "PNG", optimize=True) if is_png else b""
    if not encoded or len(encoded) > _MOST_PNG_BYTES:
        encoded = _encoded(picture, "JPEG", quality=_QUALITY, optimize=True)
    return Shrunk(encoded, _encoded(preview, "JPEG", quality=_SMALL_QUALITY), *picture.size)


def _on_white(picture: Image.Image) -> Image.Image:
    """Chats are light and dark: what shows through is white in both."""
    if "transparency" in picture.info or picture.mode in {"RGBA", "LA", "PA"}:
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture.convert("RGBA"))
    flat = picture.convert("RGB")
    flat.info = {}
    return flat


def _encoded(picture: Image.Image, form: str, **how: Any) -> bytes:
    out = BytesIO()
    picture.save(out, form, **how)
    return out.getvalue()


def _checked_words(name: str, alt_th: str, alt_en: str) -> dict[str, str]:
    words = {"name": name, "alt_th": alt_th, "alt_en": alt_en}
    tidy = {field: " ".join(text.replace("\0", "").split()) for field, text in words.items()}
    if not tidy["name"] or count_graphemes(tidy["name"]) > LONGEST_NAME:
        raise PictureWordsError(f"give the picture a name of 1 to {LONGEST_NAME} characters")
    if not tidy["alt_th"]:
        raise PictureWordsError("say in Thai what the picture shows, for who can't see it")
    if any(count_graphemes(tidy[field]) > LONGEST_ALT for field in ("alt_th", "alt_en")):
        raise PictureWordsError(f"say what the picture shows in at most {LONGEST_ALT} characters")
    return tidy


def _facts() -> sa.Select[Any]:
    """All but the bytes."""
    media = CampaignMedia
    return sa.select(
        media.id, media.key, media.name, media.alt_th, media.alt_en, media.width, media.height,
        media.created_at, media.removed_at,
        sa.func.octet_length(media.picture).label("size"),
        sa.func.octet_length(media.preview).label("preview_size"),
    )  # fmt: skip


def _seen(row: Any, base_url: str) -> MediaFacts:
    url = f"{base_url.rstrip('/')}/media/{row.key}"
    return MediaFacts(
        id=row.id,
        name=row.name,
        alt={"th": row.alt_th, "en": row.alt_en},
        url=url,
        preview_url=f"{url}/small",
        width=row.width,
        height=row.height,
        size=row.size,
        preview_size=row.preview_size,
        created_at=row.created_at,
        removed=row.removed_at is not None,
    )


def _as_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
