"""Which messages stand in a person's chat on Telegram: their own are remembered, ours are in the ledger."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from bots.engine.events import Event
from bots.engine.steps import State

# Telegram lets a bot delete what is younger than this (Bot API, "deleteMessage").
DELETABLE_SECONDS = 48 * 3_600
# Beyond it the oldest are forgotten: the state is written at every turn.
MOST = 200


def with_recent(state: State, arrived: Iterable[tuple[Event, datetime]], now: datetime) -> State:
    """The state with the ids of the messages of these events (and when they came); a press names the one it hangs on.

    The second is ours, of the arrival, so that what came after the person left is told apart by our own clock.
    """
    first = now.timestamp() - DELETABLE_SECONDS
    known = {number: at for number, at in state.recent if at > first}
    for event, received_at in arrived:
        number = event.message.rpartition(":")[2]
        if event.place == "direct" and number.isdecimal():
            known.setdefault(int(number), int(received_at.timestamp()))
    recent = tuple(known.items())[-MOST:]
    return state if recent == state.recent else msgspec.structs.replace(state, recent=recent)
