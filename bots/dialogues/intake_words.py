"""What typed words mean while a question waits: its answer, a way on or out, something for others, or a story."""

from typing import NamedTuple

import regex

from bots.copy import whole_messages
from bots.dialogues import money_sent, offer, other_language
from bots.dialogues.intake_screen import BACK, GO_ON, LATER, STOP
from bots.dialogues.words import as_whole_message
from bots.engine.events import Event
from bots.engine.steps import Facts, Language
from referrals.questionnaires.questionnaire import UNSURE, Question
from referrals.questionnaires.understanding import understand

_ASKS_ELSE = frozenset({"talk_to_staff", "case_status", "service_question", "thanks"})
_TELLS = frozenset({"report", "need_help"})
_PASSES = {"answer.unsure": UNSURE}
_WAYS = {BACK: BACK, STOP: STOP, GO_ON: GO_ON, LATER: STOP}
_LETTERS = regex.compile(r"\p{L}")
_DIGITS = regex.compile(r"\d")
_STORY = 12  # letters; a shorter line tells nothing that staff could use
_PHONE = 7  # digits


class Meant(NamedTuple):
    """How a line of words is taken; at most one of the first three is set."""

    answer: tuple[str, ...] = ()
    press: str = ""
    for_others: bool = False
    # Worth keeping for staff.
    is_told: bool = False
    # Written before the question could be read.
    early: bool = False
    # Under `intake.met`: what to say of it.
    problem: str = "words"


def read_words(event: Event, facts: Facts, question: Question, language: Language, *, unread: bool) -> Meant:
    """`unread`: the question was asked in this very turn, so that nothing in it can be its answer."""
    said = whole_messages().get(as_whole_message(event.text), "")
    meant = _answer(event, question, language, said)
    if meant is not None:
        return Meant(early=True) if unread and meant.answer else meant
    if said and not said.startswith("answer."):
        return Meant(for_others=True)
    if facts.intent == "stop":
        return Meant(press=STOP)
    if _is_for_others(event, facts):
        return Meant(for_others=True)
    letters = len(_LETTERS.findall(event.text))
    told = letters >= _STORY or facts.intent in _TELLS
    return Meant(is_told=told, early=unread, problem=_problem(event.text, letters))


def _answer(event: Event, question: Question, language: Language, said: str) -> Meant | None:
    # Free text takes whatever is typed, but for our own words.
    ours = question.kind == "text" and bool(said) and not said.startswith("answer.")
    codes = None if ours else understand(question, event.text, language)
    if codes:
        return Meant(answer=codes)
    if said in _PASSES:
        return Meant(answer=(_PASSES[said],))
    if said in _WAYS:
        return Meant(press=_WAYS[said])
    return None


def _is_for_others(event: Event, facts: Facts) -> bool:
    # What is told of an offer is the report; an offer that is sent gets its verdict.
    offered = offer.is_offer(facts) and facts.intent not in _TELLS
    if offered or money_sent.is_told(event) or facts.intent in _ASKS_ELSE:
        return True
    return other_language.script_of(event.text) is not None


def _problem(said: str, letters: int) -> str:
    if len(_DIGITS.findall(said)) >= _PHONE:
        return "phone"
    return "words" if letters else "no_words"
