"""What a conversation remembers goes when its person stays silent, without waiting for their next message.

Two days after the last message the platform's ids of messages that could have been deleted go, after thirty days the
answers of a report that was never sent and what waited to be taken up again. The day is written with the state.
"""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from bots.dialogues.intake_aside import KEPT_SECONDS
from bots.dialogues.intake_course import ENDED
from bots.dialogues.intake_progress import DIALOGUE
from bots.dispatch.people import open_state, seal_state_of
from bots.dispatch.recent import DELETABLE_SECONDS, with_recent
from bots.engine.steps import State
from core.crypto.data_keys import DataKeys
from core.db.database import Database, driver_connection
from core.errors import CryptoError
from core.logs import get_logger

DRAFTS = timedelta(seconds=KEPT_SECONDS)
_DELETABLE = timedelta(seconds=DELETABLE_SECONDS)
_WITH_ANSWERS = frozenset({DIALOGUE, ENDED})
_NOBODY = UUID(int=0)
_AT_ONCE = 200

# Whoever is writing at this moment is not silent; their own turn writes another day.
_DUE = """
SELECT c.id, c.state, c.last_inbound_at, k.id AS key_id, k.wrapped
FROM conversation c
JOIN channel_identity i ON i.id = c.identity_id
JOIN contact t ON t.id = i.contact_id
JOIN data_key k ON k.id = t.data_key_id
WHERE c.tidy_on <= $1 AND c.id > $2
ORDER BY c.id LIMIT $3
FOR UPDATE OF c SKIP LOCKED
"""
_TIDIED = """
UPDATE conversation c SET state = n.state, tidy_on = n.tidy_on
FROM unnest($1::uuid[], $2::bytea[], $3::date[]) AS n(id, state, tidy_on) WHERE c.id = n.id
"""
_log = get_logger()


def tidy_day(state: State, spoke_at: datetime | None) -> date | None:
    """The first day (UTC) on which something of this state is past its time; None where nothing in it ever is."""
    if spoke_at is None:
        return None
    if state.recent:
        return (spoke_at + _DELETABLE).date() + timedelta(days=1)
    return (spoke_at + DRAFTS).date() + timedelta(days=1) if _has_draft(state) else None


def tidied(state: State, spoke_at: datetime, now: datetime) -> State:
    """The state without what is past its time for somebody who last wrote then."""
    state = with_recent(state, (), now)
    if now - spoke_at < DRAFTS:
        return state
    if state.dialogue in _WITH_ANSWERS:
        state = msgspec.structs.replace(state, dialogue="", step="", data={})
    return msgspec.structs.replace(state, aside=None, media=())


def _has_draft(state: State) -> bool:
    return state.aside is not None or bool(state.media) or state.dialogue in _WITH_ANSWERS


async def tidy_conversations(database: Database, keys: DataKeys, now: datetime) -> int:
    """Tidy all that are due, a few at a time; return how many. Safe to repeat, and in several workers at once."""
    done, after = 0, _NOBODY
    while True:
        async with database.unit_of_work() as session:
            connection = await driver_connection(session)
            rows = await connection.fetch(_DUE, now.date(), after, _AT_ONCE)
            written = [fresh for row in rows if (fresh := _tidy(row, keys, now)) is not None]
            if written:
                await connection.execute(_TIDIED, *(list(column) for column in zip(*written, strict=True)))
        if not rows:
            return done
        done, after = done + len(written), rows[-1]["id"]


def _tidy(row: Any, keys: DataKeys, now: datetime) -> tuple[UUID, bytes | None, date | None] | None:
    """What is to stand in the row; None where it can't be read now and is left as it is."""
    if row["wrapped"] is None or row["state"] is None:
        return row["id"], row["state"], None
    try:
        key = keys.open(row["key_id"], row["wrapped"])
        state = open_state(key, row["id"], row["state"])
    except CryptoError as error:
        _log.error("conversation_unreadable", error=error, conversation_id=str(row["id"]))
        return None
    if state is None:
        # An earlier form: the next turn would start over from nothing, and nobody can tell what it holds.
        return row["id"], None, None
    spoke_at = row["last_inbound_at"] or now
    kept = tidied(state, spoke_at, now)
    return row["id"], seal_state_of(key, row["id"], kept), tidy_day(kept, spoke_at)
