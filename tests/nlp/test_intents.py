import pytest

from nlp.intents import recognise_intent


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("หยุด", "stop"),
        ("เลิกรับค่ะ", "stop"),
        ("ยกเลิกรับข่าว", "stop"),
        ("STOP", "stop"),
        ("ขอบคุณมากค่ะ", "thanks"),
        ("thanks!", "thanks"),
        ("สวัสดีค่ะ", "small_talk"),
        ("วันนี้ฝนตกหนักมาก", "small_talk"),
        ("คุยกับคน", "talk_to_staff"),
        ("ขอคุยกับเจ้าหน้าที่ได้ไหมคะ", "talk_to_staff"),
        ("เรื่องที่แจ้งไว้ถึงไหนแล้วคะ", "case_status"),
        ("ติดตามสถานะ", "case_status"),
        ("อยากแจ้งเพจหลอกลวงค่ะ", "report"),
        ("โดนหลอกให้โอนเงินไปแล้ว 5,000 บาท", "report"),
        ("บริการนี้ฟรีไหมคะ", "service_question"),
        ("ใช้งานยังไง", "service_question"),
        ("ช่วยด้วย โดนขังอยู่", "need_help"),
        ("help", "need_help"),
        ("งานนี้จริงไหมคะ", "check_offer"),
        ("รับสมัครคนแพ็กของ วันละ 500 บาท", "check_offer"),
        ("ช่วยดูงานนี้ให้หน่อย", "check_offer"),
        ("😀😀", "unreadable"),
        ("...", "unreadable"),
        ("", "unreadable"),
    ],
)
def test_it_recognises_what_a_person_wants(text: str, intent: str) -> None:
    assert recognise_intent(text) == intent


@pytest.mark.parametrize(
    "text", ["หยุดโอนเงินแล้วทำยังไงต่อคะ", "อยากให้มันหยุดตีหนู", "ยกเลิกงานนี้ได้ไหม", "don't stop", "หยุดงานวันไหนบ้าง"]
)
def test_stop_counts_only_as_the_whole_message(text: str) -> None:
    assert recognise_intent(text) != "stop"
