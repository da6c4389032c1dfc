"""The people of the tests. Dao and Ek write to us; Anong and Boon work the hotline; Chai must see nothing."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import utc_now
from core.contacts.models import ChannelIdentity, Contact
from core.crypto.boxed import Box
from core.crypto.data_keys import DataKeys
from core.crypto.sealing import context, seal
from core.ids import new_id


class Person(NamedTuple):
    contact_id: UUID
    identity_id: UUID
    channel: str
    address: str


async def make_person(session: AsyncSession, keys: DataKeys, *, name: str, channel: str = "line") -> Person:
    """Store a contact with one address that is derived from the name."""
    digest = keys.keyset.index("test-person", name).hex()
    address = f"U{digest}" if channel == "line" else str(int(digest[:8], 16))
    key_row, key = keys.row("contact")
    session.add(key_row)
    await session.flush()
    contact_id, identity_id, now = new_id(), new_id(), utc_now()
    session.add(Contact(id=contact_id, data_key_id=key_row.id, created_at=now))
    await session.flush()
    session.add(
        ChannelIdentity(
            id=identity_id, contact_id=contact_id, channel=channel, created_at=now,
            address_key=keys.keyset.index(f"{channel}-address", address),
            address=Box(seal(key, address.encode(), context("channel_identity", "address", identity_id))),
        )
    )  # fmt: skip
    await session.flush()
    return Person(contact_id, identity_id, channel, address)
