"""A question of a quiz as a block of a campaign, answers and explanations with it."""

import tomllib
from functools import cache
from importlib import resources
from typing import Literal

import msgspec

from campaigns.plans.blocks import Choice, QuizBlock, Said
from campaigns.quizzes.quiz import Question, quizzes
from core.languages import WHOLE, in_language


class _Side(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is said of a question that is so: to who saw it, and to who did not."""

    label: Said
    right: Said
    missed: Said


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    ask: Said
    reply: Said
    real: _Side
    lure: _Side


def quiz_block(quiz_id: str, question_id: str, *, compares: bool) -> QuizBlock:
    """The question as a block; `compares` makes it the before or after of its pair. Raises KeyError where there is none."""
    question = next(one for one in quizzes()[quiz_id].questions if one.id == question_id)
    words = _words()
    return QuizBlock(
        id=question.id,
        question={one: words.ask[one].format(offer=in_language(question.offer, one)) for one in WHOLE},
        choices=(_choice(question, "real"), _choice(question, "lure")),
        measures=(question.alike or question.id) if compares else "",
        phase=question.phase if compares else "",
    )


def _choice(question: Question, choice: Literal["real", "lure"]) -> Choice:
    words, right = _words(), choice == question.truth
    truth = words.real if question.truth == "real" else words.lure
    verdict, why = (truth.right, question.right) if right else (truth.missed, question.missed)
    return Choice(
        id=choice,
        label=(words.real if choice == "real" else words.lure).label,
        reply={
            one: f"{verdict[one]}\n"
            + words.reply[one].format(
                why=in_language(why, one),
                tells=" · ".join(f"“{tell}”" for tell in in_language(question.tells, one)),
            )
            for one in WHOLE
        },
        right=right,
    )


@cache
def _words() -> _Words:
    """Raises msgspec.ValidationError for a wrong file."""
    file = resources.files("campaigns.ready").joinpath("questions.toml")
    return msgspec.convert(tomllib.loads(file.read_text("utf-8")), _Words)
