import hashlib
import json
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import AppError
from referrals.tracks.lines import (
    COLUMNS,
    MOST_BYTES,
    MOST_LINES,
    FileBytesError,
    FileCutError,
    FileFormError,
    FileLinesError,
    LineError,
    Raw,
    read_line,
    split_file,
    write_file,
)

CASE = "01935c5e-0000-7000-8000-000000000001"
HEADING = "outside_id,case,track,step,happened_on,amount,note"
LINE = f"A-1,{CASE},prosecution,indicted,2026-11-20,,"
WHOLE = {
    "outside_id": "A-1",
    "case": CASE,
    "track": "compensation",
    "step": "paid",
    "happened_on": "2026-11-20",
}


def csv_of(*lines: str, end: str = "") -> bytes:
    return "\n".join((HEADING, *lines, end or f"#end,{len(lines)}")).encode()


def jsonl_of(*rows: dict[str, Any], end: dict[str, Any] | None = None) -> bytes:
    return "\n".join(json.dumps(row) for row in (*rows, {"end": len(rows)} if end is None else end)).encode()


def test_a_whole_file_is_split_into_its_lines() -> None:
    found = split_file(csv_of(LINE, LINE), "csv")
    assert [raw.number for raw in found] == [2, 3]
    assert found[0].cells["step"] == "indicted"
    assert [raw.number for raw in split_file(jsonl_of(WHOLE, WHOLE, WHOLE), "jsonl")] == [1, 2, 3]


def test_what_a_spreadsheet_makes_of_a_file_is_read() -> None:
    content = b"\xef\xbb\xbf" + csv_of(
        f'{LINE.rstrip(",")},,"a ""word"",\nand more"', end="#end,1,,,,,\n\n"
    ).replace(b"\n", b"\r\n")
    (raw,) = split_file(content, "csv")
    assert raw.cells["note"] == 'a "word",\r\nand more'


def test_half_a_file_is_refused_wherever_it_is_cut() -> None:
    before = f"{HEADING}\n{LINE}\n{LINE}\n".encode()
    whole = before + f"#end,2,{hashlib.sha256(before).hexdigest()}\n".encode()
    assert len(split_file(whole, "csv")) == 2
    said = len(before) + len("#end,2")
    for length in range(said):
        with pytest.raises(AppError) as refused:
            split_file(whole[:length], "csv")
        assert refused.value.code in {"file_cut", "file_form"}, length
    # Behind the number all steps are there; a SHA-256 that is cut is refused all the same.
    assert [len(split_file(whole[:length], "csv")) for length in (said, said + 1)] == [2, 2]
    with pytest.raises(FileCutError):
        split_file(whole[: said + 10], "csv")
    rows = jsonl_of(WHOLE, WHOLE)
    for length in range(len(rows)):
        with pytest.raises(FileCutError):
            split_file(rows[:length], "jsonl")


@pytest.mark.parametrize("end", ["#end,1", "#end,3", "#end,", "#end,2,abc", f"#end,2,{'0' * 64}"])
def test_a_last_line_that_says_otherwise_is_refused(end: str) -> None:
    with pytest.raises(FileCutError):
        split_file(csv_of(LINE, LINE, end=end), "csv")


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe", b"a\0b", b"#end,0", b"step,colour\n#end,0", b"step,step\n#end,0", b"step\n#end,0"],
)
def test_what_is_no_such_file_is_refused(content: bytes) -> None:
    with pytest.raises(FileFormError):
        split_file(content, "csv")


def test_files_are_not_endless() -> None:
    with pytest.raises(FileBytesError):
        split_file(b" " * (MOST_BYTES + 1), "jsonl")
    with pytest.raises(FileLinesError):
        split_file(jsonl_of(*[{"a": 1}] * (MOST_LINES + 1)), "jsonl")
    with pytest.raises(FileFormError):
        split_file(jsonl_of(WHOLE) + b"\n{}", "jsonl")


def test_a_line_is_read_into_what_it_says() -> None:
    line = read_line(
        Raw(
            7,
            WHOLE | {"amount": 85000000, "happened_at": "2026-11-20T09:30:00+07:00", "details": {"court": "C", "debtors": ["a"]},
                     "about": "B-1", "note": "=1+1", "person": "2"},
        )
    )  # fmt: skip
    assert (line.number, line.case, line.happened_on) == (7, UUID(CASE), date(2026, 11, 20))
    assert line.happened_at == datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
    assert (line.amount, line.person, line.about, line.note) == (85000000, 2, "B-1", "=1+1")
    assert line.details == {"court": "C", "debtors": ["a"]}


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("outside_id", "", "missing_field"), ("outside_id", "a\nb", "line_form"), ("outside_id", "x" * 201, "line_form"),
        ("case", "7", "unknown_case"), ("step", None, "missing_field"), ("happened_on", "20/11/2026", "date_form"),
        ("happened_on", "2569-11-20", "date_buddhist_era"), ("happened_on", "2026-02-30", "date_form"),
        ("happened_on", "20261120", "date_form"), ("happened_on", "๒๕๖๙-11-20", "date_form"),
        ("happened_at", "2026-11-20T09:30", "date_form"), ("happened_at", "2569-11-20T09:30+07:00", "date_buddhist_era"),
        ("amount", "850,000.00", "number_form"), ("amount", 1.5, "number_form"), ("amount", True, "number_form"),
        ("amount", "๘๕๐", "number_form"), ("amount", "9" * 19, "number_form"), ("person", "-1", "number_form"),
        ("details", "[1]", "line_form"), ("details", {"a": 1.5}, "line_form"), ("note", 5, "line_form"),
        ("note", "\ud800", "line_form"), ("colour", "red", "line_form"), ("", "more", "line_form"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_line_has_a_code_and_its_column(column: str, cell: Any, code: str) -> None:
    with pytest.raises(LineError) as wrong:
        read_line(Raw(1, WHOLE | {column: cell}))
    assert wrong.value.code == code
    assert wrong.value.field == (column if column in COLUMNS else "")


@given(
    st.lists(
        st.dictionaries(st.sampled_from(("event", "amount", "step")), st.integers() | st.none()), max_size=5
    )
)
def test_what_is_written_is_whole_for_who_reads_it(rows: list[dict[str, Any]]) -> None:
    made = write_file(rows, ("event", "step", "amount"), "jsonl")
    *lines, end = [json.loads(line) for line in made.decode().splitlines()]
    assert end["end"] == len(lines) == len(rows)
    assert lines == [{name: value for name, value in row.items() if value is not None} for row in rows]
    body = made[: made.rindex(b'{"end"')]
    assert hashlib.sha256(body).hexdigest() == end["sha256"]


@given(st.binary(max_size=300), st.sampled_from(("csv", "jsonl")))
def test_no_content_breaks_the_reading(content: bytes, form: Any) -> None:
    def read() -> int:
        try:
            for raw in split_file(content, form):
                read_line(raw)
        except AppError as refused:
            return refused.status
        return 200

    assert read() < 500
