"""Lines of letters: regions of alike height side by side, however the line slants."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from nlp.reading_components import Mask, Regions, Whole

_MOST_REGIONS = 4_000  # of text height; a page of small print has half of it
_LOWEST = 0.008  # of the picture's width: lower letters can't be read
_HIGHEST = 0.25
_THINNEST = 0.014  # of the width: rules and rims are thinner and long
_STEEPEST = 0.35
_GAP = 1.3  # heights; the sara a is two small regions as wide as a letter
_ALIKE = 2.0  # times higher
_FITTED = 4  # regions; fewer give no slope


class Line(NamedTuple):
    """A line: its base is y = slope * x + base; `height` is that of its consonants."""

    slope: float
    base: float
    height: float
    left: int
    right: int
    members: Whole

    def base_at(self, x: float) -> float:
        return self.slope * x + self.base

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


def find_lines(regions: Regions, width: int) -> tuple[list[Line], Mask]:
    """The lines, and which regions may belong to letters at all. `width` is the picture's."""
    usable, high = _letters(regions, width)
    chosen = np.flatnonzero(high)
    if len(chosen) > _MOST_REGIONS:
        chosen = chosen[np.argsort(-regions.area[chosen])[:_MOST_REGIONS]]
    return _tidy(_swallow_marks(_groups(regions, chosen))), usable


def assign(lines: list[Line], regions: Regions, usable: Mask) -> Whole:
    """The line of every region, -1 for none: tone marks and vowels belong to the line whose letters they stand nearest."""
    x, y = (regions.left + regions.right) / 2, (regions.top + regions.bottom) / 2
    line_of = np.full(len(x), -1)
    nearest = np.full(len(x), np.inf)
    for number, line in enumerate(lines):
        above = (line.slope * x + line.base - y) / line.height
        distance = line.height * np.where(above > 1, 0.8 * (above - 1), np.where(above < 0, -above, 0))
        inside = (x >= line.left - 0.8 * line.height) & (x <= line.right + 0.8 * line.height)
        inside &= (
            (above > -0.75) & (above < 2.1) & (regions.height < 2.4 * line.height) & (distance < nearest)
        )
        line_of[inside], nearest[inside] = number, distance[inside]
    for number, line in enumerate(lines):
        line_of[line.members] = number
    line_of[~usable] = -1
    return line_of


def in_rows(lines: list[Line]) -> list[list[int]]:
    """Numbers of lines as one reads them: from above, and from the left where they stand side by side."""
    rows: list[list[int]] = []
    for number in sorted(
        range(len(lines)), key=lambda n: lines[n].base_at(lines[n].middle) - lines[n].height / 2
    ):
        row = next((r for r in rows[-3:] if all(_beside(lines[number], lines[n]) for n in r)), None)
        if row is None:
            rows.append([number])
        else:
            row.append(number)
    return [sorted(row, key=lambda n: lines[n].left) for row in rows]


def _beside(one: Line, other: Line) -> bool:
    left, right = sorted((one, other), key=lambda line: line.left)
    if right.left < left.right - 5:
        return False
    x = (left.right + right.left) / 2
    top = max(line.base_at(x) - 1.3 * line.height for line in (one, other))
    bottom = min(line.base_at(x) + 0.4 * line.height for line in (one, other))
    return bottom - top > 0.25 * min(one.height, other.height)


def _letters(regions: Regions, width: int) -> tuple[Mask, Mask]:
    """Which regions may be parts of letters, and which are as high as a consonant."""
    high, wide = regions.height, regions.width
    usable = (regions.area >= 6) & (high < _HIGHEST * width) & (wide < 0.97 * width)
    usable &= ~((wide > 10 * high) & (high < _THINNEST * width))
    letters = usable & (high >= max(7, _LOWEST * width)) & (high < 5.5 * wide)
    if letters.any():
        usual = float(np.median(high[letters]))
        usable &= ~((high > 2.6 * usual) & (high > 3 * wide))
        # Rings and frames: large and nearly empty.
        usable &= ~((high > 1.5 * usual) & (wide > 1.5 * usual) & (regions.area < 0.15 * high * wide))
        letters &= usable
    return usable, letters


