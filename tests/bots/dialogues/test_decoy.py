"""The decoy face, as whoever took the phone meets it. Guards 6 and 9."""

import msgspec
import pytest

from bots.copy import copy, whole_messages
from bots.dialogues.decoy import NOTHING_TO_HIDE_SECONDS
from bots.dialogues.routing import PRESSES
from bots.dialogues.speech import LEAVE
from bots.engine.events import Event, EventKind
from bots.engine.steps import ConsentEffect, HidingEffect, OpenReferralEffect, PrivateEffect, ScreeningEffect
from core.messages.content import Content, Text
from tests.bots.dialogues.talk import CALM, RECEIPT, Talk, crisis_of, judgement_of, words_of
from tests.bots.dialogues.test_leaving import CRY, TELLING, come_back

WORD = "มะม่วงสีฟ้า"


@pytest.fixture
def hidden(talk: Talk) -> Talk:
    """Somebody with a referral and a word of their own, behind the decoy face."""
    talk.says(CRY)
    talk.state = msgspec.structs.replace(talk.state, code_word=WORD)
    talk.presses(LEAVE)
    return talk


@pytest.fixture
def wordless(talk: Talk) -> Talk:
    """Somebody with a referral and without a word."""
    talk.says(CRY)
    talk.presses(LEAVE)
    return talk


def decoy_lines(language: str = "th") -> set[str]:
    found: set[str] = set()
    for key in copy().keys("decoy."):
        if not key.startswith("decoy.hears."):
            found |= set(copy().lines(language, key))  # type: ignore[arg-type]
    return found


def shows_only_the_decoy(talk: Talk) -> bool:
    reply = talk.step.reply
    if reply is None:
        return True
    lines = {bubble.text for bubble in reply.bubbles if isinstance(bubble, Text)}
    presses = {choice.data for choice in reply.choices}
    return lines <= decoy_lines() and all(code.startswith("d1:") for code in presses) and not reply.sensitive


def test_no_button_of_ours_opens_it_or_tells_anything(hidden: Talk) -> None:
    for code in (*PRESSES, "open:00000000-0000-0000-0000-000000000001", "x9:y", ""):
        hidden.presses(code)
        assert hidden.state.decoy, code
        assert shows_only_the_decoy(hidden), code
        assert not hidden.effects(OpenReferralEffect), code


def test_no_word_of_ours_opens_it_or_tells_anything(hidden: Talk) -> None:
    others = ("เปิด", "แจ้งความไว้ไหม", "เมื่อกี้คุยอะไรกัน", "1234 5678 9012 3456")
    for said in (*whole_messages(), *others):
        hidden.wait(seconds=61)
        hidden.says(said, judgement=judgement_of(), crisis=CALM)
        assert hidden.state.decoy, said
        assert shows_only_the_decoy(hidden), said


def test_its_own_copy_tells_nothing() -> None:
    words = [word for word in TELLING if word != "เรื่อง"]
    shown = "".join(decoy_lines()) + "".join(
        copy().say("th", f"buttons.labels.d1:{topic}")
        for topic in ("letter", "interview", "first_day", "chat", "home")
    )
    assert [word for word in words if word in shown] == []


@pytest.mark.parametrize(
    "kind", ["picture", "sticker", "location", "audio", "file", "contact_card", "follow"]
)
def test_whatever_else_is_sent_gets_a_friendly_line(hidden: Talk, kind: EventKind) -> None:
    hidden.does(Event(kind, media="1", latitude=13.7, longitude=100.5))
    assert hidden.step.reply is not None
    assert shows_only_the_decoy(hidden)
    assert hidden.step.effects == ()


def test_what_a_picture_said_that_was_sent_before_is_not_shown(hidden: Talk) -> None:
    step = hidden.does(Event("reading", text="รับแอดมิน ปอยเปต"), judgement_of("danger"))
    assert step.reply is None
    assert step.effects == ()


def test_an_offer_is_not_judged(hidden: Talk) -> None:
    hidden.says("รับแอดมินตอบแชท ปอยเปต เงินเดือน 45,000 ทักไลน์ @rich888")
    assert shows_only_the_decoy(hidden)
    assert not hidden.effects(ScreeningEffect)


def test_a_cry_for_help_raises_the_case_without_a_sign_of_it(hidden: Talk) -> None:
    quiet = words_of(hidden.says("อยากกินขนมหวานมาก").reply)
    hidden.state = msgspec.structs.replace(hidden.state, data={"since": hidden.state.data["since"]})
    hidden.says("เขาเอามีดขู่จะฆ่าหนู", crisis=crisis_of("urgent", "domestic_violence"))
    (effect,) = hidden.effects(OpenReferralEffect)
    assert (effect.priority, effect.reasons) == ("P0", ("crisis_words", "in_decoy"))
    assert effect.kinds == ("domestic_violence",)
    assert hidden.answer == quiet
    assert not hidden.step.crisis


