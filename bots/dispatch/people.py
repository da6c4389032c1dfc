"""Who a batch of events belongs to: known people are locked, new ones are made, busy ones are left for later."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from bots.engine.steps import OpenReferral, State
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.crypto.sealing import context, open_sealed, seal
from core.ids import new_id
from core.logs import get_logger

Who = tuple[str, bytes]

_log = get_logger()
_states = msgspec.json.Decoder(State)

# The lock alone: a statement that waits for a lock reads everything but the locked row as it was before the wait.
_LOCK = """
SELECT c.id FROM channel_identity i JOIN conversation c ON c.identity_id = i.id
WHERE (i.channel, i.address_key) IN (SELECT * FROM unnest($1::text[], $2::bytea[]))
ORDER BY c.id
FOR UPDATE OF c
"""
_LOCK_FREE = _LOCK + " SKIP LOCKED"
_LOCKED = """
SELECT c.id, c.identity_id, c.state, c.last_inbound_at, i.contact_id, i.channel, i.address_key, i.address,
       i.blocked_at, t.language, k.id AS key_id, k.wrapped,
       r.id AS referral_id, r.kinds, r.priority, r.state AS referral_state, r.source AS referral_source,
       r.bot_dialogue,
       EXISTS (SELECT 1 FROM consent WHERE contact_id = t.id AND topic = 'campaigns' AND granted) AS agreed,
       EXISTS (SELECT 1 FROM message m WHERE m.identity_id = i.id AND m.batch_id IS NULL
               AND m.state IN ('pending', 'sending') AND m.reason IS DISTINCT FROM 'held') AS busy,
       CASE WHEN r.id IS NULL THEN 0 ELSE (
         SELECT count(*) FROM evidence v WHERE v.referral_id = r.id AND v.state IN ('fetching', 'kept')) END AS pieces
FROM channel_identity i
JOIN conversation c ON c.identity_id = i.id
JOIN contact t ON t.id = i.contact_id
JOIN data_key k ON k.id = t.data_key_id
LEFT JOIN referral r ON r.identity_id = i.id AND r.state IN ('open', 'claimed')
WHERE c.id = ANY($1)
"""
_KNOWN = """
SELECT channel, address_key FROM channel_identity
WHERE (channel, address_key) IN (SELECT * FROM unnest($1::text[], $2::bytea[]))
"""

# Somebody who was erased and writes again is a stranger: the old, unreadable row gives their address free.
_DETACH = "UPDATE channel_identity SET address_key = decode(md5(random()::text || id::text), 'hex') WHERE id = ANY($1)"


@dataclass(slots=True, eq=False)
class Person:
    """One locked conversation and what its turn may need of the person behind it."""

    conversation_id: UUID
    identity_id: UUID
    contact_id: UUID
    channel: str
    address_key: bytes
    address: bytes
    key: bytes
    state: State
    last_inbound_at: datetime | None
    blocked: bool
    campaigns_agreed: bool
    open_referral: OpenReferral | None
    # Something of theirs is still on its way out, so that the next answer has to queue up behind it.
    busy: bool
    # Pictures, voices and files that their open referral holds.
    pieces: int

    @property
    def who(self) -> Who:
        return self.channel, self.address_key

    def address_text(self) -> str:
        return open_sealed(
            self.key, self.address, context("channel_identity", "address", self.identity_id)
        ).decode()


async def lock_people(
    connection: Any, keys: DataKeys, wanted: Sequence[Who], *, wait: bool
) -> dict[Who, Person]:
    """Lock the conversations of these people; without `wait` those that another turn holds are left out."""
    channels, address_keys = [w[0] for w in wanted], [w[1] for w in wanted]
    locked = await connection.fetch(_LOCK if wait else _LOCK_FREE, channels, address_keys)
    if not locked:
        return {}
    rows = await connection.fetch(_LOCKED, [row["id"] for row in locked])
    erased = [row["identity_id"] for row in rows if row["wrapped"] is None]
    if erased:
        await connection.execute(_DETACH, erased)
    people = [_person(row, keys) for row in rows if row["wrapped"] is not None]
    return {person.who: person for person in people}


def _person(row: Any, keys: DataKeys) -> Person:
    key = keys.open(row["key_id"], row["wrapped"])
    return Person(
        conversation_id=row["id"],
        identity_id=row["identity_id"],
        contact_id=row["contact_id"],
        channel=row["channel"],
        address_key=row["address_key"],
        address=row["address"],
        key=key,
        state=_state(row, key),
        last_inbound_at=row["last_inbound_at"],
        blocked=row["blocked_at"] is not None,
        campaigns_agreed=row["agreed"],
        open_referral=_open_referral(row),
        busy=row["busy"],
        pieces=row["pieces"],
    )


def _state(row: Any, key: bytes) -> State:
    """A state that can't be read any more (an older form) starts the dialogue over; the person is not lost."""
    if row["state"] is None:
        return State(language=row["language"])
    state = open_state(key, row["id"], row["state"])
    if state is None:
        _log.warning("state_started_over", conversation_id=str(row["id"]))
        return State(language=row["language"])
    return state


