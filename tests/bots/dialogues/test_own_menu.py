"""Which menu a person on LINE has after what they did."""

import pytest

from bots.channels.line.menu_picture import MENUS
from bots.dialogues.own_menu import menu_name
from bots.engine.events import Event
from bots.engine.steps import LinkMenuEffect
from tests.bots.dialogues.talk import Talk

CRY = "ช่วยด้วย โดนขังอยู่ในตึก เขายึดพาสปอร์ตไว้"


@pytest.fixture
def line(talk: Talk) -> Talk:
    talk.channel = "line"
    return talk


def linked(talk: Talk) -> bool:
    return bool(talk.effects(LinkMenuEffect))


def test_a_newcomer_keeps_the_menu_for_everybody_until_they_write(line: Talk) -> None:
    line.does(Event("follow"))
    assert (line.state.menu, linked(line)) == ("", False)
    line.says("สวัสดี")
    assert (line.state.menu, linked(line)) == ("regular", True)
    line.says("เมนู")
    assert (line.state.menu, linked(line)) == ("regular", False)


def test_on_telegram_nobody_has_one(talk: Talk) -> None:
    talk.channel = "telegram"
    talk.says(CRY)
    assert (talk.state.menu, linked(talk)) == ("", False)


def test_while_staff_have_a_report_it_tells_nothing(line: Talk) -> None:
    line.says("สวัสดี")
    line.says(CRY)
    assert (line.state.menu, linked(line)) == ("report", True)
    line.says("ขอบคุณ")
    assert not linked(line)
    line.referral = None
    line.wait(minutes=5)
    line.says("เมนู")
    assert (line.state.menu, linked(line)) == ("regular", True)


def test_a_cancelled_report_leaves_nothing_behind(line: Talk) -> None:
    line.says(CRY)
    line.presses("c1:cancel")
    line.presses("c1:cancel.yes")
    assert line.referral is None
    assert line.state.menu == "regular"


def test_the_questions_of_a_report_count_as_one(line: Talk) -> None:
    line.says("แจ้งเรื่อง")
    assert line.state.menu == "report"
    line.says("เมนู")
    assert line.state.menu == "regular"


def test_behind_the_decoy_face_it_tells_nothing(line: Talk) -> None:
    line.says("สวัสดี")
    line.presses("x1:leave")
    assert line.state.menu == "report"


def test_it_follows_the_language(line: Talk) -> None:
    line.says("สวัสดี")
    line.presses("l1:en")
    assert (line.state.menu, linked(line)) == ("regular-en", True)


def test_another_module_that_holds_the_channel_is_left_alone(line: Talk) -> None:
    line.does(Event("text", text="สวัสดี", standby=True))
    assert not linked(line)


@pytest.mark.parametrize("tile", MENUS["report"], ids=lambda tile: tile.press)
def test_behind_the_decoy_face_every_tile_gets_the_decoys_answer(line: Talk, tile: object) -> None:
    line.says(CRY)
    line.presses("x1:leave")
    line.wait(minutes=2)
    line.presses(tile.press)
    assert line.state.decoy
    assert line.answer.startswith("สวัสดีค่ะ ที่นี่คุยเรื่องสมัครงาน")


@pytest.mark.parametrize("kind", list(MENUS))
def test_no_tile_is_an_old_button(line: Talk, kind: str) -> None:
    for tile in MENUS[kind]:
        line.presses(tile.press)
        assert "ปุ่มนี้เก่าแล้ว" not in line.answer


def test_the_tile_to_where_it_stands_leads_there(line: Talk) -> None:
    line.says(CRY)
    line.presses("s1:status")
    assert line.answer


def test_a_language_without_a_picture_reads_english() -> None:
    assert [menu_name("regular", language) for language in ("th", "en", "my")] == [
        "regular",
        "regular-en",
        "regular-en",
    ]
