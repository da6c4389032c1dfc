"""Whether who tells a step has to do with the case: an agency by a request that it took on, the hotline always."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from referrals.agencies.kinds import AGENCY_KINDS
from referrals.tracks.errors import StepError, UnknownCaseError
from referrals.tracks.events import By
from referrals.tracks.steps import Step

# A court goes on long after a service was done.
_TAKES_PART = ("accepted", "in_service", "done")
# By name: the packages that keep them stand on this one.
_REQUEST = sa.table(
    "agency_referral",
    sa.column("id", sa.Uuid()),
    sa.column("referral_id", sa.Uuid()),
    sa.column("agency_id", sa.Uuid()),
    sa.column("state", sa.Text()),
)
_AGENCY = sa.table("agency", sa.column("id", sa.Uuid()), sa.column("kind", sa.Text()))


async def check_agency(session: AsyncSession, referral_id: UUID, rule: Step, by: By) -> None:
    """Refuse an agency that was not asked about this case, or did not take it; raises StepError."""
    is_agency = by.maker in AGENCY_KINDS
    if is_agency != (by.agency_id is not None):
        raise StepError("wrong_maker", "an agency tells as itself, the hotline as no agency")
    if by.agency_referral_id is None:
        if is_agency or rule.per == "referral":
            raise StepError("wrong_maker", "say by which request to the agency")
        return
    found = (
        await session.execute(
            sa.select(_REQUEST.c.referral_id, _REQUEST.c.agency_id, _REQUEST.c.state, _AGENCY.c.kind)
            .join(_AGENCY, _AGENCY.c.id == _REQUEST.c.agency_id)
            .where(_REQUEST.c.id == by.agency_referral_id)
        )
    ).one_or_none()
    if found is None or found.referral_id != referral_id or (is_agency and found.agency_id != by.agency_id):
        raise UnknownCaseError
    if is_agency and found.kind != by.maker:
        raise StepError("wrong_maker", "this agency is of another kind")
    if is_agency and rule.per != "referral" and found.state not in _TAKES_PART:
        raise StepError("wrong_maker", "the agency has not taken this case, or gave it back")
