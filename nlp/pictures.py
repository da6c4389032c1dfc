"""Opening a picture sent by anybody: known formats only, bounded size, no metadata kept."""

from io import BytesIO
from typing import Literal

from PIL import Image, ImageFile, ImageOps
from PIL.GifImagePlugin import GifImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

MOST_BYTES = 12 * 1024 * 1024
MOST_PIXELS = 40_000_000
MOST_HANDED_ON = 4_000_000  # pixels; a phone's screenshot of four screens passes whole, reading takes seconds
LEAST_WIDTH = 900  # pixels; narrower pictures are doubled, since letters should have 20 pixels and more

UnreadableCode = Literal["not_an_image", "too_large", "too_many_pixels", "timeout", "no_tesseract"]

_FORMATS: tuple[tuple[bytes, int, type[ImageFile.ImageFile]], ...] = (
    (b"\xff\xd8\xff", 0, JpegImageFile),
    (b"\x89PNG\r\n\x1a\n", 0, PngImageFile),
    (b"GIF8", 0, GifImageFile),
    (b"WEBP", 8, WebPImageFile),
)
_BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    MemoryError,
    Image.DecompressionBombError,
)


class UnreadablePicture(Exception):  # noqa: N818 - the name the dialogues know
    """The picture can't be read; `code` says why, in words that a dialogue can answer."""

    def __init__(self, code: UnreadableCode) -> None:
        super().__init__(code)
        self.code: UnreadableCode = code


def open_picture(data: bytes) -> Image.Image:
    """A picture in colour, upright, without metadata, of a size that can be read: at most `MOST_HANDED_ON` pixels.

    The plugin is chosen by the first bytes and called directly, so that no other decoder of Pillow is ever tried.
    Raises UnreadablePicture.
    """
    if len(data) > MOST_BYTES:
        raise UnreadablePicture("too_large")
    plugin = next((kind for magic, at, kind in _FORMATS if data[at : at + len(magic)] == magic), None)
    if plugin is None:
        raise UnreadablePicture("not_an_image")
    _refuse_many_pixels(_webp_size(data) if plugin is WebPImageFile else (0, 0))
    try:
        return _upright(plugin(BytesIO(data)))
    except UnreadablePicture:
        raise
    except _BROKEN as error:
        raise UnreadablePicture("not_an_image") from error


def _upright(picture: ImageFile.ImageFile) -> Image.Image:
    _refuse_many_pixels(picture.size)
    picture.draft("RGB", _readable_size(picture.size))  # a JPEG is decoded at a fraction of its size
    picture.load()
    flat: Image.Image = picture
    if _readable_size(flat.size) < flat.size:
        flat.thumbnail(_readable_size(flat.size))
    flat = ImageOps.exif_transpose(flat)
    if "transparency" in flat.info or flat.mode in {"RGBA", "LA", "PA"}:
        flat = Image.alpha_composite(Image.new("RGBA", flat.size, "white"), flat.convert("RGBA"))
    flat = flat.convert("RGB")
    flat.info = {}
    if flat.width < LEAST_WIDTH and 4 * flat.width * flat.height <= MOST_HANDED_ON:
        flat = flat.resize((2 * flat.width, 2 * flat.height), Image.Resampling.LANCZOS)
    return flat


def _readable_size(size: tuple[int, int]) -> tuple[int, int]:
    """The size with at most `MOST_HANDED_ON` pixels, proportions kept."""
    share = min(1.0, (MOST_HANDED_ON / max(1, size[0] * size[1])) ** 0.5)
    return max(1, int(size[0] * share)), max(1, int(size[1] * share))


def _refuse_many_pixels(size: tuple[int, int]) -> None:
    if size[0] * size[1] > MOST_PIXELS:
        raise UnreadablePicture("too_many_pixels")


def _webp_size(data: bytes) -> tuple[int, int]:
    """Width and height from the header, since the decoder takes its memory at opening (RFC 9649 §2.5–2.7)."""
    kind = data[12:16]
    if kind == b"VP8X":
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if kind == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    return int.from_bytes(data[26:28], "little") & 0x3FFF, int.from_bytes(data[28:30], "little") & 0x3FFF
