from nlp.segment import boundaries, words


def test_words_joined_give_the_text_back() -> None:
    text = "รับสมัครพนักงานขาย 12,000 บาท"
    assert "".join(words(text)) == text


def test_it_separates_thai_words() -> None:
    assert words("ผมซื้อบ้าน") == ["ผม", "ซื้อ", "บ้าน"]


def test_boundaries_stand_between_words() -> None:
    assert boundaries("ผมซื้อบ้าน") == {0, 2, 6, 10}


def test_an_empty_text_has_no_words() -> None:
    assert words("") == []
    assert boundaries("") == {0}
