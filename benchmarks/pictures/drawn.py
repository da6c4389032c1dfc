"""A drawn picture: its bytes as sent and its lines in reading order."""

from io import BytesIO
from typing import NamedTuple

from PIL import Image


class Drawn(NamedTuple):
    data: bytes
    truth: str


def png(picture: Image.Image) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def jpeg(picture: Image.Image, quality: int) -> bytes:
    buffer = BytesIO()
    picture.convert("RGB").save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()
