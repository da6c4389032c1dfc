import pytest

from benchmarks.pictures.errors import character_error_rate, edits


@pytest.mark.parametrize(
    ("one", "other", "steps"),
    [("kitten", "sitting", 3), ("", "abc", 3), ("abc", "", 3), ("ปอยเปต", "ปอยเปค", 1), ("ก่อน", "ก่อน", 0)],
)
def test_it_counts_letters_put_in_taken_out_and_changed(one: str, other: str, steps: int) -> None:
    assert edits(one, other) == edits(other, one) == steps


def test_white_space_of_any_kind_is_one_space_or_none() -> None:
    assert character_error_rate("รับ งาน", "รับ\n\n งาน") == 0
    assert character_error_rate("รับ งาน", "รับงาน") == pytest.approx(1 / 7)
    assert character_error_rate("รับ งาน", "รับงาน", spaces=False) == 0


def test_a_letter_written_in_two_ways_is_the_same() -> None:
    assert character_error_rate("café", "cafe\u0301") == 0


def test_nothing_read_is_all_wrong() -> None:
    assert character_error_rate("งาน", "") == 1
