import csv
import io
import re
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.faces.sheets import Sheet, safe_cell, write_csv, write_xlsx

DANGEROUS = [
    "=1+1", "+66812345678", "-1", "@SUM(A1)", "|cmd", "%0A", "\t=1", "\r=1", "\n=1", "\ufeff=1", "\u200b=1", " =1", "\u00a0=1",
    "\x00=1", "\x1f+1", "＝1+1", "＋1", "－1", "＠x", "\ufeff \t\u200b＝1", "\u0301=1", "%", "｜x", "％x", "﹢1", "\u2060=1", "\x08\n",
]  # fmt: skip
HARMLESS = ["กรุงเทพมหานคร", "ซ่อน", "12", "a=b", "ไลน์ =x", "", "น้ำ", "’=1", "P0 ด่วนที่สุด"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_what_could_be_a_formula_is_marked(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", HARMLESS)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert safe_cell(text) == text


@given(st.text(max_size=200))
def test_nothing_that_begins_like_a_formula_comes_through(text: str) -> None:
    assert not re.match(r"[\s\x00-\x1f\ufeff\u200b-\u200f]*[=+\-@|%\t\r\n]", safe_cell(text))


def test_a_long_run_of_unseen_letters_hides_no_formula() -> None:
    assert safe_cell("\u200b" * 500 + "=1").startswith("'")


def sheets(cell: str) -> list[Sheet]:
    return [Sheet(cell, (cell, "เรื่อง"), [(cell, 3), ("น้ำ", None)]), Sheet("อื่น", ("ก",), [])]


@pytest.mark.parametrize("cell", ["=HYPERLINK(1)", "@line_id", 'ก,ข"ค"\nง', "＝1"])
def test_csv_gives_back_what_was_written(cell: str) -> None:
    rows = list(csv.reader(io.StringIO(write_csv(sheets(cell)).decode("utf-8-sig"), newline="")))
    safe = safe_cell(cell)
    assert rows == [[safe], [safe, "เรื่อง"], [safe, "3"], ["น้ำ", ""], [], ["อื่น"], ["ก"]]


@pytest.mark.parametrize("cell", ['=HYPERLINK("http://x")', "http://example.org", "{=1}", "12"])
def test_xlsx_holds_text_and_numbers_and_no_formula(cell: str) -> None:
    with zipfile.ZipFile(io.BytesIO(write_xlsx(sheets(cell), title="รายงาน"))) as book:
        everything = "".join(book.read(name).decode() for name in book.namelist())
        page = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in everything
    assert "<hyperlink" not in everything
    assert page.count('t="s"') == 4
    assert "<v>3</v>" in page


def test_names_of_sheets_are_ones_that_a_workbook_takes() -> None:
    names = ["ยาว" * 20, "ยาว" * 20, "a/b[c]", "", "A/B[c]"]
    content = write_xlsx([Sheet(name, ("ก",), []) for name in names], title="")
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        found = re.findall(r'<sheet name="([^"]*)"', book.read("xl/workbook.xml").decode())
    assert len({name.lower() for name in found}) == 5
    assert all(0 < len(name) <= 31 for name in found)
