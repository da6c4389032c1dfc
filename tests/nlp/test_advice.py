from nlp.advice import describe
from nlp.judgement import judge


def test_danger_says_what_to_do_and_quotes_the_words() -> None:
    said = describe(judge("รับแอดมินตอบแชท ทำงานที่ปอยเปต เดินทางฟรี ไม่ต้องใช้เอกสาร แอดไลน์ id: job8899"))
    assert said.startswith("⛔ อันตราย\nอย่าเพิ่งไป อย่าเพิ่งโอน")
    assert "“" in said
    assert "1694" in said


def test_money_asked_first_adds_the_number_that_freezes_accounts() -> None:
    assert "1441" in describe(judge("รับสมัครงานแพ็กของที่บ้าน มีค่ามัดจำ 300 บาท"))
    assert "1441" not in describe(judge("รับสมัครพนักงานขาย เงินเดือน 15,000 บาท"))


def test_help_comes_before_any_band() -> None:
    said = describe(judge("ช่วยด้วย โดนขังอยู่"))
    assert "1300" in said.splitlines()[1]
    assert "ประกาศงาน" not in said


def test_thoughts_of_dying_get_the_number_for_them() -> None:
    assert "1323" in describe(judge("อยากตาย"))


def test_nothing_is_called_safe() -> None:
    for text in ("รับสมัครพนักงานขาย เงินเดือน 15,000 บาท", "สวัสดีค่ะ", "เตือนภัยงานปลอม"):
        assert "ปลอดภัย" not in describe(judge(text))
