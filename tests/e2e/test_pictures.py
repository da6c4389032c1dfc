"""Screenshots of offers, and files that only say they are pictures."""

import io
import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont
from playwright.async_api import Locator, Page, expect

from simulator.client import SimulatorClient
from tests.e2e.phones import said, two_phones

pytestmark = pytest.mark.browser
POSTER = (
    "รับสมัครแอดมินตอบแชต",
    "ทำงานที่ปอยเปต เดินทางฟรี",
    "เงินเดือน 45,000 บาท",
    "ไม่ต้องใช้พาสปอร์ต",
    "ไม่ต้องมีประสบการณ์",
    "สนใจทักไลน์ @happy999",
)
FONTS = ("NotoSansThai-Regular.ttf", "Sarabun-Regular.ttf", "Garuda.ttf", "Loma.ttf")


def thai_font() -> Path | None:
    folders = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts"]
    found = (path for folder in folders for name in FONTS for path in folder.rglob(name))
    return next(found, None)


def reads_thai() -> bool:
    program = shutil.which("tesseract")
    if program is None:
        return False
    listed = subprocess.run([program, "--list-langs"], capture_output=True, text=True, check=False)
    return "tha" in listed.stdout.split()


def draw(font: Path) -> bytes:
    picture = Image.new("RGB", (1080, 900), "#ffffff")
    pen, face = ImageDraw.Draw(picture), ImageFont.truetype(str(font), 60)
    for number, words in enumerate(POSTER):
        pen.text((60, 60 + 130 * number), words, font=face, fill="#101010")
    body = io.BytesIO()
    picture.save(body, "PNG")
    return body.getvalue()


async def send(phone: Locator, name: str, body: bytes) -> None:
    await phone.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "image/png", "buffer": body}
    )


async def test_a_screenshot_of_an_offer_is_read_and_judged(window: Page, simulator: SimulatorClient) -> None:
    font = thai_font()
    if font is None or not reads_thai():
        pytest.skip("needs Tesseract with Thai and a Thai font")
    poster = draw(font)
    line, telegram = await two_phones(window, simulator)
    for phone in (line, telegram):
        await send(phone, "poster.png", poster)
        await expect(said(phone, "⛔ อันตราย")).to_be_visible(timeout=40_000)
        await expect(phone.locator(".row.mine img").last).to_have_js_property("naturalWidth", 1080)
    card = line.locator(".fx-bubble").last
    quotes = [words for words in await card.locator("p").all_inner_texts() if words.startswith("“")]
    assert any("ปอยเปต" in quote for quote in quotes)


async def test_a_file_that_is_no_picture_is_refused_kindly(
    window: Page, simulator: SimulatorClient, foreseen: list[str]
) -> None:
    """Telegram refuses such a file itself; LINE hands it on."""
    # The phone can't draw it either.
    foreseen.append("404")
    line, _ = await two_phones(window, simulator)
    await send(line, "slip.png", b"%PDF-1.7 this is no picture")
    answer = said(line, "อ่านรูปนี้ไม่ได้ ไฟล์นี้ไม่ใช่รูป")
    await expect(answer).to_contain_text("ลองแคปหน้าจอ")
