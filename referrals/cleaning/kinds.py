"""What may be kept as evidence, told by the first bytes and never by a name or a platform's word."""

from collections.abc import Sequence
from typing import Literal

import msgspec

Kind = Literal["picture", "sound", "film", "document"]
Refusal = Literal["unknown_kind", "too_large", "too_many_pixels", "locked", "hidden_data", "broken"]

MOST_BYTES = 20 * 1024 * 1024


class Cleaned(msgspec.Struct, frozen=True):
    """Bytes that carry nothing but what is seen and heard; `media_type` is what they are, not what was claimed."""

    kind: Kind
    media_type: str
    content: bytes


class Refused(Exception):  # noqa: N818 - not an error of ours
    """It can't be kept; `code` says why, in words that a dialogue can answer."""

    def __init__(self, code: Refusal) -> None:
        super().__init__(code)
        self.code: Refusal = code


class Outcome(msgspec.Struct, frozen=True):
    """What the process that cleans tells: clean bytes, or why there are none."""

    cleaned: Cleaned | None = None
    refusal: Refusal | None = None


# First bytes, where they stand, and the media type.
_SIGNS: Sequence[tuple[bytes, int, str]] = (
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"GIF8", 0, "image/gif"),
    (b"WEBP", 8, "image/webp"),
    (b"OggS", 0, "audio/ogg"),
    (b"#!AMR\n", 0, "audio/amr"),
    (b"#!AMR-WB\n", 0, "audio/amr-wb"),
    (b"WAVE", 8, "audio/wav"),
    (b"ID3", 0, "audio/mpeg"),
    (b"ftyp", 4, "video/mp4"),
    (b"%PDF-", 0, "application/pdf"),
)
_FRAME = 0xE0  # the upper bits of the second byte of an MPEG audio frame


def media_type_of(data: bytes) -> str:
    """The media type by the first bytes; "" for anything else. A film may yet turn out to be sound."""
    for sign, place, name in _SIGNS:
        if data[place : place + len(sign)] == sign:
            return name
    is_frame = len(data) > 1 and data[0] == 0xFF and data[1] & _FRAME == _FRAME
    return "audio/mpeg" if is_frame else ""
