from hypothesis import given, settings
from hypothesis import strategies as st

from bots.copy import count_graphemes
from bots.dialogues.quoting import LONGEST, quote_signs, shorten
from nlp.judgement import Indicator


def sign(start: int, end: int, reason: str = "เพราะ", weight: float = 1.0) -> Indicator:
    return Indicator(
        code=reason, name=reason, reason=reason, weight=weight, start=start, end=end, evidence=""
    )


def test_it_quotes_the_strongest_sign_first() -> None:
    text = "แอดไลน์ก่อน แล้วโอนค่ามัดจำ"
    quotes = quote_signs(text, [sign(0, 7, "ไลน์", 0.4), sign(17, 27, "มัดจำ", 1.5)])
    assert [quote.why for quote in quotes] == ["มัดจำ", "ไลน์"]
    assert [quote.words for quote in quotes] == ["โอนค่ามัดจำ", "แอดไลน์"]


def test_signs_on_the_same_words_are_one_quote_with_the_strongest_reason_first() -> None:
    (quote,) = quote_signs("ปอยเปต เงินดี ไม่ต้องมีพาสปอร์ต", [sign(7, 31, "เอกสาร", 0.9), sign(0, 13, "ที่นี่", 1.2)])
    assert quote.words == "ปอยเปต เงินดี ไม่ต้องมีพาสปอร์ต"
    assert quote.why == "ที่นี่\nเอกสาร"


def test_a_sign_between_two_others_joins_them() -> None:
    signs = [sign(0, 6, "หนึ่ง", 3), sign(14, 20, "สอง", 2), sign(4, 16, "สาม", 1), sign(24, 30, "สี่", 0.5)]
    quotes = quote_signs("aaaaaa bbbbbb cccccc dddddd eeeeee", signs)
    assert [quote.why for quote in quotes] == ["หนึ่ง\nสาม\nสอง", "สี่"]


def test_a_sign_that_spans_many_lines_does_not_swallow_the_others() -> None:
    text = "ปอยเปต " + "ทำงานสบาย " * 6 + "มีรถรับ ไม่ใช้วุฒิ"
    signs = [sign(0, 6, "ที่นี่", 3), sign(0, len(text), "รถรับ", 2), sign(text.index("ไม่ใช้"), len(text), "วุฒิ", 1)]
    quotes = quote_signs(text, signs)
    assert [quote.why for quote in quotes] == ["ที่นี่", "รถรับ", "วุฒิ"]
    assert [quotes[0].words, quotes[2].words] == ["ปอยเปต", "ไม่ใช้วุฒิ"]


def test_a_sign_that_cuts_a_word_is_quoted_whole() -> None:
    (quote,) = quote_signs("ไม่ต้องมีพาสปอร์ต ไปได้เลย", [sign(0, 12)])
    assert quote.words == "ไม่ต้องมีพาสปอร์ต"


def test_signs_for_the_offer_and_spans_outside_the_text_are_left_out() -> None:
    assert quote_signs("งานดี", [sign(0, 3, weight=-1), sign(0, 99), sign(-1, 3), sign(3, 3)]) == ()


def test_the_same_reason_is_told_once_and_four_quotes_at_most() -> None:
    text = "ก1 ข2 ค3 ง4 จ5 ฉ6"
    assert len(quote_signs(text, [sign(0, 2, "a"), sign(3, 5, "a")])) == 1
    assert len(quote_signs(text, [sign(n * 3, n * 3 + 2, str(n)) for n in range(6)])) == 4


def test_a_long_passage_keeps_its_beginning_and_end_and_whole_words() -> None:
    long = "รับสมัครแอดมินตอบแชท " + "ทำงานสบาย " * 20 + "ไม่ต้องมีพาสปอร์ต"
    short = shorten(long)
    assert short.startswith("รับสมัครแอดมิน")
    assert short.endswith("ไม่ต้องมีพาสปอร์ต")
    assert " … " in short
    assert count_graphemes(short) <= LONGEST


def test_one_endless_word_is_cut_between_graphemes() -> None:
    short = shorten("กำ" * 200)
    assert count_graphemes(short) <= LONGEST
    assert not short.endswith("ำ …ำ")


def test_characters_that_turn_or_hide_text_are_taken_out() -> None:
    assert shorten("งาน\u202eดี\u0000\n\n ที่\u200bบ้าน\ud800") == "งาน ดี ที่ บ้าน"


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=400), st.lists(st.tuples(st.integers(-5, 410), st.integers(-5, 410)), max_size=6))
def test_any_spans_in_any_text_give_clean_short_lines(text: str, spans: list[tuple[int, int]]) -> None:
    for quote in quote_signs(text, [sign(a, b, f"{a}-{b}") for a, b in spans]):
        assert quote.words == quote.words.strip()
        assert "\n" not in quote.words
        assert 0 < count_graphemes(quote.words) <= LONGEST
        quote.words.encode()


def test_a_sign_inside_endless_letters_is_not_grown_far() -> None:
    (quote,) = quote_signs("x" * 30 + "abc" + "y" * 30, [sign(30, 33)])
    assert quote.words == "abc"
