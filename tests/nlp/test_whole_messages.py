import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.normalize import normal_word
from nlp.whole_messages import LONGEST, intent_of_whole


def whole(text: str) -> str | None:
    return intent_of_whole(normal_word(text))


@pytest.mark.parametrize(
    "text",
    [
        "หยุด", "หยุดส่งได้แล้วค่ะ", "ขอยกเลิกรับข่าวสาร", "ไม่อยากรับข่าวแล้วนะคะ", "อย่าส่งข้อความมาอีก", "รำคาญ ไม่ต้องส่งมาแล้ว",
        "บ่ต้องส่งข่าวมาเด้อ", "เอาชื่อออกจากรายชื่อด้วย", "ปิดแจ้งเตือนให้หน่อย", "STOP", "please unsubscribe me", "No more messages pls",
    ],
)  # fmt: skip
def test_a_wish_to_get_no_more_news_is_heard_in_many_forms(text: str) -> None:
    assert whole(text) == "stop"


@pytest.mark.parametrize(
    "text",
    [
        "หยุดโอนเงินแล้วทำยังไงต่อคะ", "อยากให้มันหยุดตีหนู", "ยกเลิกงานนี้ได้ไหม", "don't stop", "หยุดงานวันไหนบ้าง", "ไม่ได้", "ไม่ได้ค่ะ",
        "ไม่เอา", "ไม่รับ", "เอาออกไม่ได้", "ออกไม่ได้", "ขอออก", "หนูอยากออก", "ยกเลิกแจ้ง", "ยกเลิกเรื่องที่แจ้ง", "อย่าทำหนู", "ส่งข่าวมาเลย",
        "ไม่ต้องกลับมาแล้ว", "stop hitting me", "please make him stop", "no more money", "i can't stop crying", "อย่าส่งหนูกลับไป",
        "เลิกงานแล้ว", "เลิกกับแฟน", "ปิดร้านแล้ว",
    ],
)  # fmt: skip
def test_stop_in_another_sense_stops_nothing(text: str) -> None:
    assert whole(text) != "stop"


@pytest.mark.parametrize(
    "text",
    [
        "A",
        "ข้อ ๒",
        "ตอบ ค ค่ะ",
        "เลือกข้อ 3",
        "ถูก",
        "ไม่จริง",
        "1ก 2ข 3ค",
        "7/10",
        "เห็นด้วย",
        "my answer is B",
        "ข้อ 1 กับ 4",
    ],
)
def test_an_answer_to_a_quiz_is_heard_by_its_shape(text: str) -> None:
    assert whole(text) == "campaign_answer"


@pytest.mark.parametrize("text", ["5555555", "ฮ่าๆๆ", "อิอิ", "สวัสดีค่ะ", "โอเคๆ", "how are you"])
def test_chatter_is_heard_by_its_shape(text: str) -> None:
    assert whole(text) == "small_talk"


@pytest.mark.parametrize("text", ["ขังหนูไว้", "วันละ 800", "1694", "งานนี้จริงไหม", "", " ", "0812345678"])
def test_other_messages_have_no_listed_shape(text: str) -> None:
    assert whole(text) is None


@pytest.mark.parametrize(
    "piece", ["แล้ว", "อีกแล้ว", "ขอ", "พอแล้ว", "ข่าว", "ข่าวสาร", "ไม่แน่ใจ", "ข้อ1", "1ก", "ที", "หนู", " 1", "ha"]
)
def test_no_text_keeps_it_searching(piece: str) -> None:
    began = time.perf_counter()
    for end in ("", "x", "หยุด"):
        intent_of_whole((piece * LONGEST)[: LONGEST - len(end)] + end)
    assert time.perf_counter() - began < 0.5


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=LONGEST))
def test_any_text_gets_an_answer(text: str) -> None:
    assert intent_of_whole(text) is None or intent_of_whole(text) != ""
