"""Which question comes next, in which words, and when the receipt is due."""

from collections.abc import Collection, Mapping

from referrals.questionnaires.conditions import hold
from referrals.questionnaires.questionnaire import Answers, Question, Questionnaire


def next_question(questionnaire: Questionnaire, answers: Answers) -> Question | None:
    """The first question that applies and has no answer yet; None when all is asked."""
    return next((one for one in questionnaire.questions if _is_open(questionnaire, one, answers)), None)


def remaining(questionnaire: Questionnaire, answers: Answers) -> int:
    """How many questions are left as things stand; an answer may open or close others."""
    return sum(_is_open(questionnaire, one, answers) for one in questionnaire.questions)


def receipt_due(questionnaire: Questionnaire, answers: Answers) -> bool:
    """Whether each of the first questions that applies was answered or skipped."""
    return not any(
        _is_open(questionnaire, questionnaire.by_id[first], answers) for first in questionnaire.first
    )


def applies(questionnaire: Questionnaire, question: Question, answers: Answers) -> bool:
    """Whether the question makes sense after these answers."""
    return hold(question.when, answers, questionnaire.conditions)


def wording(questionnaire: Questionnaire, question: Question, answers: Answers) -> Mapping[str, str]:
    """The question's words for this person: a child, somebody who asks for another, a witness."""
    for variant in question.variants:
        if hold(variant.when, answers, questionnaire.conditions):
            return variant.says
    return question.says


def hotline_kinds(questionnaire: Questionnaire, answers: Answers) -> tuple[str, ...]:
    """Kinds of hotlines (referrals/directory) that the answers call for, in order of the questions."""
    kinds = [
        kind
        for one in questionnaire.questions
        for choice in one.choices
        if choice.code in answers.get(one.id, ())
        for kind in choice.kinds
    ]
    if is_abroad(questionnaire, answers):
        kinds.append("abroad")
    return tuple(dict.fromkeys(kinds))


def topic_of(questionnaire: Questionnaire, kinds: Collection[str]) -> str | None:
    """The answer to question T that kinds of crisis words give already; None where they give none or several."""
    topics = [one.code for one in questionnaire.by_id["T"].choices if not set(kinds).isdisjoint(one.kinds)]
    return topics[0] if len(topics) == 1 else None


def is_abroad(questionnaire: Questionnaire, answers: Answers) -> bool:
    """Whether the person concerned is abroad by what was answered."""
    return hold(("@abroad",), answers, questionnaire.conditions)


def _is_open(questionnaire: Questionnaire, question: Question, answers: Answers) -> bool:
    return not answers.get(question.id) and applies(questionnaire, question, answers)
