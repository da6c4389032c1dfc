import pytest

from bots.dialogues.words import as_whole_message, is_command


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("หยุด", "หยุด"),
        ("  หยุดค่ะ!! ", "หยุด"),
        ("หยุด นะคะ 🙏", "หยุด"),
        ("STOP.", "stop"),
        ("คุยกับเจ้าหน้าที่หน่อยครับ", "คุยกับเจ้าหน้าที่"),
        ("เมนู", "เมนู"),
        ("Talk  to   staff", "talk to staff"),
        ("/start promo_77", "/start"),
        ("/stop@rootan_bot", "/stop"),
        ("ค่ะ", "ค่ะ"),
        ("สถานะ", "สถานะ"),
        ("สถานะค่ะ", "สถานะ"),
        ("ขอด้วยนะคะ", "ขอด้วย"),
        ("😀", ""),
        ("", ""),
        ("หยุด" * 40, ""),
    ],
)
def test_a_whole_message_is_read_without_its_politeness(typed: str, meant: str) -> None:
    assert as_whole_message(typed) == meant


def test_words_inside_a_sentence_are_no_command() -> None:
    assert as_whole_message("เขาไม่ยอมหยุดตี") == "เขาไม่ยอมหยุดตี"


def test_only_known_commands_are_commands() -> None:
    assert is_command("/help")
    assert not is_command("/helpme")
    assert not is_command("help")
