import shutil
from io import BytesIO
from pathlib import Path

import numpy as np
import psutil
import pytest
import zxingcpp
from PIL import Image, ImageDraw, ImageFont

from nlp.judgement import judge
from nlp.ocr import UnreadablePicture, read_picture

FONT = Path("/usr/share/fonts/truetype/tlwg/Garuda-Bold.ttf")
LINES = [
    "รับสมัครแอดมินตอบแชท ด่วน",
    "ทำงานที่ปอยเปต เดินทางฟรี",
    "เงินเดือน 35,000 บาท",
    "ไม่ต้องใช้พาสปอร์ต มีรถรับถึงบ้าน",
    "สนใจแอดไลน์ ID: job8899",
]
needs_tesseract = pytest.mark.skipif(shutil.which("tesseract") is None, reason="Tesseract is not installed")
needs_font = pytest.mark.skipif(
    not FONT.exists(), reason="no Thai font (fonts-thai-tlwg) to draw a poster with"
)


def png(picture: Image.Image) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def poster() -> Image.Image:
    picture = Image.new("RGB", (1_080, 900), "#fff3c4")
    draw = ImageDraw.Draw(picture)
    font = ImageFont.truetype(str(FONT), 48)
    for row, line in enumerate(LINES):
        draw.text((60, 60 + 130 * row), line, font=font, fill="#222222")
    return picture


def a_few_letters() -> Image.Image:
    picture = Image.new("L", (960, 300), 255)
    ImageDraw.Draw(picture).text((80, 100), "offer 35,000", font=ImageFont.load_default(60), fill=0)
    return picture


def command_of(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def qr_code(text: str) -> Image.Image:
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    code = Image.fromarray(np.array(zxingcpp.write_barcode_to_image(barcode, scale=8)))
    picture = Image.new("L", (code.width + 80, code.height + 80), 255)
    picture.paste(code, (40, 40))
    return picture


@needs_tesseract
@needs_font
def test_a_thai_poster_is_read_and_judged() -> None:
    reading = read_picture(png(poster()))
    assert "ปอยเปต" in reading.text
    assert "35,000" in reading.text
    assert reading.confidence > 0.7
    judgement = judge(reading.text)
    assert judgement.band == "danger"
    assert judgement.entities["line_id"][0].value == "job8899"


@needs_tesseract
def test_an_empty_picture_has_no_text_and_no_confidence() -> None:
    reading = read_picture(png(Image.new("RGB", (300, 200), "white")))
    assert reading.text == ""
    assert reading.qr == ()
    assert reading.confidence == 0.0


def test_a_qr_code_is_read_also_without_tesseract(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert read_picture(png(qr_code("https://line.me/R/ti/p/@job8899"))).qr == (
        "https://line.me/R/ti/p/@job8899",
    )


def test_without_tesseract_and_qr_code_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UnreadablePicture) as refused:
        read_picture(png(Image.new("RGB", (300, 200), "white")))
    assert refused.value.code == "no_tesseract"


def test_a_reading_that_takes_too_long_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = tmp_path / "tesseract"
    slow.write_text("#!/bin/sh\nwhile :; do :; done\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnreadablePicture) as refused:
        read_picture(png(a_few_letters()), seconds=3)
    assert refused.value.code == "timeout"
    left = [process for process in psutil.process_iter() if str(slow) in " ".join(command_of(process))]
    _, alive = psutil.wait_procs(left, timeout=10)
    assert not alive


@needs_tesseract
def test_a_picture_far_too_large_is_refused_without_a_process() -> None:
    with pytest.raises(UnreadablePicture) as refused:
        read_picture(b"\xff\xd8\xff" + bytes(30_000_000))
    assert refused.value.code == "too_large"


@needs_tesseract
def test_nothing_of_the_caller_s_environment_reaches_the_reading_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTHONSTARTUP", "/nowhere")
    monkeypatch.setenv("OMP_THREAD_LIMIT", "broken")
    assert read_picture(png(a_few_letters())).text == "offer 35,000"


@needs_tesseract
def test_light_letters_on_dark_read_like_dark_ones_on_light() -> None:
    light = Image.eval(a_few_letters(), lambda shade: 255 - shade)
    assert read_picture(png(light)).text == read_picture(png(a_few_letters())).text


@needs_tesseract
@needs_font
def test_outlined_letters_on_a_gradient_are_read() -> None:
    picture = Image.linear_gradient("L").resize((1_080, 300))
    picture = Image.merge(
        "RGB", (picture.point(lambda shade: 120 + shade // 3), picture.point(lambda _: 60), picture)
    )
    font = ImageFont.truetype(str(FONT), 64)
    ImageDraw.Draw(picture).text(
        (60, 80), "รับสมัครแม่บ้าน", font=font, fill="white", stroke_width=4, stroke_fill="black"
    )
    assert read_picture(png(picture)).text == "รับสมัครแม่บ้าน"


def test_what_is_no_picture_is_refused() -> None:
    with pytest.raises(UnreadablePicture) as refused:
        read_picture(b"not a picture")
    assert refused.value.code == "not_an_image"
