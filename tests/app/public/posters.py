"""Pictures of offers, drawn where a Thai font and Tesseract with Thai are."""

import io
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

LURE = (
    "รับสมัครแอดมินตอบแชต",
    "ทำงานที่ปอยเปต เดินทางฟรี",
    "เงินเดือน 45,000 บาท",
    "ไม่ต้องใช้พาสปอร์ต",
    "ไม่ต้องมีประสบการณ์",
    "สนใจทักไลน์ @happy999",
)
# With Latin letters and digits in them.
_FONTS = ("Garuda.ttf", "Loma.ttf", "Sarabun-Regular.ttf")


@cache
def _font() -> Path | None:
    folders = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts"]
    return next((path for folder in folders for name in _FONTS for path in folder.rglob(name)), None)


@cache
def _reads_thai() -> bool:
    program = shutil.which("tesseract")
    if program is None:
        return False
    listed = subprocess.run([program, "--list-langs"], capture_output=True, text=True, check=False)
    return "tha" in listed.stdout.split()


needs_reading = pytest.mark.skipif(
    _font() is None or not _reads_thai(), reason="no Thai font, or no Tesseract with Thai: run `make setup`"
)


def draw_poster(lines: tuple[str, ...] = LURE, *, kind: str = "PNG") -> bytes:
    font = _font()
    assert font is not None
    picture = Image.new("RGB", (1_080, 120 + 130 * len(lines)), "#ffffff")
    pen, face = ImageDraw.Draw(picture), ImageFont.truetype(str(font), 60)
    for number, words in enumerate(lines):
        pen.text((60, 60 + 130 * number), words, font=face, fill="#101010")
    buffer = io.BytesIO()
    picture.save(buffer, kind)
    return buffer.getvalue()


def draw_blank(size: tuple[int, int] = (400, 300)) -> bytes:
    buffer = io.BytesIO()
    Image.new("L", size, 255).save(buffer, "PNG")
    return buffer.getvalue()


def draw_bomb() -> bytes:
    """A few hundred kilobytes that would be 324 million pixels."""
    buffer = io.BytesIO()
    Image.new("1", (18_000, 18_000)).save(buffer, "PNG")
    return buffer.getvalue()
