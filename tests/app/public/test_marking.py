from hypothesis import given
from hypothesis import strategies as st

from app.faces.characters import drop_hidden
from app.public.marking import mark_signs
from nlp.judgement import Indicator, judge
from tests.app.public.conftest import LURE


def sign(start: int, end: int, weight: float = 1.0) -> Indicator:
    return Indicator("x", "x", "x", weight, start, end, "")


def test_the_pieces_give_the_text_back_with_its_signs_marked() -> None:
    judgement = judge(LURE)
    pieces = mark_signs(LURE, judgement.indicators)
    assert "".join(piece.text for piece in pieces) == LURE
    marked = [piece.text for piece in pieces if piece.marked]
    assert any("ปอยเปต" in words for words in marked)
    assert "@admin99" in marked


def test_marks_end_where_words_end() -> None:
    text = "ไม่ต้องใช้พาสปอร์ต นะ"
    assert mark_signs(text, [sign(7, 14)])[1].text == "ใช้พาสปอร์ต"


def test_overlapping_signs_are_one_mark_and_what_speaks_for_an_offer_is_none() -> None:
    text = "one two three four five six seven"
    pieces = mark_signs(text, [sign(4, 13), sign(8, 18), sign(0, 3, weight=-1.0)])
    assert [piece.text for piece in pieces if piece.marked] == ["two three four"]


def test_direction_and_control_characters_do_not_reach_the_page() -> None:
    text = "ก่อน\u202e\0 ปอยเปต หลัง"
    assert "".join(piece.text for piece in mark_signs(text, [sign(7, 13)])) == "ก่อน ปอยเปต หลัง"


@given(
    st.text(max_size=80),
    st.lists(st.tuples(st.integers(-5, 90), st.integers(-5, 90)), max_size=6),
)
def test_any_spans_on_any_text_give_the_text_back(text: str, spans: list[tuple[int, int]]) -> None:
    pieces = mark_signs(text, [sign(start, end) for start, end in spans])
    assert "".join(piece.text for piece in pieces) == drop_hidden(text)
