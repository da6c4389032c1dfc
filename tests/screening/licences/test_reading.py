"""The file of the register: both encodings, every problem by its line, all or nothing. Guards 17."""

from datetime import date
from pathlib import Path

import pytest

from core.errors import InvalidInputError
from screening.licences.reading import MOST_BYTES, read_date, read_register

SAMPLE = Path(__file__).parents[3] / "docs" / "samples" / "licences-fictional.csv"
GOOD = "number,company\nน.988/2543,บริษัท เอกสมมติ จำกัด\nต.12/2560,บริษัท โทสมมติ จำกัด\n"


def refused(data: bytes | str) -> str:
    with pytest.raises(InvalidInputError) as caught:
        read_register(data if isinstance(data, bytes) else data.encode())
    return str(caught.value)


def test_the_sample_is_read_and_is_plainly_fictional() -> None:
    register = read_register(SAMPLE.read_bytes())
    assert (len(register.lines), register.as_of) == (5, date(2026, 11, 1))
    assert {line.number.split(".")[0] for line in register.lines} == {"ตย"}
    assert register.lines[3].expires_on == date(2019, 5, 31)


@pytest.mark.parametrize("encoded", [GOOD.encode(), GOOD.encode("utf-8-sig"), GOOD.encode("tis-620"),
                                     GOOD.replace("\n", "\r\n").encode("cp874"), GOOD.replace(",", ";").encode(),
                                     GOOD.replace(",", "\t").encode()])  # fmt: skip
def test_encodings_and_separators_that_offices_use_are_read(encoded: bytes) -> None:
    assert [(line.key, line.company) for line in read_register(encoded).lines] == [
        ("น.988/2543", "บริษัท เอกสมมติ จำกัด"),
        ("ต.12/2560", "บริษัท โทสมมติ จำกัด"),
    ]


@pytest.mark.parametrize(
    "heading",
    [
        "เลขที่ใบอนุญาต,ชื่อบริษัท",
        "ใบอนุญาตเลขที่,ชื่อ",
        "Licence No.,Company Name",
        "LICENSE_NUMBER,name",
        " number , company ",
    ],
)
def test_headings_of_the_register_and_english_ones_are_read(heading: str) -> None:
    assert len(read_register(GOOD.replace("number,company", heading).encode()).lines) == 2


def test_other_columns_quotes_and_empty_lines_are_no_trouble() -> None:
    text = 'ลำดับ,company,ที่อยู่,number\n1,"บริษัท เอก, จำกัด","ก\nข",น.1/2560\n\n,,,\n2,บริษัท โท,,น.2/2560\n'
    assert [line.key for line in read_register(text.encode()).lines] == ["น.1/2560", "น.2/2560"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1: the file is empty"),
        ("\n \n", "line 1: the file is empty"),
        ("licence,phone\nน.1/2560,02\n", "line 1: no column company"),
        ("a,b\n1,2\n", "line 1: no column number and no column company"),
        ("number,company,name\nน.1/2560,เอก,โท\n", "line 1: two columns are headed as company"),
        ("number,company\n", "line 2: no recruiter"),
        (GOOD + "น.3/2560\n", "line 4: 1 columns where the heading has 2"),
        (GOOD + "น.3/2560,ก,ข\n", "line 4: 3 columns"),
        (GOOD + "น.988/2543,บริษัท ซ้ำ จำกัด\n", "line 4: น.988/2543 stands on line 2 already"),
        (GOOD + "น. ๐๙๘๘/๒๕๔๓,บริษัท ซ้ำ จำกัด\n", "stands on line 2 already"),
        (GOOD + "เก้าร้อย,บริษัท ก จำกัด\n", "line 4: the licence number"),
        (GOOD + "น.3/2560,\n", "line 4: the company has no name"),
        (GOOD + 'น.3/2560,"บริษัท\n', "line 4: this is not CSV"),
        ("number,company,expires_on\nน.1/2560,เอกก,31/02/2570\n", "line 2: there is no such date"),
        ("number,company,as_of\nน.1/2560,เอกก,พรุ่งนี้\n", "line 2: a date is written"),
        ("number,company,as_of\nน.1/2560,เอก,2569-11-01\nน.2/2560,โท,2569-11-02\n", "line 3: another as-of date"),
    ],
)  # fmt: skip
def test_every_problem_is_named_by_its_line(text: str, said: str) -> None:
    assert said in refused(text)


def test_all_problems_are_named_at_once_up_to_ten() -> None:
    told = refused(GOOD + "ก,ข\n" * 30)
    assert told.count("line ") == 10
    assert told.endswith("nothing was imported")


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (GOOD.encode("utf-16"), 1),
        (GOOD.encode() + b"\xff\xfe,x\n", 4),
        (GOOD.encode("tis-620") + b"\xe0\x81\xff,x\n", 4),
        (b"number,company\n1/2560," + "Société Générale à Orléans".encode("latin-1") + b"\n", 2),
        (b"\x89PNG\r\n\x1a\n\x00\x00", 1),
    ],
)  # fmt: skip
def test_an_encoding_that_is_neither_is_named_by_the_first_line_that_shows_it(data: bytes, line: int) -> None:
    assert f"line {line}: this " in refused(data)


def test_a_file_of_another_size_is_not_the_register() -> None:
    assert "20 MB" in refused(b"x" * (MOST_BYTES + 1))


@pytest.mark.parametrize("written", ["2026-11-01", "2569-11-01", "1/11/2569", "01/11/2026", "๑/๑๑/๒๕๖๙"])
def test_a_day_may_be_written_in_either_era(written: str) -> None:
    assert read_date(written) == date(2026, 11, 1)


@pytest.mark.parametrize("written", ["", "2569", "1 พ.ย. 2569", "2569-13-01", "32/1/2569"])
def test_what_is_no_day_is_refused(written: str) -> None:
    with pytest.raises(InvalidInputError):
        read_date(written)
