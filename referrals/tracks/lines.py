"""Files of steps from agencies whose systems cannot call us: CSV or JSON Lines, one step a line, and a last line that says
how many there are, so that half a file is never taken for a whole one.
"""

import csv
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, get_args
from uuid import UUID

from core.errors import InvalidInputError, TooLargeError

Form = Literal["csv", "jsonl"]
FORMS: tuple[Form, ...] = get_args(Form)
# Columns of CSV and names of JSON alike. `case` is the agency's own name of the case, `about` an event or an earlier line.
COLUMNS = (
    "outside_id", "case", "track", "step", "happened_on", "happened_at", "person", "amount", "fund", "item",
    "outcome", "people", "months", "about", "details", "note",
)  # fmt: skip
NEEDED = ("outside_id", "case", "track", "step", "happened_on")
MOST_BYTES = 2 * 1024 * 1024
# Each line costs what a step costs, some 20 ms and more in long cases; a call should not last minutes.
MOST_LINES = 500
LONGEST_OUTSIDE_ID = 200
_END = "#end"
# From this year on a year is one of the Buddhist era, which files do not use.
BUDDHIST_FROM = 2400
_BOM = b"\xef\xbb\xbf"
_DAY = re.compile(r"(\d{4})-\d{2}-\d{2}", re.ASCII)
_WHOLE = re.compile(r"-?\d{1,18}", re.ASCII)
_SMALL = re.compile(r"\d{1,4}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}")


class FileCutError(InvalidInputError):
    """The last line is not there, or says otherwise than what came: half a file."""

    code = "file_cut"


class FileFormError(InvalidInputError):
    """Not a file of this form: not UTF-8, no heading, a column that is not known."""

    code = "file_form"


class FileBytesError(TooLargeError):
    code = "file_bytes"


class FileLinesError(TooLargeError):
    code = "file_lines"