def test_a_cry_for_help_opens_a_case_where_there_is_none(talk: Talk) -> None:
    talk.presses(LEAVE)
    talk.says(CRY)
    (effect,) = talk.effects(OpenReferralEffect)
    assert (effect.priority, "in_decoy" in effect.reasons, effect.receipt) == ("P0", True, RECEIPT)
    assert shows_only_the_decoy(talk)
    assert RECEIPT not in talk.answer.replace(" ", "")


@pytest.mark.parametrize(("had", "priority"), [("P0", "P0"), ("P2", "P1"), (None, "P1")])
def test_words_of_concern_reach_staff_too_for_nothing_can_be_offered_here(
    talk: Talk, had: str | None, priority: str
) -> None:
    if had:
        talk.presses("m1:staff")
        assert talk.referral is not None
        talk.referral = msgspec.structs.replace(talk.referral, priority=had)
    talk.presses(LEAVE)
    talk.says("ไม่รู้จะอยู่ไปทำไม", crisis=crisis_of("concern", "suicide"))
    (effect,) = talk.effects(OpenReferralEffect)
    assert (effect.priority, effect.reasons) == (priority, ("concern_words", "in_decoy"))


def test_no_joke_about_food_to_a_cry_for_help(hidden: Talk) -> None:
    hidden.says("หิวข้าวมาก")
    assert hidden.answer == copy().say("th", "decoy.talk.food")
    hidden.says("หิวมาก เขาขังไว้", crisis=crisis_of("urgent", "detention"))
    assert hidden.answer != copy().say("th", "decoy.talk.food")


def test_an_edit_is_heard_and_not_answered(hidden: Talk) -> None:
    hidden.does(Event("edit", text=CRY), crisis=crisis_of("urgent", "detention"))
    assert hidden.effects(OpenReferralEffect)
    assert hidden.step.reply is None


def test_what_waits_is_neither_fetched_nor_shown(hidden: Talk) -> None:
    hidden.waiting = (Content((Text("คำตอบของเจ้าหน้าที่"),)),)
    hidden.presses("open:1")
    assert "เจ้าหน้าที่" not in hidden.answer
    assert shows_only_the_decoy(hidden)


def test_news_is_stopped_in_neutral_words_and_never_begun(hidden: Talk) -> None:
    hidden.says("หยุด")
    assert [effect.granted for effect in hidden.effects(ConsentEffect)] == [False]
    assert shows_only_the_decoy(hidden)
    hidden.says("รับข่าว")
    assert not hidden.effects(ConsentEffect)


def test_topics_are_pressed_and_typed_and_do_not_repeat_themselves(hidden: Talk) -> None:
    told = []
    for say in (hidden.presses, hidden.says, hidden.presses):
        say("d1:interview" if say == hidden.presses else "สัมภาษณ์งาน")
        told.append(hidden.answer)
    assert len(set(told)) == 3
    assert set(told) <= set(copy().lines("th", "decoy.tips.interview"))


@pytest.mark.parametrize(
    ("said", "topic"),
    [("วันนี้ฝนตกไหม", "weather"), ("กินข้าวยัง", "food"), ("นี่ใครอะ", "who"), ("เหนื่อยจัง", "tired")],
)
def test_small_talk_is_about_what_was_said(hidden: Talk, said: str, topic: str) -> None:
    hidden.says(said, crisis=CALM)
    assert hidden.answer == copy().say("th", f"decoy.talk.{topic}")


@pytest.mark.parametrize("typed", [WORD, f"  {WORD} ", f"{WORD}\u200b"])
def test_the_word_opens_it(hidden: Talk, typed: str) -> None:
    hidden.says(typed)
    assert not hidden.state.decoy
    assert "กลับมาแล้ว" in hidden.answer
    assert hidden.effects(HidingEffect) == [HidingEffect(hidden=False)]
    assert hidden.effects(PrivateEffect)
    assert "ดูคำตอบ" in hidden.labels


def test_with_a_word_neither_the_receipt_nor_knocking_opens_it(hidden: Talk) -> None:
    hidden.says(RECEIPT)
    assert hidden.state.decoy
    hidden.wait(minutes=5)
    for _ in range(6):
        hidden.says("กลับหน้าแรก")
    assert hidden.state.decoy


@pytest.mark.parametrize(
    "typed", [RECEIPT, "1234 5678 9012 3456", "1234-5678-9012-3456", "๑๒๓๔ ๕๖๗๘ ๙๐๑๒ ๓๔๕๖"]
)
def test_without_a_word_the_receipt_opens_it(wordless: Talk, typed: str) -> None:
    wordless.says(typed)
    assert not wordless.state.decoy
    assert wordless.effects(PrivateEffect)


