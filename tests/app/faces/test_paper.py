import io
import unicodedata

import pypdfium2
import pytest
from pypdf import PdfReader

from app.faces.paper import UNKNOWN, Column, Paper


def paper(watermark: str = "") -> Paper:
    return Paper(title="เอกสาร", foot="ทำโดยใครบางคน", page_of="หน้า {page} / {pages}", watermark=watermark)


def text_of(content: bytes) -> list[str]:
    """Each page's text, with the vowel of น้ำ put together again as people type it."""
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
    return [typed(page) for page in pages]


def typed(text: str) -> str:
    for tone in ("", "\u0e48", "\u0e49", "\u0e4a", "\u0e4b"):
        text = text.replace(f"\u0e4d{tone}\u0e32", f"{tone}\u0e33")
    return text


WORDS = "เจ้าหน้าที่รับเรื่อง น้ำ ค่ำ ผู้ยื่นคำร้อง กู้ยืม ใต้ต้นไม้ อื่น ๆ"


def test_the_text_layer_holds_the_words_as_they_were() -> None:
    sheet = paper()
    sheet.text(WORDS)
    assert WORDS in text_of(sheet.to_bytes())[0]
    assert not sheet.lacks_letters


def test_tone_marks_stand_above_vowels_and_not_on_them() -> None:
    """What is drawn with both marks is higher than with one; collided they would be as high."""

    def height(word: str) -> int:
        sheet = Paper(title="", foot="", page_of="")
        sheet.title(word)
        bitmap = (
            pypdfium2.PdfDocument(sheet.to_bytes())[0]
            .render(scale=6, crop=(0, 700, 0, 0))
            .to_pil()
            .convert("L")
        )
        box = bitmap.point(lambda value: 255 if value < 128 else 0).getbbox()
        assert box is not None
        return box[3] - box[1]

    for bare, one, both in (("ท", "ที", "ที่"), ("ช", "ชื", "ชื่"), ("น", "นํ", "น้ำ"), ("ก", "กั", "กั้")):
        assert height(bare) < height(one) < height(both), both


def test_lines_end_between_words_and_never_inside_a_letter() -> None:
    sheet = paper()
    sheet.text("ที่" * 3)
    words = "ผู้แจ้งบอกว่าถูกยึดหนังสือเดินทางและออกจากที่พักไม่ได้" * 6
    lines = sheet.wrap(words, 60)
    assert "".join(lines) == words
    assert len(lines) > 5
    assert all(unicodedata.category(line[0]) != "Mn" for line in lines)
    assert all(line[0] not in "าะๆฯ" for line in lines)


def test_a_word_longer_than_a_line_is_broken_and_not_cut() -> None:
    sheet = paper()
    lines = sheet.wrap("x" * 300, 60)
    assert "".join(lines) == "x" * 300
    assert len(lines) > 2


def test_what_the_typeface_lacks_shows_as_such() -> None:
    sheet = paper()
    sheet.text("ก ភាសា 😀 ข")
    assert f"ก {UNKNOWN} {UNKNOWN} ข" in text_of(sheet.to_bytes())[0]
    assert sheet.lacks_letters


def test_each_page_has_its_number_its_watermark_and_the_head_of_its_table() -> None:
    sheet = paper("ให้ตำรวจเท่านั้น")
    sheet.table([Column("หัวตาราง"), Column("เรื่อง", align="right")], [("แถว", str(n)) for n in range(120)])
    pages = text_of(sheet.to_bytes())
    assert len(pages) > 2
    for number, page in enumerate(pages, 1):
        assert f"หน้า {number} / {len(pages)}" in page
        assert "ให้ตำรวจเท่านั้น" in page
        assert "หัวตาราง" in page


@pytest.mark.parametrize("title", ["เอกสาร", "ลับสุดยอด"])
def test_a_sealed_one_hides_its_metadata_too(title: str) -> None:
    sheet = Paper(title=title, foot="", page_of="")
    sealed = sheet.to_bytes("abcd-efgh")
    assert title.encode("utf-16-be") not in sealed
    assert title.encode() not in sealed
    assert PdfReader(io.BytesIO(sealed), password="abcd-efgh").metadata["/Title"] == title  # type: ignore[index]
