import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.console.words import MOST_MARKS, harmless


@pytest.mark.parametrize(
    "text",
    ["สวัสดีค่ะ", "ก่อน\nหลัง\tแท็บ", "ที่นั่น น้ำ กุ้ง ปี่", "👩‍👩‍👧", "مرحبا", "ខ្មែរ", "မြန်မာ", "ລາວ", "Việt Nam"],
)
def test_it_leaves_ordinary_text_of_every_language_alone(text: str) -> None:
    assert harmless(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x00b\x1bc\x7fd\x9be", "abcde"),
        ("a\u202eb\u2066c\u2069d", "abcd"),
        ("a\ud800b", "ab"),
        ("a\r\nb\rc", "a\nbc"),
    ],
)
def test_it_drops_what_could_disturb_the_page(text: str, shown: str) -> None:
    assert harmless(text) == shown


def test_it_flattens_piles_of_marks() -> None:
    assert harmless("ก" + "\u0e49" * 100 + "ข") == "ก" + "\u0e49" * MOST_MARKS + "ข"


@given(st.text(st.characters(), max_size=200))
def test_it_never_fails_and_doing_it_twice_is_doing_it_once(text: str) -> None:
    once = harmless(text)
    assert harmless(once) == once
    once.encode()
