"""A report that something else came in between of: it is put aside, offered again, and nothing told is lost."""

import msgspec

from bots.dialogues.intake import FREE, follow_up
from bots.dialogues.intake_answer import hand_over
from bots.dialogues.intake_course import ENDED, is_gone, standing
from bots.dialogues.intake_progress import (
    DIALOGUE,
    Progress,
    keep,
    read_progress,
    with_answer,
    with_words,
    without_message,
)
from bots.dialogues.intake_screen import (
    BEGIN,
    GO_ON,
    LATER,
    MOST_CHOICES,
    PREFIX,
    question_content,
)
from bots.dialogues.numbers import numbers_bubble
from bots.dialogues.speech import button, move, text
from bots.engine.events import Event
from bots.engine.steps import (
    Aside,
    CancelReferralEffect,
    Facts,
    OpenReferralEffect,
    State,
    Step,
)
from core.messages.content import Bubble, Content
from referrals.questionnaires.asking import next_question
from referrals.questionnaires.reading import load_questionnaire
from referrals.questionnaires.understanding import understand

# A draft that nobody came back to.
KEPT_SECONDS = 30 * 24 * 3_600
# After so long it is mentioned again in words, not only by a button.
_MENTIONED_AFTER = 3_600
_ALONGSIDE = frozenset({"picture", "audio", "file", "contact_card", "evidence"})
# Beside all choices of a message there is room for so many bubbles.
_MOST_BUBBLES = 5
# So many choices of a crisis answer are in sight: those of its question, and the way out.
_IN_SIGHT = 3


def between(before: State, event: Event, facts: Facts, step: Step) -> Step:
    """After whatever answered: keep the report, and offer to go on with it."""
    if step.wanted:
        return step
    if any(isinstance(effect, CancelReferralEffect) for effect in step.effects):
        return msgspec.structs.replace(step, state=msgspec.structs.replace(step.state, aside=None))
    step = _without_gone(before, facts, step)
    if before.dialogue == DIALOGUE:
        return step if _is_ours(step) else _interrupted(before, event, facts, step)
    return _offered_again(before, facts, step)


def _without_gone(before: State, facts: Facts, step: Step) -> Step:
    """A report that is gone is not mixed up with another that is opened now."""
    progress, kept = standing(before), step.state.aside
    if progress is None or not is_gone(progress, facts) or not _opens(step):
        return step
    if kept is None or kept.dialogue != DIALOGUE:
        return step
    return msgspec.structs.replace(step, state=msgspec.structs.replace(step.state, aside=None))


def take_back(state: State, event: Event) -> State:
    """An unsend: what this message told is gone from the report that is not sent yet."""
    if not event.message:
        return state
    if state.dialogue in {DIALOGUE, ENDED} and (progress := read_progress(state.data)) is not None:
        data = msgspec.to_builtins(without_message(progress, event.message))
        return msgspec.structs.replace(state, data=data)
    kept = state.aside
    if kept is None or kept.dialogue != DIALOGUE or (progress := read_progress(kept.data)) is None:
        return state
    data = msgspec.to_builtins(without_message(progress, event.message))
    return msgspec.structs.replace(state, aside=msgspec.structs.replace(kept, data=data))


def _is_ours(step: Step) -> bool:
    """A question was asked, or the report ended on purpose."""
    if step.state.dialogue == ENDED:
        return True
    choices = step.reply.choices if step.reply else ()
    return step.state.dialogue == DIALOGUE and any(choice.data.startswith(PREFIX) for choice in choices)


def _interrupted(before: State, event: Event, facts: Facts, step: Step) -> Step:
    progress = read_progress(before.data)
    if progress is not None and is_gone(progress, facts):
        return _put_away(progress, facts, step)
    if progress is None:
        return step
    if (asked := _asked_on(progress, before, event, facts, step)) is not None:
        return asked
    told = facts.open_referral is not None or _opens(step)
    progress, answered = _with_what_was_said(progress, event, facts, before, told=told)
    step, progress = _told_to_staff(progress, answered, facts, step)
    if step.reply is None and step.state.dialogue == DIALOGUE:
        return msgspec.structs.replace(step, state=keep(step.state, progress))
    beside = event.kind in _ALONGSIDE or (event.kind == "reading" and step.state.dialogue == DIALOGUE)
    if beside and step.reply is not None and not step.state.decoy:
        return _with_question(progress, step, step.reply)
    quiet = step.state.decoy or step.crisis
    kept = Aside(DIALOGUE, "offered", msgspec.to_builtins(progress), facts.now.timestamp())
    # Who answered without moving on leaves the conversation where it was: then it is nowhere now.
    dialogue = "" if step.state.dialogue == DIALOGUE else step.state.dialogue
    data = {} if step.state.dialogue == DIALOGUE else step.state.data
    state = msgspec.structs.replace(step.state, dialogue=dialogue, data=data, aside=kept)
    step = msgspec.structs.replace(step, state=state)
    return _with_offer(step, mention=not quiet)


def _put_away(progress: Progress, facts: Facts, step: Step) -> Step:
    """What is gone joins nothing and is not offered; with a new matter opened it is forgotten."""
    kept = Aside(DIALOGUE, "quiet", msgspec.to_builtins(progress), facts.now.timestamp())
    state = msgspec.structs.replace(step.state, aside=None if _opens(step) else kept)
    if state.dialogue == DIALOGUE:
        state = move(state)
    return msgspec.structs.replace(step, state=state)


