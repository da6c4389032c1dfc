"""A consented list as a file: one person a line, by LINE id, Telegram id or our own; then province and name, if known.

Columns are parted by commas, semicolons or tabs; a first line that begins with no id is a heading.
"""

import csv
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple
from uuid import UUID

import regex

from campaigns.audience.traits import CallNameError, ProvinceError, tidy_name, tidy_province
from core.errors import InvalidInputError, TooLargeError

# LINE, too, makes no audience of fewer than 50.
FEWEST_ROWS = 50
MOST_ROWS = 100_000
MOST_BYTES = 10 * 1024 * 1024
_SHOWN_LINES = 10
_LINE = regex.compile(r"U[0-9a-f]{32}")
_TELEGRAM = regex.compile(r"[1-9][0-9]{4,15}")

Source = Literal["line", "telegram", "ours"]


class TooFewRowsError(InvalidInputError):
    """Fewer than 50 different people: whoever brings the list knows them, and could find out about one."""

    code = "list_too_few"


class ListTooLargeError(TooLargeError):
    code = "list_too_large"


class ListLinesError(InvalidInputError):
    """Lines that are no rows of a list; their numbers, the first ten at most, and nothing of what stands in them."""

    code = "list_lines"

    def __init__(self, lines: Sequence[int]) -> None:
        self.lines = tuple(lines[:_SHOWN_LINES])
        numbers = ", ".join(map(str, self.lines))
        super().__init__(
            f"correct these lines: {numbers}; each is a LINE id, a Telegram id or an id of ours, then a province's number"
            " and a name where they are known"
        )


class Row(NamedTuple):
    source: Source
    address: str
    province: str | None
    name: str | None


def read_list(data: bytes) -> list[Row]:
    """Read a file, everybody once; raises ListTooLargeError, ListLinesError, TooFewRowsError."""
    if len(data) > MOST_BYTES:
        raise ListTooLargeError(f"a list has {MOST_BYTES // 1024 // 1024} MB at most; part it in two")
    rows: dict[tuple[str, str], Row] = {}
    wrong: list[int] = []
    for number, cells in _lines(_decoded(data)):
        row = _row(cells)
        if row is not None:
            rows.setdefault((row.source, row.address), row)
        elif number > 1 or _address(cells[0]):
            wrong.append(number)
    if wrong:
        raise ListLinesError(wrong)
    if len(rows) > MOST_ROWS:
        raise ListTooLargeError(f"a list has {MOST_ROWS:,} people at most; part it in two")
    if len(rows) < FEWEST_ROWS:
        raise TooFewRowsError(f"a list has {FEWEST_ROWS} different people or more")
    return list(rows.values())


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ListLinesError([data.count(b"\n", 0, error.start) + 1]) from None


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Lines that are not empty, by number, as cells."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip(" \t,;\0"):
            mark = next((mark for mark in "\t;," if mark in line), ",")
            yield number, [cell.strip() for cell in next(csv.reader([line], delimiter=mark))]


def _row(cells: Sequence[str]) -> Row | None:
    found = _address(cells[0])
    if found is None or len(cells) > 3:
        return None
    source, address = found
    _, province, name = (*cells, "", "", "")[:3]
    try:
        return Row(
            source, address, tidy_province(province) if province else None, tidy_name(name) if name else None
        )
    except (ProvinceError, CallNameError):
        return None


def _address(cell: str) -> tuple[Source, str] | None:
    if _LINE.fullmatch(cell):
        return "line", cell
    if _TELEGRAM.fullmatch(cell):
        return "telegram", cell
    try:
        return "ours", str(UUID(cell))
    except ValueError:
        return None
