"""The drawn shapes of LINE's rich menus, each round a point, in one colour."""

from collections.abc import Callable, Mapping

from PIL import ImageDraw

Draw = ImageDraw.ImageDraw
Icon = Callable[[Draw, int, int, str], None]

_HALF = 150  # of an icon's height, in pixels
_STROKE = 22


def _magnifier(draw: Draw, x: int, y: int, ink: str) -> None:
    draw.ellipse((x - 130, y - _HALF, x + 90, y + 70), outline=ink, width=_STROKE)
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
    draw.rounded_rectangle((x - 130, y - _HALF, x + 130, y + 130), 30, outline=ink, width=_STROKE)
    for row in (-70, 0, 70):
        draw.line((x - 75, y + row - 10, x + 75, y + row - 10), fill=ink, width=_STROKE)


def _question(draw: Draw, x: int, y: int, ink: str) -> None:
    draw.ellipse((x - 140, y - _HALF, x + 140, y + 130), outline=ink, width=_STROKE)
    draw.arc((x - 55, y - 90, x + 55, y + 20), 180, 90, fill=ink, width=_STROKE)
    draw.line((x, y + 10, x, y + 42), fill=ink, width=_STROKE)
    draw.ellipse((x - 15, y + 66, x + 15, y + 96), fill=ink)


def _book(draw: Draw, x: int, y: int, ink: str) -> None:
    draw.line((x, y - 95, x, y + 125), fill=ink, width=_STROKE)
    for side in (-1, 1):
        page = ((x, y - 95), (x + side * 165, y - 130), (x + side * 165, y + 90), (x, y + 125))
        draw.line(page, fill=ink, width=_STROKE, joint="curve")


def _die(draw: Draw, x: int, y: int, ink: str) -> None:
    draw.rounded_rectangle((x - 140, y - _HALF, x + 140, y + 130), 50, outline=ink, width=_STROKE)
    for across, down in ((-60, -70), (60, -70), (0, -10), (-60, 50), (60, 50)):
        draw.ellipse((x + across - 24, y + down - 24, x + across + 24, y + down + 24), fill=ink)


def _globe(draw: Draw, x: int, y: int, ink: str) -> None:
    draw.ellipse((x - 140, y - _HALF, x + 140, y + 130), outline=ink, width=_STROKE)
    draw.ellipse((x - 65, y - _HALF, x + 65, y + 130), outline=ink, width=_STROKE - 6)
    draw.line((x - 130, y - 10, x + 130, y - 10), fill=ink, width=_STROKE - 6)


def _house(draw: Draw, x: int, y: int, ink: str) -> None:
    roof = ((x - 165, y - 5), (x, y - 145), (x + 165, y - 5))
    draw.line(roof, fill=ink, width=_STROKE, joint="curve")
    walls = ((x - 110, y - 20), (x - 110, y + 125), (x + 110, y + 125), (x + 110, y - 20))
    draw.line(walls, fill=ink, width=_STROKE, joint="curve")


def _list(draw: Draw, x: int, y: int, ink: str) -> None:
    for row in (-100, -10, 80):
        draw.ellipse((x - 145, y + row - 22, x - 101, y + row + 22), fill=ink)
        draw.line((x - 60, y + row, x + 150, y + row), fill=ink, width=_STROKE)


# By the press whose tile they stand on.
ICONS: Mapping[str, Icon] = {
    "m1:check": _magnifier,
    "m1:staff": _two_people,
    "m1:need": _bubble,
    "m1:news": _sheet,
    "m1:help": _question,
    "e1:menu": _book,
    "q1:menu": _die,
    "h1:language": _globe,
    "s1:status": _sheet,
    "d1:home": _list,
    "x1:leave": _house,
}
