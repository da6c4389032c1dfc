"""A question as it is shown: one bubble, its buttons first, then the ways to pass over it, back and out."""

from collections.abc import Sequence

from bots.copy import copy
from bots.dialogues.intake_progress import Progress
from bots.dialogues.speech import LEAVE, MENU, STAFF, buttons, text
from bots.engine.steps import Language
from core.languages import in_language
from core.messages.content import Bubble, Button, Content, Text
from referrals.questionnaires.asking import wording
from referrals.questionnaires.questionnaire import SKIPPED, UNSURE, Question, Questionnaire

PREFIX = "r1:"
BACK, STOP, GO_ON, LATER, BEGIN = "r1:back", "r1:stop", "r1:go_on", "r1:later", "r1:begin"
# Of several: enough picked.
DONE = "done"
# What LINE shows under a message.
MOST_CHOICES = 13
# Presses carry the start of the questionnaire's hash, so that an old button is known for one.
MARK_LENGTH = 6
_SEVERAL = frozenset({"many", "agencies"})


def takes_several(question: Question) -> bool:
    return question.kind in _SEVERAL


def press_code(questionnaire: Questionnaire, question: Question, code: str) -> str:
    return f"{PREFIX}{question.id}:{code}@{questionnaire.hash[:MARK_LENGTH]}"


def read_press(data: str) -> tuple[str, str, str]:
    """(question id, code, mark) of a press; empty strings where it is none of an answer."""
    body, _, mark = data.removeprefix(PREFIX).rpartition("@")
    question, colon, code = body.partition(":")
    return (question, code, mark) if colon else ("", "", "")


def question_content(
    language: Language,
    questionnaire: Questionnaire,
    question: Question,
    progress: Progress,
    first: Sequence[Bubble] = (),
    *,
    asks_place: bool = False,
) -> Content:
    """The question behind whatever is said first; `asks_place` offers to send a position beside any question."""
    return Content(
        bubbles=(*first, *_bubbles(language, questionnaire, question, progress)),
        choices=_choices(language, questionnaire, question, progress, asks_place=asks_place),
        notice=copy().say(language, "notices.message"),
        sensitive=True,
    )


def _bubbles(
    language: Language, questionnaire: Questionnaire, question: Question, progress: Progress
) -> tuple[Bubble, ...]:
    asked = Text(in_language(wording(questionnaire, question, progress.answers), language))
    if not takes_several(question):
        return (asked,)
    if not progress.picked:
        return (Text(f"{asked.text}\n{copy().say(language, 'intake.several')}"),)
    picked = [
        in_language(choice.label, language) for choice in question.choices if choice.code in progress.picked
    ]
    return (text(language, "intake.picked", picked=", ".join(picked)),)


def _choices(
    language: Language,
    questionnaire: Questionnaire,
    question: Question,
    progress: Progress,
    *,
    asks_place: bool,
) -> tuple[Button, ...]:
    """The answers, then skip, not sure, the quick way out, a person; the rest as far as there is room."""
    answers = [
        Button(
            in_language(choice.label, language),
            data=press_code(questionnaire, question, choice.code),
            says=in_language(choice.says, language) if choice.says else "",
        )
        for choice in question.choices
        if choice.code not in progress.picked
    ]
    if progress.picked:
        answers.insert(0, _coded(language, questionnaire, question, DONE))
    if question.kind == "place" or asks_place:
        answers.append(Button(copy().say(language, "intake.label.pin"), location=True))
    offered = {choice.code for choice in question.choices}
    over = [
        _coded(language, questionnaire, question, code)
        for code in ((SKIPPED, UNSURE) if question.unsure else (SKIPPED,))
        if code not in offered
    ]
    shown = [*answers, *over, *buttons(language, LEAVE, STAFF, MENU)]
    ways = [*((STOP,) if progress.receipt_told else ()), *((BACK,) if progress.trail else ())]
    return (*shown, *buttons(language, *ways[: MOST_CHOICES - len(shown)]))


def _coded(language: Language, questionnaire: Questionnaire, question: Question, code: str) -> Button:
    label = copy().say(language, f"intake.label.{code}")
    return Button(label, data=press_code(questionnaire, question, code))
