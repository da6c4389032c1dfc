"""Telegram: what stands below the chat and below earlier messages, and is to go once it served."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from bots.dialogues.verdict import OFFER_BUTTONS
from bots.engine.events import Event
from bots.engine.steps import State
from core.messages.content import Content

_OF_A_CARD = frozenset(button for button in OFFER_BUTTONS if button.startswith("o1:"))


class Pressed(NamedTuple):
    """A message of ours one of whose keys was pressed and answered, and the buttons that stay below it."""

    message: int
    beside: Sequence[dict[str, Any]]


def pressed_by(event: Event) -> Pressed | None:
    """None where no keys are left to take away, in groups, where others may still want to press, and on a card.

    Whoever passed a card's warning on may want to report it next: its keys go with what leads on, staff and menu.
    """
    number = event.message.rpartition(":")[2]
    if event.beside is None or event.place != "direct" or not number.isdecimal() or event.data in _OF_A_CARD:
        return None
    return Pressed(int(number), event.beside)


def with_place_key(state: State, reply: Content) -> tuple[State, Content]:
    """Remember that an answer asks for a place; the next one that does not takes the key for it away."""
    asks = any(choice.location for choice in reply.choices)
    if asks == state.place_key:
        return state, reply
    changed = msgspec.structs.replace(state, place_key=asks)
    return changed, reply if asks else msgspec.structs.replace(reply, drops_place_key=True)
