"""A step of a request, as an event on the case's track "referral", and whoever must look at it told."""

from collections.abc import Collection
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import bangkok
from core.crypto.data_keys import DataKeys
from referrals.agencies.kinds import Maker
from referrals.agencies.officers import active_officers
from referrals.keeping.ending import who_knows
from referrals.live import announce_change
from referrals.referring.errors import OverError
from referrals.referring.finding import ByAgency, Found, Party
from referrals.teams.alerts import raise_alerts
from referrals.tracks.events import By
from referrals.tracks.recording import NewStep, record

# Still to be answered; worked on; over with nothing left to read for the agency.
PENDING = ("sent", "acknowledged")
WORKING = ("accepted", "in_service")
REFUSED = ("declined", "expired", "recalled")


def begins_from(found: Found, states: Collection[str]) -> None:
    """Raise OverError where the step does not begin from how the request stands."""
    if found.row.state not in states:
        raise OverError("this request went on meanwhile; look at it again")


async def note_step(
    session: AsyncSession,
    keys: DataKeys,
    found: Found,
    step: str,
    party: Party | None,
    *,
    reason: str = "",
    now: datetime,
) -> UUID:
    """Record the step and tell open pages; without a party it was the clock. `reason` is a code of templates.toml."""
    new = NewStep(
        step=step,
        track="referral",
        happened_on=bangkok(now).date(),
        details={"reason": reason} if reason else {},
    )
    await session.flush()
    event_id = await record(session, keys, found.referral.id, new, _by(found, step, party), now=now)
    await announce(session, found)
    return event_id


def _by(found: Found, step: str, party: Party | None) -> By:
    row, agency = found.row, found.agency
    if party is None:
        return By(maker="clock", source="system", agency_referral_id=row.id)
    if isinstance(party, ByAgency):
        return By(
            maker=cast("Maker", agency.kind), source=party.source, agency_id=agency.id, agency_referral_id=row.id,
            account_id=party.account_id, program_id=party.program_id,
        )  # fmt: skip
    if step in {"sent", "recalled"}:
        return By(maker="hotline", source="manual", agency_referral_id=row.id, account_id=party.account_id)
    # What an agency without accounts told staff is the agency's step, written down by them.
    return By(
        maker=cast("Maker", agency.kind), source="manual", agency_id=agency.id, agency_referral_id=row.id,
        account_id=party.account_id,
    )  # fmt: skip


async def announce(session: AsyncSession, found: Found) -> None:
    """Tell open pages of both sides; an agency's know the request alone, not the case."""
    await session.flush()
    await announce_change(session, found.referral.id)
    await announce_change(session, found.row.id)


async def tell_hotline(session: AsyncSession, found: Found, kind: str, *, outside: bool = False) -> None:
    """Alert whoever holds the case, or supervisors where nobody does; where to look, never what."""
    receivers = await who_knows(session, found.referral)
    await raise_alerts(session, receivers, kind, found.referral.id, outside=outside)


async def tell_agency(session: AsyncSession, found: Found, kind: str, *, outside: bool = False) -> None:
    """Alert the agency's officers; the alert does not name the case, which they know by the request alone."""
    officers = await active_officers(session, found.agency.id)
    if officers:
        await raise_alerts(session, officers, kind, outside=outside)
