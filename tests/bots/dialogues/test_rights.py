from datetime import timedelta

import msgspec
import pytest

from bots.dialogues.rights import WAYS, say_link
from bots.engine.steps import (
    ConsentEffect,
    CopyEffect,
    ForgetEffect,
    LanguageEffect,
    PrivateEffect,
    StayEffect,
)
from core.contacts.subjects import SUBJECTS
from tests.bots.dialogues.talk import Talk, words_of


def codes(talk: Talk) -> set[str]:
    return {button.data for button in talk.buttons}


def holds(talk: Talk, **changes: object) -> None:
    talk.holdings = msgspec.structs.replace(talk.holdings, **changes)


def test_my_data_leads_to_every_right(talk: Talk) -> None:
    talk.says("ข้อมูลของฉัน")
    assert {*WAYS, "h1:unsend"} <= codes(talk)


def test_it_tells_what_is_held_in_counts_and_dates(talk: Talk) -> None:
    holds(talk, checked=3, texts=2, reports=1, open_reports=1, takes_news=True)
    talk.presses("p1:see")
    assert "23 พ.ย. 2569" in talk.answer
    for line in (
        "ผลตรวจงาน 3 ข้อความที่ยังอยู่ 2",
        "ส่งเจ้าหน้าที่ 1 เรื่อง เปิดอยู่ 1",
        "รับข่าว: ใช่",
        "ให้ทักไปก่อน: ไม่",
    ):
        assert line in talk.answer
    assert talk.step.reply.sensitive
    assert {"p1:copy", "p1:topics", "p1:forget"} <= codes(talk)


def test_who_is_under_18_is_told_in_fewer_words(talk: Talk) -> None:
    talk.presses("p1:see")
    long = len(talk.answer)
    holds(talk, minor=True)
    talk.presses("p1:see")
    assert "พี่เจ้าหน้าที่" in talk.answer
    assert len(talk.answer) < long


def test_a_copy_comes_by_a_link_that_opens_once(talk: Talk) -> None:
    talk.says("ขอไฟล์ข้อมูล")
    assert talk.effects(CopyEffect) == [CopyEffect("th")]
    said = words_of(say_link("th", "https://example.org/x", 15))
    assert "ครั้งเดียว ภายใน 15 นาที" in said
    assert said.endswith("https://example.org/x")


def test_who_chose_a_code_word_is_asked_for_it_before_a_copy(talk: Talk) -> None:
    talk.state = msgspec.structs.replace(talk.state, code_word="มะม่วงสุก")
    talk.presses("p1:copy")
    assert talk.effects(CopyEffect) == []
    talk.says("มะละกอ")
    assert talk.effects(CopyEffect) == []
    assert talk.effects(PrivateEffect)
    talk.says(" มะม่วงสุก")
    assert talk.effects(CopyEffect) == [CopyEffect("th")]
    assert talk.effects(PrivateEffect)


def test_after_three_wrong_words_no_copy_comes(talk: Talk) -> None:
    talk.state = msgspec.structs.replace(talk.state, code_word="มะม่วงสุก")
    talk.presses("p1:copy")
    for word in ("ก", "ข", "ค"):
        talk.says(word)
    assert "เราเลยยังไม่ทำให้" in talk.answer
    talk.says("มะม่วงสุก")
    assert talk.effects(CopyEffect) == []


def test_to_be_forgotten_is_asked_once_more(talk: Talk) -> None:
    talk.says("ลบข้อมูลของฉัน")
    assert "เอาคืนไม่ได้" in talk.answer
    assert talk.effects(ForgetEffect) == []
    talk.presses("p1:forget.yes")
    assert talk.effects(ForgetEffect) == [ForgetEffect("th")]
    assert talk.answer.startswith("ได้เลย กำลังลบ")


def test_an_old_yes_pressed_out_of_turn_is_asked_about_first(talk: Talk) -> None:
    talk.presses("p1:forget.yes")
    assert talk.effects(ForgetEffect) == []
    assert "เอาคืนไม่ได้" in talk.answer


