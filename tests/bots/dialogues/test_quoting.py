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
    (quote,) = quote_signs("aaaaaa bbbbbb cccccc dddddd eeeeee", signs)
    assert (quote.words, quote.why) == ("aaaaaa bbbbbb cccccc", "หนึ่ง\nสาม\nสอง")


def test_a_sign_on_words_of_its_own_is_told_before_one_a_little_stronger_on_words_already_quoted() -> None:
    text = "แอดมินปอยเปต ไม่ใช้วุฒิ"
    admin, place, papers = sign(0, 6, "แอดมิน", 1.5), sign(0, 12, "ที่นี่", 2), sign(13, len(text), "วุฒิ", 1)
    quotes = quote_signs(text, [admin, place, papers, sign(6, 12, "เมือง", 1.4)])
    assert [quote.why for quote in quotes] == ["ที่นี่\nแอดมิน", "วุฒิ"]


def test_what_a_model_found_is_told_after_the_words_that_a_rule_names() -> None:
    learned = Indicator("wording", "", "", 9.0, 0, 10, "")
    quotes = quote_signs("ทักมาได้เลย โอนค่ามัดจำ", [learned, sign(12, 23, "มัดจำ", 0.5)], "คล้ายงานหลอก")
    assert [(quote.words, quote.why) for quote in quotes] == [
        ("โอนค่ามัดจำ", "มัดจำ"),
        ("ทักมาได้เลย", "คล้ายงานหลอก"),
    ]


def test_a_sign_without_a_reason_is_quoted_without_one_where_none_is_given() -> None:
    (quote,) = quote_signs("โอนค่ามัดจำ", [Indicator("new_code", "", "", 1.0, 0, 11, "")])
    assert (quote.words, quote.why) == ("โอนค่ามัดจำ", "")


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


def test_the_same_reason_is_told_once_and_three_reasons_at_most() -> None:
    text = "ก1 ข2 ค3 ง4 จ5 ฉ6"
    assert len(quote_signs(text, [sign(0, 2, "a"), sign(3, 5, "a")])) == 1
    assert len(quote_signs(text, [sign(n * 3, n * 3 + 2, str(n)) for n in range(6)])) == 3
    (quote,) = quote_signs("ปอยเปตเงินดี", [sign(0, 12, str(n)) for n in range(6)])
    assert quote.why.split("\n") == ["0", "1", "2"]


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


def test_a_quote_does_not_grow_over_the_end_of_a_line() -> None:
    (quote,) = quote_signs("ทำงานฝั่งปอยเปต\nเงินเดือนดี", [sign(9, 15)])
    assert quote.words == "ปอยเปต"


def test_a_sign_inside_endless_letters_is_not_grown_far() -> None:
    (quote,) = quote_signs("x" * 30 + "abc" + "y" * 30, [sign(30, 33)])
    assert quote.words == "abc"
