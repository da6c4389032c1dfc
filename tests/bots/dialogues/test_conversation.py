"""Whole conversations as people have them, and what holds in every one."""

import subprocess
import sys
from typing import NamedTuple

import msgspec
import pytest

from bots.copy import copy
from bots.engine.events import Event, EventKind
from bots.engine.steps import (
    CancelReferralEffect,
    ConsentEffect,
    DoubtEffect,
    HandOverEffect,
    LanguageEffect,
    OpenReferralEffect,
    ReadPictureEffect,
    ScreeningEffect,
    Step,
    TypingEffect,
)
from nlp.judgement import judge
from tests.bots.dialogues.talk import Talk, crisis_of

POIPET = "รับสมัครแอดมินตอบแชท ปอยเปต เงินเดือน 35,000 ไม่ใช้วุฒิ ไม่ต้องมีพาสปอร์ต ออกค่าเดินทางให้ฟรี แอดไลน์ @rich888"
LOCKED_IN = "ช่วยด้วย ถูกขังอยู่ในตึกที่ปอยเปต ออกไม่ได้ เขายึดพาสปอร์ต"


class Turn(NamedTuple):
    """What the person does ("[…]" is a press), what the answer must say, and its effects in order."""

    person: str | Event
    told: tuple[str, ...] = ()
    effects: tuple[type, ...] = ()
    untold: tuple[str, ...] = ()
    silent: bool = False


CONVERSATIONS = {
    "an offer, its family warning and its report": [
        Turn(POIPET, ("⛔ อันตราย", "อย่าเพิ่งไป อย่าเพิ่งโอน", "ปอยเปต", "1694", "30 วัน"), (ScreeningEffect,)),
        Turn("[o1:warn]", ("ส่งต่อ", "อย่าโอนเงินก่อนเริ่มงาน"), untold=("30 วัน",)),
        Turn("[o1:wrong]", ("ขอบคุณ",), effects=(DoubtEffect,)),
        Turn("[o1:report]", ("ส่งเรื่อง",)),
        Turn("[s1:report]", ("1234 5678 9012 3456", "ไม่ทักไปก่อน", "ไม่ต้องส่งซ้ำ", "ตอนนี้ไปหรือยัง"), (OpenReferralEffect, HandOverEffect)),
        Turn("[s1:travelling]", ("บอกเจ้าหน้าที่แล้ว", "02-572-8442"), (OpenReferralEffect,)),
        Turn("รถตู้สีขาว", ("ส่งให้เจ้าหน้าที่แล้ว",)),
        Turn("มีกระเป๋าสองใบ", silent=True),
        Turn("สถานะ", ("รอเจ้าหน้าที่รับ",)),
    ],
    "a plea, cancelled and taken up again": [
        Turn(LOCKED_IN, ("ส่งเรื่องให้เจ้าหน้าที่แล้ว", "สะดวกไหม", "1234 5678 9012 3456"), (OpenReferralEffect,)),
        Turn(LOCKED_IN, ("อยู่กับเจ้าหน้าที่แล้ว",), untold=("1300", "1234 5678")),
        Turn("ไม่สะดวก", ("จะไม่ทักไปก่อน",), (OpenReferralEffect,), untold=("เจ้าหน้าที่",)),
        Turn("ขอเบอร์", ("02-572-8442", "1300")),
        Turn("ยกเลิก", ("ยกเลิกเรื่องที่ส่งไว้",)),
        Turn("ไม่", ("เรื่องยังอยู่กับเจ้าหน้าที่",)),
        Turn("[c1:cancel]", ("ยกเลิกเรื่องที่ส่งไว้",)),
        Turn("ใช่ค่ะ", ("ยกเลิกแล้ว",), (CancelReferralEffect,)),
        Turn(LOCKED_IN, ("ส่งเรื่องให้เจ้าหน้าที่แล้ว",), (OpenReferralEffect,)),
    ],
    "a follower who takes and stops the news": [
        Turn(Event("follow"), ("สวัสดีค่ะ", "24 ชั่วโมง", "ต่างประเทศ")),
        Turn("ข่าวสาร", ("อยากรับไหม",)),
        Turn("[n1:start]", ("เราจะส่งข่าวให้",), (ConsentEffect,)),
        Turn("หยุด", ("หยุดส่งข่าวแล้ว", "รับข่าว"), (ConsentEffect,)),
        Turn("รับข่าว", ("เราจะส่งข่าวให้",), (ConsentEffect,)),
        Turn(Event("unfollow"), silent=True),
    ],
    "a picture, from typing to verdict": [
        Turn(Event("picture", media="1"), effects=(TypingEffect, ReadPictureEffect), silent=True),
        Turn(Event("reading", text=POIPET), ("⛔ อันตราย", "ปอยเปต"), (ScreeningEffect,)),
        Turn(Event("reading", problem="too_large"), ("อ่านรูปนี้ไม่ได้", "ใหญ่เกินไป", "แคปหน้าจอ")),
    ],
    "Telegram's commands and another language": [
        Turn("/start ref_123", ("สวัสดีค่ะ",)),
        Turn("/language", ("Which language",)),
        Turn("[l1:en]", ("English",), (LanguageEffect,)),
        Turn("/help", ("bot",)),
        Turn("/privacy", ("24 hours", "abroad")),
        Turn("ภาษาไทย", ("ภาษาไทย",), (LanguageEffect,)),
        Turn("/stop@rootan_bot", ("หยุดส่งข่าวแล้ว",), (ConsentEffect,)),
    ],
    "words we don't understand": [
        Turn("", ("ยังไม่เข้าใจ", "คุยกับคน")),
        Turn("ๆๆๆ", ("เราเป็นบอต",)),
        Turn("เมนู", ("เลือกได้เลย",)),
        Turn("", ("ยังไม่เข้าใจ",)),
        Turn("คุยกับคน", ("ส่งให้เจ้าหน้าที่แล้ว",), (OpenReferralEffect,)),
        Turn("ขอบคุณค่ะ", ("อยู่ตรงนี้",)),
    ],
    "news asked for while staff help": [
        Turn("[m1:staff]", ("ส่งให้เจ้าหน้าที่แล้ว",), (OpenReferralEffect,)),
        Turn("[m1:news]", ("พักส่งข่าว",), untold=("อยากรับ",)),
        Turn("หยุดรับข่าว", ("หยุดส่งข่าวแล้ว", "เรื่องที่ส่งให้เจ้าหน้าที่ยังอยู่"), (ConsentEffect,)),
    ],
}  # fmt: skip


