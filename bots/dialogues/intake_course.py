"""The course of a report: what is asked next, what an answer leads to, how it ends or is put aside."""

from collections.abc import Sequence

import msgspec

from bots.copy import copy
from bots.dialogues.intake_answer import bring
from bots.dialogues.intake_progress import (
    DIALOGUE,
    Progress,
    keep,
    read_progress,
    with_answer,
    without_answer,
)
from bots.dialogues.intake_screen import BEGIN, GO_ON, question_content
from bots.dialogues.speech import buttons, content, move, tell, text
from bots.engine.events import Event
from bots.engine.steps import (
    Aside,
    BotDoneEffect,
    Effect,
    Facts,
    MinorEffect,
    OpenReferralEffect,
    State,
    Step,
)
from core.messages.content import Bubble, Content
from referrals.questionnaires.asking import is_abroad, next_question
from referrals.questionnaires.questionnaire import Question, Questionnaire

# The question that asks where.
_PLACE = "G4"
# The report is over, or put aside on purpose: nothing is offered again.
ENDED, DONE, GONE = "reported", "done", "gone"


def standing(state: State) -> Progress | None:
    """The report that is under way or was put aside."""
    if state.dialogue in {DIALOGUE, ENDED}:
        found = read_progress(state.data)
        if found is not None:
            return found
    if state.aside is not None and state.aside.dialogue == DIALOGUE:
        return read_progress(state.aside.data)
    return None


def is_gone(progress: Progress, facts: Facts) -> bool:
    """Staff had it and have it no more: closed, or erased from wherever. What is remembered here must not tell it anew."""
    return progress.sent and facts.open_referral is None


def tell_gone(state: State) -> Step:
    """That it is no more, and the way to begin anew; the old answers are forgotten here too."""
    clear = msgspec.structs.replace(move(state, ENDED, GONE), aside=None)
    return tell(clear, "intake.gone", choices=(BEGIN,), sensitive=True)


def aside(state: State, facts: Facts, *, quiet: bool) -> State:
    """The same state with the report put aside; quiet where it is not to be offered again."""
    progress = standing(state)
    if progress is None:
        return state
    kept = Aside(
        DIALOGUE, "quiet" if quiet else "offered", msgspec.to_builtins(progress), facts.now.timestamp()
    )
    ended = move(state, ENDED) if state.dialogue == DIALOGUE else state
    return msgspec.structs.replace(ended, aside=kept)


def ask(
    state: State,
    questions: Questionnaire,
    progress: Progress,
    facts: Facts,
    first: Sequence[Bubble] = (),
    effects: tuple[Effect, ...] = (),
    *,
    crisis: bool = False,
) -> Step:
    """Ask what comes next, behind what is said first; with nothing left to ask the report is over.

    Whoever is in danger is offered to send a position beside any question: it is what brings help.
    """
    question = next_question(questions, progress.answers)
    if question is None:
        return _finish(state, progress, first, effects)
    if question.id != progress.asked:
        progress = msgspec.structs.replace(
            progress, asked=question.id, asked_at=facts.now.timestamp(), picked=()
        )
    # A place named in passing counts until they were asked where.
    abroad = is_abroad(questions, progress.answers) or (progress.abroad and _PLACE not in progress.answers)
    progress = msgspec.structs.replace(progress, hash=questions.hash, abroad=abroad)
    kept = keep(msgspec.structs.replace(state, aside=None), progress)
    shown = question_content(state.language, questions, question, progress, first, asks_place=crisis)
    return Step(kept, shown, effects=effects, crisis=crisis)


def _finish(state: State, progress: Progress, first: Sequence[Bubble], effects: tuple[Effect, ...]) -> Step:
    ended = move(msgspec.structs.replace(state, aside=None), ENDED, DONE, **msgspec.to_builtins(progress))
    reply = content(
        state.language, *first, text(state.language, "intake.finished"), choices=("s1:status",),
        sensitive=True,
    )  # fmt: skip
    return Step(ended, reply, effects=(*effects, *((BotDoneEffect(),) if progress.sent else ())))


def take(
    state: State,
    questions: Questionnaire,
    progress: Progress,
    question: Question,
    codes: tuple[str, ...],
    event: Event,
    facts: Facts,
) -> Step:
    """Note an answer and everything that follows from it."""
    if question.id == "G0" and "watched" in codes:
        return _be_unremarkable(state, progress, facts)
    answered = with_answer(progress, question.id, codes, event.message if event.kind == "text" else "")
    brought = bring(state, questions, progress, answered, question, facts)
    # Where somebody is in danger staff have it, and nobody is sent back to the job post.
    if question.id == "G2" and "job_check" in codes and not brought.progress.sent:
        return _check_the_job(state, brought.progress, facts)
    minor = next((e.minor for e in brought.effects if isinstance(e, MinorEffect)), state.minor)
    known = msgspec.structs.replace(state, minor=minor)
    return ask(
        known, questions, brought.progress, facts, brought.bubbles, brought.effects, crisis=brought.urgent
    )


def _be_unremarkable(state: State, progress: Progress, facts: Facts) -> Step:
    """Somebody may be reading along: a line about jobs, and nothing more. Staff who have the matter learn why."""
    told = facts.open_referral
    effects = (OpenReferralEffect(told.priority, "report", reasons=("cannot_talk",)),) if told else ()
    kept = aside(keep(state, without_answer(progress, "G0")), facts, quiet=True)
    language = state.language
    line = Content(
        (text(language, "intake.watched"),),
        choices=buttons(language, "m1:check", "s1:status", "m1:menu"),
        notice=copy().say(language, "notices.message"),
    )
    return Step(kept, line, effects=effects)


def _check_the_job(state: State, progress: Progress, facts: Facts) -> Step:
    """Only a doubt about a job: the job is looked at first, and the questions wait."""
    return tell(aside(keep(state, progress), facts, quiet=True), "intake.job_check", choices=(GO_ON,))
