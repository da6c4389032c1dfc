"""The report: one question a bubble, buttons first, each may be passed over; it can be left and taken up again.

The questions, their order and who is asked what are data (referrals.questionnaires); this is how they are asked.
"""

from collections.abc import Callable, Mapping

import msgspec

from bots.dialogues import menu, money_sent
from bots.dialogues.intake_answer import bring
from bots.dialogues.intake_course import aside, ask, is_gone, standing, take, tell_gone
from bots.dialogues.intake_progress import (
    Progress,
    keep,
    read_progress,
    with_answer,
    with_words,
    without_answer,
)
from bots.dialogues.intake_screen import (
    BACK,
    BEGIN,
    GO_ON,
    LATER,
    PREFIX,
    STOP,
    question_content,
    read_press,
    takes_several,
)
from bots.dialogues.intake_screen import (
    DONE as ENOUGH,
)
from bots.dialogues.intake_words import Meant, read_words
from bots.dialogues.numbers import freezing_bubble, may_have_paid
from bots.dialogues.speech import content, tell, text
from bots.engine.advance import Answer
from bots.engine.events import Event
from bots.engine.steps import BotDoneEffect, Facts, HoldNewsEffect, State, Step
from core.messages.content import Bubble
from referrals.questionnaires.places import point_answer
from referrals.questionnaires.questionnaire import SKIPPED, UNSURE, Question, Questionnaire
from referrals.questionnaires.reading import load_questionnaire

REPORT = "report"
_UNCHANGED_SECONDS = 900
# It speaks of the agencies that were chosen just before; alone it says nothing.
_NAMING = "C2n"
FREE = "r1:begin.free"


def begin(state: State, event: Event, facts: Facts) -> Step:
    """Begin, or go on where the person was; what was asked of their safety is asked anew after a while."""
    progress = standing(state)
    if progress is not None and not is_gone(progress, facts):
        return go_on(state, event, facts)
    questions = load_questionnaire(REPORT)
    first: tuple[Bubble, ...] = (text(state.language, "intake.begin"),)
    if may_have_paid(facts) or money_sent.is_told(event):
        # Money can be stopped only while it is still there.
        first = (freezing_bubble(state.language, facts), *first)
    if facts.open_referral is not None:
        first = (text(state.language, "crisis.claimed" if facts.open_referral.claimed else "crisis.waiting"),)
    begun = Progress(questions.name, questions.hash, words=_told(event, facts))
    return ask(state, questions, begun, facts, first, (HoldNewsEffect(),))


def begin_free(state: State, event: Event, facts: Facts) -> Step:
    """Begin with somebody who has just said that they can write."""
    progress = standing(state)
    if progress is not None and not is_gone(progress, facts):
        return go_on(state, event, facts)
    questions = load_questionnaire(REPORT)
    known = with_answer(Progress(questions.name, questions.hash), "G0", ("free",))
    return ask(state, questions, known, facts, effects=(HoldNewsEffect(),))


def _told(event: Event, facts: Facts) -> tuple[tuple[str, str], ...]:
    """What somebody wrote to begin with is the first of their story."""
    if event.kind != "text" or facts.intent not in {"report", "need_help"}:
        return ()
    return with_words(Progress("", ""), event.message, event.text).words


def go_on(state: State, event: Event, facts: Facts) -> Step:
    progress = standing(state)
    if progress is None:
        return begin(state, event, facts)
    if is_gone(progress, facts):
        return tell_gone(state)
    if facts.now.timestamp() - progress.asked_at > _UNCHANGED_SECONDS:
        # Who is near may have changed since.
        progress = without_answer(progress, "G0")
    questions = load_questionnaire(progress.questionnaire)
    return ask(state, questions, progress, facts, effects=(HoldNewsEffect(),))


def put_off(state: State, _event: Event, facts: Facts) -> Step:
    """Not now: it is not offered again, and waits."""
    return tell(aside(state, facts, quiet=True), "intake.later")


def follow_up(state: State, event: Event, facts: Facts) -> Step | None:
    """Everything that may answer the question; None leaves it to others, and the question is offered again."""
    progress = read_progress(state.data)
    if progress is None:
        return None
    handler = _BY_KIND.get(event.kind)
    return handler(state, event, facts, progress) if handler else None


