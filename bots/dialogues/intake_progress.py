"""How far somebody has come with a report: what the conversation remembers of it, sealed, until it is over."""

from typing import Any

import msgspec

from bots.dialogues.speech import move
from bots.engine.steps import GivenAnswer, State
from referrals.questionnaires.questionnaire import SKIPPED, UNSURE, Question
from referrals.questionnaires.reading import load_questionnaire

DIALOGUE = "intake"
# Of what is written before there is a referral only so much is carried along.
MOST_WORDS = 10
LONGEST_WORDS = 1_000


class Progress(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a report stands. Plain data: it lives in the state, as JSON."""

    questionnaire: str
    # Of the questions as they were when they were last asked.
    hash: str
    answers: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    # By question the platform's id of the message that answered it, so that an unsend takes the answer back.
    messages: dict[str, str] = msgspec.field(default_factory=dict)
    # Questions in the order in which they were answered, for the way back.
    trail: tuple[str, ...] = ()
    asked: str = ""
    # Seconds since 1970; words that came in the same turn were written before the question was read.
    asked_at: float = 0.0
    # Picked so far where several may hold.
    picked: tuple[str, ...] = ()
    # What was written while nobody could be told: the message's id and the words.
    words: tuple[tuple[str, str], ...] = ()
    # Kinds of danger that words told of meanwhile.
    kinds: tuple[str, ...] = ()
    # Whether the person concerned is; whoever answers in between must know whom to call.
    abroad: bool = False
    # The receipt of the referral that this report opened.
    receipt: str = ""
    receipt_told: bool = False
    # Everything so far is stored with a referral.
    sent: bool = False


def read_progress(data: dict[str, Any]) -> Progress | None:
    """Read it back, fit for the questions as they are now; None where it is not there or of an earlier form."""
    try:
        progress = msgspec.convert(data, Progress)
    except msgspec.ValidationError:
        return None
    questions = load_questionnaire(progress.questionnaire)
    if progress.hash == questions.hash:
        return progress
    for question, codes in progress.answers.items():
        if not _is_still_an_answer(questions.by_id.get(question), codes):
            progress = without_answer(progress, question)
    return msgspec.structs.replace(progress, hash=questions.hash, picked=())


def _is_still_an_answer(question: Question | None, codes: tuple[str, ...]) -> bool:
    """Questions may have changed since: what their buttons no longer say is asked again."""
    return question is not None and all(
        code in {SKIPPED, UNSURE, "abroad"} or ":" in code or question.choice(code) for code in codes
    )


def keep(state: State, progress: Progress) -> State:
    return move(state, DIALOGUE, progress.asked, **msgspec.to_builtins(progress))


def with_answer(progress: Progress, question: str, codes: tuple[str, ...], message: str = "") -> Progress:
    """The same report with one answer more, or another one to the same question."""
    messages = {name: said for name, said in progress.messages.items() if name != question}
    if message:
        messages[question] = message
    return msgspec.structs.replace(
        progress,
        answers={**progress.answers, question: codes},
        messages=messages,
        trail=(*(name for name in progress.trail if name != question), question),
        picked=(),
    )


def without_answer(progress: Progress, question: str) -> Progress:
    return msgspec.structs.replace(
        progress,
        answers={name: codes for name, codes in progress.answers.items() if name != question},
        messages={name: said for name, said in progress.messages.items() if name != question},
        trail=tuple(name for name in progress.trail if name != question),
        picked=(),
    )


def with_words(progress: Progress, message: str, said: str) -> Progress:
    """What was written and answers nothing: the newest of it is carried along for staff."""
    words = (*progress.words, (message, said[:LONGEST_WORDS]))
    return msgspec.structs.replace(progress, words=words[-MOST_WORDS:])


def without_message(progress: Progress, message: str) -> Progress:
    """An unsend: the answer and the words that this message brought are gone."""
    for question, said in progress.messages.items():
        if said == message:
            progress = without_answer(progress, question)
    words = tuple((name, said) for name, said in progress.words if name != message)
    return msgspec.structs.replace(progress, words=words)


def given(progress: Progress, *questions: str) -> tuple[GivenAnswer, ...]:
    """These answers, or all, as they are stored."""
    return tuple(
        GivenAnswer(question, progress.answers[question], progress.messages.get(question, ""))
        for question in questions or progress.trail
        if question in progress.answers
    )
