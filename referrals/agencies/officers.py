"""Officers of agencies: each works for one agency, and sees what was referred to that one alone."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.models import Account
from core.clock import utc_now
from core.errors import InvalidInputError, NotFoundError
from referrals.agencies.directory import ListedAgency, listed
from referrals.agencies.models import Agency, AgencyOfficer

ROLE = "partner_officer"


class OfficerError(InvalidInputError):
    """Only an account of a partner officer that may be used works for an agency."""

    code = "agency_officer"


@dataclass(frozen=True, slots=True)
class Officer:
    """Who works for an agency; `is_active` tells whether they may sign in and their role counts."""

    account_id: UUID
    name: str
    email: str
    since: datetime
    is_active: bool


async def name_officer(session: AsyncSession, agency_id: UUID, account_id: UUID, *, by: UUID) -> None:
    """Let an officer work for an agency; they leave the one they worked for. Raises NotFoundError, OfficerError."""
    agency, account = await session.get(Agency, agency_id), await session.get(Account, account_id)
    if agency is None or agency.closed_at is not None:
        raise NotFoundError("no such agency")
    if account is None or account.role != ROLE or account.disabled_at is not None:
        raise OfficerError("choose an account of a partner officer")
    named = {"agency_id": agency_id, "since": utc_now(), "named_by": by}
    await session.execute(
        insert(AgencyOfficer)
        .values(account_id=account_id, **named)
        .on_conflict_do_update(
            index_elements=["account_id"], set_=named, where=AgencyOfficer.agency_id != agency_id
        )
    )


async def dismiss_officer(session: AsyncSession, agency_id: UUID, account_id: UUID) -> None:
    """End an officer's work for this agency; nothing where they don't work for it."""
    await session.execute(
        sa.delete(AgencyOfficer).where(
            AgencyOfficer.account_id == account_id, AgencyOfficer.agency_id == agency_id
        )
    )


async def agency_of(session: AsyncSession, account_id: UUID) -> ListedAgency | None:
    """Return the agency that an officer works for; None where nobody named them, or it is closed."""
    row = await session.scalar(
        sa.select(Agency)
        .join(AgencyOfficer, AgencyOfficer.agency_id == Agency.id)
        .join(Account, Account.id == AgencyOfficer.account_id)
        .where(AgencyOfficer.account_id == account_id, Agency.closed_at.is_(None), Account.role == ROLE)
    )
    return None if row is None else listed(row)


async def read_officers(session: AsyncSession, agency_id: UUID) -> list[Officer]:
    """Return who was named for an agency, by name."""
    rows = await session.execute(
        sa.select(Account.id, Account.name, Account.email, AgencyOfficer.since, _is_active())
        .join(Account, Account.id == AgencyOfficer.account_id)
        .where(AgencyOfficer.agency_id == agency_id)
        .order_by(Account.name, Account.id)
    )
    return [Officer(*row) for row in rows]


async def active_officers(session: AsyncSession, agency_id: UUID) -> list[UUID]:
    """Return whom of an agency to tell."""
    found = await session.scalars(
        sa.select(AgencyOfficer.account_id)
        .join(Account, Account.id == AgencyOfficer.account_id)
        .where(AgencyOfficer.agency_id == agency_id, _is_active())
    )
    return list(found)


def _is_active() -> sa.ColumnElement[bool]:
    # A role that reads counts once a second person confirmed it (invariant 12).
    return sa.and_(
        Account.role == ROLE, Account.disabled_at.is_(None), Account.role_confirmed_by.is_not(None)
    )
