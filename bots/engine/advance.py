"""One step of a conversation: who is asked for an answer, in which order. The same input gives the same step."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import msgspec

from bots.engine.events import Event
from bots.engine.steps import Facts, OpenReferralEffect, State, Step

# None means: not mine, ask the next.
Answer = Callable[[State, Event, Facts], Step | None]


class Dialogues(NamedTuple):
    """Everybody who may answer."""

    group: Answer
    crisis: Answer
    opt_out: Answer
    # By the name that the state carries.
    current: Mapping[str, Answer]
    route: Callable[[State, Event, Facts], Step]


def advance(dialogues: Dialogues, state: State, event: Event, facts: Facts) -> Step:
    """Answer one event: crisis first in any state, then opt-out words, the current dialogue, and routing.

    In a group nothing but the group's answer is said or stored (invariant 6).
    """
    if event.place == "group":
        return dialogues.group(state, event, facts) or Step(state)
    if event.standby:
        return _in_silence(state, dialogues.crisis(state, event, facts))
    # Whoever answers has understood; only routing may count on.
    understood = msgspec.structs.replace(state, puzzled=0)
    for answer in (dialogues.crisis, dialogues.opt_out, dialogues.current.get(state.dialogue)):
        step = answer(understood, event, facts) if answer else None
        if step is not None:
            return step
    return dialogues.route(state, event, facts)


def _in_silence(state: State, step: Step | None) -> Step:
    """Another module holds the channel, so nothing is said, but a cry for help still reaches staff."""
    effects = step.effects if step else ()
    return Step(state, effects=tuple(e for e in effects if isinstance(e, OpenReferralEffect)))