def press(state: State, event: Event, facts: Facts) -> Step:
    """A button of a question, also of an old one: it counts as the answer to that question."""
    progress = standing(state)
    if progress is None:
        return _press_of_old(state, event, facts)
    if is_gone(progress, facts):
        return tell_gone(state)
    questions = load_questionnaire(progress.questionnaire)
    asked, code, _ = read_press(event.data)
    question = questions.by_id.get(asked)
    if question is None or not _is_answer(question, code, progress):
        return ask(state, questions, progress, facts, (text(state.language, "intake.old_button"),))
    if takes_several(question):
        return _pick(state, questions, progress, question, code, facts)
    if progress.answers.get(question.id) == (code,):
        return ask(state, questions, progress, facts)
    return take(state, questions, progress, question, (code,), event, facts)


def _press_of_old(state: State, event: Event, facts: Facts) -> Step:
    """No report is remembered here; with staff holding one the answer still counts for that."""
    questions = load_questionnaire(REPORT)
    asked, code, _ = read_press(event.data)
    question, empty = questions.by_id.get(asked), Progress(questions.name, questions.hash, sent=True)
    if question is None or facts.open_referral is None or takes_several(question):
        return menu.meet_old_button(state, event, facts)
    if question.id == _NAMING or not _is_answer(question, code, empty):
        return menu.meet_old_button(state, event, facts)
    noted = bring(state, questions, empty, with_answer(empty, question.id, (code,)), question, facts)
    said = (*noted.bubbles, text(state.language, "intake.noted"))
    return Step(state, content(state.language, *said, sensitive=True), effects=noted.effects)


def _is_answer(question: Question, code: str, progress: Progress) -> bool:
    if code in {SKIPPED, UNSURE} or question.choice(code):
        return True
    return code == ENOUGH and takes_several(question) and bool(progress.picked)


def _pick(
    state: State, questions: Questionnaire, progress: Progress, question: Question, code: str, facts: Facts
) -> Step:
    """Several may hold: each press adds one, until it is enough. A second press of the same takes nothing away."""
    choice = question.choice(code)
    if choice is None or choice.alone:
        codes = progress.picked if code == ENOUGH else (code,)
        return take(state, questions, progress, question, codes, Event("press"), facts)
    earlier = progress.picked if progress.asked == question.id else ()
    picked = (*(one for one in earlier if one != code), code)
    reopened = progress if progress.asked == question.id else without_answer(progress, question.id)
    chosen = msgspec.structs.replace(
        reopened, asked=question.id, asked_at=facts.now.timestamp(), picked=picked
    )
    kept = keep(msgspec.structs.replace(state, aside=None), chosen)
    return Step(kept, question_content(state.language, questions, question, chosen))


def step_back(state: State, event: Event, facts: Facts) -> Step:
    """One question back; its answer is asked for anew."""
    progress = standing(state)
    if progress is None:
        return menu.meet_old_button(state, event, facts)
    if is_gone(progress, facts):
        return tell_gone(state)
    questions = load_questionnaire(progress.questionnaire)
    if progress.picked:
        return ask(state, questions, msgspec.structs.replace(progress, picked=(), asked=""), facts)
    if not progress.trail:
        return ask(state, questions, progress, facts)
    return ask(state, questions, without_answer(progress, progress.trail[-1]), facts)


def stop(state: State, event: Event, facts: Facts) -> Step:
    """Enough for now: what staff have stays with them, what they don't have stays here."""
    progress = standing(state)
    if progress is None:
        return menu.meet_old_button(state, event, facts)
    if is_gone(progress, facts):
        return tell_gone(state)
    key = "intake.stopped" if progress.sent else "intake.not_sent"
    waiting = aside(state, facts, quiet=True)
    return tell(waiting, key, choices=(GO_ON,), sensitive=True)


