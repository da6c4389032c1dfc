"""Quizzes "real or lure": offers written by hand in TOML, each with the words in it that tell.

A round asks two questions before anything is explained and two alike ones at its end; the difference is what was learnt.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, Literal

import msgspec

from campaigns.sayings import Said, faults_of_ids, faults_of_label, faults_of_saying, read_folder
from core.languages import WHOLE, Language
from core.messages.wording import count_graphemes

Choice = Literal["real", "lure"]
Phase = Literal["before", "between", "after"]

LONGEST_OFFER, LONGEST_REPLY, LONGEST_TELL = 260, 180, 40  # graphemes
# Asked before the first explanation, and as many alike ones at the end.
MEASURED = 2
FEWEST_QUESTIONS, MOST_TELLS = 6, 3


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One offer, what it is, the words in it that tell, and what is said to who saw it (`right`) and who did not."""

    id: str
    phase: Phase
    truth: Choice
    offer: Said
    tells: dict[Language, tuple[str, ...]]
    right: Said
    missed: Said
    # Of a question at the end: the one before the explanations that it is like.
    alike: str = ""


class Quiz(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Questions in the order in which they are asked."""

    id: str
    title: Said
    about: Said
    questions: tuple[Question, ...]


@cache
def quizzes() -> Mapping[str, Quiz]:
    """All quizzes by id, in the order in which they are offered."""
    return load_quizzes(resources.files("campaigns").joinpath("quizzes"))


def load_quizzes(folder: Traversable) -> Mapping[str, Quiz]:
    """Read and check the quizzes of a folder; raises ContentError that lists every problem."""
    return read_folder(folder, read_quiz, faults_in)


def read_quiz(quiz_id: str, table: Mapping[str, Any]) -> Quiz:
    """A quiz from its table; raises msgspec.ValidationError for unknown or missing keys."""
    rest = {key: value for key, value in table.items() if key != "question"}
    return msgspec.convert({**rest, "id": quiz_id, "questions": table.get("question", ())}, Quiz)


def faults_in(found: Iterable[Quiz]) -> list[str]:
    """Everything that is wrong with these quizzes, each with its place."""
    return [fault for quiz in found for fault in _faults_of(quiz)]


def _faults_of(quiz: Quiz) -> Iterator[str]:
    yield from faults_of_ids(quiz.id, [quiz.id], "quizzes")
    yield from faults_of_ids(quiz.id, (question.id for question in quiz.questions), "questions")
    yield from faults_of_label(f"{quiz.id}.title", quiz.title)
    yield from faults_of_saying(f"{quiz.id}.about", quiz.about, LONGEST_REPLY)
    yield from _of_round(quiz)
    for question in quiz.questions:
        yield from _of_question(f"{quiz.id}.{question.id}", question)


def _of_round(quiz: Quiz) -> Iterator[str]:
    """What makes the two measures comparable, and keeps "always lure" from being the best answer."""
    if len(quiz.questions) < FEWEST_QUESTIONS:
        yield f"{quiz.id}: needs {FEWEST_QUESTIONS} questions"
    between = len(quiz.questions) - 2 * MEASURED
    wanted = ["before"] * MEASURED + ["between"] * between + ["after"] * MEASURED
    if [question.phase for question in quiz.questions] != wanted:
        yield f"{quiz.id}: begins with {MEASURED} questions before, and ends with {MEASURED} after"
    before = {question.id: question for question in quiz.questions if question.phase == "before"}
    if {question.truth for question in before.values()} != {"real", "lure"}:
        yield f"{quiz.id}: of the questions before, one is real and one a lure"
    alike = [question.alike for question in quiz.questions if question.phase == "after"]
    if sorted(alike) != sorted(before):
        yield f"{quiz.id}: each question after is alike one before"
    for question in quiz.questions:
        if question.alike in before and before[question.alike].truth != question.truth:
            yield f"{quiz.id}.{question.id}: is not what {question.alike} is"


def _of_question(place: str, question: Question) -> Iterator[str]:
    yield from faults_of_saying(f"{place}.offer", question.offer, LONGEST_OFFER)
    yield from faults_of_saying(f"{place}.right", question.right, LONGEST_REPLY)
    yield from faults_of_saying(f"{place}.missed", question.missed, LONGEST_REPLY)
    for language in WHOLE:
        tells, offer = question.tells.get(language, ()), question.offer.get(language, "")
        if not 1 <= len(tells) <= MOST_TELLS:
            yield f"{place}.tells.{language}: {len(tells)} of them"
        for words in tells:
            if words not in offer:
                yield f"{place}.tells.{language}: {words!r} does not stand in the offer"
            if count_graphemes(words) > LONGEST_TELL:
                yield f"{place}.tells.{language}: longer than {LONGEST_TELL} characters"
