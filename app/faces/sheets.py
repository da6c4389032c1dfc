"""Tables as files for spreadsheets, in which nothing that somebody wrote becomes a formula."""

import csv
import importlib
import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import regex

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

Value = str | int | float | None

# What a spreadsheet may take for the beginning of a formula or a command (OWASP's list, with "|" and "%" of DDE).
_STARTS = frozenset("=+-@|%\t\r\n")
# What may stand before it unseen: byte order marks, blanks, control, format and unassigned characters, combining marks.
_UNSEEN = regex.compile(r"[\p{C}\p{Z}\p{M}]+")
_MARK = "'"
_LONGEST_NAME = 31
_NOT_IN_NAMES = regex.compile(r"[\[\]:*?/\\']")
_WIDEST = 60
# Excel on Windows reads UTF-8 only behind it.
_BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its name, the line of headings, rows as long as it."""

    name: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Value]]


def safe_cell(text: str) -> str:
    """Put an apostrophe before what a spreadsheet could take for a formula, also behind what can't be seen."""
    found = _UNSEEN.match(text)
    unseen = found[0] if found else ""
    first = unicodedata.normalize("NFKC", text[len(unseen) :][:1])[:1]
    return _MARK + text if not _STARTS.isdisjoint(unseen + first) else text


def _cell(value: Value) -> Value:
    return safe_cell(value) if isinstance(value, str) else value


def write_csv(sheets: Sequence[Sheet]) -> bytes:
    """One table below the other, with a blank line between."""
    page = io.StringIO(newline="")
    page.write(_BOM)
    out = csv.writer(page)
    for number, sheet in enumerate(sheets):
        if number:
            out.writerow([])
        out.writerow([safe_cell(sheet.name)])
        out.writerow([safe_cell(heading) for heading in sheet.headings])
        out.writerows([_cell(value) for value in row] for row in sheet.rows)
    return page.getvalue().encode()


def write_xlsx(sheets: Sequence[Sheet], *, title: str) -> bytes:
    """One table a sheet; every text is written as text, and marked as in CSV, where it may be saved to."""
    # 4 MB of which most processes have no need.
    xlsxwriter = importlib.import_module("xlsxwriter")
    page = io.BytesIO()
    book = xlsxwriter.Workbook(
        page,
        {
            "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
        },
    )  # fmt: skip
    book.set_properties({"title": title, "author": "RooTan"})
    bold = book.add_format({"bold": True, "bottom": 1})
    for name, sheet in zip(_names(sheets), sheets, strict=True):
        at = book.add_worksheet(name)
        for column, heading in enumerate(sheet.headings):
            at.write_string(0, column, safe_cell(heading), bold)
        for line, row in enumerate(sheet.rows, 1):
            for column, value in enumerate(row):
                _write(at, line, column, value)
        at.freeze_panes(1, 0)
        for column in range(len(sheet.headings)):
            at.set_column(column, column, _width(sheet, column))
    book.close()
    return page.getvalue()


def _write(at: "Worksheet", line: int, column: int, value: Value) -> None:
    if isinstance(value, str):
        at.write_string(line, column, safe_cell(value))
    elif value is not None:
        at.write_number(line, column, value)


def _width(sheet: Sheet, column: int) -> int:
    longest = max((len(str(row[column])) for row in sheet.rows), default=0)
    return min(max(longest, len(sheet.headings[column])) + 2, _WIDEST)


def _names(sheets: Sequence[Sheet]) -> list[str]:
    """Names as a workbook takes them: short, without some signs, each once."""
    names: list[str] = []
    for sheet in sheets:
        plain = _NOT_IN_NAMES.sub(" ", sheet.name).strip()[:_LONGEST_NAME] or "1"
        while plain.lower() in {name.lower() for name in names}:
            plain = f"{plain[: _LONGEST_NAME - 3]} {len(names)}"
        names.append(plain)
    return names