def _read(state: State, event: Event, facts: Facts, progress: Progress) -> Step | None:
    """Words: an answer to the question, a command, or something to tell staff."""
    questions = load_questionnaire(progress.questionnaire)
    question = questions.by_id.get(progress.asked)
    if question is None:
        return None
    same_turn = progress.asked_at == facts.now.timestamp()
    meant = read_words(event, facts, question, state.language, unread=same_turn)
    if is_gone(progress, facts) and not (meant.press or meant.for_others):
        return tell_gone(state)
    if meant.answer:
        return take(state, questions, progress, question, meant.answer, event, facts)
    if meant.press:
        return PRESSES[meant.press](state, event, facts)
    standing = facts.open_referral
    if meant.for_others:
        return None
    if standing is not None and standing.claimed:
        # Whoever is talking with a person is not asked on by a machine, unless that person handed them to it.
        return _ask_once_more(state, questions, progress, facts) if standing.with_bot else None
    return _repeat(state, questions, progress, event, facts, meant)


def _repeat(
    state: State, questions: Questionnaire, progress: Progress, event: Event, facts: Facts, meant: Meant
) -> Step:
    """What answers nothing is not lost, and the question is asked again."""
    if meant.early and not meant.is_told:
        return ask(state, questions, progress, facts)
    puzzled = msgspec.structs.replace(state, puzzled=state.puzzled + (not meant.is_told))
    if facts.open_referral is not None:
        key = "staff.passed_on"
    else:
        progress = with_words(progress, event.message, event.text) if meant.is_told else progress
        key = "intake.told" if meant.is_told else f"intake.met.{meant.problem}"
    if puzzled.puzzled > 1 and facts.open_referral is None and not meant.is_told:
        key = "intake.lost"
    return ask(puzzled, questions, progress, facts, (text(state.language, key),))


def _ask_once_more(state: State, questions: Questionnaire, progress: Progress, facts: Facts) -> Step:
    """What can't be read goes to staff; the question is asked once again, and after that the person is theirs."""
    puzzled = msgspec.structs.replace(state, puzzled=state.puzzled + 1)
    passed_on = text(state.language, "staff.passed_on")
    if puzzled.puzzled < 2:
        return ask(puzzled, questions, progress, facts, (passed_on,))
    waiting = aside(state, facts, quiet=True)
    return Step(
        waiting,
        content(state.language, passed_on, choices=(GO_ON,), sensitive=True),
        effects=(BotDoneEffect(),),
    )


def _place(state: State, event: Event, facts: Facts, progress: Progress) -> Step | None:
    """A map pin is an answer to where, whenever it comes."""
    if is_gone(progress, facts):
        return tell_gone(state)
    questions = load_questionnaire(progress.questionnaire)
    question = questions.by_id.get(progress.asked)
    if question is None or question.kind != "place":
        question = next((one for one in questions.questions if one.kind == "place"), None)
    if question is None or event.latitude is None or event.longitude is None:
        return ask(state, questions, progress, facts, (text(state.language, "intake.met.no_words"),))
    codes = point_answer(event.latitude, event.longitude)
    if codes is None:
        return ask(state, questions, progress, facts, (text(state.language, "intake.met.no_words"),))
    return take(state, questions, progress, question, codes, event, facts)


def _sticker(state: State, _event: Event, facts: Facts, progress: Progress) -> Step | None:
    if is_gone(progress, facts):
        return tell_gone(state)
    questions = load_questionnaire(progress.questionnaire)
    return ask(state, questions, progress, facts, (text(state.language, "intake.met.sticker"),))


def _press(state: State, event: Event, facts: Facts, _progress: Progress) -> Step | None:
    if event.data in PRESSES:
        return PRESSES[event.data](state, event, facts)
    return press(state, event, facts) if event.data.startswith(PREFIX) else None


_BY_KIND: Mapping[str, Callable[[State, Event, Facts, Progress], Step | None]] = {
    "text": _read,
    "press": _press,
    "location": _place,
    "sticker": _sticker,
}

PRESSES: Mapping[str, Answer] = {
    BEGIN: begin,
    FREE: begin_free,
    "m1:need": begin,
    GO_ON: go_on,
    LATER: put_off,
    BACK: step_back,
    STOP: stop,
}
