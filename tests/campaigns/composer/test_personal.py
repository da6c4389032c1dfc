import pytest

from campaigns.composer.personal import (
    LONGEST_VALUE,
    broken_variables,
    fill,
    fill_longest,
    is_personal,
    known_value,
)
from campaigns.plans.blocks import CardBlock, CarouselBlock, ImageBlock
from core.messages.fitting import utf16_units
from tests.campaigns.composer.plans import press, quiz, said, text, wording


@pytest.mark.parametrize(
    ("text", "known", "read"),
    [
        ("สวัสดี{name|คุณ}", {"name": "ดาว"}, "สวัสดีดาว"),
        ("สวัสดี{name|คุณ}", {}, "สวัสดีคุณ"),
        ("สวัสดี{ name | คุณ }", {"name": "  "}, "สวัสดีคุณ"),
        ("{name|คุณ}ที่{province|บ้านคุณ}", {"province": "น่าน"}, "คุณที่น่าน"),
        ("{name}", {"name": "ดาว"}, "{name}"),
        ("{pay|1}", {"pay": "2"}, "{pay|1}"),
        ("ไม่มีอะไร", {"name": "ดาว"}, "ไม่มีอะไร"),
    ],
)
def test_a_variable_is_its_value_or_the_word_after_the_bar(
    text: str, known: dict[str, str], read: str
) -> None:
    assert fill(text, known) == read


@pytest.mark.parametrize(
    "value",
    [
        "https://evil.example",
        "@rich888",
        "0812345678",
        "{name|x}",
        "<b>ดาว</b>",
        "ก" * 41,
        "😀",
        "ดาว\u202e",
        "-",
    ],
)
def test_a_value_that_nobody_is_called_is_not_said(value: str) -> None:
    assert fill("{name|คุณ}", {"name": value}) == "คุณ"


def test_a_name_of_several_words_is_said_with_single_blanks() -> None:
    assert known_value(" คุณ  ดาว  O’Neil-Jr. ") == "คุณ ดาว O’Neil-Jr."


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("{name|คุณ}", []),
        ("{name|}", ["variable_no_fallback"]),
        ("{name}", ["variable_no_fallback"]),
        ("{nmae|คุณ}", ["variable_unknown"]),
        ("สวัสดี {name|คุณ", ["variable_broken"]),
        ("สวัสดี name|คุณ}", ["variable_broken"]),
        ("{{name|คุณ}}", ["variable_broken", "variable_broken"]),
        ("{name|{name|คุณ}}", ["variable_broken", "variable_broken"]),
        ("{name|ก|ข}", ["variable_broken"]),
        ("{}", ["variable_unknown"]),
    ],
)
def test_a_broken_variable_is_found(text: str, wrong: list[str]) -> None:
    assert [broken.code for broken in broken_variables(text)] == wrong


def test_the_longest_text_is_as_long_as_any_person_can_make_it() -> None:
    longest = utf16_units(fill_longest("ถึง{name|คุณ}"))
    assert longest == utf16_units("ถึง") + LONGEST_VALUE
    assert utf16_units(fill("ถึง{name|คุณ}", {"name": "ก" * LONGEST_VALUE})) == longest
    assert fill_longest("{name|" + "ข" * 60 + "}") == "ข" * 60


@pytest.mark.parametrize(
    ("block", "personal"),
    [
        (text("สวัสดี{name|คุณ}"), True),
        (text("สวัสดี", "Hello {name|you}"), True),
        (text("สวัสดี {nmae|คุณ}"), False),
        (CardBlock("c1", said("ถึง{name|คุณ}"), said("x")), True),
        (CarouselBlock("c1", (CardBlock("a", said("x"), said("{province|ที่บ้าน}")),)), True),
        (quiz(question=said("{name|คุณ}คิดว่าอะไร")), True),
        (quiz(), False),
        (ImageBlock("i1", "x"), False),
        (CardBlock("c1", said("x"), said("y"), presses=(press(label=said("{name|คุณ}")),)), False),
    ],
)
def test_a_wording_is_personal_when_something_that_is_read_differs_by_person(
    block: object,
    personal: bool,  # noqa: FBT001
) -> None:
    assert is_personal(wording(block)) is personal  # type: ignore[arg-type] # one of the blocks above
