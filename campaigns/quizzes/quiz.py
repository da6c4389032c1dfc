"""Quizzes "real or lure": offers written by hand in TOML, each with the words in it that tell.

A round asks two questions before anything is explained and two alike ones at its end; the difference is what was learnt.
"""

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, Literal

import msgspec
import regex

from core.errors import AppError
from core.languages import WHOLE, Language
from core.messages.wording import LABEL_GRAPHEMES, count_graphemes, never_at_a_glance, never_said

Choice = Literal["real", "lure"]
Phase = Literal["before", "between", "after"]
Said = dict[Language, str]

LONGEST_OFFER, LONGEST_REPLY, LONGEST_TELL = 260, 180, 40  # graphemes
# Asked before the first explanation, and as many alike ones at the end.
MEASURED = 2
FEWEST_QUESTIONS, MOST_TELLS = 6, 3
_ID = regex.compile(r"[a-z][a-z0-9_]{0,23}")


class QuizError(AppError):
    """A quiz is incomplete or says what it must not; the message lists every place."""

    code = "quiz"
    status = 500


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
    """Read and check `<order>_<id>.toml`; raises QuizError that lists every problem."""
    found: list[Quiz] = []
    problems: list[str] = []
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            quiz_id = file.name.removesuffix(".toml").partition("_")[2]
            try:
                found.append(read_quiz(quiz_id, tomllib.loads(file.read_text("utf-8"))))
            except (msgspec.ValidationError, tomllib.TOMLDecodeError) as wrong:
                problems.append(f"{file.name}: {wrong}")
    problems += faults_in(found)
    if problems:
        raise QuizError("correct the quizzes:\n" + "\n".join(problems))
    return {quiz.id: quiz for quiz in found}


def read_quiz(quiz_id: str, table: Mapping[str, Any]) -> Quiz:
    """A quiz from its table; raises msgspec.ValidationError for unknown or missing keys."""
    rest = {key: value for key, value in table.items() if key != "question"}
    return msgspec.convert({**rest, "id": quiz_id, "questions": table.get("question", ())}, Quiz)


def faults_in(found: Iterable[Quiz]) -> list[str]:
    """Everything that is wrong with these quizzes, each with its place."""
    return [fault for quiz in found for fault in _faults_of(quiz)]


def _faults_of(quiz: Quiz) -> Iterator[str]:
    ids = [quiz.id, *(question.id for question in quiz.questions)]
    yield from (f"{quiz.id}: {one!r} is not an id" for one in ids if not _ID.fullmatch(one))
    yield from (f"{quiz.id}: two questions are called {one}" for one, n in Counter(ids[1:]).items() if n > 1)
    yield from _of_saying(f"{quiz.id}.title", quiz.title, LABEL_GRAPHEMES)
    shown = [word for title in quiz.title.values() for word in never_at_a_glance(title)]
    yield from (f"{quiz.id}.title: shows {word}" for word in shown)
    yield from _of_saying(f"{quiz.id}.about", quiz.about, LONGEST_REPLY)
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
    yield from _of_saying(f"{place}.offer", question.offer, LONGEST_OFFER)
    yield from _of_saying(f"{place}.right", question.right, LONGEST_REPLY)
    yield from _of_saying(f"{place}.missed", question.missed, LONGEST_REPLY)
    for language in WHOLE:
        tells, offer = question.tells.get(language, ()), question.offer.get(language, "")
        if not 1 <= len(tells) <= MOST_TELLS:
            yield f"{place}.tells.{language}: {len(tells)} of them"
        for words in tells:
            if words not in offer:
                yield f"{place}.tells.{language}: {words!r} does not stand in the offer"
            if count_graphemes(words) > LONGEST_TELL:
                yield f"{place}.tells.{language}: longer than {LONGEST_TELL} characters"


def _of_saying(place: str, saying: Said, longest: int) -> Iterator[str]:
    yield from (f"{place}: {language} is missing" for language in WHOLE if language not in saying)
    for language, text in saying.items():
        if not text.strip():
            yield f"{place}.{language}: empty"
        if count_graphemes(text) > longest:
            yield f"{place}.{language}: longer than {longest} characters"
        yield from (f"{place}.{language}: says {word}" for word in never_said(text))
