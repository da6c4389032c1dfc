from itertools import pairwise

import pytest

from referrals.packets.suggestions import suggest


def found(**texts: str) -> dict[str, list[tuple[str, str]]]:
    return {
        piece: [(one.kind, texts[piece][one.span.start : one.span.end]) for one in suggestions]
        for piece, suggestions in suggest(texts).items()
    }


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("บัตร 1103701234567", "id_number", "1103701234567"),
        ("เลข 1-1037-01234-56-7 ค่ะ", "id_number", "1-1037-01234-56-7"),
        ("บัตร ๑ ๑๐๓๗ ๐๑๒๓๔ ๕๖ ๗", "id_number", "๑ ๑๐๓๗ ๐๑๒๓๔ ๕๖ ๗"),
        ("โทร 081-234-5678 นะ", "phone", "081-234-5678"),
        ("เบอร์ ๐๘๑๒๓๔๕๖๗๘", "phone", "๐๘๑๒๓๔๕๖๗๘"),
        ("ไลน์ somying99", "line_id", "somying99"),
        ("อยู่ที่ 13.7563, 100.5018", "pin", "13.7563, 100.5018"),
        ("ส่งมาที่ dao@example.org", "email", "dao@example.org"),
        ("ชื่อสมหญิงค่ะ", "name", "สมหญิง"),
        ("ชื่อสมหญิง แซ่ตั้ง ค่ะ", "name", "สมหญิง แซ่ตั้ง"),
        ("ชื่อสมหญิง ช่วยด้วย", "name", "สมหญิง"),
    ],
)
def test_it_finds_what_may_tell_who_it_is(text: str, kind: str, words: str) -> None:
    assert (kind, words) in found(a=text)["a"]


def test_a_name_told_once_is_found_in_every_text() -> None:
    assert found(a="หนูชื่อสมหญิง", b="แล้วสมหญิงก็ไป")["b"] == [("name", "สมหญิง")]


def test_suggestions_never_overlap() -> None:
    text = "ชื่อสมหญิง 0812345678 บัตร 1103701234567 พร้อมเพย์ 0812345678 บัญชี กสิกร 123-4-56789-0"
    spans = [one.span for one in suggest({"a": text})["a"]]
    assert all(one.end <= other.start for one, other in pairwise(spans))


def test_plain_words_raise_no_suspicion() -> None:
    assert found(a="เขายึดพาสปอร์ตไว้ เงินเดือน 35,000 บาท ทำงานวันละ 12 ชั่วโมง")["a"] == []
