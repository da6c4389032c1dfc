"""Quick exit: from anywhere, at once, and nothing told is lost."""

import pytest

from bots.dialogues.speech import LEAVE
from bots.engine.events import Event
from bots.engine.steps import ClearChatEffect, HidingEffect, PrivateEffect
from tests.bots.dialogues.talk import Talk, crisis_of, words_of

CRY = "ช่วยด้วย โดนขังอยู่ในตึก เขายึดพาสปอร์ตไว้"
# What must not be read by whoever takes the phone: matters, people, numbers.
TELLING = (
    "เจ้าหน้าที่",
    "เรื่อง",
    "เลขติดตาม",
    "แจ้ง",
    "ช่วยเหลือ",
    "สถานะ",
    "คำตอบ",
    "ซ่อน",
    "คำลับ",
    "ตำรวจ",
    "1300",
    "191",
)


def says_nothing_telling(talk: Talk) -> bool:
    shown = words_of(talk.step.reply) + " ".join(talk.labels)
    # "เรื่อง" is also what job tips are about.
    return not [word for word in TELLING if word in shown.replace("คุยเรื่อง", "").replace("เรื่องไหน", "")]


@pytest.mark.parametrize("word", ["กลับหน้าแรก", "ออก", "Exit", "/home", "home", "ออกค่ะ"])
def test_it_is_typed_like_pressed(talk: Talk, word: str) -> None:
    talk.says(word)
    assert talk.state.decoy
    assert talk.effects(ClearChatEffect)


@pytest.mark.parametrize("start", ["m1:staff", "m1:need", "c1:numbers", "s1:status"])
def test_every_answer_that_is_nobody_elses_business_offers_the_way_out(talk: Talk, start: str) -> None:
    talk.presses(start)
    assert talk.step.reply is not None
    assert talk.step.reply.sensitive
    assert LEAVE in [button.data for button in talk.buttons]


def test_a_crisis_answer_offers_the_way_out_under_a_harmless_name(talk: Talk) -> None:
    talk.says(CRY)
    assert "กลับหน้าแรก" in talk.labels


@pytest.mark.parametrize("channel", ["line", "telegram"])
def test_what_shows_after_it_tells_nothing(talk: Talk, channel: str) -> None:
    talk.channel = channel
    talk.says(CRY)
    talk.presses(LEAVE)
    assert says_nothing_telling(talk)
    assert talk.effects(HidingEffect) == [HidingEffect(hidden=True)]
    assert talk.effects(PrivateEffect)


def test_only_on_line_it_says_how_to_delete_and_never_why(talk: Talk) -> None:
    talk.channel = "line"
    talk.presses(LEAVE)
    assert "เคล็ดลับมือถือ" in talk.answer
    talk.state = type(talk.state)()
    talk.channel = "telegram"
    talk.presses(LEAVE)
    assert "เคล็ดลับมือถือ" not in talk.answer


def test_it_goes_before_a_crisis_and_before_the_question_that_stands(talk: Talk) -> None:
    talk.presses("r1:begin")
    talk.does(Event("press", data=LEAVE), crisis=crisis_of("urgent", "danger"))
    assert talk.state.decoy
    assert talk.referral is None


def test_a_report_in_the_middle_is_put_aside_and_taken_up_again(talk: Talk) -> None:
    talk.presses("r1:begin")
    asked = talk.state.data["asked"]
    talk.presses(LEAVE)
    assert talk.state.aside is not None
    assert talk.state.aside.dialogue == "intake"
    come_back(talk)
    assert "ทำต่อ" in talk.labels
    talk.presses("r1:go_on")
    assert (talk.state.dialogue, talk.state.data["asked"]) == ("intake", asked)


def test_another_dialogue_goes_on_where_it_was(talk: Talk) -> None:
    talk.presses("m1:staff")
    talk.presses("c1:cancel")
    talk.presses("c1:keep")
    before = talk.state
    talk.presses(LEAVE)
    come_back(talk)
    assert (talk.state.dialogue, talk.state.step, talk.state.data) == (
        before.dialogue, before.step, before.data,
    )  # fmt: skip


def test_a_report_put_aside_before_is_not_lost_to_what_came_after(talk: Talk) -> None:
    talk.presses("r1:begin")
    talk.presses("m1:staff")
    assert talk.state.aside is not None
    talk.presses(LEAVE)
    assert talk.state.aside.dialogue == "intake"


def test_the_referral_stays(talk: Talk) -> None:
    talk.says(CRY)
    talk.presses(LEAVE)
    assert talk.referral is not None


def test_a_half_chosen_word_is_not_gone_on_with(talk: Talk) -> None:
    talk.presses("x1:word")
    talk.presses(LEAVE)
    come_back(talk)
    assert talk.state.dialogue == ""


def test_it_is_explained_once_when_there_is_something_to_hide(talk: Talk) -> None:
    talk.presses("m1:staff")
    assert "สามครั้งติดกัน" in talk.answer
    assert "ตั้งค่าแชต" in talk.labels
    talk.presses("s1:status")
    assert "สามครั้งติดกัน" not in talk.answer


def test_it_is_not_explained_in_the_midst_of_a_crisis_but_with_the_next_answer(talk: Talk) -> None:
    talk.says(CRY)
    assert "สามครั้งติดกัน" not in talk.answer
    talk.presses("s1:status")
    assert "สามครั้งติดกัน" in talk.answer


def test_who_only_says_hello_hears_nothing_of_it(talk: Talk) -> None:
    talk.says("สวัสดี")
    assert LEAVE not in [button.data for button in talk.buttons]
    assert "กลับหน้าแรก" not in talk.answer


def come_back(talk: Talk) -> None:
    talk.wait(minutes=2)
    for _ in range(3):
        talk.says("กลับหน้าแรก")
    assert not talk.state.decoy


def test_worry_is_offered_a_person_first_and_the_way_out_within_sight() -> None:
    step = Talk().says("แฟนชอบบีบแขนเราเวลาโมโห", crisis=crisis_of("concern", "domestic_violence"))
    assert step.reply is not None
    offered = [choice.data for choice in step.reply.choices]
    assert offered[0] == "m1:staff"
    assert "x1:leave" in offered[:3]
