"""The styles of pictures, and drawing and reading some of each."""

import random
import time
from collections.abc import Callable
from typing import NamedTuple

from benchmarks.pictures import chats, photographs, posters
from benchmarks.pictures.drawn import Drawn
from benchmarks.pictures.errors import character_error_rate
from benchmarks.pictures.texts import Half, read_offers
from nlp.ocr import read_picture
from nlp.pictures import UnreadablePicture

SECONDS = 5.0  # p95 that is allowed for a picture of 1,080 pixels


class Style(NamedTuple):
    name: str
    draw: Callable[..., Drawn]
    goal: float | None  # of the median character error rate
    chats: bool = False


class Measured(NamedTuple):
    """Of each picture: character error rate, the same without spaces, seconds."""

    errors: list[float]
    errors_unspaced: list[float]
    seconds: list[float]


STYLES = (
    Style("clean poster", posters.draw_clean, 0.02),
    Style("display font", posters.draw_display, 0.08),
    Style("chat, light", chats.draw_light, 0.03, chats=True),
    Style("chat, dark", chats.draw_dark, 0.03, chats=True),
    Style("photo of paper", photographs.draw_photograph, 0.08),
    Style("low resolution", photographs.draw_small, None),
)


def measure(style: Style, half: Half, count: int) -> Measured:
    """Draw and read `count` pictures of a style."""
    measured = Measured([], [], [])
    for number, offer in enumerate(read_offers(half, chats=style.chats)[:count]):
        chance = random.Random(f"{style.name} {half} {number}")
        drawn = style.draw(offer.text, chance, held_out=half == "held_out")
        began = time.perf_counter()
        text = _read(drawn.data)
        measured.seconds.append(time.perf_counter() - began)
        measured.errors.append(character_error_rate(drawn.truth, text))
        measured.errors_unspaced.append(character_error_rate(drawn.truth, text, spaces=False))
    return measured


def _read(data: bytes) -> str:
    try:
        return read_picture(data).text
    except UnreadablePicture:
        return ""
