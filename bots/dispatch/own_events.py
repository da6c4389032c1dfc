"""Events of our own making: what came of work beside the turns, told to the dialogue of the same conversation."""

from uuid import UUID

import msgspec
import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from bots.engine.events import OWN, Event
from core.clock import bangkok, utc_now
from core.crypto.data_keys import DataKeys
from core.crypto.sealing import context, seal
from core.db.database import driver_connection
from core.ids import new_id
from core.jobs.queue import enqueue_on

# An unsend meanwhile leaves nothing to answer, and a later one finds what we made of the message.
_TELL = """
INSERT INTO inbound_event (id, channel, event_id, address_key, position, message_key, body, body_key_id, received_at)
SELECT $1, channel, $2, address_key, position, message_key, $3, $4, $5 FROM inbound_event
WHERE id = $6 AND body IS NOT NULL
ON CONFLICT (channel, event_id) DO NOTHING
"""


async def tell(session: AsyncSession, keys: DataKeys, *, source: UUID, name: str, event: Event) -> None:
    """Store what came of the event `source` under a name that makes telling it again the same as once."""
    now, event_id = utc_now(), new_id()
    body = orjson.dumps({OWN: msgspec.to_builtins(event)})
    key_id, key = await keys.named(session, f"inbox:{bangkok(now):%Y-%m-%d}", "day")
    connection = await driver_connection(session)
    sealed = seal(key, body, context("inbound_event", "body", event_id))
    await connection.execute(_TELL, event_id, name, sealed, key_id, now, source)
    await enqueue_on(connection, "turns", [event_id])
