"""Choosing the word that opens the chat again."""

import pytest

from bots.copy import whole_messages
from bots.dialogues.code_word import fault_of, where_wished
from bots.dialogues.speech import tell
from bots.engine.steps import CodeWordEffect, GivenAnswer, PrivateEffect, Step, StoreAnswersEffect
from tests.bots.dialogues.talk import Talk, buttons_of

WORD = "มะม่วงสีฟ้า"


def test_it_is_asked_for_once_and_confirmed_once(talk: Talk) -> None:
    talk.presses("x1:word")
    talk.says(WORD)
    assert talk.state.code_word == ""
    talk.says(f" {WORD} ")
    assert talk.state.code_word == WORD
    assert "จำไว้แล้ว" in talk.answer


def test_the_word_is_never_said_back_nor_told_to_staff(talk: Talk) -> None:
    talk.presses("m1:staff")
    talk.presses("x1:word")
    for _ in range(2):
        talk.says(WORD)
        assert WORD not in talk.answer
        assert talk.effects(PrivateEffect)


def test_two_different_words_are_none(talk: Talk) -> None:
    talk.presses("x1:word")
    talk.says(WORD)
    talk.says("มะม่วงสีเขียว")
    assert "ไม่เหมือนกัน" in talk.answer
    talk.says(WORD)
    talk.says(WORD)
    assert talk.state.code_word == WORD


@pytest.mark.parametrize(
    ("word", "fault"),
    [
        ("กข", "short"), ("🥭🥭🥭🥭", "short"), ("a b", "short"), ("ก" * 60, "long"),
        ("1234", "common"), ("๑๒๓๔๕", "common"), ("กขคฆง", "common"), ("123456", "common"), ("aaaaaa", "common"), ("abcd", "common"), ("ช่วยด้วย", "common"),
        ("password", "common"), ("รหัสลับ", "common"), ("กินข้าว", "common"), ("หน้าแรก", "common"), ("กข กข กข", "common"),
    ],
)  # fmt: skip
def test_what_others_would_guess_is_refused(word: str, fault: str) -> None:
    assert fault_of(word) == fault


@pytest.mark.parametrize("word", [WORD, "ส้มตำปูม้า", "blue mango", "ยายชอบแมว3ตัว", "มะม่วง🥭หวาน"])
def test_a_word_of_ones_own_will_do(word: str) -> None:
    assert fault_of(word) is None


def test_nothing_that_we_understand_as_a_command_can_be_the_word() -> None:
    assert [word for word in whole_messages() if fault_of(word) is None] == []


def test_a_refusal_is_kind_and_leaves_the_question_open(talk: Talk) -> None:
    talk.presses("x1:word")
    talk.says("1234")
    assert "เดาง่าย" in talk.answer
    talk.says(WORD)
    talk.says(WORD)
    assert talk.state.code_word == WORD


def test_a_command_typed_instead_is_a_command(talk: Talk) -> None:
    talk.presses("x1:word")
    talk.says("เมนู")
    assert "เลือกได้เลย" in talk.answer
    assert talk.state.dialogue == ""


def test_nobody_has_to_have_one(talk: Talk) -> None:
    talk.presses("x1:word")
    talk.presses("x1:no_word")
    assert (talk.state.code_word, talk.state.dialogue) == ("", "")


def test_a_new_one_takes_the_place_of_the_old(talk: Talk) -> None:
    talk.presses("x1:word")
    talk.says(WORD)
    talk.says(WORD)
    talk.presses("x1:word")
    for word in (WORD, "ส้มตำปูม้า", "ส้มตำปูม้า"):
        talk.says(word)
    assert talk.state.code_word == "ส้มตำปูม้า"
    talk.presses("x1:word")
    talk.presses("x1:no_word")
    assert talk.state.code_word == "ส้มตำปูม้า"
    assert "คำเดิม" in talk.answer


def test_it_opens_the_referral_that_stands_and_the_one_that_is_opened_later(talk: Talk) -> None:
    talk.presses("x1:word")
    talk.says(WORD)
    talk.says(WORD)
    assert talk.effects(CodeWordEffect) == []
    talk.presses("m1:staff")
    assert talk.effects(CodeWordEffect) == [CodeWordEffect(WORD)]
    talk.presses("x1:word")
    for word in (WORD, "ส้มตำปูม้า", "ส้มตำปูม้า"):
        talk.says(word)
    assert talk.effects(CodeWordEffect) == [CodeWordEffect("ส้มตำปูม้า")]


def test_on_line_where_it_stays_in_the_chat_it_says_how_to_take_it_away(talk: Talk) -> None:
    talk.channel = "line"
    talk.presses("x1:word")
    talk.says(WORD)
    talk.says(WORD)
    assert "ยกเลิกข้อความ" in talk.answer


def test_who_wishes_a_code_word_in_a_report_finds_where_to_choose_it(talk: Talk) -> None:
    answers = (GivenAnswer("C3", ("code_word",)),)
    step = tell(talk.state, "menu.show", effects=(StoreAnswersEffect("report", answers),))
    assert buttons_of(where_wished(step).reply)[0].data == "x1:word"
    plain: Step = tell(talk.state, "menu.show")
    assert where_wished(plain) == plain
