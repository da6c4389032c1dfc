"""One step of a conversation: who is asked for an answer, in which order. The same input gives the same step."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import msgspec

from bots.engine.events import Event
from bots.engine.steps import Facts, OpenReferralEffect, State, Step

# None means: not mine, ask the next.
Answer = Callable[[State, Event, Facts], Step | None]


def _nobody(_state: State, _event: Event, _facts: Facts) -> Step | None:
    return None


class Dialogues(NamedTuple):
    """Everybody who may answer."""

    group: Answer
    crisis: Answer
    opt_out: Answer
    # By the name that the state carries.
    current: Mapping[str, Answer]
    # Asked last; answers whatever wants an answer at all.
    route: Answer
    # Leaving at once, whatever is going on.
    leave: Answer = _nobody
    # All that is said while somebody else may be reading.
    decoy: Answer = _nobody


def advance(dialogues: Dialogues, state: State, event: Event, facts: Facts) -> Step:
    """Answer one event: crisis first in any state, then opt-out words, the current dialogue, and routing.

    In a group nothing but the group's answer is said or stored, and in the decoy face nothing but the decoy's
    (invariant 6), which hears a crisis by itself. Leaving goes before all: whoever leaves can't wait.
    """
    if event.place == "group":
        return dialogues.group(state, event, facts) or Step(state)
    if event.standby:
        hears = dialogues.decoy if state.decoy else dialogues.crisis
        return _in_silence(state, hears(state, event, facts))
    if state.decoy:
        return dialogues.decoy(state, event, facts) or Step(state)
    for answer in (
        dialogues.leave,
        dialogues.crisis,
        dialogues.opt_out,
        dialogues.current.get(state.dialogue),
        dialogues.route,
    ):
        step = answer(state, event, facts) if answer else None
        if step is not None:
            return _understood(state, step)
    return Step(state)


def _understood(state: State, step: Step) -> Step:
    """Whoever answers without counting on has understood, and the count starts over."""
    if step.reply is None or step.state.puzzled != state.puzzled:
        return step
    return msgspec.structs.replace(step, state=msgspec.structs.replace(step.state, puzzled=0))


def _in_silence(state: State, step: Step | None) -> Step:
    """Another module holds the channel, so nothing is said, but a cry for help still reaches staff."""
    effects = step.effects if step else ()
    return Step(state, effects=tuple(e for e in effects if isinstance(e, OpenReferralEffect)))
