import re
from pathlib import Path
from string import Formatter

import pytest

from app.examining.refusals import BusyError, FailedError
from app.public import words
from app.public.drawing import say_trouble
from app.public.refusals import (
    BinaryError,
    EmptyError,
    TooLongError,
    TooManyPicturesError,
    TooSlowError,
    WaitError,
    WaitSimilarError,
)
from core.errors import AppError, InvalidInputError, TooLargeError

NEVER = re.compile(r"ปลอดภัย|เหยื่อ|ค้ามนุษย์|\b(safe|safely|victim|guarantee[ds]?)\b", re.IGNORECASE)
PUBLIC = Path(words.__file__).parent


def places(saying: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(saying) if name}


def test_thai_and_english_say_the_same_with_the_same_places() -> None:
    assert words.keys("th") == words.keys("en")
    for key in words.keys("th"):
        assert places(words.say("th", key)) == places(words.say("en", key)), key


def test_nothing_says_what_must_not_be_said() -> None:
    texts = [(PUBLIC / "words.toml").read_text("utf-8"), *(p.read_text() for p in PUBLIC.glob("templates/*"))]
    assert [NEVER.search(text) for text in texts] == [None] * len(texts)


@pytest.mark.parametrize(
    "error",
    [
        BinaryError("x"), EmptyError("x"), FailedError("x"), TooLongError("x"), WaitError(5), WaitSimilarError(5),
        TooManyPicturesError("x"), BusyError(5), TooSlowError("x"), InvalidInputError("x"), TooLargeError("x"),
    ],
    ids=lambda error: error.code,
)  # fmt: skip
def test_every_refusal_has_words_in_both_languages(error: AppError) -> None:
    assert "{" not in say_trouble("th", error)
    assert say_trouble("th", error) != say_trouble("en", error)


def test_the_title_tells_nothing() -> None:
    assert words.say("th", "title") == "ตรวจงาน · รู้ทัน"
    assert words.say("en", "title") == "Check a job · RooTan"
