import pytest

from campaigns.audience.lists import (
    MOST_BYTES,
    MOST_ROWS,
    ListLinesError,
    ListTooLargeError,
    Row,
    TooFewRowsError,
    read_list,
)

LINES = [f"U{n:032x}" for n in range(60)]


def written(*lines: str) -> bytes:
    return "\n".join(lines).encode()


def test_ids_of_line_of_telegram_and_of_ours_are_read_with_what_is_known() -> None:
    ours = "0193b5a0-0000-7000-8000-000000000001"
    rows = read_list(written(f"{LINES[0]},10,พี่ดาว", "123456789;TH-50", f"{ours}\t\tเอก", *LINES[1:50]))
    assert rows[:3] == [
        Row("line", LINES[0], "10", "พี่ดาว"), Row("telegram", "123456789", "50", None), Row("ours", ours, None, "เอก"),
    ]  # fmt: skip


@pytest.mark.parametrize("heading", ["id,province,name", "รหัส", "\ufeffLINE ID"])
def test_a_heading_empty_lines_and_foreign_line_ends_are_no_people(heading: str) -> None:
    assert len(read_list("\r\n".join([heading, "", " , ", *LINES]).encode())) == 60


def test_everybody_counts_once_so_that_one_id_fifty_times_is_one() -> None:
    with pytest.raises(TooFewRowsError):
        read_list(written(*LINES[:1] * 50, *LINES[:48]))
    assert len(read_list(written(*LINES[:50]))) == 50


@pytest.mark.parametrize("fewer", [0, 1, 49])
def test_fewer_than_fifty_people_are_no_list(fewer: int) -> None:
    with pytest.raises(TooFewRowsError, match="50"):
        read_list(written(*LINES[:fewer]))


@pytest.mark.parametrize(
    "line",
    [
        "U" + "0" * 31, "U" + "0" * 33, "u" + "0" * 32, "C" + "0" * 32, "0812345678", "-1001234567890", "ดาว",
        f"{LINES[0]},กรุงเทพ", f"{LINES[0]},01", f"{LINES[0]},10,{'ก' * 41}", f"{LINES[0]},10,ดาว,0812345678", "=1+1",
    ],
)  # fmt: skip
def test_a_line_that_is_no_row_is_named_by_its_number_and_not_repeated(line: str) -> None:
    with pytest.raises(ListLinesError) as refused:
        read_list(written(*LINES[:55], line))
    assert refused.value.lines == (56,)
    assert line not in str(refused.value)


def test_a_first_line_that_begins_with_an_id_is_no_heading() -> None:
    with pytest.raises(ListLinesError) as refused:
        read_list(written(f"{LINES[0]},nowhere", *LINES))
    assert refused.value.lines == (1,)


def test_only_the_first_ten_wrong_lines_are_named() -> None:
    with pytest.raises(ListLinesError) as refused:
        read_list(written(*LINES, *["?"] * 30))
    assert refused.value.lines == tuple(range(61, 71))


def test_what_is_no_utf_8_says_in_which_line() -> None:
    with pytest.raises(ListLinesError) as refused:
        read_list(written(*LINES) + b"\n" + "U,10,ดาว".encode("cp874"))
    assert refused.value.lines == (61,)


def test_a_list_beyond_the_bounds_is_refused() -> None:
    with pytest.raises(ListTooLargeError):
        read_list(b"x" * (MOST_BYTES + 1))
    with pytest.raises(ListTooLargeError):
        read_list("\n".join(str(10_000 + n) for n in range(MOST_ROWS + 1)).encode())
