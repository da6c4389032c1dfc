"""Small cells of a table with its sums are hidden, and so many others that no sum gives one away.

A table and its sums are a flow network: categories and places are nodes, cells are edges, and all that is shown holds
where what a hidden cell gains runs back to it through other hidden cells. A small cell is protected when so much can run
that by everything shown it could be not small, and many values more. Where it can't, the cheapest way is hidden too
(complementary suppression by shortest paths, as statistical offices do it; own implementation).
"""

import heapq
from collections import deque
from collections.abc import Collection, Mapping

# What stands for the sum of a line.
SUM = ""
Cell = tuple[str, str]
# Lines of the table as nodes: ("row", category) and ("column", place).
_Line = tuple[str, str]
_ROW, _COLUMN = "row", "column"
_Crossings = dict[_Line, list[tuple[Cell, _Line]]]
_NO_END = 1 << 40
# A sum tells more to who reads a report than a cell: it is hidden where nothing else helps.
_DEAR = 1_000_000


class Unprotectable(Exception):  # noqa: N818 - says that a table can't be shown by cells
    """There are too few cells to hide one among."""


def with_sums(inner: Mapping[Cell, int]) -> dict[Cell, int]:
    """Add the sums of rows, of columns and of all; empty cells stay away."""
    counts: dict[Cell, int] = {}
    for (category, place), n in inner.items():
        for cell in ((category, place), (category, SUM), (SUM, place), (SUM, SUM)):
            counts[cell] = counts.get(cell, 0) + n
    return {cell: n for cell, n in counts.items() if n}


def hide(
    counts: Mapping[Cell, int], small: int, *, hidden: Collection[Cell] = (), shown: Collection[Cell] = ()
) -> frozenset[Cell]:
    """Return which cells of a table with its sums (`with_sums`) to hide, those `hidden` already among them.

    Empty cells are shown as such, but in a place whose cells can't be told apart otherwise: there all are hidden. Cells
    `shown` elsewhere, and the sum of all, are never hidden unless they are small. Raises Unprotectable.
    """
    net = _Net(counts, {*shown, (SUM, SUM)})
    tiny = sorted(
        (cell for cell, n in counts.items() if 0 < n < small), key=lambda cell: (counts[cell], cell)
    )
    for cell in {*tiny, *hidden}:
        net.hide(cell)
    for cell in tiny:
        if not net.protects(cell, small):
            if cell[1] == SUM:
                raise Unprotectable
            net.blank(cell[1])
            if not net.protects(cell, small):
                raise Unprotectable
    return frozenset(net.hidden)


