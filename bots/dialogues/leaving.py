"""Quick exit: one press or word, in any dialogue, and the chat shows nothing but the decoy face.

Nothing is asked first, and nothing is lost: what was going on is put aside, what was told stays with staff.
"""

from collections.abc import Mapping

import msgspec

from bots.copy import whole_messages
from bots.dialogues.decoy import BARE, INTAKE, home
from bots.dialogues.speech import LEAVE, MENU, STAFF, button, buttons, text, without
from bots.dialogues.words import as_whole_message
from bots.engine.advance import Answer
from bots.engine.events import Event
from bots.engine.steps import (
    Aside,
    CancelReferralEffect,
    ClearChatEffect,
    Facts,
    HidingEffect,
    OpenReferralEffect,
    PrivateEffect,
    State,
    Step,
)
from core.messages.content import Content

# What nobody would want back: a place in it would turn the first words after the return into an answer. A report that
# was opened by its code and one's own data are shut by leaving, whoever comes back.
_NOT_KEPT = frozenset({"", "code_word", "cancelling", "receipt", "rights"})
_ASKING = frozenset({"cancelling", "code_word"})
# In `progress`: that the person was told what the way out does.
_TOLD = "leave"
# One call to LINE takes so many bubbles, one message so many choices.
_MOST_BUBBLES, _MOST_CHOICES = 5, 13
_IN_SIGHT = 3
_SETTINGS = "x1:word"


def answer(state: State, event: Event, facts: Facts) -> Step | None:
    """Leave where the person presses or types the way out."""
    return leave(state, facts) if is_leaving(event) else None


def is_leaving(event: Event) -> bool:
    if event.kind == "press":
        return event.data == LEAVE
    return event.kind == "text" and whole_messages().get(as_whole_message(event.text)) == LEAVE


def leave(state: State, facts: Facts) -> Step:
    """Turn to the decoy face; on LINE, where nobody can delete for the person, say how in a line about telephones."""
    now = facts.now.timestamp()
    aside = _put_aside(state, now)
    begun = aside is not None and aside.dialogue == INTAKE
    bare = not (state.code_word or facts.open_referral is not None or begun)
    hidden = msgspec.structs.replace(
        state,
        dialogue="decoy",
        step="home",
        data={"since": now, BARE: bare},
        aside=aside,
        decoy=True,
        puzzled=0,
    )
    first = (text(state.language, "leaving.tidy"),) if facts.channel == "line" else ()
    effects = (ClearChatEffect(), HidingEffect(hidden=True), PrivateEffect())
    return Step(hidden, home(hidden, *first), effects=effects)


def _put_aside(state: State, now: float) -> Aside | None:
    """What is going on; a report that was put aside before is worth more than whatever came after it."""
    kept = state.aside
    if state.dialogue in _NOT_KEPT or (kept is not None and kept.dialogue == INTAKE != state.dialogue):
        return kept
    return Aside(state.dialogue, state.step, state.data, now)


def with_way_out(step: Step) -> Step:
    """The way out on every answer that is nobody else's business, before the ways to a person and back."""
    reply = step.reply
    if reply is None or not reply.sensitive or step.state.decoy:
        return step
    if _offers_leaving(reply) and not step.crisis:
        return step
    others = without(reply, LEAVE).choices
    # Help that is offered stands before it; elsewhere staff are a way on as the menu is.
    behind = {MENU} if step.crisis else {STAFF, MENU}
    last = [at for at, choice in enumerate(others) if choice.data in behind]
    # Whoever is in danger must not search for it: a phone shows three choices without a swipe.
    at = min(last[0] if last else _MOST_CHOICES, _IN_SIGHT - 1 if step.crisis else _MOST_CHOICES - 1)
    choices = (*others[:at], button(step.state.language, LEAVE), *others[at:])[:_MOST_CHOICES]
    return msgspec.structs.replace(step, reply=msgspec.structs.replace(reply, choices=choices))


def with_hint(step: Step, facts: Facts) -> Step:
    """Say once what the way out does and how to come back: with the first quiet answer about a matter with staff."""
    reply, state = step.reply, step.state
    if reply is None or step.wanted or step.crisis or state.decoy or _TOLD in state.progress:
        return step
    opens = any(isinstance(effect, OpenReferralEffect) for effect in step.effects)
    if not (reply.sensitive and _offers_leaving(reply) and (opens or facts.open_referral is not None)):
        return step
    # A question stays the last thing said, and with the matter over there is nothing to leave.
    over = any(isinstance(effect, CancelReferralEffect) for effect in step.effects)
    if over or len(reply.bubbles) >= _MOST_BUBBLES or state.dialogue in _ASKING:
        return step
    told = msgspec.structs.replace(state, progress={**state.progress, _TOLD: 1})
    return msgspec.structs.replace(step, state=told, reply=_hinted(state, reply))


def _offers_leaving(reply: Content) -> bool:
    return any(choice.data == LEAVE for choice in reply.choices)


def _hinted(state: State, reply: Content) -> Content:
    """Before the last bubble, which may be a question."""
    key = "leaving.hint_word" if state.code_word else "leaving.hint"
    *first, last = reply.bubbles
    hint = text(state.language, key)
    offered = state.code_word or any(choice.data == _SETTINGS for choice in reply.choices)
    settings = () if offered else buttons(state.language, _SETTINGS)
    room = len(reply.choices) + len(settings) <= _MOST_CHOICES
    return msgspec.structs.replace(
        reply,
        bubbles=(*first, hint, last) if first else (last, hint),
        choices=(*reply.choices, *settings) if room else reply.choices,
    )


def _leave_by_press(state: State, _event: Event, facts: Facts) -> Step:
    return leave(state, facts)


PRESSES: Mapping[str, Answer] = {LEAVE: _leave_by_press}
