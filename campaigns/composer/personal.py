"""Variables in what a campaign says: `{name|คุณ}` is the person's name, and "คุณ" where it is not known.

A brace always begins or ends a variable: there is no way to say one, and nobody needs to.
"""

from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

import regex

from campaigns.plans.blocks import (
    Block,
    ButtonsBlock,
    CardBlock,
    CarouselBlock,
    ImageBlock,
    LessonBlock,
    LinkBlock,
    QuizBlock,
    Said,
    SurveyBlock,
    TextBlock,
    Wording,
)
from core.messages.fitting import utf16_units

# What may be known of a person: how they want to be called, and their province in words of their language.
VARIABLES: tuple[str, ...] = ("name", "province")
# UTF-16 units.
LONGEST_VALUE = 40

VariableFault = Literal["variable_broken", "variable_unknown", "variable_no_fallback"]

_VARIABLE = regex.compile(r"\{([^{}|]*)(?:\|([^{}|]*))?\}")
# A value is somebody's word, or a list's: letters, and what stands in names. No address, number or command gets through.
_NAME_LIKE = regex.compile(r"\p{L}[\p{L}\p{M} .'’-]{0,39}")
# No letter takes more than these of LINE's bytes.
_LONGEST = chr(0x0E01) * LONGEST_VALUE


class Broken(NamedTuple):
    """What is wrong with a variable, and the words that are wrong."""

    code: VariableFault
    words: str


def fill(text: str, person: Mapping[str, str]) -> str:
    """The text with what is known of a person, else with the words after the bar; what is no variable stays as it stands."""

    def value_of(found: regex.Match[str]) -> str:
        name, fallback = found[1].strip(), found[2]
        if name not in VARIABLES or fallback is None:
            return str(found[0])
        return known_value(person.get(name, "")) or str(fallback).strip()

    return _VARIABLE.sub(value_of, text)


def fill_longest(text: str) -> str:
    """The text as long as any person can make it."""

    def longest(found: regex.Match[str]) -> str:
        fallback = str(found[2] or "")
        return _LONGEST if utf16_units(fallback) < LONGEST_VALUE else fallback

    return _VARIABLE.sub(longest, text)


def known_value(value: str) -> str:
    """A value as it may be said, "" where it is nothing that a person is called."""
    tidy = " ".join(value.split())
    return tidy if _NAME_LIKE.fullmatch(tidy) and utf16_units(tidy) <= LONGEST_VALUE else ""


def has_variables(text: str) -> bool:
    return any(found[1].strip() in VARIABLES for found in _VARIABLE.finditer(text))


def broken_variables(text: str) -> Iterator[Broken]:
    """What is wrong with the variables of a text."""
    for found in _VARIABLE.finditer(text):
        name, fallback = found[1].strip(), found[2]
        if name not in VARIABLES:
            yield Broken("variable_unknown", found[0])
        elif fallback is None or not fallback.strip():
            yield Broken("variable_no_fallback", found[0])
    for part in _VARIABLE.split(text)[::3]:
        at = next((place for place, letter in enumerate(part) if letter in "{}"), None)
        if at is not None:
            yield Broken("variable_broken", part[at : at + 24])


def is_personal(wording: Wording) -> bool:
    """Whether it says something else to each person, so that it can't be sent to many at once."""
    return any(
        has_variables(text)
        for block in wording.blocks
        for said in sayings_of(block)
        for text in said.values()
    )


def sayings_of(block: Block) -> Iterator[Said]:
    """The sayings of a block that may hold variables: all that is read, nothing that is pressed."""
    match block:
        case TextBlock() | ButtonsBlock() | LinkBlock():
            yield block.text
        case CardBlock():
            yield block.title
            yield block.text
        case CarouselBlock():
            for card in block.cards:
                yield from sayings_of(card)
        case QuizBlock() | SurveyBlock():
            yield block.question
        case ImageBlock() | LessonBlock():
            return
