import hashlib

import pytest

from bots.copy import LANGUAGES, copy
from bots.dialogues.first_contact import NOTICE
from bots.engine.events import Event
from bots.engine.steps import ReadPictureEffect
from tests.bots.dialogues.talk import Talk


@pytest.mark.parametrize(
    "event", [Event("follow"), Event("text", text="/start"), Event("text", text="สวัสดีค่ะ")]
)
def test_a_newcomer_is_greeted_with_the_menu_and_the_notice(talk: Talk, event: Event) -> None:
    talk.does(event)
    assert "สวัสดีค่ะ ส่งข้อความหรือรูปประกาศงานมาได้เลย เราช่วยดูให้" in talk.answer
    assert {"m1:check", "m1:need", "m1:staff", "m1:news", "m1:help"} <= {b.data for b in talk.buttons}
    for told in ("24 ชั่วโมง", "30 วัน", "ผลตรวจ 1 ปี", "90 วันหลังปิดเรื่อง", "ต่างประเทศ"):
        assert told in talk.answer


def test_no_consent_is_asked_for_a_check(talk: Talk) -> None:
    talk.does(Event("follow"))
    assert "ยินยอม" not in talk.answer
    assert talk.step.effects == ()


def test_whoever_comes_back_is_not_shown_the_notice_again(talk: Talk) -> None:
    talk.does(Event("follow"))
    talk.does(Event("unfollow"))
    talk.does(Event("follow"))
    assert "24 ชั่วโมง" not in talk.answer


def test_whoever_waits_for_staff_hears_where_it_stands_instead_of_a_greeting(talk: Talk) -> None:
    talk.presses("m1:staff")
    talk.does(Event("follow"))
    assert "รอเจ้าหน้าที่รับ" in talk.answer


def test_a_picture_first_is_read_without_a_word(talk: Talk) -> None:
    talk.does(Event("picture", media="9"))
    assert talk.step.reply is None
    assert len(talk.effects(ReadPictureEffect)) == 1


def test_the_notice_has_not_changed_without_a_new_version() -> None:
    words = "".join(copy().say(language, "first_contact.notice") for language in LANGUAGES)
    assert (NOTICE, hashlib.sha256(words.encode()).hexdigest()[:12]) == ("2026.11.2", "dccdb0c1bbab")
