from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from core.clock import bangkok, utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.ids import first_id_of, new_id
from referrals.agencies.hooks import add_hook, end_hook
from referrals.agencies.models import Agency, HookCall
from referrals.referring.models import AgencyFile, AgencyMessage, AgencyReferral
from referrals.referring.telling import last_told, note_changes
from referrals.tracks.recording import By, NewStep, record
from tests.referrals.conftest import Refer

HOTLINE = By(maker="hotline", source="manual")


class Desk:
    """A case that was referred to a health office with an address, and what happens to it."""

    def __init__(self, database: Database, keys: DataKeys, referral_id: UUID, sender: UUID) -> None:
        self.database, self.keys, self.referral_id, self.sender = database, keys, referral_id, sender
        self.agency_id, self.request_id = new_id(), new_id()
        self.hook_id = UUID(int=0)

    async def begin(self) -> None:
        now = utc_now()
        async with self.database.unit_of_work() as session:
            session.add(
                Agency(
                    id=self.agency_id, code="h", kind="health", name_th="ท", name_en="e", template="health", basis="b",
                    created_at=now, changed_at=now,
                )
            )  # fmt: skip
            await session.flush()
            self.hook_id = (
                await add_hook(session, self.keys, self.agency_id, "https://health.example/told", now=now)
            ).id
            session.add(
                AgencyReferral(
                    id=self.request_id, referral_id=self.referral_id, agency_id=self.agency_id, state="accepted",
                    fields=[], sent_by=self.sender, sent_at=now, due_at=now,
                )
            )  # fmt: skip

    async def step(self, track: str, step: str, by: By = HOTLINE) -> None:
        new = NewStep(step=step, track=track, happened_on=bangkok(utc_now()).date())
        async with self.database.unit_of_work() as session:
            await record(session, self.keys, self.referral_id, new, by, now=utc_now())

    async def told(self, since: timedelta = timedelta(hours=1)) -> list[str]:
        now = utc_now()
        async with self.database.unit_of_work() as session:
            await note_changes(session, now - since, now=now)
            rows = await session.scalars(sa.select(HookCall).order_by(HookCall.id))
            found = list(rows)
        # Retention looks for calls by ids that begin with their time.
        assert all(
            first_id_of(row.at - timedelta(days=1)) < row.id < first_id_of(row.at + timedelta(days=1))
            for row in found
        )
        return [row.kind for row in found]


@pytest.fixture
async def desk(database: Database, keys: DataKeys, refer: Refer, boon: UUID) -> Desk:
    """On the machine's own clock, by which ids are made."""
    found = Desk(database, keys, await refer("Dao"), boon)
    await found.begin()
    return found


async def test_an_agency_is_told_of_what_its_kind_may_know_and_others_did(desk: Desk) -> None:
    await desk.step("victim", "possible")
    await desk.step("prosecution", "inquiry")
    own = By(maker="health", source="api", agency_id=desk.agency_id, agency_referral_id=desk.request_id)
    await desk.step("victim", "assistance", own)
    assert await desk.told() == ["victim.changed"]
    assert await desk.told() == ["victim.changed"]


async def test_messages_files_and_the_answer_about_the_identity_are_told(desk: Desk) -> None:
    now = utc_now()
    about = {"agency_referral_id": desk.request_id, "referral_id": desk.referral_id, "at": now}
    async with desk.database.unit_of_work() as session:
        session.add(AgencyMessage(id=new_id(), side="hotline", **about))
        session.add(AgencyMessage(id=new_id(), side="agency", **about))
        session.add(AgencyFile(id=new_id(), side="hotline", slot="s", media_type="image/png", **about))
        row = await session.get_one(AgencyReferral, desk.request_id)
        row.identity, row.identity_at = "given", now
    assert sorted(await desk.told()) == ["file.given", "identity.answered", "message.written"]


async def test_what_was_declined_or_ended_is_told_no_more(desk: Desk) -> None:
    async with desk.database.unit_of_work() as session:
        (await session.get_one(AgencyReferral, desk.request_id)).state = "declined"
    await desk.step("victim", "possible")
    assert await desk.told() == []
    async with desk.database.unit_of_work() as session:
        (await session.get_one(AgencyReferral, desk.request_id)).state = "accepted"
        assert await last_told(session) is not None
        await end_hook(session, desk.agency_id, desk.hook_id, now=utc_now())
    async with desk.database.unit_of_work() as session:
        assert await last_told(session) is None
    assert await desk.told() == []
