"""Reading the file of the licence register: UTF-8 or TIS-620, every problem named by its line, all or nothing."""

import csv
import hashlib
import io
import re
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from core.errors import InvalidInputError
from nlp.normalize import fold
from screening.licences.numbers import number_key

MOST_BYTES = 20 * 1024 * 1024
# Problems named at once; a file with more has one cause.
_MOST_NAMED = 10
_LONGEST_NAME = 300
# Column → the headings it may have, in any case; the Thai ones as the register prints them.
_HEADINGS = {
    "number": re.compile(r"number|licen[cs]e(?:[ _-]?(?:no|number))?\.?|(?:เลขที่)?ใบอนุญาต(?:เลขที่)?|เลขที่|เลขที่ใบอนุญาต.*"),
    "company": re.compile(r"company(?:[ _-]?name)?|name|ชื่อ|ชื่อ(?:บริษัท|สำนักงาน|ผู้รับอนุญาต|นายจ้าง).*|บริษัท"),
    "as_of": re.compile(r"as[ _-]?of(?:[ _-]?date)?|ข้อมูล(?:ณ|ณ วันที่|วันที่)?.*|ณ วันที่"),
    "expires_on": re.compile(r"expires?(?:[ _-]?on|[ _-]?date)?|expiry(?:[ _-]?date)?|(?:วัน)?(?:ที่)?(?:หมดอายุ|สิ้นอายุ).*"),
}  # fmt: skip
_NEEDED = ("number", "company")
_DATE = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})|(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})"
)
_BUDDHIST_FROM, _ERA = 2400, 543
# A vowel or tone mark needs a consonant before it; bytes of another encoding read as Thai don't know that.
_ORPHAN_MARK = re.compile(
    "(?:^|[^\u0e01-\u0e2e\u0e31\u0e34-\u0e3a\u0e47-\u0e4e])[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]"
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


class Line(NamedTuple):
    """One recruiter of the file."""

    number: str
    key: str
    company: str
    expires_on: date | None


class RegisterFile(NamedTuple):
    """The whole file, checked; `as_of` is None where it names no date."""

    lines: list[Line]
    as_of: date | None
    digest: bytes


def read_register(data: bytes) -> RegisterFile:
    """Read a register; raises InvalidInputError naming lines (the heading is line 1), up to ten problems at once."""
    if len(data) > MOST_BYTES:
        raise InvalidInputError("the file is larger than 20 MB; is it the register?")
    text = _decode(data)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        heading = next(rows, [])
        columns = _columns(heading)
        read = _read_rows(rows, columns, len(heading))
    except csv.Error as error:
        raise InvalidInputError(f"line {rows.line_num}: this is not CSV ({error})") from None
    return RegisterFile(read.lines, read.as_of, hashlib.sha256(data).digest())


def read_date(written: str) -> date:
    """Read 2026-11-01, 2569-11-01, 1/11/2569 or ๑/๑๑/๒๕๖๙; raises InvalidInputError."""
    match = _DATE.fullmatch(fold(written).text.strip())
    if match is None:
        raise InvalidInputError("a date is written 2569-11-01 or 1/11/2569")
    year = int(match["year"] or match["y"])
    year -= _ERA if year > _BUDDHIST_FROM else 0
    try:
        return date(year, int(match["month"] or match["m"]), int(match["day"] or match["d"]))
    except ValueError:
        raise InvalidInputError("there is no such date") from None


def _decode(data: bytes) -> str:
    body = data.removeprefix(b"\xef\xbb\xbf")
    if not body.strip():
        raise InvalidInputError("line 1: the file is empty; a heading with number and company is needed")
    for name in ("utf-8", "tis-620"):
        try:
            text = body.decode(name)
        except UnicodeDecodeError:
            continue
        _refuse_gibberish(text)
        return text
    raise InvalidInputError(
        f"line {_first_unreadable(body)}: this is neither UTF-8 nor TIS-620; save the file as CSV UTF-8"
    )


def _refuse_gibberish(text: str) -> None:
    for number, line in enumerate(text.split("\n"), 1):
        if _ORPHAN_MARK.search(line) or _CONTROL.search(line):
            raise InvalidInputError(
                f"line {number}: this does not read as Thai in UTF-8 or TIS-620; save the file as CSV UTF-8"
            )


def _first_unreadable(body: bytes) -> int:
    """Return the line to look at: of a file that is mostly UTF-8 the first that is not, else the first that TIS-620 lacks."""
    lines = body.split(b"\n")
    as_utf8 = [_reads(line, "utf-8") for line in lines]
    is_utf8 = any(good and not line.isascii() for good, line in zip(as_utf8, lines, strict=True))
    readable = as_utf8 if is_utf8 else [_reads(line, "tis-620") for line in lines]
    return readable.index(False) + 1


def _reads(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _delimiter(text: str) -> str:
    heading = text.split("\n", 1)[0]
    return max(",;\t", key=heading.count)


def _columns(heading: list[str]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for place, name in enumerate(heading):
        plain = " ".join(name.split()).casefold()
        column = next((c for c, pattern in _HEADINGS.items() if pattern.fullmatch(plain)), None)
        if column is not None and column in found:
            raise InvalidInputError(f"line 1: two columns are headed as {column}")
        if column is not None:
            found[column] = place
    missing = [column for column in _NEEDED if column not in found]
    if missing:
        raise InvalidInputError(
            f"line 1: no column {' and no column '.join(missing)}; the heading must name number and company, and may name"
            " as_of and expires_on (Thai headings of the register are read too)"
        )
    return found


class _Lines:
    """The lines read so far, held against each other."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.as_of: date | None = None
        self._first_seen: dict[str, int] = {}

    def add(self, line: Line, as_of: date | None, at: int) -> None:
        """Take a line in; raises InvalidInputError for a number or a date that contradicts an earlier line."""
        first = self._first_seen.setdefault(line.key, at)
        if first != at:
            raise InvalidInputError(f"{line.number} stands on line {first} already")
        self.as_of = self.as_of or as_of
        if as_of and as_of != self.as_of:
            raise InvalidInputError(f"another as-of date than {self.as_of}; a register has one")
        self.lines.append(line)


def _read_rows(rows: Any, columns: Mapping[str, int], width: int) -> _Lines:
    read = _Lines()
    problems: list[str] = []
    for row in rows:
        if not any(cell.strip() for cell in row):
            continue
        try:
            read.add(*_read_row(row, columns, width), rows.line_num)
        except InvalidInputError as error:
            problems.append(f"line {rows.line_num}: {error}")
            if len(problems) == _MOST_NAMED:
                break
    if problems:
        raise InvalidInputError("\n".join(problems) + "\nnothing was imported")
    if not read.lines:
        raise InvalidInputError("line 2: no recruiter follows the heading; nothing was imported")
    return read


def _read_row(row: list[str], columns: Mapping[str, int], width: int) -> tuple[Line, date | None]:
    if len(row) != width:
        raise InvalidInputError(f"{len(row)} columns where the heading has {width}")
    cells = {column: " ".join(row[place].split()) for column, place in columns.items()}
    key = number_key(cells["number"])
    if key is None:
        raise InvalidInputError(
            "the licence number is not of the form 988/2543, with or without letters before it"
        )
    if not 2 <= len(cells["company"]) <= _LONGEST_NAME:
        raise InvalidInputError("the company has no name, or one of more than 300 letters")
    expires_on = read_date(cells["expires_on"]) if cells.get("expires_on") else None
    as_of = read_date(cells["as_of"]) if cells.get("as_of") else None
    return Line(cells["number"], key, cells["company"], expires_on), as_of
