"""That somebody is, or is to go, abroad: remembered from one message to the next, and told whom to call for it."""

import msgspec

from bots.dialogues.numbers import is_abroad, say_number
from bots.dialogues.speech import content, says, text
from bots.engine.events import Event
from bots.engine.steps import Facts, ScreeningEffect, State, Step
from core.messages.content import Content
from referrals.directory.hotlines import hotline

CONSUL = "02-572-8442"
# Dialogues in which a place that is named says where somebody is or may end up.
_INTAKE = "intake"
_ABOUT_SOMEBODY = frozenset({"offer", "plea", "crisis", "staff", "cancelling", _INTAKE})
# What one answer holds on LINE.
_MOST_BUBBLES = 5


def remember(before: State, event: Event, facts: Facts, step: Step) -> Step:
    """Carry it on from `before` to where the step leads; a place named only now brings the consular number."""
    if step.wanted or step.state.dialogue not in _ABOUT_SOMEBODY:
        return step
    begun = step.state.dialogue == _INTAKE
    concerned = begun or before.dialogue in _ABOUT_SOMEBODY or facts.open_referral is not None
    knew = before.dialogue in _ABOUT_SOMEBODY and bool(before.data.get("abroad"))
    named = event.kind in {"text", "reading"} and is_abroad(facts.judgement)
    if not (knew or named) or (not named and _is_another_offer(before, step)):
        return step
    state = msgspec.structs.replace(step.state, data={**step.state.data, "abroad": True})
    told = step.reply
    if concerned and named and not knew and not (told and says(told, CONSUL)):
        told = _with_number(state, facts, told)
    return msgspec.structs.replace(step, state=state, reply=told)


def _is_another_offer(before: State, step: Step) -> bool:
    """Where the offer before was to lead says nothing of the next one."""
    judged = any(isinstance(effect, ScreeningEffect) for effect in step.effects)
    return before.dialogue == "offer" and judged


def _with_number(state: State, facts: Facts, reply: Content | None) -> Content:
    number = say_number(state.language, hotline(CONSUL), facts)
    bubble = text(state.language, "offer.consul", number=number)
    if reply is None:
        return content(state.language, bubble, sensitive=True)
    if len(reply.bubbles) >= _MOST_BUBBLES:
        return reply
    return msgspec.structs.replace(reply, bubbles=(bubble, *reply.bubbles), sensitive=True)
