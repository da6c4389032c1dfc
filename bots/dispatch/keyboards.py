"""Telegram: what stands below the chat and below earlier messages, and is to go once it served."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from bots.engine.events import Event
from bots.engine.steps import State
from core.messages.content import Content


class Pressed(NamedTuple):
    """A message of ours one of whose keys was pressed and answered, and the buttons that stay below it."""

    message: int
    beside: Sequence[dict[str, Any]]


def pressed_by(event: Event) -> Pressed | None:
    """None where no keys are left to take away, and in groups, where others may still want to press."""
    number = event.message.rpartition(":")[2]
    if event.beside is None or event.place != "direct" or not number.isdecimal():
        return None
    return Pressed(int(number), event.beside)


def with_place_key(state: State, reply: Content) -> tuple[State, Content]:
    """Remember that an answer asks for a place; the next one that does not takes the key for it away."""
    asks = any(choice.location for choice in reply.choices)
    if asks == state.place_key:
        return state, reply
    changed = msgspec.structs.replace(state, place_key=asks)
    return changed, reply if asks else msgspec.structs.replace(reply, drops_place_key=True)
