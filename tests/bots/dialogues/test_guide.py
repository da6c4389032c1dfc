from tests.bots.dialogues.talk import Talk


def test_help_says_that_we_are_a_bot_and_can_be_mistaken(talk: Talk) -> None:
    talk.says("/help")
    assert "เราเป็นบอต อาจพลาดได้" in talk.answer


def test_deleting_is_told_honestly_for_each_platform(talk: Talk) -> None:
    talk.presses("h1:unsend")
    assert "เมื่อ LINE แจ้งเรา เราลบของเราด้วย" in talk.answer
    assert "Telegram ไม่แจ้งเรา" in talk.answer


def test_the_notice_can_be_read_again(talk: Talk) -> None:
    talk.says("ข้อมูลของฉัน")
    assert talk.answer.count("24 ชั่วโมง") == 1
    talk.says("ข้อมูลของฉัน")
    assert talk.answer.count("24 ชั่วโมง") == 1


def test_the_language_changes_and_stays(talk: Talk) -> None:
    talk.says("English")
    talk.presses("m1:menu")
    assert talk.answer.startswith("Choose below")
    talk.says("ไทย")
    talk.presses("m1:menu")
    assert talk.answer.startswith("เลือกได้เลย")