class _Net:
    """The cells of a table by the lines in which they stand, and which of them are hidden so far."""

    def __init__(self, counts: Mapping[Cell, int], shown: Collection[Cell]) -> None:
        self._counts, self._shown = dict(counts), shown
        self.hidden: set[Cell] = set()
        # Cells that hold at least nothing: of places of which not even the empty cells are shown.
        self._empties: set[Cell] = set()
        # By line: its cells, each with the line that crosses there.
        self._all: _Crossings = {}
        self._gone: _Crossings = {}
        for cell in sorted(counts):
            self._put(self._all, cell)

    def _put(self, lines: _Crossings, cell: Cell) -> None:
        row, column = _ends(cell)
        lines.setdefault(row, []).append((cell, column))
        lines.setdefault(column, []).append((cell, row))

    def hide(self, cell: Cell) -> None:
        """Hide a cell; an empty one was hidden before, with its place."""
        if cell not in self._counts:
            self._empties.add(cell)
            self._counts[cell] = 0
            self._put(self._all, cell)
        if cell not in self.hidden:
            self.hidden.add(cell)
            self._put(self._gone, cell)

    def blank(self, place: str) -> None:
        """Hide every cell of a place, the empty ones too."""
        for category in {category for category, _ in self._counts} - {SUM}:
            self._empties.add((category, place))
            self.hide((category, place))

    def protects(self, cell: Cell, small: int) -> bool:
        """Hide what is needed for a cell to be able to be not small, and anything of as many values as small ones have.

        Downwards as far as goes: a sum of three that are not empty can't be less than three.
        """
        spare = self._move(cell, -1, self._counts[cell] - 1)
        return not self._move(cell, 1, small - self._counts[cell] + spare)

    def _move(self, cell: Cell, sign: int, wanted: int) -> int:
        """Let a cell gain or lose as much as wanted, hiding what that takes; return what is left to want."""
        changed: dict[Cell, int] = {}
        while wanted > 0:
            way = self._through_hidden(cell, sign, changed) or self._cheapest(cell, sign, changed)
            if not way:
                break
            least = min([wanted, *(self._room(one, step, changed) for one, step in way)])
            for one, step in way:
                changed[one] = changed.get(one, 0) + step * least
                self.hide(one)
            wanted -= least
        return wanted

    def _room(self, cell: Cell, step: int, changed: Mapping[Cell, int]) -> int:
        """How much more (step 1) or less (step -1) a cell could hold: a hidden one is not empty, unless all are hidden."""
        if step > 0:
            return _NO_END
        return self._counts[cell] + changed.get(cell, 0) - (cell not in self._empties)

    def _through_hidden(self, target: Cell, sign: int, changed: Mapping[Cell, int]) -> list[tuple[Cell, int]]:
        """A way from the column of a cell back to its row, as cells and whether they gain or lose; empty for none.

        What a cell gains its line must lose; sums count against their parts, so that all lines add up to nothing.
        """
        end, start = _ends(target)
        begins = _sign(target) * sign
        came: dict[_Line, tuple[_Line, Cell, int]] = {start: (start, target, 0)}
        line = deque([start])
        while line:
            node = line.popleft()
            turn = -begins if node[0] == _COLUMN else begins
            for cell, other in self._gone.get(node, ()):
                step = turn * _sign(cell)
                if other in came or cell == target or self._room(cell, step, changed) <= 0:
                    continue
                came[other] = (node, cell, step)
                if other == end:
                    return _steps(came, start, end)
                line.append(other)
        return []

    def _cheapest(self, target: Cell, sign: int, changed: Mapping[Cell, int]) -> list[tuple[Cell, int]]:
        """The same, also through cells that would have to be hidden for it, as few and small ones as can be."""
        end, start = _ends(target)
        begins = _sign(target) * sign
        best: dict[_Line, int] = {start: 0}
        came: dict[_Line, tuple[_Line, Cell, int]] = {}
        heap = [(0, start)]
        while heap:
            cost, node = heapq.heappop(heap)
            if node == end:
                return _steps(came, start, end)
            turn = -begins if node[0] == _COLUMN else begins
            for cell, other in self._all[node] if cost == best[node] else ():
                is_hidden, step = cell in self.hidden, turn * _sign(cell)
                if (
                    cell == target
                    or (cell in self._shown and not is_hidden)
                    or self._room(cell, step, changed) <= 0
                ):
                    continue
                price = cost + 1 + (0 if is_hidden else self._counts[cell] + _DEAR * (SUM in cell))
                if price < best.get(other, _NO_END):
                    best[other], came[other] = price, (node, cell, step)
                    heapq.heappush(heap, (price, other))
        return []


def _ends(cell: Cell) -> tuple[_Line, _Line]:
    return (_ROW, cell[0]), (_COLUMN, cell[1])


def _sign(cell: Cell) -> int:
    """A sum counts against its parts; the sum of all is a sum of sums."""
    return -1 if (cell[0] == SUM) != (cell[1] == SUM) else 1


def _steps(came: Mapping[_Line, tuple[_Line, Cell, int]], start: _Line, end: _Line) -> list[tuple[Cell, int]]:
    steps, node = [], end
    while node != start:
        node, cell, step = came[node]
        steps.append((cell, step))
    return steps
