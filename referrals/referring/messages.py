"""Messages between hotline and agency about one request, each with when the other side read it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.models import Account
from core.crypto.data_keys import DataKeys
from core.ids import new_id
from referrals.agencies.naming import names_somebody
from referrals.agencies.pairings import may_refer
from referrals.desk.sealed import key_or_none, open_words, seal_words
from referrals.referring.consents import is_closed_to
from referrals.referring.errors import OneWayError, WordsLengthError
from referrals.referring.finding import ByAgency, Found, Party, find
from referrals.referring.models import AgencyMessage
from referrals.referring.stepping import (
    PENDING,
    WORKING,
    announce,
    begins_from,
    tell_agency,
    tell_hotline,
)
from referrals.referring.wording import nameless, note_of

TO_HOTLINE, TO_AGENCY = "agency_wrote", "agency_message"
_TABLE = "agency_message"
# Of an id in hexadecimal figures: its time and what orders it within a millisecond.
_TIME = 16
# Also once it is done: the question afterwards is asked here.
_SPEAKING = (*PENDING, *WORKING, "done")


@dataclass(frozen=True, slots=True)
class Message:
    """One message as one side sees it; `text` is None once it was erased.

    `who` is a name of one's own side; of the other side it is empty: each sees its own people alone. `names_somebody` marks
    words that seem to tell who somebody is.
    """

    id: UUID
    side: Literal["hotline", "agency"]
    is_own: bool
    who: str
    text: str | None
    names_somebody: bool
    at: datetime
    read_at: datetime | None


def side_of(party: Party) -> Literal["hotline", "agency"]:
    return "agency" if isinstance(party, ByAgency) else "hotline"


async def refuse_one_way(session: AsyncSession, found: Found, party: Party) -> None:
    """Raise OneWayError where the agency was not paired to write back."""
    if isinstance(party, ByAgency) and not await may_refer(session, found.agency.id, None):
        raise OneWayError("this agency only answers requests")


async def write(
    session: AsyncSession,
    keys: DataKeys,
    request_id: UUID,
    party: Party,
    *,
    text: str,
    form_id: UUID | None = None,
    looked_through: bool = False,
    now: datetime,
) -> UUID:
    """Write to the other side; return the message's id. `form_id` makes pressing twice the same as once.

    What an agency writes may name somebody and is marked; what staff write while the identity is withheld may not, unless
    they looked through it. Raises NotFoundError, OverError, OneWayError, WordsLengthError, NamesSomebodyError,
    KeyDestroyedError.
    """
    said = note_of(text)
    if not said:
        raise WordsLengthError("write something")
    found = await find(session, request_id, party, lock=True)
    message_id = _id_of(form_id or new_id())
    earlier = await session.scalars(
        sa.select(AgencyMessage.id).where(
            AgencyMessage.agency_referral_id == request_id, AgencyMessage.side == side_of(party)
        )
    )
    again = next((one for one in earlier if one.hex[_TIME:] == message_id.hex[_TIME:]), None)
    if again is not None:
        return again
    begins_from(found, _SPEAKING)
    await refuse_one_way(session, found, party)
    if not isinstance(party, ByAgency) and found.row.identity != "given":
        nameless("text", said, looked_through=looked_through)
    key = await keys.load(session, found.referral.data_key_id)
    session.add(
        AgencyMessage(
            id=message_id, agency_referral_id=request_id, referral_id=found.referral.id, side=side_of(party),
            account_id=party.account_id, program_id=party.program_id if isinstance(party, ByAgency) else None,
            body=seal_words(said, key, _TABLE, "body", message_id), at=now,
        )
    )  # fmt: skip
    await announce(session, found)
    if isinstance(party, ByAgency):
        await tell_hotline(session, found, TO_HOTLINE)
    else:
        await tell_agency(session, found, TO_AGENCY)
    return message_id


def _id_of(form_id: UUID) -> UUID:
    """A message has the order of its writing, however long its form lay open, and the rest from the form."""
    return UUID(new_id().hex[:_TIME] + form_id.hex[_TIME:])


async def read_thread(
    session: AsyncSession, keys: DataKeys, request_id: UUID, party: Party, *, now: datetime
) -> list[Message]:
    """Return the messages of a request, the oldest first, and note that this side read the other's.

    An agency reads none once it was declined, recalled or expired. Raises NotFoundError.
    """
    found = await find(session, request_id, party)
    mine = side_of(party)
    if await is_closed_to(session, found, party):
        return []
    rows = (
        await session.execute(
            sa.select(AgencyMessage, Account.name)
            .outerjoin(Account, Account.id == AgencyMessage.account_id)
            .where(AgencyMessage.agency_referral_id == request_id)
            .order_by(AgencyMessage.id)
        )
    ).all()
    key = await key_or_none(session, keys, found.referral) if rows else None
    messages = [_message(row, name, key, mine) for row, name in rows]
    await _note_read(session, found, mine, now)
    return messages


def _message(row: AgencyMessage, name: str | None, key: bytes | None, mine: str) -> Message:
    text = open_words(row.body, key, _TABLE, "body", row.id)
    return Message(
        row.id, "agency" if row.side == "agency" else "hotline", row.side == mine,
        (name or "") if row.side == mine else "", text, text is not None and names_somebody(text), row.at, row.read_at,
    )  # fmt: skip


async def _note_read(session: AsyncSession, found: Found, mine: str, now: datetime) -> None:
    read = await session.scalars(
        sa.update(AgencyMessage)
        .where(
            AgencyMessage.agency_referral_id == found.row.id,
            AgencyMessage.side != mine,
            AgencyMessage.read_at.is_(None),
        )
        .values(read_at=now)
        .returning(AgencyMessage.id)
    )
    if read.all():
        await announce(session, found)