@pytest.mark.parametrize("typed", ["1234567890123457", "123456789012345", "12345678901234567", "1234"])
def test_another_number_opens_nothing(wordless: Talk, typed: str) -> None:
    wordless.says(typed)
    assert wordless.state.decoy
    assert shows_only_the_decoy(wordless)


def test_without_a_word_the_label_typed_three_times_in_a_row_opens_it(wordless: Talk) -> None:
    come_back(wordless)


def test_who_hammers_on_the_way_out_does_not_come_back_in(wordless: Talk) -> None:
    for _ in range(8):
        wordless.says("กลับหน้าแรก")
    assert wordless.state.decoy


@pytest.mark.parametrize("between", ["สวัสดี", "เมนู", "d1:chat"])
def test_anything_in_between_ends_the_row(wordless: Talk, between: str) -> None:
    wordless.wait(minutes=2)
    wordless.says("กลับหน้าแรก")
    wordless.says("กลับหน้าแรก")
    (wordless.presses if between.startswith("d1") else wordless.says)(between)
    wordless.says("กลับหน้าแรก")
    assert wordless.state.decoy


def test_a_slow_row_is_none(wordless: Talk) -> None:
    for _ in range(5):
        wordless.wait(minutes=6)
        wordless.says("กลับหน้าแรก")
    assert wordless.state.decoy


@pytest.mark.parametrize("other", ["ออก", "exit", "home"])
def test_other_words_for_leaving_are_no_knock(wordless: Talk, other: str) -> None:
    wordless.wait(minutes=2)
    for _ in range(3):
        wordless.says(other)
    assert wordless.state.decoy == (other != "home")


def test_a_double_tap_says_one_thing(hidden: Talk) -> None:
    assert hidden.presses(LEAVE).reply is None
    hidden.wait(minutes=2)
    assert hidden.presses(LEAVE).reply is not None
    assert shows_only_the_decoy(hidden)


def test_with_nothing_to_hide_it_is_over_after_an_hour(talk: Talk) -> None:
    talk.presses(LEAVE)
    talk.wait(seconds=NOTHING_TO_HIDE_SECONDS - 1)
    talk.says("คุยกับเจ้าหน้าที่")
    assert shows_only_the_decoy(talk)
    talk.wait(seconds=2)
    talk.says("คุยกับเจ้าหน้าที่")
    assert not talk.state.decoy
    assert talk.referral is not None


def test_a_report_that_was_closed_meanwhile_still_hides(wordless: Talk) -> None:
    wordless.referral = None
    wordless.wait(days=2)
    wordless.says("เมนู")
    assert wordless.state.decoy


def test_what_was_told_in_it_hides_from_then_on(talk: Talk) -> None:
    talk.presses(LEAVE)
    talk.says(CRY)
    talk.referral = None
    talk.wait(days=2)
    talk.says("เมนู")
    assert talk.state.decoy


def test_on_line_who_comes_back_hears_how_to_take_the_word_away(hidden: Talk) -> None:
    hidden.channel = "line"
    hidden.says(WORD)
    assert "ยกเลิกข้อความ" in hidden.answer


@pytest.mark.parametrize("what", ["referral", "word", "report"])
def test_with_something_to_hide_it_never_ends_by_itself(talk: Talk, what: str) -> None:
    if what == "referral":
        talk.presses("m1:staff")
    elif what == "word":
        talk.state = msgspec.structs.replace(talk.state, code_word=WORD)
    else:
        talk.presses("r1:begin")
    talk.presses(LEAVE)
    talk.wait(days=30)
    talk.says("เมนู")
    assert talk.state.decoy
    assert shows_only_the_decoy(talk)


def test_the_privacy_notice_waits_for_the_true_face(talk: Talk) -> None:
    talk.presses(LEAVE)
    assert talk.state.notice == ""
    assert shows_only_the_decoy(talk)
    come_back(talk)
    assert "ข้อมูล" in talk.answer


def test_in_a_standby_channel_a_cry_still_reaches_staff(hidden: Talk) -> None:
    hidden.does(Event("text", text=CRY, standby=True), crisis=crisis_of("urgent", "detention"))
    assert hidden.step.reply is None
    assert hidden.effects(OpenReferralEffect)
    assert hidden.state.decoy


def test_it_speaks_english(talk: Talk) -> None:
    talk.presses("l1:en")
    talk.presses(LEAVE)
    talk.presses("d1:letter")
    assert talk.answer in copy().lines("en", "decoy.tips.letter")
