"""Entry points as a person meets them: a link or a keyword, and what the campaign says."""

from uuid import UUID

import msgspec
import pytest

from bots.dialogues.entry import as_keyword
from bots.dialogues.speech import LEAVE
from bots.engine.events import Event
from bots.engine.steps import EnterEffect, Entry, OpenReferralEffect, PrivateEffect
from core.messages.content import Content, Text
from tests.bots.dialogues.talk import Talk

ENTRY = Entry(UUID(int=7), Content((Text("ข้อแรก: โอนก่อนได้งาน จริงไหม"),), notice="มีข้อความใหม่"))
KEYWORD = "รู้ทันงาน"
CRY = "ช่วยด้วย ถูกขังไว้ที่ปอยเปต"


@pytest.fixture
def visitor(talk: Talk) -> Talk:
    talk.entries = {"code abc-DEF_123": ENTRY, f"word {KEYWORD}": ENTRY}
    return talk


def answered(talk: Talk) -> bool:
    return "ข้อแรก" in talk.answer and EnterEffect(ENTRY.id) in talk.step.effects


@pytest.mark.parametrize("said", ["/start abc-DEF_123", KEYWORD, " รู้ทันงาน ", "รู้ทันงานค่ะ", "“รู้ทันงาน”!"])
def test_a_link_or_keyword_brings_the_first_step(visitor: Talk, said: str) -> None:
    visitor.says(said)
    assert answered(visitor)


@pytest.mark.parametrize("said", ["/start", "/start zzz", "/start abc-def_123", "/start a b"])
def test_a_link_that_opens_nothing_greets(visitor: Talk, said: str) -> None:
    visitor.says("สวัสดี")
    greeting = visitor.says("สวัสดี").reply
    assert visitor.says(said).reply == greeting
    assert not answered(visitor)


@pytest.mark.parametrize("said", ["รู้ทันงานนี้ไหม", f"{KEYWORD} {KEYWORD}", "งาน", "/รู้ทันงาน"])
def test_other_words_are_no_keyword(visitor: Talk, said: str) -> None:
    visitor.says(said)
    assert not answered(visitor)


@pytest.mark.parametrize("said", ["\x00", "รู้\x00ทัน", "\ud800a", "<b>", "a\u202eb", "1" * 31, "ก"])
def test_what_no_keyword_can_be_is_not_looked_up(visitor: Talk, said: str) -> None:
    visitor.says(said)
    assert " word " not in visitor.about


def test_what_was_going_on_goes_on(visitor: Talk) -> None:
    visitor.says(KEYWORD)
    before = visitor.state
    visitor.says(KEYWORD)
    assert visitor.state == before


def test_staff_do_not_read_the_keyword_of_somebody_whose_report_they_have(visitor: Talk) -> None:
    visitor.presses("m1:staff")
    visitor.says(KEYWORD)
    assert answered(visitor)
    assert PrivateEffect() in visitor.step.effects


@pytest.mark.parametrize("said", ["/start abc-DEF_123", KEYWORD])
def test_behind_the_decoy_face_nothing_of_it_shows_or_is_noted(visitor: Talk, said: str) -> None:
    visitor.says(CRY)
    visitor.presses(LEAVE)
    visitor.says(said)
    assert visitor.state.decoy
    assert "ข้อแรก" not in visitor.answer
    assert not any(isinstance(effect, EnterEffect) for effect in visitor.step.effects)


def test_a_cry_for_help_goes_before_a_keyword(visitor: Talk) -> None:
    visitor.entries[f"word {CRY}"] = ENTRY
    visitor.says(CRY)
    assert not answered(visitor)
    assert any(isinstance(effect, OpenReferralEffect) for effect in visitor.step.effects)


def test_in_a_group_no_keyword_is_heard(visitor: Talk) -> None:
    visitor.does(Event("text", place="group", text=KEYWORD))
    assert not any(isinstance(effect, EnterEffect) for effect in visitor.step.effects)


def test_words_of_our_own_can_not_be_keywords() -> None:
    for taken in ("เมนู", "หยุด", "ใช่", "/start", "กลับหน้าแรก", "คุยกับเจ้าหน้าที่ค่ะ", "Stop!"):
        assert as_keyword(taken) == "", taken
    assert as_keyword(" “รู้ทันงาน” ค่ะ") == KEYWORD
    assert as_keyword("Family WEEK") == "family week"


@pytest.mark.parametrize("typed", ["ช่วยด้วยถูกขัง", "อยากตาย", "งานปอยเปต"])
def test_what_is_heard_as_something_else_can_not_be_a_keyword(typed: str) -> None:
    assert as_keyword(typed) == ""


def test_the_answer_is_in_the_language_of_the_conversation(visitor: Talk) -> None:
    visitor.state = msgspec.structs.replace(visitor.state, language="en", notice="x")
    visitor.says(KEYWORD)
    assert visitor.about.startswith("en ")
