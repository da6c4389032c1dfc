import pytest

from nlp.characters import GONE, in_lower_case, plain_characters
from nlp.normal import as_given


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("③⑤⓪", "350"),
        ("❸⓿", "30"),
        ("⑩", "10"),
        ("🔟", "10"),
        ("٣٥", "35"),
        ("₃₅", "35"),
        ("ʟɪɴᴇ", "line"),
        ("Ꮮine", "line"),
        ("🇱 🇮 🇳 🇪", "l i n e"),
        ("🇰🇭", "  "),
        ("🆔", "id"),
        ("ฃอฅอๅ", "ขอคอา"),
        ("LINE", "LINE"),
        ("𝐋𝐢", "Li"),
    ],
)
def test_a_character_has_one_plain_form(written: str, plain: str) -> None:
    assert plain_characters(as_given(written)).text == plain


@pytest.mark.parametrize(
    "nothing", ["\u200b", "\u034f", "\u3164", "\u0336", "\ufe0f", "\U000e0100", "\u202e"]
)
def test_what_does_not_show_is_marked(nothing: str) -> None:
    assert plain_characters(as_given(nothing)).text == GONE


def test_lao_letters_inside_thai_words_are_thai_and_a_sign_of_disguise() -> None:
    normal = plain_characters(as_given("รັບสມັคຣแອดมິนຕอບ"))
    assert normal.text == "รับสมัครแอดมินตอบ"
    assert normal.odd


def test_lao_stays_lao() -> None:
    assert plain_characters(as_given("ຂ້ອຍຕ້ອງການຄວາມຊ່ວຍເຫຼືອ")).text == "ຂ້ອຍຕ້ອງການຄວາມຊ່ວຍເຫຼືອ"


def test_lower_case_keeps_the_length() -> None:
    assert in_lower_case(as_given("LİNE")).text in {"lİne", "line"}
