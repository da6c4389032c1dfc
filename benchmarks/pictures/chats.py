"""Screenshots of chats, light and dark, as phones show them."""

import random
from typing import NamedTuple

from PIL import Image, ImageDraw

from benchmarks.pictures import typefaces
from benchmarks.pictures.drawn import Drawn, jpeg, png
from benchmarks.pictures.texts import Said, messages
from benchmarks.pictures.typefaces import Face, draw_line, width_of, wrap

_WIDTH = 1_080  # pixels
_BAR = 130
_MARGIN = 40
_FACE_ROOM = 110  # the round picture beside what others say
_ROOM = 640  # of a bubble's text
_PAD = 26


class _Skin(NamedTuple):
    """Colours of a messenger."""

    ground: str
    bar: str
    bar_ink: str
    theirs: str
    theirs_ink: str
    ours: str
    ours_ink: str
    small_ink: str


_LIGHT = (
    _Skin("#8cabd8", "#7898c6", "#1f2d3d", "#ffffff", "#111111", "#8de055", "#111111", "#2c4a70"),
    _Skin("#ffffff", "#f7f7f8", "#111111", "#e9e9eb", "#111111", "#0a7cff", "#ffffff", "#6f6f75"),
    _Skin("#dfe8d6", "#ffffff", "#111111", "#ffffff", "#000000", "#effdde", "#000000", "#56704c"),
)
_DARK = (
    _Skin("#111111", "#1c1c1e", "#f2f2f2", "#2b2b2e", "#f0f0f0", "#54b435", "#0b0b0b", "#9a9aa0"),
    _Skin("#0e1621", "#17212b", "#f5f5f5", "#182533", "#f5f5f5", "#2b5278", "#ffffff", "#8ba2b8"),
    _Skin("#000000", "#000000", "#ffffff", "#303030", "#e4e6eb", "#0a7cff", "#ffffff", "#b0b3b8"),
)


class _Pen:
    """Where the next message goes, and what has been written so far."""

    def __init__(self, skin: _Skin, face: Face, size: int) -> None:
        self.skin, self.face, self.size = skin, face, size
        self.small = size * 3 // 4
        self.y = float(_BAR + _MARGIN)
        self.lines: list[str] = []


def draw_light(text: str, chance: random.Random, *, held_out: bool) -> Drawn:
    return _draw(text, chance, chance.choice(_LIGHT), held_out=held_out)


def draw_dark(text: str, chance: random.Random, *, held_out: bool) -> Drawn:
    return _draw(text, chance, chance.choice(_DARK), held_out=held_out)


def _draw(text: str, chance: random.Random, skin: _Skin, *, held_out: bool) -> Drawn:
    face = chance.choice(typefaces.READING_HELD_OUT if held_out else typefaces.READING)
    size = chance.choice((36, 40, 44))
    said = [Said(said.time or _some_time(chance), said.name, said.text) for said in messages(text)]
    sheet = Image.new("RGB", (_WIDTH, 12_000), skin.ground)
    draw, pen = ImageDraw.Draw(sheet), _Pen(skin, face, size)
    _draw_bar(draw, pen, said[0].name)
    for message in said:
        (_draw_theirs if message.name == said[0].name else _draw_ours)(draw, pen, message)
    picture = sheet.crop((0, 0, _WIDTH, int(pen.y) + _MARGIN))
    data = png(picture) if chance.random() < 0.5 else jpeg(picture, 88)
    return Drawn(data, "\n".join(pen.lines))


def _some_time(chance: random.Random) -> str:
    return f"{chance.randrange(24):02}:{chance.randrange(60):02}"


def _draw_bar(draw: ImageDraw.ImageDraw, pen: _Pen, name: str) -> None:
    draw.rectangle((0, 0, _WIDTH, _BAR), fill=pen.skin.bar)
    draw_line(draw, (120, 84), name, pen.face, pen.size, pen.skin.bar_ink)
    pen.lines.append(name)


def _draw_theirs(draw: ImageDraw.ImageDraw, pen: _Pen, message: Said) -> None:
    skin, left = pen.skin, _MARGIN + _FACE_ROOM
    draw.ellipse((_MARGIN, pen.y, _MARGIN + 84, pen.y + 84), fill=skin.small_ink)
    draw_line(draw, (left, pen.y + pen.small), message.name, pen.face, pen.small, skin.small_ink)
    pen.lines.append(message.name)
    pen.y += pen.small * 1.6
    width, bottom = _draw_bubble(draw, pen, message, left, skin.theirs, skin.theirs_ink)
    draw_line(draw, (left + width + 14, bottom - 10), message.time, pen.face, pen.small, skin.small_ink)


def _draw_ours(draw: ImageDraw.ImageDraw, pen: _Pen, message: Said) -> None:
    widest = max(width_of(line, pen.face, pen.size) for line in wrap(message.text, pen.face, pen.size, _ROOM))
    left = _WIDTH - _MARGIN - widest - 2 * _PAD
    _, bottom = _draw_bubble(draw, pen, message, left, pen.skin.ours, pen.skin.ours_ink, time_first=True)
    beside = left - 14 - width_of(message.time, pen.face, pen.small)
    draw_line(draw, (beside, bottom - 10), message.time, pen.face, pen.small, pen.skin.small_ink)


def _draw_bubble(
    draw: ImageDraw.ImageDraw,
    pen: _Pen,
    message: Said,
    left: float,
    ground: str,
    ink: str,
    *,
    time_first: bool = False,
) -> tuple[float, float]:
    """Draw the message; returns the bubble's width and lower edge. The time stands beside its last line."""
    lines = wrap(message.text, pen.face, pen.size, _ROOM)
    width = max(width_of(line, pen.face, pen.size) for line in lines) + 2 * _PAD
    leading = pen.size * 1.6
    bottom = pen.y + leading * len(lines) + _PAD
    draw.rounded_rectangle((left, pen.y, left + width, bottom), radius=32, fill=ground)
    for row, line in enumerate(lines, start=1):
        draw_line(draw, (left + _PAD, pen.y + leading * row - pen.size * 0.25), line, pen.face, pen.size, ink)
    last = f"{message.time} {lines[-1]}" if time_first else f"{lines[-1]} {message.time}"
    pen.lines += [*lines[:-1], last]
    pen.y = bottom + _MARGIN * 0.7
    return width, bottom
