"""The pictures of LINE's menus."""

import io
from functools import cache
from itertools import pairwise

import pytest
from PIL import Image, ImageChops, ImageFont

from app.cli.channels import _FONTS, line_menus
from bots.channels.line.menu_picture import HEIGHT, WIDTH, draw_menu, place_tiles
from bots.channels.line.rich_menu import Menu

LARGEST = 1024 * 1024  # LINE reference, "Upload rich menu image"
NAMES = ["new", "regular", "report", "new-en", "regular-en", "report-en"]


@cache
def drawn() -> dict[str, Menu]:
    return {menu.name: menu for menu in line_menus()}


def test_there_are_three_menus_in_two_languages() -> None:
    assert list(drawn()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_tiles_cover_the_menu_without_overlap(name: str) -> None:
    boxes = [box for _, box in place_tiles(drawn()[name].tiles)]
    assert sum((right - left) * (bottom - top) for left, top, right, bottom in boxes) == WIDTH * HEIGHT
    for one, other in pairwise(boxes):
        assert one[2] <= other[0] or one[3] <= other[1]


@pytest.mark.parametrize("name", NAMES)
def test_the_picture_has_the_menus_size_and_fits_lines_limit(name: str) -> None:
    picture = drawn()[name].picture
    assert Image.open(io.BytesIO(picture)).size == (WIDTH, HEIGHT)
    assert len(picture) < LARGEST


@pytest.mark.parametrize("name", NAMES)
def test_every_label_is_drawn_inside_its_tile(name: str) -> None:
    menu = drawn()[name]
    blank = draw_menu(menu.tiles, dict.fromkeys(menu.labels, " "), _FONTS)
    written = _difference(menu.picture, blank)
    for tile, (left, top, right, bottom) in place_tiles(menu.tiles):
        found = written.crop((left, (top + bottom) // 2 + 60, right, bottom)).getbbox()
        assert found is not None, tile
        assert found[0] > 24, tile
        assert found[2] < right - left - 24, tile


def test_every_letter_of_the_labels_has_a_shape() -> None:
    letters = {letter for menu in drawn().values() for label in menu.labels.values() for letter in label} - {
        " "
    }
    thai, latin = (ImageFont.truetype(str(font), 104) for font in _FONTS)
    without_shape = [
        letter
        for letter in letters
        if (face := thai if "\u0e00" <= letter <= "\u0e7f" else latin)
        and bytes(face.getmask(letter)) == bytes(face.getmask("\U000e0fff"))
    ]
    assert without_shape == []


def test_regular_and_report_share_one_grid() -> None:
    """Who looks at it from afar sees no change."""
    places = [[box for _, box in place_tiles(drawn()[name].tiles)] for name in ("regular", "report")]
    assert places[0] == places[1]


def _difference(one: bytes, other: bytes) -> Image.Image:
    first, second = (Image.open(io.BytesIO(picture)).convert("L") for picture in (one, other))
    return ImageChops.difference(first, second).point(lambda value: 255 if value > 40 else 0)
