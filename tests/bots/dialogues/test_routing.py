"""Every button leads somewhere, and nothing a person can send breaks the conversation."""

import copy as python_copy
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bots.copy import copy, count_graphemes, whole_messages
from bots.dialogues.routing import PRESSES
from bots.dialogues.speech import LEAVE
from bots.engine.events import Event
from core.messages.content import Button, Card, Content, Text
from nlp.judgement import Crisis, Judgement, judge
from tests.bots.dialogues.talk import Talk, crisis_of, judgement_of

POIPET = "รับสมัครแอดมินตอบแชท ปอยเปต เงินเดือน 35,000 ไม่ใช้วุฒิ ไม่ต้องมีพาสปอร์ต ออกค่าเดินทางให้ฟรี แอดไลน์ @rich888"
DEPTH = 4


def test_every_button_has_words_and_every_word_a_button() -> None:
    labelled = {key.removeprefix("buttons.labels.") for key in copy().keys("buttons.labels.")}
    assert labelled == set(PRESSES)
    assert {key.removeprefix("buttons.says.") for key in copy().keys("buttons.says.")} <= labelled


def test_every_typed_word_stands_for_a_press_or_an_answer() -> None:
    answers = {"answer.yes", "answer.no", "answer.unsure", "answer.agree"}
    assert set(whole_messages().values()) <= set(PRESSES) | answers


STARTS = {
    "greeting": Event("follow"),
    "verdict": Event("text", text=POIPET),
    "undecided": Event("text", text="เกาหลีเปิดรับสมัครแรงงานไทย มากกว่า 3,000 อัตรา รายได้ 70,000 บาทต่อเดือน"),
    "plea": Event("text", text="ช่วยด้วย ถูกขังอยู่ ออกไม่ได้ เขาตี"),
    "worry": Event("text", text="ไม่ไหวแล้ว อยากตาย"),
    "link in a picture": Event("reading", text="https://bit.ly/abc"),
    "not understood": Event("text", text="ๆๆๆ"),
    "old button": Event("press", data="m0:gone"),
}


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("start", STARTS.values(), ids=STARTS.keys())
def test_every_button_leads_to_an_answer_with_a_way_back_and_a_way_to_a_person(
    talk: Talk, start: Event, language: str
) -> None:
    talk.presses(f"l1:{language}")
    talk.does(start, *_judged(start))
    seen: set[tuple[str, ...]] = set()
    level = [talk]
    for _ in range(DEPTH):
        level = [after for before in level for after in _press_each(before, seen)]
        assert level or seen
    assert len(seen) >= 20


def _judged(event: Event) -> tuple[Judgement, Crisis] | tuple[()]:
    judgement = judge(event.text) if event.text else None
    return (judgement, judgement.crisis) if judgement else ()


def _press_each(before: Talk, seen: set[tuple[str, ...]]) -> Iterator[Talk]:
    """The conversation after each button of the last answer, once for each place it leads to."""
    for button in before.buttons:
        if button.data == LEAVE:
            # Behind the decoy face there is no way back by button: test_decoy.py.
            continue
        after = python_copy.copy(before)
        after.presses(button.data)
        _look_at(after.step.reply, button)
        place = (button.data, after.state.dialogue, after.state.step, str(after.referral))
        if place not in seen:
            seen.add(place)
            yield after


def _look_at(reply: Content | None, button: Button) -> None:
    assert reply is not None, f"{button.data} leads nowhere"
    pressable = [b for bubble in reply.bubbles if isinstance(bubble, Card) for b in bubble.buttons]
    pressable += reply.choices
    data = [b.data for b in pressable]
    is_menu = {"m1:check", "m1:need", "m1:news", "m1:help"} <= set(data)
    assert ("m1:menu" in data) or is_menu, f"no way back after {button.data}"
    assert {"m1:staff", "s1:status"} & set(data), f"no way to a person after {button.data}"
    assert len(data) == len(set(data)), f"a button twice after {button.data}"
    assert len(reply.choices) <= 13
    assert len(reply.bubbles) <= 5
    assert reply.notice
    for one in pressable:
        assert one.data.isascii()
        assert len(one.data) <= 64
        assert 0 < count_graphemes(one.label) <= 20
    for bubble in reply.bubbles:
        words = bubble.text if isinstance(bubble, Text) else bubble.title + bubble.lead
        assert "{" not in words