@pytest.mark.parametrize("turns", CONVERSATIONS.values(), ids=CONVERSATIONS.keys())
def test_it_talks_like_this(talk: Talk, turns: list[Turn]) -> None:
    for turn in turns:
        talk.wait(seconds=5)
        _act(talk, turn.person)
        told = talk.answer
        assert (talk.step.reply is None) == turn.silent, (turn.person, told)
        assert [fragment for fragment in turn.told if fragment not in told] == [], (turn.person, told)
        assert [fragment for fragment in turn.untold if fragment in told] == [], (turn.person, told)
        assert tuple(map(type, talk.step.effects)) == turn.effects, turn.person


def _act(talk: Talk, person: str | Event) -> Step:
    if isinstance(person, str):
        return talk.presses(person[1:-1]) if person.startswith("[") else talk.says(person)
    return talk.does(person, judge(person.text) if person.text else None)


EVERYWHERE = {
    "before the first word": [],
    "after the greeting": [Event("follow")],
    "asked about an offer": ["[o1:report]"],
    "a verdict told": [POIPET],
    "the menu": ["[m1:menu]"],
    "asked in a report": ["[m1:need]"],
    "worried words": ["ไม่ไหวแล้ว อยากตาย"],
    "with staff": ["[m1:staff]"],
    "with staff, asked how far": [POIPET, "[m1:staff]"],
    "about to cancel": ["[m1:staff]", "[c1:cancel]"],
    "news asked": ["[m1:news]"],
    "opted out": ["หยุด"],
    "agreed and opted out": ["รับข่าว", "/stop"],
    "puzzled": ["", ""],
    "choosing a language": ["[h1:language]"],
    "in English": ["[l1:en]"],
    "waiting for a picture": [Event("picture", media="1")],
    "blocked us once": [Event("unfollow")],
}


@pytest.mark.parametrize("before", EVERYWHERE.values(), ids=EVERYWHERE.keys())
def test_a_plea_opens_the_most_urgent_referral_in_every_state(talk: Talk, before: list[str | Event]) -> None:
    for person in before:
        _act(talk, person)
    step = talk.says("ช่วยด้วย เขาจะฆ่าหนู", crisis=crisis_of("urgent", "danger", "detention"))
    (effect,) = step.effects
    assert (effect.priority, effect.source) == ("P0", "crisis")
    assert set(effect.kinds) >= {"danger", "detention"}
    assert effect.receipt == "1234567890123456"
    assert step.crisis
    assert step.reply.sensitive
    assert "191" in talk.answer


