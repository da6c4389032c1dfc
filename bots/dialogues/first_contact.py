"""The first words between us: a greeting, and the short privacy notice after the first answer."""

from collections.abc import Mapping

import msgspec

from bots.copy import copy
from bots.dialogues.intake_progress import DIALOGUE
from bots.dialogues.speech import move, tell, text
from bots.dialogues.staff import tell_status
from bots.engine.advance import Answer
from bots.engine.events import Event
from bots.engine.steps import CancelReferralEffect, Facts, ScreeningEffect, State, Step
from core.messages.content import Card, Content

# Version of the words under first_contact.notice; a change of those words is a new version.
NOTICE = "2026.11.2"
_MENU = ("m1:check", "m1:need", "m1:staff", "m1:news", "m1:help")


def greet(state: State, event: Event, facts: Facts) -> Step:
    """Greet; somebody whose matter is with staff hears where it stands instead."""
    if facts.open_referral is not None:
        return tell_status(state, event, facts)
    return tell(move(state), "first_contact.greeting", choices=_MENU)


def in_their_language(state: State, event: Event) -> State:
    """Before the first answer the platform's word on the person's language counts; later only their own."""
    if state.notice or event.language is None:
        return state
    return msgspec.structs.replace(state, language=event.language)


def with_notice(step: Step) -> Step:
    """Attach the notice to the first answer; to a report's question, a card and staff's in one line only, with where to
    read the rest.

    A card must not be pushed up by it, nor the notice be all that a lock screen shows. In the decoy face it would tell
    too much; it comes when the true face does. Nobody in danger reads it before the first quiet answer.
    """
    reply = step.reply
    if reply is None or step.wanted or step.state.decoy or step.state.notice == NOTICE:
        return step
    if step.crisis and not any(isinstance(bubble, Card) for bubble in reply.bubbles):
        return step
    return msgspec.structs.replace(
        step,
        reply=_noted(reply, step),
        state=msgspec.structs.replace(step.state, notice=NOTICE),
    )


def _noted(reply: Content, step: Step) -> Content:
    language = step.state.language
    if any(isinstance(bubble, Card) for bubble in reply.bubbles):
        judged = any(isinstance(effect, ScreeningEffect) for effect in step.effects)
        line = copy().say(language, "offer.note" if judged else "first_contact.notice_short")
        bubbles = tuple(
            msgspec.structs.replace(one, note=line) if isinstance(one, Card) else one for one in reply.bubbles
        )
        return msgspec.structs.replace(reply, bubbles=bubbles)
    if step.state.dialogue == DIALOGUE or _in_need(step):
        # A question stays the last thing to be read.
        *first, question = reply.bubbles
        short = text(language, "first_contact.notice_short")
        return msgspec.structs.replace(reply, bubbles=(*first, short, question))
    return msgspec.structs.replace(reply, bubbles=(*reply.bubbles, text(language, "first_contact.notice")))


def _in_need(step: Step) -> bool:
    """Somebody who was met by the words for danger before they could be told of their data."""
    cancelled = any(isinstance(effect, CancelReferralEffect) for effect in step.effects)
    return (
        cancelled or step.state.dialogue in {"crisis", "plea", "cancelling"} or "told_at" in step.state.data
    )


PRESSES: Mapping[str, Answer] = {"m1:start": greet}