def _groups(regions: Regions, chosen: Whole) -> list[Line]:
    linked = _links(regions, chosen)
    group = np.full(len(chosen), -1)
    count = 0
    for first in range(len(chosen)):
        if group[first] >= 0:
            continue
        waiting = [first]
        group[first] = count
        while waiting:
            found = np.flatnonzero(linked[waiting.pop()] & (group < 0))
            group[found] = count
            waiting += found.tolist()
        count += 1
    return [_fit(regions, chosen[group == number]) for number in range(count)]


def _links(regions: Regions, chosen: Whole) -> Mask:
    left, top = regions.left[chosen], regions.top[chosen]
    right, bottom = regions.right[chosen], regions.bottom[chosen]
    height = bottom - top
    low, high = np.minimum(height[:, None], height), np.maximum(height[:, None], height)
    shared = np.minimum(bottom[:, None], bottom) - np.maximum(top[:, None], top)
    gap = np.maximum(left[:, None], left) - np.minimum(right[:, None], right)
    linked: Mask = (shared >= 0.55 * low) & (gap < _GAP * high) & (high < _ALIKE * low)
    return linked


def _fit(regions: Regions, members: Whole) -> Line:
    height = _weighted_median(regions.height[members], regions.width[members])
    usual = members[(regions.height[members] > 0.75 * height) & (regions.height[members] < 1.35 * height)]
    x, y = (regions.left[usual] + regions.right[usual]) / 2, regions.bottom[usual].astype(np.float64)
    slope, base = 0.0, float(np.median(y))
    if len(usual) >= _FITTED and np.ptp(x) > 4 * height:
        slope, base = _robust_fit(x, y)
    left, right = int(regions.left[members].min()), int(regions.right[members].max())
    return Line(slope, base, height, left, right, members)


def _robust_fit(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> tuple[float, float]:
    """A straight line through the feet of letters; those with a tail are left out after the first try."""
    slope, base = np.polyfit(x, y, 1)
    for _ in range(2):
        rest = np.abs(y - slope * x - base)
        kept = rest <= max(1.5, 1.5 * float(np.median(rest)))
        if kept.sum() >= _FITTED - 1:
            slope, base = np.polyfit(x[kept], y[kept], 1)
    if abs(slope) > _STEEPEST:
        return 0.0, float(np.median(y))
    return float(slope), float(base)


def _weighted_median(values: Whole, weights: Whole) -> float:
    order = np.argsort(values)
    summed = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(summed, summed[-1] / 2)])


def _swallow_marks(lines: list[Line]) -> list[Line]:
    """Marks above and below letters that were taken for lines of their own belong to the line they stand at."""
    kept: list[Line] = []
    for line in sorted(lines, key=lambda found: -found.height * found.width):
        middle = line.base_at(line.middle) - line.height / 2
        if not any(_is_mark_of(line, middle, longer) for longer in kept):
            kept.append(line)
    return kept


def _is_mark_of(line: Line, middle: float, longer: Line) -> bool:
    small = line.height < 0.7 * longer.height
    few = len(line.members) <= 3 and longer.width > 3 * line.width and line.height < 1.5 * longer.height
    if not (small or few):
        return False
    above = (longer.base_at(line.middle) - middle) / longer.height
    within = longer.left - 0.5 * longer.height <= line.middle <= longer.right + 0.5 * longer.height
    return within and -0.75 <= above <= 2.0


def _tidy(lines: list[Line]) -> list[Line]:
    """Drop what is no text: lonely shapes larger than the letters round them. Short lines slant like the long ones."""
    if not lines:
        return lines
    usual = _weighted_median(
        np.array([round(line.height) for line in lines]),
        np.array([1 + int(line.width / line.height) for line in lines]),
    )
    slopes = [line.slope for line in lines if len(line.members) > _FITTED]
    slope = float(np.median(slopes)) if slopes else 0.0
    return [_slanted(line, slope) for line in lines if not _is_shape(line, usual)]


def _is_shape(line: Line, usual: float) -> bool:
    few = len(line.members) <= 2
    if few and line.height > 1.7 * usual and line.width < 2.5 * line.height:
        return True
    if few and line.height > 1.3 * usual and line.width < 0.7 * line.height:
        return True
    return len(line.members) < _FITTED and line.height < 0.45 * usual


def _slanted(line: Line, slope: float) -> Line:
    if len(line.members) >= _FITTED or line.slope:
        return line
    return line._replace(slope=slope, base=line.base - slope * line.middle)
