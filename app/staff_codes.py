"""Codes by which members of staff prove their own chat: taken out on the way in, before anything of it is stored.

Whoever sends one is no citizen with a conversation; the address goes sealed to their account and nowhere else.
"""

from collections.abc import Callable, Sequence
from typing import Any

import orjson

from app.runtime import Runtime
from bots.channels.base import Arrival
from bots.channels.line.parse import parse_event
from bots.channels.telegram.parse import parse_update
from bots.engine.events import Event
from core.logs import get_logger
from referrals.teams.addresses import CHATS, PREFIX, Kind, code_in, finish_chat_proof

_MARK = PREFIX.encode()
_PARSERS: dict[Kind, Callable[[dict[str, Any], float], Event]] = {
    "line": parse_event,
    "telegram": parse_update,
}
_log = get_logger()


class StaffCodes:
    """Takes codes out of what came in, for one web process."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    async def take(self, arrivals: Sequence[Arrival]) -> list[Arrival]:
        """Return what remains; a message that is no code that somebody waits for remains."""
        return [one for one in arrivals if _MARK not in one.body.upper() or not await self._is_taken(one)]

    async def _is_taken(self, arrival: Arrival) -> bool:
        kind: Kind | None = next((chat for chat in CHATS if chat == arrival.channel), None)
        letters = None if kind is None else _letters_of(kind, arrival)
        if kind is None or letters is None or arrival.address is None:
            return False
        try:
            async with self._runtime.database.unit_of_work() as session:
                return await finish_chat_proof(session, self._runtime.keys, kind, letters, arrival.address)
        except Exception as error:  # noqa: BLE001 - whatever the database does, nobody's words are held up here
            _log.warning("staff_code_not_read", error=error)
            return False


def _letters_of(kind: Kind, arrival: Arrival) -> str | None:
    """Return the code of a message in a private chat; None for anything else."""
    event = _PARSERS[kind](orjson.loads(arrival.body), 0.0)
    return code_in(event.text) if event.place == "direct" and event.kind == "text" else None
