"""The first words between us: a greeting, and the short privacy notice after the first answer."""

from collections.abc import Mapping

import msgspec

from bots.dialogues.speech import move, tell, text
from bots.dialogues.staff import tell_status
from bots.engine.advance import Answer
from bots.engine.events import Event
from bots.engine.steps import Facts, State, Step

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
    """Attach the notice to the first answer; to a plea in one line only, with where to read the rest."""
    if step.reply is None or step.wanted or step.state.notice == NOTICE:
        return step
    key = "first_contact.notice_short" if step.crisis else "first_contact.notice"
    bubbles = (*step.reply.bubbles, text(step.state.language, key))
    return msgspec.structs.replace(
        step,
        reply=msgspec.structs.replace(step.reply, bubbles=bubbles),
        state=msgspec.structs.replace(step.state, notice=NOTICE),
    )


PRESSES: Mapping[str, Answer] = {"m1:start": greet}
