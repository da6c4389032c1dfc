import pytest

from nlp.lines import mended, unwrapped
from nlp.normal import as_given

OFFER = "รับสมัครแอดมินตอบแชททำงานที่ปอยเปตรายได้เดือนละสามหมื่น"


@pytest.mark.parametrize("width", [3, 7, 12])
def test_a_text_cut_into_equal_lines_is_whole_again(width: int) -> None:
    cut = "\n".join(OFFER[i : i + width] for i in range(0, len(OFFER), width))
    assert unwrapped(as_given(cut)).text == OFFER


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("งานแอด\nมินออนไลน์", "งานแอดมินออนไลน์"),
        ("ไปปอย\nเปตกัน", "ไปปอยเปตกัน"),
        ("ทำงา\nนดี", "ทำงานดี"),
        ("สม-\nัคร", "สมัคร"),
    ],
)
def test_a_word_cut_by_a_line_end_is_whole_again(written: str, meant: str) -> None:
    assert mended(as_given(written)).text == meant


@pytest.mark.parametrize(
    "text", ["รับสมัครพนักงาน\nเงินเดือนดี", "มาทำงาน\nกับเรา", "ที่พักฟรี\nมีรถรับส่ง", "a\nb\nc\nd\ne"]
)
def test_lines_that_end_with_a_word_stay(text: str) -> None:
    assert mended(unwrapped(as_given(text))).text == text
