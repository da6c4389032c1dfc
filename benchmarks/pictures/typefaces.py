"""Thai typefaces from npm packages, and lines of text set in them."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

import regex
from PIL import ImageDraw, ImageFont

from nlp.segment import words

_MODULES = Path(__file__).parents[2] / "node_modules" / "@fontsource"
# Thai and Latin letters lie in separate files of a package, so a line is drawn run by run.
_RUNS = regex.compile(r"[\u0e01-\u0e5b]+|[^\u0e01-\u0e5b]+")

Colour = str | tuple[int, int, int]


class Face(NamedTuple):
    """A family in one weight."""

    family: str
    weight: int


READING = (Face("sarabun", 400), Face("prompt", 400), Face("kanit", 400), Face("noto-sans-thai", 400))
READING_HELD_OUT = (Face("krub", 500),)
DISPLAY = (
    Face("kanit", 800), Face("mitr", 600), Face("pattaya", 400), Face("chakra-petch", 700), Face("itim", 400),
    Face("mali", 700), Face("prompt", 800), Face("charm", 700),
)  # fmt: skip
DISPLAY_HELD_OUT = (Face("sriracha", 400), Face("krub", 700))


def are_installed() -> bool:
    faces = (*READING, *READING_HELD_OUT, *DISPLAY, *DISPLAY_HELD_OUT)
    return all(_path(face, subset).is_file() for face in faces for subset in ("thai", "latin"))


def _path(face: Face, subset: str) -> Path:
    return _MODULES / face.family / "files" / f"{face.family}-{subset}-{face.weight}-normal.woff2"


@cache
def _load(face: Face, size: int, subset: str) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(_path(face, subset)), size)


def _runs(text: str, face: Face, size: int) -> list[tuple[str, ImageFont.FreeTypeFont]]:
    return [
        (run, _load(face, size, "thai" if "\u0e01" <= run[0] <= "\u0e5b" else "latin"))
        for run in _RUNS.findall(text)
    ]


def width_of(text: str, face: Face, size: int) -> float:
    return sum(font.getlength(run) for run, font in _runs(text, face, size))


def draw_line(
    draw: ImageDraw.ImageDraw,
    at: tuple[float, float],
    text: str,
    face: Face,
    size: int,
    fill: Colour,
    outline: tuple[int, Colour] = (0, "black"),
) -> None:
    """Draw a line whose baseline begins at `at`."""
    x, y = at
    for run, font in _runs(text, face, size):
        draw.text(
            (x, y), run, font=font, fill=fill, anchor="ls", stroke_width=outline[0], stroke_fill=outline[1]
        )
        x += font.getlength(run)


def wrap(text: str, face: Face, size: int, room: float) -> list[str]:
    """Break between words, as phones and designers do; a word wider than the room is cut."""
    lines: list[str] = []
    for paragraph in text.splitlines():
        line = ""
        for word in words(paragraph):
            if line and width_of(line + word, face, size) > room:
                lines.append(line.strip())
                line = ""
            line += word
        lines.append(line.strip())
    return [line for line in lines if line]
