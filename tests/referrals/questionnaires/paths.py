"""Walks through a questionnaire as different people would answer it."""

from collections.abc import Iterator

from hypothesis import strategies as st

from referrals.questionnaires.asking import next_question
from referrals.questionnaires.questionnaire import SKIPPED, UNSURE, Question, Questionnaire
from referrals.questionnaires.reading import load_questionnaire

REPORT = load_questionnaire()
Given = dict[str, tuple[str, ...]]


def said(**answers: str) -> Given:
    """Answers by id; several codes joined by a blank."""
    return {id_: tuple(codes.split()) for id_, codes in answers.items()}


def possible(question: Question) -> list[tuple[str, ...]]:
    """Answers that a question may get."""
    found = [(SKIPPED,), (UNSURE,), *((choice.code,) for choice in question.choices)]
    if question.kind == "place":
        found += [
            ("province:TH-63",),
            ("country:KH",),
            ("geo:13.7500,100.5000",),
            ("geo:25.0000,55.0000", "abroad"),
        ]
    if question.kind == "text":
        found.append(("text:ตึกสีขาว",))
    if question.kind in {"many", "agencies"}:
        found.append(tuple(choice.code for choice in question.choices if not choice.alone))
    return found


def walk(given: Given, questionnaire: Questionnaire = REPORT) -> list[str]:
    """Ids in the order in which somebody is asked who answers what is given and skips the rest."""
    return [id_ for id_, _ in steps(given, questionnaire)]


def steps(given: Given, questionnaire: Questionnaire = REPORT) -> Iterator[tuple[str, Given]]:
    """Each question with the answers that stand when it is asked."""
    answers: Given = {}
    while (question := next_question(questionnaire, answers)) is not None:
        yield question.id, answers
        answers = {**answers, question.id: given.get(question.id, (SKIPPED,))}


@st.composite
def whole_answers(draw: st.DrawFn) -> Given:
    """An answer of any kind to each question, so that every walk is decided."""
    return {one.id: draw(st.sampled_from(possible(one))) for one in REPORT.questions}


@st.composite
def some_answers(draw: st.DrawFn) -> Given:
    """Answers to some of the questions, in no order."""
    questions = draw(st.lists(st.sampled_from(REPORT.questions), unique_by=lambda one: one.id, max_size=25))
    return {one.id: draw(st.sampled_from(possible(one))) for one in questions}