def test_saying_no_forgets_nothing(talk: Talk) -> None:
    talk.presses("p1:forget")
    talk.presses("p1:forget.no")
    assert talk.step.effects == ()
    talk.presses("p1:forget.yes")
    assert talk.effects(ForgetEffect) == []


def test_where_something_urgent_is_under_way_it_says_72_hours_and_what_stays_before(talk: Talk) -> None:
    holds(talk, forgets_late=True)
    talk.presses("p1:forget")
    assert "72 ชั่วโมง" in talk.answer
    talk.presses("p1:forget.yes")
    assert "72 ชั่วโมง" in talk.answer
    assert "ไม่มีชื่อ ไม่มีคำพูดของคุณ" in talk.answer
    holds(talk, forgotten_at=talk.now + timedelta(hours=72))
    talk.presses("p1:forget")
    assert "26 พ.ย. 2569" in talk.answer
    assert "p1:stay" in codes(talk)
    talk.presses("p1:stay")
    assert talk.effects(StayEffect) == [StayEffect()]


def test_subjects_of_news_are_stopped_and_taken_up_one_by_one(talk: Talk) -> None:
    talk.presses("p1:topics")
    assert "n1:start" in codes(talk)
    talk.says("รับข่าว")
    talk.presses("p1:topics")
    assert {f"p1:off.{one}" for one in SUBJECTS} | {"n1:stop"} <= codes(talk)
    talk.presses("p1:off.family")
    effect = talk.effects(ConsentEffect)[0]
    assert (effect.topic, effect.granted, effect.source) == ("family", False, "button")
    assert "p1:on.family" in codes(talk)
    holds(talk, stopped=("family", "elderly"))
    talk.presses("p1:on.family")
    assert talk.effects(ConsentEffect)[0].granted
    assert {"p1:off.family", "p1:on.elderly"} <= codes(talk)


@pytest.mark.parametrize("press", ["p1:topics", "p1:off.family", "p1:on.family"])
def test_of_who_is_under_18_we_do_not_note_what_they_like(talk: Talk, press: str) -> None:
    talk.says("รับข่าว")
    talk.state = msgspec.structs.replace(talk.state, minor=True)
    talk.presses(press)
    assert talk.effects(ConsentEffect) == []
    assert not any(code.startswith(("p1:on.", "p1:off.")) for code in codes(talk))
    assert "n1:stop" in codes(talk)


def test_the_language_is_written_down_for_what_comes_outside_of_a_turn(talk: Talk) -> None:
    talk.presses("l1:en")
    assert talk.effects(LanguageEffect) == [LanguageEffect("en")]
    talk.presses("p1:copy")
    assert talk.effects(CopyEffect) == [CopyEffect("en")]


def test_to_be_forgotten_the_first_button_keeps_everything(talk: Talk) -> None:
    talk.presses("p1:forget")
    assert [button.data for button in talk.buttons[:2]] == ["p1:forget.no", "p1:forget.yes"]


@pytest.mark.parametrize(("press", "told"), [("p1:see", "ส่งเจ้าหน้าที่ 1"), ("p1:forget", "ลบแล้วเอาคืนไม่ได้")])
def test_who_only_holds_the_phone_neither_learns_of_a_report_nor_wipes_it(
    talk: Talk, press: str, told: str
) -> None:
    holds(talk, reports=1, open_reports=1)
    talk.state = msgspec.structs.replace(talk.state, code_word="มะม่วงสุก")
    talk.presses("p1:forget.yes")
    assert talk.effects(ForgetEffect) == []
    talk.presses(press)
    talk.says("เดาเอา")
    assert told not in talk.answer
    assert talk.effects(PrivateEffect)
    talk.presses("p1:forget.yes")
    assert talk.effects(ForgetEffect) == []
    talk.presses(press)
    talk.says("มะม่วงสุก")
    assert told in talk.answer
