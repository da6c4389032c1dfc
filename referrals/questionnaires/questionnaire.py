"""A questionnaire: questions in the order in which they are asked, fixed for ever by a hash of every word."""

import hashlib
from collections.abc import Mapping
from functools import cached_property
from typing import Literal

import msgspec

# Question id → chosen codes. Besides the codes of choices: SKIPPED, UNSURE, "province:TH-10", "country:KH",
# "geo:13.75,100.50", "text:…", "time:18:00-21:00".
Answers = Mapping[str, tuple[str, ...]]
SKIPPED = "skip"
UNSURE = "unsure"
Kind = Literal["one", "many", "place", "text", "hours", "agencies"]
# What is said, by language (ISO 639-1); Thai and English are always there.
Words = dict[str, str]
Strength = Literal["", "W", "M", "S"]
Element = Literal["A", "M", "P"]


class Choice(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One button. An indicator is a choice with a `strength`; `ilo` are its numbers of the ILO's 11 indicators."""

    code: str
    label: Words
    # What the chat shows as the person's own words where the label would tell too much.
    says: Words | None = None
    strength: Strength = ""
    elements: tuple[Element, ...] = ()
    ilo: tuple[int, ...] = ()
    # Kinds of the hotlines to show at once.
    kinds: tuple[str, ...] = ()
    # Where several may be chosen: this one excludes the others.
    alone: bool = False
    # Which plain answer, "yes" or "no", means this choice.
    like: Literal["", "yes", "no"] = ""


class Variant(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Other words for the same question, under conditions as in `Question.when`."""

    when: tuple[str, ...]
    says: Words


class Question(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One bubble. `when` are conditions that must all hold (see conditions.py); every question may be skipped."""

    id: str
    kind: Kind
    says: Words
    choices: tuple[Choice, ...] = ()
    when: tuple[str, ...] = ()
    variants: tuple[Variant, ...] = ()
    # Whether "not sure" is a sensible button.
    unsure: bool = True
    # The choice that holds where nothing was answered.
    default: str = ""

    def choice(self, code: str) -> Choice | None:
        return next((choice for choice in self.choices if choice.code == code), None)


class Questionnaire(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, dict=True):
    """`first` are the ids after which the receipt is due; `conditions` are named ones that `when` refers to."""

    name: str
    version: str
    questions: tuple[Question, ...]
    first: tuple[str, ...] = ()
    conditions: dict[str, tuple[str, ...]] = {}

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the canonical JSON, in hex."""
        return hashlib.sha256(to_json(self)).hexdigest()

    @cached_property
    def by_id(self) -> dict[str, Question]:
        return {question.id: question for question in self.questions}


def to_json(questionnaire: Questionnaire) -> bytes:
    """The canonical JSON: keys sorted, no blanks, UTF-8."""
    return msgspec.json.encode(questionnaire, order="sorted")


def from_json(body: bytes | str) -> Questionnaire:
    """Read a stored questionnaire; raises msgspec.ValidationError or DecodeError for anything else."""
    return msgspec.json.decode(body, type=Questionnaire)


def question(questionnaire: Questionnaire, id: str) -> Question:  # noqa: A002 - the field's own word
    """The question with this id; raises KeyError for one that is not in it."""
    return questionnaire.by_id[id]
