import pytest

from nlp.reading_tesseract import Word
from nlp.reading_words import choose, is_doubtful, is_speech, put_right


def word(text: str, confidence: float, left: int = 0, right: int = 100) -> Word:
    return Word(text, confidence, left, right)


@pytest.mark.parametrize(
    ("read", "right"),
    [
        ("ทํางาน", "ทำงาน"),
        ("นํ้า", "น้ำ"),
        ("น้ํา", "น้ำ"),
        ("ค่าน้ำมัน", "ค่าน้ำมัน"),
        ("เเม่บ้าน", "แม่บ้าน"),
        ("ที่่บ้าน", "ที่บ้าน"),
        ("ท่ี", "ที่"),
        ("7OO บาท", "700 บาท"),
        ("45,0OO", "45,000"),
        ("LINE: OO77oo", "LINE: OO77oo"),
        ("7eleven", "7eleven"),
    ],
)
def test_slips_of_the_reader_are_put_right_and_nothing_else(read: str, right: str) -> None:
    assert put_right(read) == right


def test_a_thai_word_mistaken_for_a_latin_one_is_taken_from_the_thai_reading() -> None:
    mixed = [word("รับ", 95, 0, 40), word("Au", 88, 50, 90)]
    thai = [word("รับ", 95, 0, 40), word("คน", 93, 50, 90)]
    assert [w.text for w in choose(mixed, thai)] == ["รับ", "คน"]


def test_a_latin_word_stays_where_thai_alone_makes_a_muddle_of_it() -> None:
    mixed = [word("ไลน์", 95, 0, 40), word("island.staff", 60, 50, 190)]
    thai = [word("ไลน์", 95, 0, 40), word("1ร!ลทส.รเลหี", 86, 50, 190)]
    assert [w.text for w in choose(mixed, thai)] == ["ไลน์", "island.staff"]


def test_a_sure_latin_word_stays() -> None:
    assert choose([word("admin", 96)], [word("ลอหาก", 71)]) == [word("admin", 96)]


def test_only_doubtful_lines_are_read_again() -> None:
    assert not is_doubtful([word("รับสมัคร", 96)], 88)
    assert is_doubtful([word("รับสมัคร", 70)], 88)
    assert is_doubtful([word("รับ", 96), word("Us", 96)], 88)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([word("|", 95)], False),
        ([word("๕", 63)], False),
        ([word("ด่วน", 60)], True),
        ([word("ฟดกห", 20)], False),
        ([], False),
    ],
)
def test_spots_read_as_letters_are_no_text(words: list[Word], *, expected: bool) -> None:
    assert is_speech(words) is expected
