import hashlib

import pytest

from bots.copy import LANGUAGES, copy
from bots.dialogues.news import WORDING
from bots.engine.steps import ConsentEffect
from tests.bots.dialogues.talk import Talk, crisis_of


@pytest.mark.parametrize(
    ("word", "granted"),
    [
        ("หยุด", False), ("เลิกรับ", False), ("ยกเลิกรับข่าวค่ะ", False), ("STOP", False), ("/stop", False),
        ("รับข่าว", True), ("/news", True), ("get news", True),
    ],
)  # fmt: skip
def test_a_word_alone_stops_or_starts_the_news(talk: Talk, word: str, granted: bool) -> None:  # noqa: FBT001
    talk.says(word)
    (effect,) = talk.effects(ConsentEffect)
    assert (effect.topic, effect.granted, effect.source) == ("campaigns", granted, "word")
    assert effect.wording == f"{WORDING}.th"


@pytest.mark.parametrize("sentence", ["เขาไม่ยอมหยุด", "หยุดทำงานได้ไหม", "ช่วยหยุดเขาที"])
def test_the_word_inside_a_sentence_stops_nothing(talk: Talk, sentence: str) -> None:
    talk.says(sentence)
    assert talk.effects(ConsentEffect) == []


def test_the_buttons_say_that_they_were_buttons(talk: Talk) -> None:
    talk.presses("n1:start")
    assert talk.effects(ConsentEffect)[0].source == "button"
    talk.presses("n1:stop")
    assert talk.effects(ConsentEffect)[0] == ConsentEffect("campaigns", False, f"{WORDING}.th", "button")


def test_a_stop_is_confirmed_in_one_line_with_the_way_back(talk: Talk) -> None:
    talk.presses("m1:menu")
    talk.says("หยุด")
    assert "\n" not in talk.answer
    assert 'พิมพ์ "รับข่าว"' in talk.answer


def test_stopping_does_not_cancel_what_staff_have(talk: Talk) -> None:
    talk.says("ช่วยด้วย", crisis=crisis_of("urgent", "danger"))
    talk.says("หยุด")
    assert talk.referral is not None
    assert "c1:cancel" in [button.data for button in talk.buttons]


def test_news_are_offered_only_to_those_who_have_not_agreed(talk: Talk) -> None:
    talk.presses("m1:news")
    assert "n1:start" in [button.data for button in talk.buttons]
    talk.presses("n1:start")
    talk.presses("m1:news")
    assert "n1:start" not in [button.data for button in talk.buttons]
    assert "n1:stop" in [button.data for button in talk.buttons]


def test_the_words_of_consent_have_not_changed_without_a_new_version() -> None:
    words = "".join(copy().say(language, "news.ask") for language in LANGUAGES)
    assert (WORDING, hashlib.sha256(words.encode()).hexdigest()[:12]) == (
        "campaigns.2026.11.1",
        "ef0b5705154f",
    )
