"""Posters: flat and sober, or loud, in outlined display letters on coloured grounds."""

import random
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageColor, ImageDraw

from benchmarks.pictures import typefaces
from benchmarks.pictures.drawn import Drawn, jpeg, png
from benchmarks.pictures.typefaces import Colour, Face, draw_line, width_of, wrap

WIDTH = 1_080  # pixels
_MARGIN = 60
_LEADING = 1.7  # Thai stacks marks above and below
_LONGEST_TITLE = 60  # characters

_CLEAN = (
    ("#ffffff", "#222222", "#b00020"), ("#fff3c4", "#222222", "#0b3d91"), ("#e8f5e9", "#1b3a1d", "#1b5e20"),
    ("#0b3d91", "#ffffff", "#ffe066"), ("#f6f6f6", "#333333", "#000000"), ("#b71c1c", "#ffffff", "#fff176"),
)  # fmt: skip
# Ground above, ground below, ink, outline, ink of the title.
_LOUD = (
    ("#ff512f", "#f09819", "#ffffff", "#7a1f00", "#ffff00"), ("#1a2a6c", "#b21f1f", "#ffffff", "#000000", "#ffd600"),
    ("#00b09b", "#96c93d", "#ffffff", "#004d40", "#fff59d"), ("#fff200", "#ffb300", "#d50000", "#ffffff", "#0d47a1"),
    ("#f8bbd0", "#ce93d8", "#880e4f", "#ffffff", "#4a148c"), ("#000000", "#434343", "#ffd700", "#5d4037", "#ffffff"),
    ("#2193b0", "#6dd5ed", "#ffeb3b", "#0d47a1", "#ffffff"), ("#c31432", "#240b36", "#ffffff", "#ff1744", "#ffea00"),
)  # fmt: skip


class Look(NamedTuple):
    """How a poster is set."""

    body: Face
    title: Face
    size: int
    ink: Colour
    title_ink: Colour
    outline: tuple[int, Colour]
    centred: bool


class _Row(NamedTuple):
    text: str
    face: Face
    size: int
    ink: Colour


def draw_clean(text: str, chance: random.Random, *, held_out: bool) -> Drawn:
    """A flat ground and sober letters."""
    faces = typefaces.READING_HELD_OUT if held_out else typefaces.READING
    ground, ink, title_ink = chance.choice(_CLEAN)
    look = Look(
        chance.choice(faces), chance.choice(faces), chance.choice((34, 40, 48)), ink, title_ink, (0, ink),
        chance.random() < 0.5,
    )  # fmt: skip
    rows = set_rows(text, look)
    return _encoded(draw_rows(Image.new("RGB", (WIDTH, height_of(rows)), ground), rows, look), rows, chance)


def draw_display(text: str, chance: random.Random, *, held_out: bool) -> Drawn:
    """Outlined display letters on a gradient, now and then over confetti."""
    faces = typefaces.DISPLAY_HELD_OUT if held_out else typefaces.DISPLAY
    above, below, ink, outline, title_ink = chance.choice(_LOUD)
    size = chance.choice((40, 46, 54))
    look = Look(
        chance.choice(faces), chance.choice(faces), size, ink, title_ink, (chance.choice((2, 3, 4)), outline),
        chance.random() < 0.7,
    )  # fmt: skip
    rows = set_rows(text, look)
    ground = _gradient(above, below, height_of(rows))
    if chance.random() < 0.5:
        _strew(ground, chance)
    return _encoded(draw_rows(ground, rows, look), rows, chance)


def set_rows(text: str, look: Look) -> list[_Row]:
    """Break a text into rows; its first line is the title, unless it is long."""
    first, *others = text.splitlines()
    title, body = (first, others) if len(first) <= _LONGEST_TITLE else ("", [first, *others])
    large, room = look.size * 3 // 2, WIDTH - 2 * _MARGIN
    rows = [_Row(line, look.title, large, look.title_ink) for line in wrap(title, look.title, large, room)]
    for paragraph in body:
        rows += [
            _Row(line, look.body, look.size, look.ink) for line in wrap(paragraph, look.body, look.size, room)
        ]
    return rows


def height_of(rows: list[_Row]) -> int:
    return int(sum(row.size * _LEADING for row in rows)) + 2 * _MARGIN


def draw_rows(ground: Image.Image, rows: list[_Row], look: Look) -> Image.Image:
    draw = ImageDraw.Draw(ground)
    y = float(_MARGIN)
    for row in rows:
        y += row.size * _LEADING
        x = (WIDTH - width_of(row.text, row.face, row.size)) / 2 if look.centred else _MARGIN
        draw_line(draw, (x, y - row.size * 0.45), row.text, row.face, row.size, row.ink, look.outline)
    return ground


def _encoded(picture: Image.Image, rows: list[_Row], chance: random.Random) -> Drawn:
    """Messengers send posters as JPEG; some come as the designer's PNG."""
    data = png(picture) if chance.random() < 0.3 else jpeg(picture, 85)
    return Drawn(data, "\n".join(row.text for row in rows))


def _gradient(above: str, below: str, height: int) -> Image.Image:
    share = np.linspace(0, 1, height)[:, None, None]
    first, last = (np.array(ImageColor.getrgb(colour)) for colour in (above, below))
    shades = first * (1 - share) + last * share
    return Image.fromarray(np.broadcast_to(shades, (height, WIDTH, 3)).astype(np.uint8))


def _strew(ground: Image.Image, chance: random.Random) -> None:
    """Confetti and discs, as templates of design sites have them."""
    draw = ImageDraw.Draw(ground, "RGBA")
    for _ in range(24):
        x, y, size = chance.randrange(WIDTH), chance.randrange(ground.height), chance.randrange(8, 90)
        shade = (chance.randrange(256), chance.randrange(256), chance.randrange(256), 70)
        draw.ellipse((x, y, x + size, y + size), fill=shade)
