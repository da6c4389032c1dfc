import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from referrals.packets.graphemes import MOST_RANGES, RangeError, Span, find_words, hide, read_ranges, widen

THAI = st.text(st.sampled_from("กขที่ปู้น้ำไเำ็์๐๑a 😀\u200d\u0301é"), min_size=1, max_size=40)
TEXT = "ที่นี่มีน้ำ"


@given(THAI, st.data())
def test_hiding_never_splits_a_letter_from_its_marks(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    span = widen(text, Span(start, end))
    assert span.start <= start < end <= span.end
    borders = {0, *(cluster.end() for cluster in regex.finditer(r"\X", text))}
    assert {span.start, span.end} <= borders


def test_a_mark_alone_takes_its_consonant_along() -> None:
    assert hide(TEXT, [widen(TEXT, Span(1, 2))], "#") == "#นี่มีน้ำ"
    assert hide(TEXT, [widen(TEXT, Span(len(TEXT) - 1, len(TEXT)))], "#") == "ที่นี่มี#"


def test_nothing_of_what_was_hidden_is_left_not_even_its_length() -> None:
    assert hide("aXXXbYc", [Span(1, 4), Span(5, 6)], "#") == "a#b#c"
    assert hide("aXXXbYc", [Span(1, 3), Span(2, 5), Span(5, 6)], "#") == "a#c"


@pytest.mark.parametrize(
    "typed",
    [
        "p:-1:3", "p:0:99", "p:3:3", "p:5:2", "p:a:b", "p:0:1.5", "p:0:1e1", "p:๐:๒", "p: 0:1", "p:+0:1", "p:0", "q:0:1",
        ":0:1", "", "p:0:1:2", "p:0:99999999999999999999999", "p:0:\uff11",
    ],
)  # fmt: skip
def test_what_is_no_range_of_the_text_is_refused(typed: str) -> None:
    with pytest.raises(RangeError):
        read_ranges([typed], {"p": TEXT})


def test_more_ranges_than_anybody_marks_are_refused() -> None:
    read_ranges(["p:0:1"] * MOST_RANGES, {"p": TEXT})
    with pytest.raises(RangeError):
        read_ranges(["p:0:1"] * (MOST_RANGES + 1), {"p": TEXT})


def test_ranges_are_read_for_each_piece() -> None:
    assert read_ranges(["p:0:1", "p:3:6", "a:b:0:2"], {"p": TEXT, "a:b": "xyz"}) == {
        "p": [Span(0, 3), Span(3, 6)],
        "a:b": [Span(0, 2)],
    }


def test_words_are_found_wherever_they_stand() -> None:
    text = "Somsak บอก somsak ว่า"
    assert [text[span.start : span.end] for span in find_words(text, ["somsak", ""])] == ["Somsak", "somsak"]
    # "ท" is a letter of its own only where no mark stands on it.
    assert [TEXT[span.start : span.end] for span in find_words(TEXT, ["ท"])] == ["ที่"]
