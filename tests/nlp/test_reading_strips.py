"""Grounds, lines and strips on pictures drawn with the typeface that Pillow brings."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from nlp.reading_ground import contrast, find_ground
from nlp.reading_lines import in_rows
from nlp.reading_strips import cut_strip, take_apart

FONT = ImageFont.load_default(40)


def sheet(*texts: tuple[int, int, str], ground: str = "white", ink: str = "black") -> Image.Image:
    picture = Image.new("RGB", (1_080, 500), ground)
    for x, y, text in texts:
        ImageDraw.Draw(picture).text((x, y), text, font=FONT, fill=ink)
    return picture


@pytest.mark.parametrize(("ground", "ink"), [("white", "black"), ("black", "white"), ("#0b3d91", "#ffe066")])
def test_a_strip_is_black_on_white_whatever_the_picture_was(ground: str, ink: str) -> None:
    page = take_apart(sheet((80, 100, "summer offer"), ground=ground, ink=ink))
    strip = np.asarray(cut_strip(page, 0, 28))
    assert len(page.lines) == 1
    assert np.median(strip) == 255
    assert strip.min() < 20


def test_lines_side_by_side_are_read_from_the_left_and_rows_from_above() -> None:
    page = take_apart(sheet((700, 100, "second"), (80, 100, "first"), (80, 300, "third")))
    rows = [[page.lines[n].left for n in row] for row in in_rows(page.lines)]
    assert [len(row) for row in rows] == [2, 1]
    assert rows[0][0] < rows[0][1]


def test_a_slanted_line_is_one_line_that_knows_its_slope() -> None:
    turned = sheet((80, 200, "a rather long line of letters, slanted")).rotate(3, fillcolor="white")
    (line,) = take_apart(turned).lines
    assert line.slope == pytest.approx(-0.052, abs=0.01)


def test_the_ground_has_no_letters_and_bubbles_keep_their_colours() -> None:
    picture = sheet(ground="#8cabd8")
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((100, 100, 800, 240), radius=30, fill="#8de055")
    draw.text((140, 140), "inside a bubble", font=FONT, fill="black")
    ground = find_ground(picture)
    assert ground.getpixel((300, 165)) == pytest.approx((0x8D, 0xE0, 0x55), abs=6)
    assert ground.getpixel((950, 400)) == pytest.approx((0x8C, 0xAB, 0xD8), abs=6)
    assert contrast(picture, ground)[90:110, 150:700].max() < 26


@pytest.mark.parametrize("size", [(1, 1), (2, 900), (1_000, 3), (64, 64)])
def test_pictures_without_text_have_no_lines(size: tuple[int, int]) -> None:
    assert take_apart(Image.new("RGB", size, "red")).lines == []


def test_noise_alone_breaks_nothing() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (300, 400, 3), np.uint8)
    page = take_apart(Image.fromarray(noise))
    assert len(page.line_of) == len(page.regions.area)
