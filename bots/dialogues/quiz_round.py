"""How far a person has come in the quizzes, kept in `State.progress["quiz"]` so that it can be gone on with after days.

`last` is the quiz played last, `got` the answers of each quiz's present round by question, `done` the quizzes that were
finished once: a second round tells nothing of what was learnt, and is not counted.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from bots.engine.steps import QuizAnswer, QuizEffect, State
from campaigns.quizzes.quiz import MEASURED, Choice, Phase, Question, Quiz, quizzes

DIALOGUE = "quiz"


class Round(NamedTuple):
    """A quiz and what was answered in its present round, by question."""

    quiz: Quiz
    got: Mapping[str, str]

    @property
    def asked(self) -> Question | None:
        """The question to be answered next; None after the last."""
        return next((one for one in self.quiz.questions if one.id not in self.got), None)

    @property
    def explains(self) -> bool:
        """Whether the measure before the explanations is over."""
        return all(one.id in self.got for one in self.quiz.questions[:MEASURED])

    def number(self, question: Question) -> int:
        return self.quiz.questions.index(question) + 1

    def question(self, question_id: str) -> Question | None:
        return next((one for one in self.quiz.questions if one.id == question_id), None)

    def right(self, phase: Phase | None = None) -> int:
        """How many were answered rightly, of all or of one phase."""
        return sum(
            self.got.get(one.id) == one.truth for one in self.quiz.questions if phase in {None, one.phase}
        )


def round_of(state: State, quiz: Quiz) -> Round:
    found = _kept(state, "got").get(quiz.id)
    return Round(quiz, found if isinstance(found, dict) else {})


def open_round(state: State) -> Round | None:
    """The round that this conversation is in the midst of."""
    quiz = quizzes().get(str(state.data.get("quiz", ""))) if state.dialogue == DIALOGUE else None
    return round_of(state, quiz) if quiz else None


def begun_round(state: State) -> Round | None:
    """The round that was played last, where it is not finished."""
    quiz = quizzes().get(str(_progress(state).get("last", "")))
    begun = round_of(state, quiz) if quiz else None
    return begun if begun and begun.got and begun.asked else None


def with_answer(state: State, played: Round, question: Question, choice: Choice) -> tuple[State, Round]:
    return _with_got(state, played.quiz, {**played.got, question.id: choice})


def begin_anew(state: State, quiz: Quiz) -> tuple[State, Round]:
    return _with_got(state, quiz, {})


def finish(state: State, played: Round) -> tuple[State, tuple[QuizEffect, ...]]:
    """Note that the quiz was played to its end; the first time it is counted."""
    progress = _progress(state)
    done = [one for one in progress.get("done", ()) if one in quizzes()]
    if played.quiz.id in done:
        return state, ()
    kept = {**progress, "done": [*done, played.quiz.id]}
    answers = tuple(
        QuizAnswer(one.id, one.phase, right=played.got[one.id] == one.truth) for one in played.quiz.questions
    )
    return _with_progress(state, kept), (QuizEffect(played.quiz.id, answers),)


def _with_got(state: State, quiz: Quiz, got: Mapping[str, str]) -> tuple[State, Round]:
    kept = {**_progress(state), "last": quiz.id, "got": {**_kept(state, "got"), quiz.id: dict(got)}}
    return _with_progress(state, kept), Round(quiz, got)


def _with_progress(state: State, kept: dict[str, Any]) -> State:
    return msgspec.structs.replace(state, progress={**state.progress, DIALOGUE: kept})


def _kept(state: State, name: str) -> Mapping[str, Any]:
    found = _progress(state).get(name, {})
    return found if isinstance(found, dict) else {}


def _progress(state: State) -> Mapping[str, Any]:
    kept = state.progress.get(DIALOGUE, {})
    return kept if isinstance(kept, dict) else {}
