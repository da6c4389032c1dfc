"""The pictures of LINE's rich menus: one tile an action, drawn shapes and the words of the buttons, nothing loaded but a font.

Source of the sizes: LINE reference, "Rich menu": width 800 to 2,500, width ÷ height at least 1.45, PNG of at most 1 MB.
"""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import regex
from PIL import Image, ImageDraw, ImageFont

from bots.channels.line.flex import INK, PAPER, TEAL
from bots.channels.line.menu_icons import ICONS, Draw

WIDTH, HEIGHT = 2_500, 1_686
_COLUMNS, _ROWS = 12, 2
_GAP = 24
_LABEL_SIZE = 104

_THAI = regex.compile(r"[\u0e00-\u0e7f]")
_RUNS = regex.compile(r"[\u0e00-\u0e7f]+|[^\u0e00-\u0e7f]+")

Box = tuple[int, int, int, int]  # left, top, right, bottom


class Tile(msgspec.Struct, frozen=True):
    """One action of a menu: what its press sends, and how many of the twelve columns it takes."""

    press: str
    columns: int = 3


# By the name that `State.menu` carries. The last is for whoever has a report with staff or left behind the decoy face:
# what it says tells nobody anything, and in the decoy face each of its presses gets the decoy's answer.
MENUS: Mapping[str, tuple[Tile, ...]] = {
    "new": (
        Tile("m1:check", 6), Tile("m1:help", 6),
        Tile("m1:need", 4), Tile("m1:staff", 4), Tile("h1:language", 4),
    ),
    "regular": (
        Tile("m1:check", 6), Tile("m1:need"), Tile("m1:staff"),
        Tile("e1:menu"), Tile("q1:menu"), Tile("m1:news"), Tile("m1:help"),
    ),
    "report": (
        Tile("s1:status", 6), Tile("m1:staff"), Tile("d1:home"),
        Tile("x1:leave"), Tile("e1:menu"), Tile("h1:language"), Tile("m1:help"),
    ),
}  # fmt: skip


class _Faces(NamedTuple):
    thai: ImageFont.FreeTypeFont
    latin: ImageFont.FreeTypeFont


def place_tiles(tiles: Sequence[Tile]) -> list[tuple[Tile, Box]]:
    """Each tile with its place in pixels, row by row; together they cover the whole menu."""
    placed: list[tuple[Tile, Box]] = []
    column = row = 0
    for tile in tiles:
        left, right = (WIDTH * edge // _COLUMNS for edge in (column, column + tile.columns))
        placed.append((tile, (left, HEIGHT * row // _ROWS, right, HEIGHT * (row + 1) // _ROWS)))
        column += tile.columns
        if column == _COLUMNS:
            column, row = 0, row + 1
    return placed


class Fonts(NamedTuple):
    """The typeface in two files, as the web has it: Thai letters, and all others."""

    thai: Path
    latin: Path


def draw_menu(tiles: Sequence[Tile], labels: Mapping[str, str], fonts: Fonts) -> bytes:
    """PNG of the menu with one label a press; raises OSError when a font can't be read."""
    faces = _Faces(*(ImageFont.truetype(str(font), _LABEL_SIZE) for font in fonts))
    picture = Image.new("RGB", (WIDTH, HEIGHT), "#DDE5E5")
    draw = ImageDraw.Draw(picture)
    for tile, box in place_tiles(tiles):
        _draw_tile(draw, tile.press, labels[tile.press], box, faces, first=tile is tiles[0])
    output = io.BytesIO()
    picture.quantize(64).save(output, "PNG", optimize=True)
    return output.getvalue()


def _draw_tile(draw: Draw, press: str, label: str, box: Box, faces: _Faces, *, first: bool) -> None:
    left, top, right, bottom = box
    paper, ink = (TEAL, PAPER) if first else (PAPER, INK)
    half = _GAP // 2
    draw.rounded_rectangle((left + half, top + half, right - half, bottom - half), 48, fill=paper)
    middle, height = (left + right) // 2, (top + bottom) // 2
    ICONS[press](draw, middle, height - 110, ink if first else TEAL)
    _write(draw, middle, height + 190, label, ink, faces)


def _write(draw: Draw, middle: int, height: int, label: str, ink: str, faces: _Faces) -> None:
    """Write a label in the middle, each run of letters from the file that has them."""
    runs = [(run, faces.thai if _THAI.match(run) else faces.latin) for run in _RUNS.findall(label)]
    left = middle - sum(face.getlength(run) for run, face in runs) / 2
    for run, face in runs:
        draw.text((left, height), run, font=face, fill=ink, anchor="lm")
        left += face.getlength(run)
