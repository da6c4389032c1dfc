"""Many people at once, with addresses that are read and written to like anybody's, copied in by the thousand."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.crypto.sealing import context, seal
from core.ids import new_id


class Resident(NamedTuple):
    contact_id: UUID
    identity_id: UUID
    channel: str
    address: str


async def move_in(
    connection: Any, keys: DataKeys, channel: str, addresses: Sequence[str], *, language: str = "th"
) -> list[Resident]:
    """Store people who agreed to news, one address each; they share a data key. `connection` is asyncpg's."""
    now = utc_now()
    key_id, key, wrapped = keys.make()
    people = [Resident(new_id(), new_id(), channel, address) for address in addresses]
    await connection.execute(
        "INSERT INTO data_key (id, purpose, wrapped, master, created_at) VALUES ($1, 'contact', $2, $3, $4)",
        key_id, wrapped, keys.keyset.primary, now,
    )  # fmt: skip
    await connection.copy_records_to_table(
        "contact",
        columns=["id", "data_key_id", "language", "created_at"],
        records=[(one.contact_id, key_id, language, now) for one in people],
    )
    await connection.copy_records_to_table(
        "channel_identity",
        columns=["id", "contact_id", "channel", "address_key", "address", "created_at"],
        records=[_identity(one, keys, key, now) for one in people],
    )
    await connection.copy_records_to_table(
        "consent",
        columns=["contact_id", "topic", "granted", "changed_at"],
        records=[(one.contact_id, "campaigns", True, now) for one in people],
    )
    return people


def _identity(one: Resident, keys: DataKeys, key: bytes, now: Any) -> tuple[Any, ...]:
    bound = context("channel_identity", "address", one.identity_id)
    address_key = keys.keyset.index(f"{one.channel}-address", one.address)
    return (
        one.identity_id, one.contact_id, one.channel, address_key, seal(key, one.address.encode(), bound), now,
    )  # fmt: skip
