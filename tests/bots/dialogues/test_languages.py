"""A language needs files only: whatever is not said in it yet is said in English, then Thai."""

import msgspec
import pytest

from bots.copy import copy
from bots.dialogues.routing import PRESSES
from bots.engine.steps import State
from campaigns.lessons import packs
from tests.bots.dialogues.talk import Talk, crisis_of, judgement_of

TEXTS = (
    "สวัสดี",
    "รับแอดมินปอยเปต ที่พักฟรี 35,000",
    "ใครอ่านแชตนี้",
    "เรียนรู้",
    "job scams",
    "แจ้งเรื่อง",
    "สถานะ",
    "မင်္ဂလာပါ",
)


@pytest.fixture
def khmer(talk: Talk) -> Talk:
    talk.state = State(language="km")
    return talk


@pytest.mark.parametrize("code", sorted(PRESSES))
def test_every_button_is_answered_in_a_language_that_has_no_texts_yet(khmer: Talk, code: str) -> None:
    khmer.presses(code)


@pytest.mark.parametrize("text", TEXTS)
def test_everything_typed_is_answered_too(khmer: Talk, text: str) -> None:
    assert khmer.says(text).reply is not None


@pytest.mark.parametrize("kind", ["suicide", "detention", "child_abuse"])
def test_a_plea_is_answered_in_english_there(khmer: Talk, kind: str) -> None:
    khmer.says("help", crisis=crisis_of("urgent", kind))
    assert copy().say("en", f"crisis.now.{kind}") in khmer.answer


def test_lessons_are_told_in_english_there(khmer: Talk) -> None:
    khmer.presses("e1:l.job_scams.pay_first")
    assert packs()["job_scams"].lessons[0].bubbles["en"][-1] in khmer.answer


def test_every_language_of_the_copy_can_be_chosen_by_its_own_name(talk: Talk) -> None:
    talk.presses("h1:language")
    chosen = {button.data: button.label for button in talk.buttons}
    for spoken in copy().spoken:
        assert chosen[f"l1:{spoken.code}"] == spoken.about.name
        talk.says(spoken.about.name, judgement=judgement_of("not_an_offer", "small_talk"))
        assert talk.state.language == spoken.code


@pytest.mark.parametrize("wrong", ["", "TH", "english", "../th", "t"])
def test_what_is_no_code_of_a_language_is_not_taken_from_a_stored_state(wrong: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(msgspec.json.encode({"language": wrong}), type=State)
