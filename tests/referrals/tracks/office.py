"""A case and those who tell how it goes on, over a real database."""

from dataclasses import dataclass
from uuid import UUID

import pytest

from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.ids import new_id
from referrals.agencies.kinds import AgencyKind
from referrals.agencies.models import Agency
from referrals.models import Referral
from referrals.referring.models import AgencyReferral
from referrals.tracks.errors import StepError
from referrals.tracks.events import Event
from referrals.tracks.models import CaseStanding
from referrals.tracks.reading import read_events
from referrals.tracks.recording import By, NewStep, correct, record, settle

HOTLINE = By(maker="hotline", source="manual")


@dataclass
class Office:
    database: Database
    keys: DataKeys
    referral_id: UUID
    sender: UUID

    async def tells(self, new: NewStep, by: By = HOTLINE) -> UUID:
        async with self.database.unit_of_work() as session:
            return await record(session, self.keys, self.referral_id, new, by, now=utc_now())

    async def takes_back(self, event_id: UUID, by: By = HOTLINE) -> UUID:
        async with self.database.unit_of_work() as session:
            return await correct(
                session, self.keys, self.referral_id, event_id, by, reason="typed wrongly", now=utc_now()
            )

    async def refuses_to_take_back(self, event_id: UUID, by: By = HOTLINE) -> str:
        with pytest.raises(StepError) as wrong:
            await self.takes_back(event_id, by)
        return wrong.value.code

    async def settles(self, event_id: UUID, by: By = HOTLINE) -> UUID:
        async with self.database.unit_of_work() as session:
            return await settle(session, self.keys, self.referral_id, event_id, by, now=utc_now())

    async def events(self) -> list[Event]:
        """The case's events but those of the report track, which nobody types in."""
        return [event for event in await self.all_events() if event.track != "report"]

    async def all_events(self) -> list[Event]:
        async with self.database.unit_of_work() as session:
            return await read_events(session, self.keys, self.referral_id)

    async def standing(self) -> CaseStanding:
        async with self.database.unit_of_work() as session:
            return await session.get_one(CaseStanding, self.referral_id)

    async def referral(self) -> Referral:
        async with self.database.unit_of_work() as session:
            return await session.get_one(Referral, self.referral_id)

    async def agency(self, kind: AgencyKind, state: str = "accepted") -> By:
        """A new agency to which the case was referred, as it tells steps through its program."""
        now, agency_id, request_id = utc_now(), new_id(), new_id()
        async with self.database.unit_of_work() as session:
            session.add(
                Agency(
                    id=agency_id, code=str(agency_id), kind=kind, name_th="ท", name_en="e", template="t", basis="b",
                    created_at=now, changed_at=now,
                )
            )  # fmt: skip
            await session.flush()
            session.add(
                AgencyReferral(
                    id=request_id, referral_id=self.referral_id, agency_id=agency_id, state=state, fields=[],
                    sent_by=self.sender, sent_at=now, due_at=now,
                )
            )  # fmt: skip
        return By(maker=kind, source="api", agency_id=agency_id, agency_referral_id=request_id)
