"""Reads a scenario: one conversation in a file of its own, in plain Thai. How to write one: README.md beside this.

A line is `key: words` or a key alone; lines that begin with two blanks go on with the words of the line before; `#` begins
a remark. `+ ` before an act: it follows the act before it without a turn in between. `[line] ` or `[telegram] ` before a
line: only there.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from simulator.faults import Platform

TALKS = Path(__file__).parent / "talks"
PLATFORMS: tuple[Platform, ...] = ("line", "telegram")
_PROMISE, _ONLY, _CLOCK = "เรื่อง", "เฉพาะ", "เวลา"


class Line(NamedTuple):
    number: int
    key: str
    words: str
    # Without a turn between it and the act before.
    together: bool


class Scenario(NamedTuple):
    """`clock` is the time of day in Bangkok at which it begins, (hour, minute)."""

    path: Path
    promise: str
    platforms: tuple[Platform, ...]
    clock: tuple[int, int]
    # With the platform that a line is kept to, or "".
    lines: tuple[tuple[str, Line], ...]

    @property
    def name(self) -> str:
        return str(self.path.relative_to(TALKS).with_suffix(""))

    def has(self, key: str) -> bool:
        return any(line.key == key for _, line in self.lines)

    def on(self, platform: Platform) -> list[Line]:
        return [line for only, line in self.lines if only in ("", platform)]


class UntellableError(ValueError):
    """The file is not in the form that README.md describes."""


def all_scenarios() -> list[Scenario]:
    return [read(path) for path in sorted(TALKS.rglob("*.txt"))]


def read(path: Path) -> Scenario:
    """Raises UntellableError."""
    head: dict[str, str] = {}
    lines: list[tuple[str, Line]] = []
    for only, line in _lines(path):
        if line.key in (_PROMISE, _ONLY, _CLOCK) and not lines:
            head[line.key] = line.words
        else:
            lines.append((only, line))
    if not head.get(_PROMISE):
        raise UntellableError(f"{path.name}: begin with `{_PROMISE}: …`, the promise that it keeps")
    platform = head.get(_ONLY)
    if platform is not None and platform not in PLATFORMS:
        raise UntellableError(f"{path.name}: `{_ONLY}:` names line or telegram")
    hour, _, minute = head.get(_CLOCK, "10.00").partition(".")
    shown = PLATFORMS if platform is None else tuple(one for one in PLATFORMS if one == platform)
    return Scenario(path, head[_PROMISE], shown, (int(hour), int(minute)), tuple(lines))


def _lines(path: Path) -> Iterator[tuple[str, Line]]:
    """Each line with what goes on below it."""
    only, kept = "", None
    for number, raw in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if raw.startswith("  "):
            if kept is None:
                raise UntellableError(f"{path.name}:{number}: nothing here to go on with")
            kept = kept._replace(words=f"{kept.words}\n{raw[2:].rstrip()}")
            continue
        if kept is not None:
            yield only, kept
            kept = None
        if raw.strip() and not raw.startswith("#"):
            only, kept = _line(number, raw.strip())
    if kept is not None:
        yield only, kept


def _line(number: int, raw: str) -> tuple[str, Line]:
    only = next((one for one in PLATFORMS if raw.startswith(f"[{one}] ")), "")
    rest = raw.removeprefix(f"[{only}] ") if only else raw
    together = rest.startswith("+ ")
    key, _, words = rest.removeprefix("+ ").partition(":")
    return only, Line(number, key.strip(), words.strip(), together)
