"""Connected regions of a mask, found over runs of pixels: a page of text is a few thousand of them."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]


class Regions(NamedTuple):
    """Boxes and areas (pixels) of regions, and the runs they are made of, sorted by row."""

    left: Whole
    top: Whole
    right: Whole
    bottom: Whole
    area: Whole
    run_row: Whole
    run_start: Whole
    run_stop: Whole
    # Which region a run belongs to.
    run_region: Whole

    @property
    def height(self) -> Whole:
        return self.bottom - self.top

    @property
    def width(self) -> Whole:
        return self.right - self.left


def find_regions(mask: Mask) -> Regions:
    """Regions of pixels that touch each other, corners included."""
    rows, starts, stops = _runs(mask)
    owner = _join_runs(rows, starts, stops, mask.shape[0])
    roots, region = np.unique(owner, return_inverse=True)
    count = len(roots)
    box = [np.full(count, np.iinfo(np.int64).max) for _ in range(2)] + [
        np.zeros(count, np.int64) for _ in range(3)
    ]
    left, top, right, bottom, area = box
    np.minimum.at(left, region, starts)
    np.minimum.at(top, region, rows)
    np.maximum.at(right, region, stops)
    np.maximum.at(bottom, region, rows + 1)
    np.add.at(area, region, stops - starts)
    return Regions(left, top, right, bottom, area, rows, starts, stops, region)


def labels(regions: Regions, shape: tuple[int, int]) -> Whole:
    """The number of every pixel's region, -1 outside all."""
    steps = np.zeros((shape[0], shape[1] + 1), np.int64)
    np.add.at(steps, (regions.run_row, regions.run_start), regions.run_region + 1)
    np.add.at(steps, (regions.run_row, regions.run_stop), -(regions.run_region + 1))
    return np.cumsum(steps, axis=1)[:, :-1] - 1


def paint(regions: Regions, wanted: Mask, box: tuple[int, int, int, int]) -> Mask:
    """The pixels of the wanted regions inside a box (left, top, right, bottom)."""
    left, top, right, bottom = box
    first, last = np.searchsorted(regions.run_row, (top, bottom))
    chosen = np.flatnonzero(wanted[regions.run_region[first:last]]) + first
    steps = np.zeros((bottom - top, right - left + 1), np.int32)
    rows = regions.run_row[chosen] - top
    np.add.at(steps, (rows, np.clip(regions.run_start[chosen] - left, 0, right - left)), 1)
    np.add.at(steps, (rows, np.clip(regions.run_stop[chosen] - left, 0, right - left)), -1)
    painted: Mask = np.cumsum(steps, axis=1)[:, :-1] > 0
    return painted


def _runs(mask: Mask) -> tuple[Whole, Whole, Whole]:
    framed = np.zeros((mask.shape[0], mask.shape[1] + 2), np.int8)
    framed[:, 1:-1] = mask
    change = np.diff(framed, axis=1)
    rows, starts = np.nonzero(change == 1)
    return rows, starts, np.nonzero(change == -1)[1]


def _join_runs(rows: Whole, starts: Whole, stops: Whole, height: int) -> npt.NDArray[Any]:
    """Union by the smaller number; every run ends with the first run of its region."""
    parent = list(range(len(rows)))
    start, stop = starts.tolist(), stops.tolist()
    first = np.searchsorted(rows, np.arange(height + 1)).tolist()
    for row in range(1, height):
        above, above_end = first[row - 1], first[row]
        here, here_end = first[row], first[row + 1]
        while above < above_end and here < here_end:
            if start[above] <= stop[here] and start[here] <= stop[above]:
                one, other = _root(parent, above), _root(parent, here)
                parent[max(one, other)] = min(one, other)
            if stop[above] < stop[here]:
                above += 1
            else:
                here += 1
    return np.array([_root(parent, run) for run in range(len(parent))], np.int64)


def _root(parent: list[int], run: int) -> int:
    while parent[run] != run:
        parent[run] = parent[parent[run]]
        run = parent[run]
    return run
