import pytest
from pythainlp.corpus import thai_words

from nlp.known_words import KEY_OF, KEYWORDS, are_thai_words, word_costs
from nlp.normal import as_given
from nlp.respelling import is_odd, reading_cost, respelled


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("รั้บส้มัคร่แอ้ดมิ๋น", "รับสมัครแอดมิน"),
        ("อแดมินปเอกสาร", "แอดมินปเอกสาร"),
        ("รรับบสสมัคครรพพนนักกงงานน", "รับสมัครพนักงาน"),
        ("สuใจทำjาน", "สนใจทำงาน"),
        ("ตฺ้องการพณักงาณ", "ต้องการพนักงาน"),
    ],
)
def test_disguised_words_are_spelled_out(written: str, meant: str) -> None:
    assert respelled(as_given(written), odd=True).text == meant


@pytest.mark.parametrize("text", ["งานนวดงานนี้ดีมากกว่า", "โชคร้ายได้งานไกล", "เขาขายตั๋วไม่ได้ขายตัว", "แบบนี้ก็ได้"])
def test_words_spelled_well_stay_even_in_an_odd_text(text: str) -> None:
    assert respelled(as_given(text), odd=True).text == text


def test_one_keyword_under_other_marks_is_enough_to_be_seen() -> None:
    assert respelled(as_given("ไปทำงานปอยเป้ตกัน"), odd=False).text == "ไปทำงานปอยเปตกัน"


def test_what_is_put_in_came_from_what_stood_there() -> None:
    text = "ไปปอยเป้ตกัน"
    normal = respelled(as_given(text), odd=False)
    at = normal.text.index("ปอยเปต")
    start, end = normal.given(at, at + len("ปอยเปต"))
    assert text[start:end] == "ปอยเป้ต"


@pytest.mark.parametrize(
    ("text", "odd"),
    [("รับสมัครพนักงานประจำร้าน", False), ("รั่้บส่ั้มัคร", True), ("สuใจ", True), ("ธำงาณฬะณะศญ", True)],
)
def test_it_knows_an_odd_text(text: str, odd: bool) -> None:  # noqa: FBT001 - a table of cases
    assert is_odd(text) is odd


def test_words_cost_less_than_letters() -> None:
    assert reading_cost("พนักงาน") < reading_cost("พนกัาง")
    assert are_thai_words("รับสมัครพนักงาน")
    assert not are_thai_words("ฟหกดฟหกด")


def test_no_keyword_has_the_key_of_another_common_word() -> None:
    keys = {word.translate(KEY_OF): word for word in KEYWORDS}
    others = {word for word in word_costs() if keys.get(word.translate(KEY_OF), word) != word}
    assert not {word for word in others if word_costs()[word] < 11} - {"ลาน"}


def test_no_common_word_of_the_dictionary_is_respelled() -> None:
    common = sorted(word for word in thai_words() if word_costs().get(word, 99) < 12)
    changed = [word for word in common if respelled(as_given(word), odd=True).text != word]
    assert len(changed) <= len(common) * 0.002, changed
