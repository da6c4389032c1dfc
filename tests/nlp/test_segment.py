import pytest

from nlp.segment import boundaries, words


def test_words_joined_give_the_text_back() -> None:
    text = "รับสมัครพนักงานขาย 12,000 บาท"
    assert "".join(words(text)) == text


def test_it_separates_thai_words() -> None:
    assert words("ผมซื้อบ้าน") == ["ผม", "ซื้อ", "บ้าน"]


def test_boundaries_stand_between_words() -> None:
    assert boundaries("ผมซื้อบ้าน") == {0, 2, 6, 10}


@pytest.mark.parametrize("length", [100, 127, 128, 129, 140, 200, 1_000, 3_500])
def test_long_texts_are_segmented_like_short_ones(length: int) -> None:
    offer = "รับสมัครแอดมินตอบแชตทำงานที่ปอยเปตเงินเดือน35000บาทไม่ใช้วุฒิ "
    text = (offer * 60)[:length]
    found = words(text)
    assert "".join(found) == text
    whole_offers = length // len(offer)
    assert found.count("แอดมิน") >= whole_offers
    assert found.count("ปอยเปต") >= whole_offers


def test_an_empty_text_has_no_words() -> None:
    assert words("") == []
    assert boundaries("") == {0}