@pytest.mark.parametrize("before", EVERYWHERE.values(), ids=EVERYWHERE.keys())
def test_worry_is_answered_in_every_state_and_opens_nothing_of_its_own(
    talk: Talk, before: list[str | Event]
) -> None:
    for person in before:
        _act(talk, person)
    had = talk.referral
    step = talk.says("ไม่อยากอยู่แล้ว", crisis=crisis_of("concern", "suicide"))
    assert "1323" in talk.answer or "ยังอยู่ตรงนี้" in talk.answer
    assert "เจ้าหน้าที่" in talk.answer or "staff" in talk.answer
    assert step.crisis
    assert talk.effects(OpenReferralEffect) == [] or had is not None


def test_the_privacy_notice_comes_once_after_the_first_answer(talk: Talk) -> None:
    talk.presses("m1:menu")
    assert "24 ชั่วโมง" in talk.step.reply.bubbles[-1].text
    talk.presses("m1:menu")
    assert "24 ชั่วโมง" not in talk.answer


def test_on_a_first_card_the_notice_is_its_last_short_line(talk: Talk) -> None:
    talk.says(POIPET)
    (card,) = talk.step.reply.bubbles
    assert card.title == "⛔ อันตราย"
    assert "\n" not in card.note
    assert "30 วัน" in card.note
    assert "ข้อมูลของฉัน" in card.note
    talk.says(POIPET)
    assert talk.step.reply.bubbles[0].note == ""
    talk.says("ข้อมูลของฉัน")
    assert "30 วัน" in talk.answer


def test_the_short_line_says_the_same_days_as_the_whole_notice() -> None:
    for language, days in (("th", "30 วัน"), ("en", "30 days")):
        assert days in copy().say(language, "offer.note")
        assert days in copy().say(language, "first_contact.notice")


def test_a_plea_gets_the_notice_later_and_in_one_line(talk: Talk) -> None:
    talk.says(LOCKED_IN)
    assert "ข้อมูลของฉัน" not in talk.answer
    talk.presses("c1:watched")
    assert "ข้อมูลของฉัน" not in talk.answer
    talk.presses("c1:free")
    (notice,) = [bubble.text for bubble in talk.step.reply.bubbles if "ข้อมูลของฉัน" in bubble.text]
    assert "\n" not in notice
    assert talk.answer.startswith("พิมพ์มาได้เลย")
    talk.says("ข้อมูลของฉัน")
    assert "24 ชั่วโมง" in talk.answer


@pytest.mark.parametrize("press", ["c1:cancel", "c1:cancel.yes"])
def test_the_notice_does_not_hide_a_question_of_who_takes_a_plea_back(talk: Talk, press: str) -> None:
    talk.says(LOCKED_IN)
    if press == "c1:cancel.yes":
        talk.state = msgspec.structs.replace(talk.state, dialogue="cancelling", step="asked")
    talk.presses(press)
    assert "24 ชั่วโมง" not in talk.answer
    assert "ข้อมูลของฉัน" not in talk.step.reply.bubbles[-1].text


def test_silence_carries_no_notice_and_leaves_it_for_the_first_answer(talk: Talk) -> None:
    talk.does(Event("picture", media="1"))
    assert talk.state.notice == ""
    talk.does(Event("reading", problem="gone"))
    assert "24 ชั่วโมง" in talk.answer


def test_the_platforms_language_holds_until_the_first_answer(talk: Talk) -> None:
    talk.does(Event("follow", language="en"))
    assert "Hello" in talk.answer
    talk.does(Event("text", text="menu", language="th"))
    assert "Choose below" in talk.answer


@pytest.mark.parametrize("kind", ["unfollow", "unsend", "edit", "leave", "other"])
def test_some_events_want_no_answer(talk: Talk, kind: EventKind) -> None:
    before = talk.state
    step = talk.does(Event(kind))
    assert step.reply is None
    assert step.effects == ()
    assert talk.state == before


def test_an_edit_that_cries_for_help_is_heard(talk: Talk) -> None:
    step = talk.does(Event("edit", text="ช่วยด้วย"), crisis=crisis_of("urgent", "danger"))
    assert step.effects[0].priority == "P0"


def test_it_needs_no_database() -> None:
    program = "import sys; import bots.dialogues.conversation; print([m for m in sys.modules if m in ('sqlalchemy', 'asyncpg', 'bots.models', 'referrals.models')])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
