"""The picture of LINE's rich menu: one tile an action, drawn shapes and the words of the buttons, nothing loaded but a font.

Source of the sizes: LINE reference, "Rich menu": width 800 to 2,500, width ÷ height at least 1.45, PNG of at most 1 MB.
"""

import io
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec
from PIL import Image, ImageDraw, ImageFont

from bots.channels.line.flex import INK, PAPER, TEAL

WIDTH, HEIGHT = 2_500, 1_686
_COLUMNS, _ROWS = 3, 2
_GAP = 24
_LABEL_SIZE = 104
_ICON = 150  # half the height of an icon, in pixels
_STROKE = 22

Box = tuple[int, int, int, int]  # left, top, right, bottom
Draw = ImageDraw.ImageDraw
Icon = Callable[[Draw, int, int, str], None]


class Tile(msgspec.Struct, frozen=True):
    """One action of the menu: what its press sends, and how many columns it takes."""

    press: str
    columns: int = 1


TILES = (Tile("m1:check", 2), Tile("m1:staff"), Tile("m1:need"), Tile("m1:news"), Tile("m1:help"))


def place_tiles() -> list[tuple[Tile, Box]]:
    """Each tile with its place in pixels, row by row; together they cover the whole menu."""
    placed: list[tuple[Tile, Box]] = []
    column = row = 0
    for tile in TILES:
        left, right = (WIDTH * edge // _COLUMNS for edge in (column, column + tile.columns))
        placed.append((tile, (left, HEIGHT * row // _ROWS, right, HEIGHT * (row + 1) // _ROWS)))
        column += tile.columns
        if column == _COLUMNS:
            column, row = 0, row + 1
    return placed


def draw_menu(labels: Mapping[str, str], font: Path) -> bytes:
    """PNG of the menu with one label a press; raises OSError when the font can't be read."""
    face = ImageFont.truetype(str(font), _LABEL_SIZE)
    picture = Image.new("RGB", (WIDTH, HEIGHT), "#DDE5E5")
    draw = ImageDraw.Draw(picture)
    for tile, box in place_tiles():
        _draw_tile(draw, tile.press, labels[tile.press], box, face)
    output = io.BytesIO()
    picture.quantize(64).save(output, "PNG", optimize=True)
    return output.getvalue()


def _draw_tile(draw: Draw, press: str, label: str, box: Box, face: ImageFont.FreeTypeFont) -> None:
    left, top, right, bottom = box
    first = press == TILES[0].press
    paper, ink = (TEAL, PAPER) if first else (PAPER, INK)
    half = _GAP // 2
    draw.rounded_rectangle((left + half, top + half, right - half, bottom - half), 48, fill=paper)
    middle, height = (left + right) // 2, (top + bottom) // 2
    _ICONS[press](draw, middle, height - 110, ink if first else TEAL)
    draw.text((middle, height + 190), label, font=face, fill=ink, anchor="mm")


def _magnifier(draw: Draw, x: int, y: int, ink: str) -> None:
    draw.ellipse((x - 130, y - _ICON, x + 90, y + 70), outline=ink, width=_STROKE)
    draw.line((x + 60, y + 40, x + 150, y + 130), fill=ink, width=_STROKE + 14)


def _two_people(draw: Draw, x: int, y: int, ink: str) -> None:
    for shift in (-80, 80):
        draw.ellipse((x + shift - 55, y - 130, x + shift + 55, y - 20), outline=ink, width=_STROKE)
        draw.arc((x + shift - 95, y + 10, x + shift + 95, y + 200), 180, 360, fill=ink, width=_STROKE)


def _bubble(draw: Draw, x: int, y: int, ink: str) -> None:
    draw.rounded_rectangle((x - 160, y - 130, x + 160, y + 80), 60, outline=ink, width=_STROKE)
    draw.polygon(((x - 70, y + 70), (x + 10, y + 70), (x - 70, y + 140)), fill=ink)
    for shift in (-70, 0, 70):
        draw.ellipse((x + shift - 18, y - 43, x + shift + 18, y - 7), fill=ink)


def _sheet(draw: Draw, x: int, y: int, ink: str) -> None:
    draw.rounded_rectangle((x - 130, y - _ICON, x + 130, y + 130), 30, outline=ink, width=_STROKE)
    for row in (-70, 0, 70):
        draw.line((x - 75, y + row - 10, x + 75, y + row - 10), fill=ink, width=_STROKE)


def _question(draw: Draw, x: int, y: int, ink: str) -> None:
    draw.ellipse((x - 140, y - _ICON, x + 140, y + 130), outline=ink, width=_STROKE)
    draw.arc((x - 55, y - 90, x + 55, y + 20), 180, 90, fill=ink, width=_STROKE)
    draw.line((x, y + 10, x, y + 42), fill=ink, width=_STROKE)
    draw.ellipse((x - 15, y + 66, x + 15, y + 96), fill=ink)


_ICONS: dict[str, Icon] = {
    "m1:check": _magnifier,
    "m1:staff": _two_people,
    "m1:need": _bubble,
    "m1:news": _sheet,
    "m1:help": _question,
}
