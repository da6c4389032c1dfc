"""The picture of LINE's menu."""

import io
from itertools import pairwise

import pytest
from PIL import Image, ImageChops

from app.cli.channels import menu_words
from app.cli.setup.static_files import VENDOR
from bots.channels.line.menu_picture import HEIGHT, TILES, WIDTH, draw_menu, place_tiles

FONT = VENDOR / "sarabun-thai-600-normal.woff2"
LARGEST = 1024 * 1024  # LINE reference, "Upload rich menu image"


def test_the_tiles_cover_the_menu_without_overlap() -> None:
    boxes = [box for _, box in place_tiles()]
    assert sum((right - left) * (bottom - top) for left, top, right, bottom in boxes) == WIDTH * HEIGHT
    for one, other in pairwise(boxes):
        assert one[2] <= other[0] or one[3] <= other[1]


def test_the_picture_has_the_menus_size_and_fits_lines_limit() -> None:
    picture = draw_menu(menu_words().labels, FONT)
    assert Image.open(io.BytesIO(picture)).size == (WIDTH, HEIGHT)
    assert len(picture) < LARGEST


@pytest.mark.parametrize("tile", TILES, ids=lambda tile: tile.press)
def test_every_label_lies_inside_its_tile(tile: object) -> None:
    [(_, (left, top, right, bottom))] = [placed for placed in place_tiles() if placed[0] is tile]
    with_labels = Image.open(io.BytesIO(draw_menu(menu_words().labels, FONT))).convert("L")
    without = Image.open(io.BytesIO(draw_menu(dict.fromkeys(menu_words().labels, " "), FONT))).convert("L")
    lower = (left, (top + bottom) // 2 + 60, right, bottom)
    found = _difference(with_labels, without).crop(lower).getbbox()
    assert found is not None
    assert found[0] > 24
    assert found[2] < lower[2] - lower[0] - 24


def _difference(one: Image.Image, other: Image.Image) -> Image.Image:
    return ImageChops.difference(one, other).point(lambda value: 255 if value > 40 else 0)
