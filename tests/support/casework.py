"""Agencies at work on one case: asked, answering, and telling steps, each as the service's own rooms do it."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import bangkok, utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from referrals.agencies.directory import add_agency
from referrals.agencies.pairings import pair
from referrals.agencies.particulars import Particulars
from referrals.referring import answering
from referrals.referring.finding import ByAgency
from referrals.referring.sending import refer
from referrals.tracks.events import By, NewStep
from referrals.tracks.people import describe_person
from referrals.tracks.recording import correct, record

NAMES = {
    "police": ("สถานีตำรวจเมือง", "Town police"),
    "msdhs": ("บ้านพักเด็กและครอบครัว", "Shelter for children and families"),
    "prosecutor": ("สำนักงานอัยการ", "Prosecutor's office"),
    "execution": ("สำนักงานบังคับคดี", "Legal execution office"),
}


class Casework:
    """One case that `account_id`, a supervisor, holds."""

    def __init__(self, database: Database, keys: DataKeys, referral_id: UUID, account_id: UUID) -> None:
        self._database, self._keys = database, keys
        self.referral_id, self._account_id = referral_id, account_id
        self._agencies: dict[str, UUID] = {}

    async def send(self, kind: str, after: UUID | None = None) -> UUID:
        """Send the case to the agency of a kind, as a life in danger lets one; return the request's id."""
        async with self._database.unit_of_work() as session:
            return await refer(
                session, self._keys, self.referral_id, agency_id=await self._agency(session, kind),
                fields={"priority": ""}, note="", by_account=self._account_id, oversees=True, ground="life_danger",
                ground_reason="อยู่ในอันตราย", after_id=after, now=utc_now(),
            )  # fmt: skip

    async def _agency(self, session: AsyncSession, kind: str) -> UUID:
        if kind not in self._agencies:
            thai, english = NAMES[kind]
            said = Particulars(kind=kind, name_th=thai, name_en=english, template=kind, basis="ข้อตกลง")
            agency_id = await add_agency(session, f"{kind}-{self.referral_id.hex}", said, by=self._account_id)
            await pair(session, None, agency_id, by=self._account_id)
            self._agencies[kind] = agency_id
        return self._agencies[kind]

    async def answer(self, request_id: UUID, kind: str, deed: str, **more: Any) -> None:
        """Let the agency do one of `referrals.referring.answering`."""
        async with self._database.unit_of_work() as session:
            party = ByAgency(self._agencies[kind])
            await getattr(answering, deed)(session, self._keys, request_id, party, now=utc_now(), **more)

    async def step(self, track: str, step: str, on: date | None = None, **more: Any) -> UUID:
        """Record a step that somebody told the hotline."""
        new = NewStep(step=step, track=track, happened_on=on or bangkok(utc_now()).date(), **more)  # type: ignore[arg-type]
        async with self._database.unit_of_work() as session:
            return await record(session, self._keys, self.referral_id, new, self._hotline, now=utc_now())

    async def add_person(self) -> int:
        """Add somebody else whom the case is about; return their number."""
        async with self._database.unit_of_work() as session:
            return await describe_person(session, self.referral_id, None, now=utc_now())

    async def take_back(self, event_id: UUID) -> None:
        async with self._database.unit_of_work() as session:
            await correct(
                session, self._keys, self.referral_id, event_id, self._hotline, reason="ผิดเคส", now=utc_now()
            )

    @property
    def _hotline(self) -> By:
        return By(maker="hotline", source="manual", account_id=self._account_id)

    async def order(self, satang: int, on: date | None = None) -> UUID:
        """Let a court order money, with all that goes before it."""
        await self.step("compensation", "claim_filed", on, amount=satang, fund="court")
        return await self.step("compensation", "ordered", on, amount=satang, fund="court")

    async def pay(self, satang: int, on: date | None = None) -> UUID:
        return await self.step("compensation", "paid", on, amount=satang, fund="court")