class LineError(InvalidInputError):
    """What is wrong with one line; `code` is one of its own, `field` the column."""

    def __init__(self, code: str, column: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.field = column


@dataclass(frozen=True, slots=True)
class Line:
    """One step as a line tells it; `number` is the line of the file."""

    number: int
    outside_id: str
    case: UUID
    track: str
    step: str
    happened_on: date
    happened_at: datetime | None = None
    person: int | None = None
    amount: int | None = None
    fund: str | None = None
    item: str | None = None
    outcome: str | None = None
    people: int | None = None
    months: int | None = None
    about: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Raw:
    """A line before anybody looked at what it says."""

    number: int
    cells: Mapping[str, Any]


def split_file(content: bytes, form: Form) -> list[Raw]:
    """Return the lines of a whole file; raises FileBytesError, FileFormError, FileLinesError, FileCutError."""
    if len(content) > MOST_BYTES:
        raise FileBytesError(f"a file holds at most {MOST_BYTES // 1024} KiB; send several")
    try:
        text = content.removeprefix(_BOM).decode("utf-8")
    except UnicodeDecodeError:
        raise FileFormError("save the file as UTF-8") from None
    if "\0" in text:
        raise FileFormError("a file of text holds no NUL")
    rows, end = _split_csv(text) if form == "csv" else _split_jsonl(text)
    if len(rows) > MOST_LINES:
        raise FileLinesError(f"a file holds at most {MOST_LINES} steps; send several")
    _check_end(content, rows, end)
    return rows


@dataclass(frozen=True, slots=True)
class _End:
    """What the last line says, and how many bytes from the end it begins."""

    count: str
    sha256: str
    length: int


def _check_end(content: bytes, rows: list[Raw], end: _End | None) -> None:
    if end is None:
        raise FileCutError("the file has no last line that says how many steps it holds; send it whole")
    if end.count != str(len(rows)):
        raise FileCutError(
            f"the last line does not say {len(rows)}, which is how many steps came; send it whole"
        )
    if end.sha256:
        before = content[: len(content) - end.length]
        if not _SHA256.fullmatch(end.sha256) or hashlib.sha256(before).hexdigest() != end.sha256:
            raise FileCutError(
                "what stands before the last line has another SHA-256 than it says; send it whole"
            )


def _last_line(text: str) -> str:
    """Return the last line that is not empty, with all that follows it."""
    start = text.rstrip("\r\n \t").rfind("\n") + 1
    return text[start:]


def _split_csv(text: str) -> tuple[list[Raw], _End | None]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        records = [(reader.line_num, record) for record in reader if any(cell.strip() for cell in record)]
    except csv.Error:
        raise FileCutError("a quotation mark is not closed, or the file was cut off in a line") from None
    if not records:
        raise FileFormError("the first line names the columns")
    heading = [cell.strip() for cell in records[0][1]]
    while heading and not heading[-1]:
        heading.pop()
    _check_heading(heading)
    *lines, last = records
    end = None
    if last[1][0].strip() == _END:
        said = [cell.strip() for cell in last[1]] + ["", ""]
        end = _End(said[1], said[2], len(_last_line(text).encode()))
    else:
        lines = records
    return [Raw(number, _by_name(heading, record)) for number, record in lines[1:]], end


def _check_heading(heading: list[str]) -> None:
    unknown = [name for name in heading if name not in COLUMNS]
    if unknown or len(set(heading)) != len(heading):
        raise FileFormError(f"columns are {', '.join(COLUMNS)}, each once")
    missing = [name for name in NEEDED if name not in heading]
    if missing:
        raise FileFormError(f"these columns are missing: {', '.join(missing)}")


def _by_name(heading: list[str], record: list[str]) -> dict[str, Any]:
    cells: dict[str, Any] = dict(zip(heading, (cell.strip() for cell in record), strict=False))
    if any(cell.strip() for cell in record[len(heading) :]):
        # Under no heading; `read_line` refuses it by this name.
        cells[""] = "more"
    return cells


def _split_jsonl(text: str) -> tuple[list[Raw], _End | None]:
    rows: list[Raw] = []
    end = None
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        if end is not None:
            raise FileFormError(f"something stands behind the last line, in line {number}")
        cells = _object(line)
        if cells is not None and "end" in cells:
            end = _End(str(cells["end"]), str(cells.get("sha256", "")), len(_last_line(text).encode()))
        else:
            rows.append(Raw(number, cells if cells is not None else {"": line}))
    return rows, end


def _object(line: str) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def read_line(raw: Raw) -> Line:
    """Read what a line says; raises LineError for the first thing that is wrong with it."""
    for name in raw.cells:
        if name not in COLUMNS:
            raise LineError("line_form", "", "a line holds the known columns and nothing else")
    told = {name: raw.cells.get(name) for name in COLUMNS}
    for name in NEEDED:
        if told[name] in (None, ""):
            raise LineError("missing_field", name, f"`{name}` is missing")
    read = {name: _READERS[name](name, cell) for name, cell in told.items() if cell not in (None, "")}
    return Line(number=raw.number, **read)


def _text(name: str, cell: Any) -> str:
    if not isinstance(cell, str) or any(0xD800 <= ord(letter) <= 0xDFFF for letter in cell):
        raise LineError("line_form", name, f"`{name}` is text")
    return cell


def _outside_id(name: str, cell: Any) -> str:
    found = _text(name, cell)
    if len(found) > LONGEST_OUTSIDE_ID or not found.isprintable():
        raise LineError("line_form", name, f"`{name}` has 1 to {LONGEST_OUTSIDE_ID} printable characters")
    return found


def _case(name: str, cell: Any) -> UUID:
    try:
        return UUID(_text(name, cell))
    except ValueError:
        raise LineError(
            "unknown_case", name, "no such case of yours; it is named by the id that we gave"
        ) from None


def _day(name: str, cell: Any) -> date:
    found = _DAY.fullmatch(_text(name, cell))
    if found and int(found[1]) >= BUDDHIST_FROM:
        raise _buddhist(name)
    try:
        return date.fromisoformat(found[0] if found else "")
    except ValueError:
        raise LineError("date_form", name, "write days as 2026-11-23") from None


def _moment(name: str, cell: Any) -> datetime:
    try:
        found = datetime.fromisoformat(_text(name, cell))
    except ValueError:
        raise LineError("date_form", name, "write moments as 2026-11-23T09:30:00+07:00") from None
    if found.year >= BUDDHIST_FROM:
        raise _buddhist(name)
    if found.tzinfo is None:
        raise LineError("date_form", name, "a moment says its zone: 2026-11-23T09:30:00+07:00")
    return found


def _buddhist(name: str) -> LineError:
    return LineError("date_buddhist_era", name, "write years of the common era: 2026, not 2569")


def _number(pattern: re.Pattern[str]) -> Callable[[str, Any], int]:
    def read(name: str, cell: Any) -> int:
        written = str(cell) if isinstance(cell, int) and not isinstance(cell, bool) else cell
        if not isinstance(written, str) or not pattern.fullmatch(written):
            raise LineError(
                "number_form", name, f"`{name}` is a whole number in digits 0 to 9, without separators"
            )
        return int(written)

    return read


def _details(name: str, cell: Any) -> dict[str, Any]:
    found = cell if isinstance(cell, dict) else _object(_text(name, cell))
    if found is None or not all(_is_plain(value) for value in found.values()):
        raise LineError(
            "line_form", name, f"`{name}` is a JSON object of texts, whole numbers, flags and lists of texts"
        )
    return found


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int) or (
        isinstance(value, list) and all(isinstance(one, str) for one in value)
    )


_READERS: Mapping[str, Callable[[str, Any], Any]] = {
    "outside_id": _outside_id, "case": _case, "track": _text, "step": _text, "happened_on": _day,
    "happened_at": _moment, "person": _number(_SMALL), "amount": _number(_WHOLE), "fund": _text, "item": _text,
    "outcome": _text, "people": _number(_SMALL), "months": _number(_SMALL), "about": _text, "details": _details,
    "note": _text,
}  # fmt: skip


def write_file(rows: Sequence[Mapping[str, Any]], columns: tuple[str, ...], form: Form) -> bytes:
    """Write rows of codes, ids, days and whole numbers (JSON Lines: words too) as a file with its last line."""
    body = "".join(_csv_lines(rows, columns) if form == "csv" else _json_lines(rows, columns))
    sha256 = hashlib.sha256(body.encode()).hexdigest()
    if form == "csv":
        return f"{body}{_END},{len(rows)},{sha256}\r\n".encode()
    return (body + json.dumps({"end": len(rows), "sha256": sha256}) + "\n").encode()


def _csv_lines(rows: Sequence[Mapping[str, Any]], columns: tuple[str, ...]) -> Iterator[str]:
    page = io.StringIO(newline="")
    out = csv.writer(page)
    out.writerow(columns)
    out.writerows(["" if row.get(name) is None else row[name] for name in columns] for row in rows)
    yield page.getvalue()


def _json_lines(rows: Sequence[Mapping[str, Any]], columns: tuple[str, ...]) -> Iterator[str]:
    for row in rows:
        told = {name: row[name] for name in columns if row.get(name) not in (None, "", {})}
        yield json.dumps(told, ensure_ascii=False) + "\n"
