"""Who asks for a request to an agency, and whether it is theirs: a child is fetched through its parent (invariant 13)."""

from dataclasses import dataclass
from typing import Literal, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.models import Account
from core.errors import NotFoundError
from referrals.agencies.directory import ListedAgency, read_agency
from referrals.cases import NotClaimedError
from referrals.models import Referral
from referrals.queue import EndedError, HeldError
from referrals.referring.models import AgencyReferral


@dataclass(frozen=True, slots=True)
class ByHotline:
    """A member of staff, working on this case; `oversees` as a supervisor does."""

    referral_id: UUID
    account_id: UUID
    oversees: bool = False


@dataclass(frozen=True, slots=True)
class ByAgency:
    """An officer or a program of this agency; whoever made this checked that they are."""

    agency_id: UUID
    account_id: UUID | None = None
    program_id: UUID | None = None
    source: Literal["manual", "api", "import"] = "manual"


Party = ByHotline | ByAgency


class Found(NamedTuple):
    """A request, the case that it is of, and whom it was sent to."""

    row: AgencyReferral
    referral: Referral
    agency: ListedAgency


async def find(session: AsyncSession, request_id: UUID, party: Party, *, lock: bool = False) -> Found:
    """Return a request of the party's own agency, or of the case that they work on; with `lock` both are locked.

    Raises NotFoundError: for whom it is not, it does not exist.
    """
    row = await session.get(AgencyReferral, request_id)
    if row is None or not _is_of(row, party):
        raise NotFoundError("no such request")
    if lock:
        # The case first, as everywhere, so that two steps never wait for each other.
        await session.get_one(Referral, row.referral_id, with_for_update=True, populate_existing=True)
        row = await session.get_one(AgencyReferral, request_id, with_for_update=True, populate_existing=True)
    referral, agency = (
        await session.get_one(Referral, row.referral_id),
        await read_agency(session, row.agency_id),
    )
    if isinstance(party, ByAgency):
        if agency.closed_at is not None:
            raise NotFoundError("no such request")
    elif not works_on(referral, party):
        raise NotFoundError("no such request")
    return Found(row, referral, agency)


def _is_of(row: AgencyReferral, party: Party) -> bool:
    if isinstance(party, ByAgency):
        return row.agency_id == party.agency_id
    return row.referral_id == party.referral_id


def works_on(referral: Referral, staff: ByHotline) -> bool:
    """Whether they hold or held the case, or oversee one that somebody does."""
    is_holder = referral.claimed_by == staff.account_id
    return is_holder or (staff.oversees and referral.state != "open")


async def lock_case(session: AsyncSession, staff: ByHotline) -> Referral:
    """Return the case, locked, where staff may refer it: whoever holds it or oversees, also after it was closed.

    Raises NotFoundError, EndedError where it was taken back or erased, NotClaimedError, HeldError.
    """
    referral = await session.get(Referral, staff.referral_id, with_for_update=True, populate_existing=True)
    if referral is None:
        raise NotFoundError("no such case")
    if referral.state == "cancelled" or referral.words_gone_at is not None:
        raise EndedError("this case was taken back or erased")
    if works_on(referral, staff):
        return referral
    if referral.claimed_by is None:
        raise NotClaimedError("claim the case first")
    holder = await session.scalar(sa.select(Account.name).where(Account.id == referral.claimed_by))
    raise HeldError(holder or "")
