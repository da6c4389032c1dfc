"""A sealed packet behind an expiring address, for an agency without accounts.

The address goes one way, the code another: by telephone. The code is also the packet's password, 99 bits of our making,
so that it opens the page once and the file ever after. Each wrong code makes the next wait, the tenth ends the address;
nobody learns whether one is ours.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.crypto.boxed import Box
from core.crypto.data_keys import DataKeys
from core.crypto.keyset import Keyset
from core.crypto.sealing import context, seal
from core.db.database import driver_connection
from core.errors import InvalidInputError, KeyDestroyedError, NotFoundError, TooLargeError
from core.ids import new_id
from referrals.agencies.directory import read_agency
from referrals.models import Referral
from referrals.packets.sealing import read_password
from referrals.referring.consents import is_closed_to, was_withdrawn
from referrals.referring.errors import OverError
from referrals.referring.finding import ByAgency, ByHotline, Found, find
from referrals.referring.models import AgencyReferral, PacketLink
from referrals.referring.reading import shared_of
from referrals.referring.stepping import PENDING, WORKING, announce, begins_from, tell_hotline
from referrals.slowing import note_wrong_try, seconds_to_wait

OPENED, GUESSED = "packet_opened", "packet_guessed"
ADDRESS = "/packet/"
# A working week at most: what nobody fetched until then is sent anew.
MOST_HOURS = 7 * 24
MOST_TRIES = 10
MOST_BYTES = 20 * 1024 * 1024
_TABLE = "packet_link"
_ADDRESS_BYTES = 24


class LinkHoursError(InvalidInputError):
    code = "link_hours"


class PacketSizeError(TooLargeError):
    code = "packet_size"


@dataclass(frozen=True, slots=True)
class MadeLink:
    """A link that was made; `address` ends what is told one way and is stored nowhere."""

    id: UUID
    address: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """What a try at a link came to: the packet, or how many seconds to wait before the next one; neither: no."""

    packet: bytes | None = None
    link_id: UUID | None = None
    wait: int = 0


@dataclass(frozen=True, slots=True)
class StandingLink:
    """A link as staff see it; `ended_for` is "opened", "expired", "withdrawn" or "guessed"."""

    id: UUID
    made_by: UUID
    made_at: datetime
    expires_at: datetime
    tries: int
    opened_at: datetime | None
    ended_for: str | None
    ended_at: datetime | None


async def make_link(
    session: AsyncSession,
    keys: DataKeys,
    request_id: UUID,
    staff: ByHotline,
    *,
    packet: bytes,
    code: str,
    hours: int = 72,
    now: datetime,
) -> MadeLink:
    """Put a packet, sealed under `code` as its password, behind an address; one that stood before ends.

    Raises NotFoundError, OverError, PasswordError, LinkHoursError, PacketSizeError, KeyDestroyedError.
    """
    read_password(code)
    if not 1 <= hours <= MOST_HOURS:
        raise LinkHoursError(f"a link lives 1 to {MOST_HOURS} hours")
    if len(packet) > MOST_BYTES:
        raise PacketSizeError("the packet is too large for a link")
    found = await find(session, request_id, staff, lock=True)
    begins_from(found, (*PENDING, *WORKING))
    if found.row.state in PENDING and await was_withdrawn(session, found.row, found.agency.kind):
        raise OverError("the person took back their consent; nothing of it may be sent")
    await end_standing(session, request_id, "withdrawn", now)
    address, link_id = secrets.token_urlsafe(_ADDRESS_BYTES), new_id()
    key = await keys.load(session, found.referral.data_key_id)
    expires_at = now + timedelta(hours=hours)
    session.add(
        PacketLink(
            id=link_id, agency_referral_id=request_id, referral_id=found.referral.id, made_by=staff.account_id,
            address_key=_address_key(keys.keyset, address), code_key=_code_key(keys.keyset, link_id, code),
            content=Box(seal(key, packet, context(_TABLE, "content", link_id))), made_at=now, expires_at=expires_at,
        )
    )  # fmt: skip
    await announce(session, found)
    return MadeLink(link_id, address, expires_at)


async def open_link(
    session: AsyncSession, keys: DataKeys, address: str, code: str, *, now: datetime
) -> Opened:
    """Try a code at an address: the right one opens it once; nothing is told of why another does not."""
    link = await session.scalar(
        sa.select(PacketLink)
        .where(PacketLink.address_key == _address_key(keys.keyset, address))
        .with_for_update()
    )
    if link is None or link.ended_at is not None:
        return Opened()
    if link.expires_at <= now:
        _end(link, "expired", now)
        await session.flush()
        return Opened()
    connection, source = await driver_connection(session), _try_key(keys.keyset, link.id)
    if wait := await seconds_to_wait(connection, source, now):
        return Opened(wait=wait)
    if not hmac.compare_digest(link.code_key, _code_key(keys.keyset, link.id, code)):
        await note_wrong_try(connection, source, now)
        await _note_wrong(session, link, now)
        return Opened()
    return await _open(session, keys, link, now)


async def _open(session: AsyncSession, keys: DataKeys, link: PacketLink, now: datetime) -> Opened:
    found = await _found(session, link)
    agency = ByAgency(found.agency.id)
    closed = await is_closed_to(session, found, agency)
    # Packets of before it was given have ended with that.
    names = found.row.identity == "given"
    # The person's own word took their name back: the packet holds it, and is made anew without.
    if names and (await shared_of(session, keys, found, agency)).identity != "given":
        closed = True
    if link.content is None or closed:
        return Opened()
    try:
        key = await keys.load(session, found.referral.data_key_id)
    except KeyDestroyedError:
        return Opened()
    packet = link.content.open(key, context(_TABLE, "content", link.id))
    link.opened_at = now
    _end(link, "opened", now)
    found.row.read_at = found.row.read_at or now
    if names:
        found.row.identity_read_at = found.row.identity_read_at or now
    await announce(session, found)
    await tell_hotline(session, found, OPENED)
    return Opened(packet, link.id)


async def _note_wrong(session: AsyncSession, link: PacketLink, now: datetime) -> None:
    link.tries += 1
    if link.tries >= MOST_TRIES:
        _end(link, "guessed", now)
        await tell_hotline(session, await _found(session, link), GUESSED, outside=True)
    await session.flush()


async def withdraw(session: AsyncSession, request_id: UUID, staff: ByHotline, *, now: datetime) -> None:
    """End the link of a request that stands; nothing where none does. Raises NotFoundError."""
    found = await find(session, request_id, staff, lock=True)
    await end_standing(session, request_id, "withdrawn", now)
    await announce(session, found)


async def read_links(session: AsyncSession, request_id: UUID, staff: ByHotline) -> list[StandingLink]:
    """Return the links of a request, the newest first; raises NotFoundError."""
    await find(session, request_id, staff)
    rows = await session.scalars(
        sa.select(PacketLink)
        .where(PacketLink.agency_referral_id == request_id)
        .order_by(PacketLink.id.desc())
    )
    return [
        StandingLink(
            row.id, row.made_by, row.made_at, row.expires_at, row.tries, row.opened_at, row.ended_for, row.ended_at
        )
        for row in rows
    ]  # fmt: skip


async def end_due_links(session: AsyncSession, *, now: datetime) -> int:
    """Take the packets of links whose time is over away; return how many. For a chore."""
    ended = await session.scalars(
        sa.update(PacketLink)
        .where(PacketLink.ended_at.is_(None), PacketLink.expires_at <= now)
        .values(ended_for="expired", ended_at=now, content=None)
        .returning(PacketLink.id)
    )
    return len(ended.all())


async def end_standing(session: AsyncSession, request_id: UUID, ended_for: str, now: datetime) -> None:
    """End the links of a request that stand, with their packets."""
    await session.execute(
        sa.update(PacketLink)
        .where(PacketLink.agency_referral_id == request_id, PacketLink.ended_at.is_(None))
        .values(ended_for=ended_for, ended_at=now, content=None)
    )


def _end(link: PacketLink, ended_for: str, now: datetime) -> None:
    link.ended_for, link.ended_at, link.content = ended_for, now, None


async def _found(session: AsyncSession, link: PacketLink) -> Found:
    row = await session.get_one(AgencyReferral, link.agency_referral_id)
    referral = await session.get(Referral, link.referral_id)
    if referral is None:
        raise NotFoundError("no such case")
    return Found(row, referral, await read_agency(session, row.agency_id))


def _address_key(keyset: Keyset, address: str) -> bytes:
    return keyset.index("packet_address", address)


def _code_key(keyset: Keyset, link_id: UUID, code: str) -> bytes:
    """Dashes, blanks and capitals don't count: it was told by telephone."""
    return keyset.index("packet_code", f"{link_id}:{''.join(filter(str.isalnum, code.lower()))}")


def _try_key(keyset: Keyset, link_id: UUID) -> bytes:
    """Where wrong codes of a link are counted, whoever tries: each next one waits longer."""
    return keyset.index("packet_try", str(link_id))
