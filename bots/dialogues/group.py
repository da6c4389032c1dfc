"""In a group: one line to whoever mentions us, and silence otherwise (invariant 6)."""

from bots.copy import copy
from bots.engine.events import Event
from bots.engine.steps import Facts, State, Step
from core.messages.content import Content, Text


def answer(state: State, event: Event, _facts: Facts) -> Step:
    """Never changes the state, never has an effect: nothing of a group is kept."""
    called = event.kind == "join" or (event.kind in {"text", "press"} and event.addressed)
    if not called or event.standby:
        return Step(state)
    line = copy().say(state.language, "group.come_over")
    return Step(state, Content((Text(line),), notice=copy().say(state.language, "notices.message")))