def open_state(key: bytes, conversation_id: UUID, sealed: bytes) -> State | None:
    """Open a conversation's state; None for an older form. Raises CryptoError."""
    opened = open_sealed(key, sealed, context("conversation", "state", conversation_id))
    try:
        return _states.decode(opened)
    except msgspec.MsgspecError:
        return None


def _open_referral(row: Any) -> OpenReferral | None:
    if row["referral_id"] is None:
        return None
    claimed = row["referral_state"] == "claimed"
    return OpenReferral(
        id=row["referral_id"],
        priority=row["priority"],
        kinds=tuple(row["kinds"]),
        claimed=claimed,
        cancellable=row["referral_source"] == "crisis" and not claimed,
        with_bot=row["bot_dialogue"] is not None,
    )


async def claim_strangers(connection: Any, strangers: Sequence[Who], *, wait: bool) -> list[Who]:
    """Hold the right to add these people until the transaction ends; without `wait` whom another turn adds is left out.

    Who waited looks again afterwards: the other turn has added them.
    """
    names = [int.from_bytes(address_key[:8], signed=True) for _, address_key in strangers]
    if wait:
        await connection.execute("SELECT pg_advisory_xact_lock(n) FROM unnest($1::bigint[]) AS n", names)
        return list(strangers)
    rows = await connection.fetch(
        "SELECT pg_try_advisory_xact_lock(n) AS free FROM unnest($1::bigint[]) WITH ORDINALITY AS t(n, place) ORDER BY place",
        names,
    )
    return [who for who, row in zip(strangers, rows, strict=True) if row["free"]]


async def known_people(connection: Any, wanted: Sequence[Who]) -> set[Who]:
    rows = await connection.fetch(_KNOWN, [w[0] for w in wanted], [w[1] for w in wanted])
    return {(row["channel"], row["address_key"]) for row in rows}


async def add_people(connection: Any, keys: DataKeys, addresses: dict[Who, str]) -> None:
    """Make contact, address and conversation for each; the caller holds the right to (`claim_strangers`)."""
    now = utc_now()
    data_keys, contacts, identities, conversations = [], [], [], []
    for (channel, address_key), address in addresses.items():
        key_id, key, wrapped = keys.make()
        contact_id, identity_id = new_id(), new_id()
        data_keys.append((key_id, "contact", wrapped, keys.keyset.primary, now))
        contacts.append((contact_id, key_id, now))
        sealed = seal(key, address.encode(), context("channel_identity", "address", identity_id))
        identities.append((identity_id, contact_id, channel, address_key, sealed, now))
        conversations.append((new_id(), identity_id))
    await connection.executemany(
        "INSERT INTO data_key (id, purpose, wrapped, master, created_at) VALUES ($1, $2, $3, $4, $5)",
        data_keys,
    )
    await connection.executemany(
        "INSERT INTO contact (id, data_key_id, created_at) VALUES ($1, $2, $3)", contacts
    )
    await connection.executemany(
        "INSERT INTO channel_identity (id, contact_id, channel, address_key, address, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6)",
        identities,
    )
    await connection.executemany("INSERT INTO conversation (id, identity_id) VALUES ($1, $2)", conversations)


def seal_state(person: Person, state: State) -> bytes:
    return seal_state_of(person.key, person.conversation_id, state)


def seal_state_of(key: bytes, conversation_id: UUID, state: State) -> bytes:
    return seal(key, msgspec.json.encode(state), context("conversation", "state", conversation_id))
