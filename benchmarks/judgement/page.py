"""The printed report: sections, tables, goals beside the figures, and how far the work is."""

import sys
import textwrap
import time
from collections.abc import Sequence
from typing import NamedTuple

from benchmarks.judgement.figures import Figure

_WIDTH = 118
_BEGAN = time.perf_counter()


class Goal(NamedTuple):
    """What the figure should be: at least or at most `bound`, which is written as `unit` says."""

    bound: float
    at_least: bool = True
    unit: str = ""

    def __str__(self) -> str:
        percent = self.unit == "%"
        shown = f"{100 * self.bound:.0f} %" if percent else f"{self.bound:,.10g}{self.unit}"
        return f"{'≥' if self.at_least else '≤'} {shown}"

    def is_met(self, value: float) -> bool:
        return value >= self.bound if self.at_least else value <= self.bound

    def mark(self, value: float) -> str:
        return f"{self} {'met' if self.is_met(value) else 'MISSED'}"


class _Held(NamedTuple):
    about: str
    shown: str
    goal: Goal
    met: bool


class Page:
    """Prints as it goes, and gathers what had a goal; `texts`: print also the texts that were judged wrongly."""

    def __init__(self, *, texts: bool = False) -> None:
        self.texts = texts
        self._held: list[_Held] = []

    def section(self, title: str, *explained: str) -> None:
        print(f"\n\n{title}\n{'─' * len(title)}")
        for paragraph in explained:
            print(textwrap.fill(paragraph, _WIDTH))

    def say(self, line: str = "") -> None:
        print(line, flush=True)

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Print columns as wide as they need, the first to the left and all others to the right."""
        if not rows:
            return
        widths = [max(len(row[at]) for row in (head, *rows)) for at in range(len(head))]
        print()
        for row in (head, *rows):
            cells = [row[0].ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(row[1:], widths[1:], strict=True))]  # fmt: skip
            print("  ".join(cells).rstrip(), flush=True)

    def hold(self, about: str, figure: Figure | float, goal: Goal, shown: str = "") -> str:
        """Note a figure that has a goal; returns the goal with whether it was met."""
        value = figure.value if isinstance(figure, Figure) else figure
        self._held.append(_Held(about, shown or str(figure), goal, goal.is_met(value)))
        return goal.mark(value)

    def close(self) -> None:
        """Print every goal in one table."""
        if self._held:
            met = sum(held.met for held in self._held)
            self.section(f"Goals: {met} of {len(self._held)} met")
            rows = [(h.about, h.shown, str(h.goal), "met" if h.met else "MISSED") for h in self._held]
            self.table(("what", "measured", "goal", ""), rows)


def tell(doing: str) -> None:
    """Say on standard error how far the work is."""
    print(f"{time.perf_counter() - _BEGAN:5.0f} s  {doing}", file=sys.stderr, flush=True)
