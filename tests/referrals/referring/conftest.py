"""A case of Dao's, held by Anong and overseen by Boon, and agencies it may be referred to."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import pytest
import sqlalchemy as sa

from core.accounts.invitations import add_account
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from referrals.agencies.directory import add_agency
from referrals.agencies.officers import name_officer
from referrals.agencies.pairings import pair
from referrals.agencies.particulars import Particulars
from referrals.queue import claim
from referrals.referring.finding import ByAgency, ByHotline
from referrals.referring.models import AgencyReferral
from referrals.referring.reading import Shared, read_shared
from referrals.referring.sending import refer
from referrals.reports import write_consent
from referrals.teams.models import StaffAlert
from referrals.tracks.models import CaseEvent
from tests.conftest import MovableClock
from tests.referrals.conftest import Refer

SUMMARY = "ถูกยึดเอกสารและออกจากที่ทำงานไม่ได้"
FIELDS = {"kinds": "", "place": "", "summary": SUMMARY}


@dataclass(frozen=True)
class Scene:
    """The house of these tests; each of its doings is a transaction of its own."""

    database: Database
    keys: DataKeys
    case: UUID
    anong: UUID
    boon: UUID
    # By kind: the agency, and its officer where it has one.
    agencies: dict[str, UUID]
    officers: dict[str, UUID]

    @property
    def staff(self) -> ByHotline:
        return ByHotline(self.case, self.anong)

    @property
    def overseer(self) -> ByHotline:
        return ByHotline(self.case, self.boon, oversees=True)

    def officer(self, kind: str) -> ByAgency:
        return ByAgency(self.agencies[kind], account_id=self.officers.get(kind))

    async def send(self, kind: str = "police", *, by: ByHotline | None = None, **more: object) -> UUID:
        staff = by or self.staff
        return await self.do(
            refer, staff.referral_id, by_account=staff.account_id, oversees=staff.oversees,
            **{"agency_id": self.agencies[kind], "fields": FIELDS, "note": "ขอให้ติดต่อกลับ"} | more,
        )  # fmt: skip

    async def do(self, doing: Callable[..., Awaitable[object]], *given: object, **more: object) -> "UUID":
        """Call a function of the room with session, keys and the clock's time."""
        async with self.database.unit_of_work() as session:
            return await doing(session, self.keys, *given, now=utc_now(), **more)  # type: ignore[return-value]

    async def agree(self, kind: str, *, granted: bool = True, named: bool = False) -> None:
        async with self.database.unit_of_work() as session:
            await write_consent(session, self.case, kind, granted=granted, with_identity=named, wording="1")

    async def read(self, request_id: UUID, kind: str = "police") -> Shared:
        async with self.database.unit_of_work() as session:
            return await read_shared(session, self.keys, request_id, self.officer(kind))

    async def row(self, request_id: UUID) -> AgencyReferral:
        async with self.database.unit_of_work() as session:
            return await session.get_one(AgencyReferral, request_id)

    async def steps(self, track: str = "referral") -> list[str]:
        async with self.database.unit_of_work() as session:
            found = await session.scalars(
                sa.select(CaseEvent.step)
                .where(CaseEvent.referral_id == self.case, CaseEvent.track == track)
                .order_by(CaseEvent.id)
            )
            return list(found)

    async def told(self, account_id: UUID) -> list[tuple[str, UUID | None]]:
        async with self.database.unit_of_work() as session:
            found = await session.execute(
                sa.select(StaffAlert.kind, StaffAlert.referral_id)
                .where(StaffAlert.account_id == account_id)
                .order_by(StaffAlert.id)
            )
            return [(kind, of) for kind, of in found]


OFFICE = Particulars(
    kind="police",
    name_th="หน่วยงานตัวอย่าง",
    name_en="Example",
    template="police",
    basis="ข้อตกลงตัวอย่าง",
    answers_within=8,
)
# Agencies without officers here are answered for by staff.
WITH_OFFICERS = ("police", "msdhs", "execution")
KINDS = (*WITH_OFFICERS, "court")


@pytest.fixture
async def scene(
    database: Database, keys: DataKeys, refer: Refer, anong: UUID, boon: UUID, standing_clock: MovableClock
) -> Scene:
    """Dao agreed that police and the ministry learn of it, without her name."""
    assert isinstance(standing_clock.moment, datetime)
    case = await refer("Dao", words="ช่วยด้วย")
    agencies: dict[str, UUID] = {}
    officers: dict[str, UUID] = {}
    async with database.unit_of_work() as session:
        await claim(session, case, anong)
        for kind in KINDS:
            agencies[kind] = await add_agency(
                session, f"{kind}-1", replace(OFFICE, kind=kind, template=kind), by=boon
            )
            await pair(session, None, agencies[kind], by=boon)
            if kind in WITH_OFFICERS:
                account = await add_account(
                    session, keys, email=f"{kind}@example.org", name=kind, role="partner_officer"
                )
                account.role_confirmed_by = boon
                await session.flush()
                await name_officer(session, agencies[kind], account.id, by=boon)
                officers[kind] = account.id
    made = Scene(database, keys, case, anong, boon, agencies, officers)
    for kind in ("police", "msdhs"):
        await made.agree(kind)
    return made