_said = st.one_of(
    st.text(max_size=300),
    st.text(alphabet="กขคงจชดตนปมยรลวสหอะาิีุูเแโใไ่้็์ๆ 0123๔๕", max_size=120),
    st.sampled_from(
        [*whole_messages(), POIPET, "ช่วยด้วย ถูกขัง", "\u0000", "\u202e", "์", "😀" * 400, "ก" * 5_000]
    ),
)
_pressed = st.one_of(
    st.sampled_from([*PRESSES, "open:", "open:1", "m9:menu", "c1:cancel.yes.yes"]), st.text(max_size=80)
)
_events = st.one_of(
    st.builds(Event, kind=st.just("text"), text=_said),
    st.builds(Event, kind=st.just("press"), data=_pressed),
    st.builds(Event, kind=st.just("reading"), text=_said),
    st.builds(
        Event,
        kind=st.sampled_from(["sticker", "location", "audio", "file", "contact_card", "follow", "join"]),
    ),
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(events=st.lists(_events, max_size=6))
def test_whatever_is_sent_gets_an_answer_that_never_calls_an_offer_safe(events: list[Event]) -> None:
    talk = Talk()
    for event in events:
        # Channels replace lone surrogates before we see them.
        clean = Event(event.kind, text=event.text.encode("utf-8", "replace").decode(), data=event.data)
        had_referral = talk.referral is not None
        step = talk.does(clean, *_judged(clean))
        if step.reply is None:
            assert had_referral or talk.state.decoy, f"{clean} stays without an answer"
            continue
        ours = [b.text for b in step.reply.bubbles if isinstance(b, Text)]
        ours += [b.title + b.lead + "".join(b.steps) for b in step.reply.bubbles if isinstance(b, Card)]
        assert all(words.strip() for words in ours)
        assert "ปลอดภัย" not in "".join(ours)


@settings(max_examples=60, deadline=None)
@given(data=st.text(max_size=80))
def test_data_that_was_never_ours_is_met_kindly_and_does_nothing(data: str) -> None:
    if data in PRESSES or data.startswith("open:"):
        return
    talk = Talk()
    step = talk.presses(data)
    assert "ปุ่มนี้เก่าแล้ว" in talk.answer
    assert step.effects == ()


@pytest.mark.parametrize(
    ("intent", "told"),
    [
        ("thanks", "ยินดี"),
        ("service_question", "เราเป็นบอต"),
        ("case_status", "ไม่มีเรื่องที่เปิดอยู่"),
        ("talk_to_staff", "ส่งให้เจ้าหน้าที่แล้ว"),
        ("need_help", "เราถามทีละข้อ"),
        ("report", "เราถามทีละข้อ"),
        ("stop", "อยากรับไหม"),
        ("check_offer", "ส่งข้อความหรือรูป"),
        ("campaign_answer", "ยังไม่เข้าใจ"),
        ("unreadable", "ยังไม่เข้าใจ"),
    ],
)
def test_an_intent_without_an_offer_finds_its_dialogue(talk: Talk, intent: str, told: str) -> None:
    talk.says("กกก", judgement=judgement_of("not_an_offer", intent))
    assert told in talk.answer


def test_small_talk_is_greeted_first_and_then_not_understood(talk: Talk) -> None:
    chat = judgement_of("not_an_offer", "small_talk")
    talk.says("วันนี้ร้อนจัง", judgement=chat)
    assert "สวัสดีค่ะ" in talk.answer
    talk.says("วันนี้ร้อนจัง", judgement=chat)
    assert "ยังไม่เข้าใจ" in talk.answer


def test_a_long_text_without_an_offer_is_told_so(talk: Talk) -> None:
    talk.says("เตือนภัย " * 10, judgement=judgement_of("not_an_offer", "check_offer"))
    assert "ไม่เจอคำชวนทำงาน" in talk.answer


def test_an_offer_is_judged_also_while_staff_read_along(talk: Talk) -> None:
    talk.presses("m1:staff")
    talk.says(POIPET)
    assert "⛔ อันตราย" in talk.answer


def test_asking_for_staff_goes_before_a_verdict(talk: Talk) -> None:
    talk.says("ขอคุยกับคนเรื่องงานนี้", judgement=judgement_of("danger", "talk_to_staff"))
    assert "ส่งให้เจ้าหน้าที่แล้ว" in talk.answer


def test_who_asks_whether_a_machine_answers_is_told_and_nothing_is_opened(talk: Talk) -> None:
    talk.says("นี่คุยกับคนหรือบอต")
    assert "เราเป็นบอต" in talk.answer
    assert talk.referral is None
    talk.says("ขอคุยกับคนหน่อย")
    assert talk.referral is not None


def test_a_bare_i_dont_know_is_no_cry_for_help(talk: Talk) -> None:
    talk.says("ไม่รู้", crisis=crisis_of("concern", "danger"))
    assert "อยากให้เจ้าหน้าที่ช่วยดู" not in talk.answer
