"""Every line of a picture as a strip of its own: upright, black on white, letters of one height, nothing of its neighbours."""

from typing import NamedTuple

import numpy as np
from PIL import Image, ImageFilter, ImageOps

from nlp.reading_components import Regions, find_regions, paint
from nlp.reading_ground import Grey, contrast, find_ground, stand_out
from nlp.reading_lines import Line, assign, find_lines
from nlp.reading_outlines import fill_outlined, grow

_ABOVE, _BELOW = 1.25, 0.7  # letter heights of room for vowels and tone marks
_MARGIN = 12  # pixels of white round a strip
_DARKEST = 85  # percentile of a line's contrast that becomes black
_RIM = 5  # odd: twice the soft edge of letters and one


class Page(NamedTuple):
    """A picture taken apart: contrast of its letters, their regions, its lines, and the line of every region."""

    ink: Grey
    regions: Regions
    lines: list[Line]
    line_of: np.ndarray


def take_apart(picture: Image.Image) -> Page:
    """Find the letters and lines of a picture in colour."""
    ground = find_ground(picture)
    ink = contrast(picture, ground)
    mask = stand_out(ink)
    regions = find_regions(mask)
    lines, usable = find_lines(regions, picture.width)
    filled = fill_outlined(picture, ground, ink, mask, lines)
    if filled is not None:
        ink, mask = filled
        regions = find_regions(mask)
        lines, usable = find_lines(regions, picture.width)
    return Page(ink, regions, lines, assign(lines, regions, usable))


def cut_strip(page: Page, number: int, height: int) -> Image.Image:
    """The strip of a line; `height` (pixels) is that of its consonants."""
    line = page.lines[number]
    members = page.line_of == number
    rows, columns = page.ink.shape
    left, right = _span(page.regions.left[members], page.regions.right[members], columns)
    top, bottom = _span(page.regions.top[members], page.regions.bottom[members], rows)
    own = paint(page.regions, members, (left, top, right, bottom))
    ink = page.ink[top:bottom, left:right]
    black = max(float(np.percentile(ink[own], _DARKEST)), 1.0)
    clean = np.where(grow(own, _RIM), np.clip(ink * (255 / black), 0, 255), 0).astype(np.uint8)
    return ImageOps.expand(ImageOps.invert(_straighten(clean, line, left, top, height)), _MARGIN, 255)


def _span(low: np.ndarray, high: np.ndarray, end: int) -> tuple[int, int]:
    return max(0, int(low.min()) - 4), min(end, int(high.max()) + 4)


def _straighten(ink: Grey, line: Line, left: int, top: int, height: int) -> Image.Image:
    scale = height / line.height
    picture = Image.fromarray(ink)
    if scale < 0.7:
        picture = picture.filter(ImageFilter.GaussianBlur(0.4 / scale))
    width = max(8, round(ink.shape[1] * scale))
    start = line.base_at(left) - (1 + _ABOVE) * line.height - top
    return picture.transform(
        (width, round((1 + _ABOVE + _BELOW) * height)),
        Image.Transform.AFFINE,
        (1 / scale, 0, 0, line.slope / scale, 1 / scale, start),
        Image.Resampling.BICUBIC,
    )
