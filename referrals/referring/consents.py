"""What the person said of agencies: read for the gate, and written down where staff heard it."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from referrals.agencies.kinds import AGENCY_KINDS
from referrals.models import AgencyConsent
from referrals.packets.gate import AgencyError, Ground, pass_gate
from referrals.referring.finding import ByAgency, ByHotline, Found, Party, lock_case
from referrals.referring.models import AgencyReferral
from referrals.referring.stepping import PENDING, REFUSED
from referrals.reports import Consent, write_consent

# Version of "the person told staff", as opposed to the words that the chat asks by.
_TOLD_STAFF = "told_staff_1"


async def read_consents(session: AsyncSession, referral_id: UUID) -> tuple[Consent, ...]:
    """Return what the person last said of each kind of agency."""
    rows = await session.scalars(
        sa.select(AgencyConsent).where(AgencyConsent.referral_id == referral_id).order_by(AgencyConsent.id)
    )
    newest = {row.agency: Consent(row.agency, row.granted, row.with_identity, row.at) for row in rows}
    return tuple(newest.values())


async def was_withdrawn(session: AsyncSession, request: AgencyReferral, kind: str) -> bool:
    """Whether the person took back what a request was sent on; one that went on another ground stands."""
    if request.override is not None:
        return False
    consent = next(
        (one for one in await read_consents(session, request.referral_id) if one.agency == kind), None
    )
    return consent is not None and not consent.granted


async def last_word(session: AsyncSession, referral_id: UUID, kind: str) -> UUID | None:
    """Name what the person last said of a kind of agency, for pages that look whether that changed."""
    found: UUID | None = await session.scalar(
        sa.select(AgencyConsent.id)
        .where(AgencyConsent.referral_id == referral_id, AgencyConsent.agency == kind)
        .order_by(AgencyConsent.id.desc())
        .limit(1)
    )
    return found


async def may_name(session: AsyncSession, referral_id: UUID, kind: str) -> bool:
    """Whether the person's last word lets an agency of a kind know who they are."""
    newest = {one.agency: one for one in await read_consents(session, referral_id)}.get(kind)
    return newest is not None and newest.granted and newest.with_identity


async def is_closed_to(session: AsyncSession, found: Found, party: Party) -> bool:
    """Whether an agency reads nothing of it: over without a service, or taken back by the person before it was accepted."""
    if not isinstance(party, ByAgency):
        return False
    if found.row.state in PENDING:
        return await was_withdrawn(session, found.row, found.agency.kind)
    return found.row.state in REFUSED


async def note_consent(
    session: AsyncSession, kind: str, staff: ByHotline, *, granted: bool, with_identity: bool
) -> None:
    """Write down what the person told staff of a kind of agency; the newest line holds.

    Raises AgencyError, and as `lock_case`.
    """
    if kind not in AGENCY_KINDS:
        raise AgencyError("choose an agency")
    referral = await lock_case(session, staff)
    await write_consent(
        session, referral.id, kind, granted=granted, with_identity=with_identity, wording=_TOLD_STAFF
    )


async def pass_consent(
    session: AsyncSession, staff: ByHotline, kind: str, *, with_identity: bool, ground: str
) -> Ground | None:
    """Return the ground that was needed to give this kind of agency the case, None where the person agreed.

    Raises as `packets.gate.pass_gate`.
    """
    return pass_gate(
        await read_consents(session, staff.referral_id), agency=kind, among=AGENCY_KINDS,
        with_identity=with_identity, ground=ground, oversees=staff.oversees,
    )  # fmt: skip
