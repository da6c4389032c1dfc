import pytest

from nlp.contexts import Frame, is_denied, read_frame
from nlp.entities.everything import find_entities
from nlp.prepared import prepare


def frame(text: str) -> Frame:
    prepared = prepare(text)
    return read_frame(prepared, find_entities(prepared))


@pytest.mark.parametrize(
    "text", ["เตือนภัย อย่าหลงเชื่องานแพ็คของ", "ระวังมิจฉาชีพชวนไปทำงาน", "beware of fake job offers"]
)
def test_a_warning_speaks_about_offers(text: str) -> None:
    assert frame(text).warns
    assert frame(text).speaks_about_offers


@pytest.mark.parametrize("text", ["ตำรวจจับแก๊งหลอกแรงงาน", "รมว.แรงงาน เปิดเผยว่า จัดส่งแรงงานแล้ว"])
def test_news_speaks_about_offers(text: str) -> None:
    assert frame(text).reports_news
    assert frame(text).speaks_about_offers


def test_a_victim_tells_a_story() -> None:
    assert frame("โดนหลอกให้โอนค่าสมัครงาน อยากแจ้งความ").speaks_about_offers


def test_a_recruiter_who_warns_of_others_still_offers() -> None:
    text = "ระวังมิจฉาชีพ งานจริงต้องที่นี่ รับสมัครแอดมิน สนใจแอดไลน์ id: job8899"
    assert frame(text).warns
    assert not frame(text).speaks_about_offers


def test_a_doubt_beside_a_pasted_offer_leaves_it_an_offer() -> None:
    asked = frame("อันนี้โดนหลอกไหมคะ รับสมัครคนกดไลก์ วันละ 800 บาท")
    assert asked.doubts
    assert not asked.speaks_about_offers


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("ไม่ยึดพาสปอร์ต", True),
        ("ไม่มีการยึดพาสปอร์ต", True),
        ("ยึดพาสปอร์ต", False),
        ("หนีไม่ได้ ยึดพาสปอร์ต", False),
        ("ไม่ดีเลยนายจ้างชอบยึดพาสปอร์ต", False),
    ],
)
def test_denial_stands_right_before(text: str, *, denied: bool) -> None:
    prepared = prepare(text)
    assert is_denied(prepared, prepared.events["keep"][0]) is denied
