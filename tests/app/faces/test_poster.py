"""The poster as a phone's camera and a reader see it."""

import io

import pypdfium2
import pytest
import zxingcpp
from pypdf import PdfReader

from app.faces.placard import Poster, PosterError
from app.faces.poster import draw_poster
from campaigns.entries import line_link, telegram_link

LINE = line_link("@rootan", "รู้ทันงาน")
TELEGRAM = telegram_link("@rootan_bot", "abc-DEF_1234")


def scanned(content: bytes) -> list[str]:
    """What a camera reads, from left to right; the page must be one."""
    document = pypdfium2.PdfDocument(content)
    assert len(document) == 1
    found = zxingcpp.read_barcodes(document[0].render(scale=2).to_pil())
    return [one.text for one in sorted(found, key=lambda one: one.position.top_left.x)]


@pytest.mark.parametrize("language", ["th", "en"])
def test_both_codes_are_read_and_lead_into_our_chats(language: str) -> None:
    poster = Poster("งานสบาย เงินดี ไปปอยเปต?", "รู้ทันงาน", LINE, TELEGRAM, "ลองทาย 3 ข้อ", language)
    content = draw_poster(poster)
    assert scanned(content) == [LINE, TELEGRAM]
    text = PdfReader(io.BytesIO(content)).pages[0].extract_text()
    assert "ปอยเปต" in text
    assert "รู้ทันงาน" in text


def test_the_longest_words_stay_on_one_page_and_one_platform_is_enough() -> None:
    content = draw_poster(Poster("ก่อนโอน " * 10, "คำยาวที่สุดเท่าที่พิมพ์ไหวจริง", LINE, "", "ถามเราก่อน " * 21))
    assert scanned(content) == [LINE]


@pytest.mark.parametrize(
    "poster",
    [
        Poster("ก", "ข"),
        Poster(" ", "ข", LINE),
        Poster("ก" * 81, "ข", LINE),
        Poster("ก", "ข", LINE, more="ข" * 241),
    ],
)
def test_what_does_not_fit_is_refused(poster: Poster) -> None:
    with pytest.raises(PosterError):
        draw_poster(poster)