def _asked_on(progress: Progress, before: State, event: Event, facts: Facts, step: Step) -> Step | None:
    """Words of danger in the midst of a report are part of it: staff learn of them, and the questions go on.

    Not for despair, and not where staff don't know of mortal danger yet: those get their own answer.
    """
    level, standing = facts.crisis.level, facts.open_referral
    if event.kind != "text" or level == "none" or "suicide" in facts.crisis.kinds:
        return None
    if level == "urgent" and (standing is None or standing.priority != "P0"):
        return None
    kinds = tuple(sorted({*progress.kinds, *facts.crisis.kinds}))
    known = keep(before, msgspec.structs.replace(progress, kinds=kinds))
    asked = follow_up(known, event, facts)
    if asked is None or asked.reply is None:
        return None
    bubbles = (*(_what_helps(before, facts) if _opens(step) else ()), *asked.reply.bubbles)[-_MOST_BUBBLES:]
    reply = msgspec.structs.replace(asked.reply, bubbles=bubbles)
    return msgspec.structs.replace(
        asked, reply=reply, effects=(*step.effects, *asked.effects), crisis=level == "urgent"
    )


def _what_helps(before: State, facts: Facts) -> tuple[Bubble, ...]:
    """A danger of another kind: that staff know, and whom to call."""
    abroad = bool(before.data.get("abroad"))
    return (
        text(before.language, "intake.raised"),
        numbers_bubble(before.language, "intake.numbers", facts.crisis.kinds, facts, abroad=abroad),
    )


def _opens(step: Step) -> bool:
    return any(isinstance(effect, OpenReferralEffect) for effect in step.effects)


def _with_what_was_said(
    progress: Progress, event: Event, facts: Facts, before: State, *, told: bool
) -> tuple[Progress, str]:
    """Words of danger go to the crisis answer first; they may still answer what was asked, and are the story.

    Returns the question that they answer too. `told`: staff read what is written now anyway.
    """
    if event.kind != "text" or facts.crisis.level == "none":
        return progress, ""
    kinds = tuple(sorted({*progress.kinds, *facts.crisis.kinds}))
    progress = msgspec.structs.replace(progress, kinds=kinds)
    question = load_questionnaire(progress.questionnaire).by_id.get(progress.asked)
    codes = understand(question, event.text, before.language) if question else None
    if question is not None and codes:
        return with_answer(progress, question.id, codes, event.message), question.id
    return (progress if told else with_words(progress, event.message, event.text)), ""


def _told_to_staff(progress: Progress, answered: str, facts: Facts, step: Step) -> tuple[Step, Progress]:
    """Where staff have the matter, also by somebody else's doing, what was answered joins it."""
    if not (_opens(step) or facts.open_referral) or (progress.sent and not answered):
        return step, progress
    handed = hand_over(load_questionnaire(progress.questionnaire), progress, answered)
    return msgspec.structs.replace(step, effects=(*step.effects, *handed.effects)), handed.progress


def _with_question(progress: Progress, step: Step, reply: Content) -> Step:
    """What was sent belongs beside the question, which is still asked."""
    questions = load_questionnaire(progress.questionnaire)
    question = next_question(questions, progress.answers)
    if question is None:
        return step
    first = reply.bubbles[: _MOST_BUBBLES - 1]
    shown = question_content(step.state.language, questions, question, progress, first)
    return msgspec.structs.replace(step, reply=shown)


def _offered_again(before: State, facts: Facts, step: Step) -> Step:
    """A report that waits: a button under every answer, words after a while, nothing where it was declined."""
    kept = step.state.aside
    if kept is None or kept.dialogue != DIALOGUE or before.decoy or step.state.decoy:
        return step
    waited = facts.now.timestamp() - kept.at
    if waited > KEPT_SECONDS:
        return msgspec.structs.replace(step, state=msgspec.structs.replace(step.state, aside=None))
    progress = standing(step.state)
    if kept.step == "quiet" or step.reply is None or progress is None or is_gone(progress, facts):
        return step
    mention = waited > _MENTIONED_AFTER and not step.crisis
    if mention:
        kept = msgspec.structs.replace(kept, at=facts.now.timestamp())
        step = msgspec.structs.replace(step, state=msgspec.structs.replace(step.state, aside=kept))
    return _with_offer(step, mention=mention)


def _with_offer(step: Step, *, mention: bool) -> Step:
    reply = step.reply
    if reply is None or step.state.decoy:
        return step
    if any(choice.data == GO_ON for choice in reply.choices):
        return step
    language = step.state.language
    ways = (button(language, GO_ON), *((button(language, LATER),) if mention else ()))
    bubbles = (*reply.bubbles, text(language, "intake.waits")) if mention else reply.bubbles
    others = tuple(choice for choice in reply.choices if choice.data not in {BEGIN, FREE})
    first = _IN_SIGHT if step.crisis else 0
    choices = (*others[:first], *ways, *others[first:])[:MOST_CHOICES]
    return msgspec.structs.replace(
        step, reply=msgspec.structs.replace(reply, bubbles=bubbles, choices=choices)
    )
