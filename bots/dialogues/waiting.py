"""Messages that wait behind a neutral line until the person taps."""

from bots.copy import copy
from bots.dialogues.speech import MENU, STAFF, buttons, tell
from bots.engine.steps import Facts, State, Step
from core.messages.content import Content

OPEN = "open:"


def show(state: State, facts: Facts) -> Step:
    """Everything that waits, in order; an id in the press is only a hint and never trusted."""
    if not facts.waiting and "waiting" not in facts.fetched:
        return Step(state, wanted=frozenset({"waiting"}))
    if not facts.waiting:
        return tell(state, "waiting.nothing", choices=("s1:status",))
    bubbles = tuple(bubble for one in facts.waiting for bubble in one.bubbles)
    choices = facts.waiting[-1].choices or buttons(state.language, STAFF, MENU)
    notice = copy().say(state.language, "notices.message")
    return Step(state, Content(bubbles, choices=choices, notice=notice, sensitive=True))
