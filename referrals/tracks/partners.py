"""Under what name an agency knows a case, and when it may tell how the case goes on."""

from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import ConflictError
from referrals.tracks.errors import UnknownCaseError

# Answering a request goes by its own rules (referring/answering.py); these tracks are told step by step.
PARTNER_TRACKS: Final = frozenset({"victim", "prosecution", "compensation"})
# A court goes on long after a service was done.
TOLD_STATES: Final = ("accepted", "in_service", "done")
_ASKED = frozenset({"sent", "acknowledged"})
# By name: the package that keeps it stands on this one.
REFERRED = sa.table(
    "agency_referral",
    sa.column("id", sa.Uuid()),
    sa.column("referral_id", sa.Uuid()),
    sa.column("agency_id", sa.Uuid()),
    sa.column("state", sa.Text()),
)


class NotAcceptedError(ConflictError):
    """The agency has not said yet that it takes the case."""

    code = "not_accepted"


async def case_of(session: AsyncSession, agency_id: UUID, agency_referral_id: UUID) -> UUID:
    """Return which report an agency's case is; raises UnknownCaseError, NotAcceptedError."""
    found = (
        await session.execute(
            sa.select(REFERRED.c.referral_id, REFERRED.c.state).where(
                REFERRED.c.id == agency_referral_id, REFERRED.c.agency_id == agency_id
            )
        )
    ).one_or_none()
    if found is not None and found.state in _ASKED:
        raise NotAcceptedError("accept the case first; then tell how it goes on")
    if found is None or found.state not in TOLD_STATES:
        raise UnknownCaseError
    referral_id: UUID = found.referral_id
    return referral_id
