"""That somebody is, or is to go, abroad: remembered from one message to the next, and told whom to call for it."""

import msgspec

from bots.dialogues.numbers import is_abroad, say_number
from bots.dialogues.speech import content, text
from bots.engine.events import Event
from bots.engine.steps import Facts, State, Step
from core.messages.content import Card, Content, Text
from referrals.directory.hotlines import hotline

CONSUL = "02-572-8442"
# Dialogues in which a place that is named says where somebody is or may end up.
_ABOUT_SOMEBODY = frozenset({"offer", "plea", "crisis", "staff", "cancelling"})


def remember(before: State, event: Event, facts: Facts, step: Step) -> Step:
    """Carry it on from `before` to where the step leads; a place named only now brings the consular number."""
    if step.wanted or step.state.dialogue not in _ABOUT_SOMEBODY:
        return step
    concerned = before.dialogue in _ABOUT_SOMEBODY
    knew = concerned and bool(before.data.get("abroad"))
    named = event.kind in {"text", "reading"} and is_abroad(facts.judgement)
    if not (knew or named):
        return step
    state = msgspec.structs.replace(step.state, data={**step.state.data, "abroad": True})
    told = step.reply
    if concerned and named and not knew and not _is_told(told):
        told = _with_number(state, facts, told)
    return msgspec.structs.replace(step, state=state, reply=told)


def _is_told(reply: Content | None) -> bool:
    for bubble in reply.bubbles if reply else ():
        said = bubble.text if isinstance(bubble, Text) else ""
        lines = (bubble.lead, *bubble.steps) if isinstance(bubble, Card) else ()
        if any(CONSUL in line for line in (said, *lines)):
            return True
    return False


def _with_number(state: State, facts: Facts, reply: Content | None) -> Content:
    number = say_number(state.language, hotline(CONSUL), facts)
    bubble = text(state.language, "offer.consul", number=number)
    if reply is None:
        return content(state.language, bubble, sensitive=True)
    return msgspec.structs.replace(reply, bubbles=(bubble, *reply.bubbles), sensitive=True)
