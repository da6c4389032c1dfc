"""What is typed while somebody calls, read as codes of answers and kinds of danger. It takes the lexicons' memory."""

from collections.abc import Mapping, Sequence

from nlp.judgement import judge
from referrals.desk.sealed import plain
from referrals.questionnaires.asking import applies
from referrals.questionnaires.hours import find_hours
from referrals.questionnaires.place_finding import find_answer
from referrals.questionnaires.questionnaire import UNSURE, Question
from referrals.questionnaires.reading import load_questionnaire
from referrals.telephone import CHAT_ONLY, UnreadAnswerError

LONGEST_TEXT = 1_000


def hear(story: str) -> tuple[str, ...]:
    """Return the kinds of danger that the words of a story name."""
    words = plain(story)
    return judge(words).crisis.kinds if words else ()


def read_readable(typed: Mapping[str, Sequence[str]]) -> tuple[dict[str, tuple[str, ...]], str]:
    """Return what can be read, and the first question whose answer can't be, "" for none: a word may be half written."""
    readable, unread = dict(typed), ""
    while True:
        try:
            return read_answers(readable), unread
        except UnreadAnswerError as error:
            unread = unread or error.holder
            del readable[error.holder]


def read_answers(typed: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Return what a form says as codes, question by question; nothing said is no answer.

    Answers to questions that no longer apply are dropped. Raises UnreadAnswerError.
    """
    asked = load_questionnaire()
    found: dict[str, tuple[str, ...]] = {}
    for question in asked.questions:
        said = [word for raw in typed.get(question.id, ()) if (word := plain(raw))]
        if not said or question.id in CHAT_ONLY or not applies(asked, question, found):
            continue
        found[question.id] = _codes(question, said)
    return found


def _codes(question: Question, said: Sequence[str]) -> tuple[str, ...]:
    if list(said) == [UNSURE]:
        return (UNSURE,)
    known = tuple(one for one in said if question.choice(one))
    written = [one for one in said if not question.choice(one)]
    if question.kind == "place" and written:
        place = find_answer(written[-1])
        if place is None:
            raise UnreadAnswerError(question.id)
        return place
    if question.kind == "hours" and written:
        hours = find_hours(written[-1])
        if hours is None:
            raise UnreadAnswerError(question.id)
        return (hours,)
    if question.kind == "text" and written:
        return (f"text:{written[-1][:LONGEST_TEXT]}",)
    if written or (len(known) > 1 and question.kind not in {"many", "agencies"}):
        raise UnreadAnswerError(question.id)
    alone = [code for code in known if (choice := question.choice(code)) and choice.alone]
    return (alone[0],) if alone else known
