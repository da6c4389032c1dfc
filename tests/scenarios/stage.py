"""The service that scenarios are played on: a whole house, people with simulated phones, a clock that is moved."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa

from bots.copy import copy
from bots.delivery.claims import release_ripe
from bots.dispatch.forgetting import carry_out
from core import clock
from core.accounts.invitations import add_account
from core.contacts.erasure import due_wishes
from core.contacts.models import ChannelIdentity
from core.crypto.data_keys import DataKeys
from core.crypto.keyset import new_keyset
from core.db.database import Database, driver_connection
from core.ids import new_id
from core.jobs.queue import unpack_ids
from referrals.cases import answer
from referrals.closing import Wish, close_case
from referrals.models import Referral
from referrals.queue import claim
from referrals.report_erasure import erase_due_report, find_due_reports
from simulator.client import SimulatorClient
from simulator.phone import Person
from tests.support.casework import Casework
from tests.support.house import Front, House, open_house
from tests.support.postgres import TestCluster

_FRIDAY = 5
_PATIENCE = 30.0
_TAKE_JOBS = (
    "DELETE FROM pgqueuer WHERE id IN (SELECT id FROM pgqueuer WHERE status = 'queued' AND execute_after <= now()"
    " ORDER BY priority DESC, id) RETURNING priority, id, entrypoint, payload"
)
_LEFT = (
    "SELECT EXISTS (SELECT 1 FROM pgqueuer WHERE status = 'queued' AND execute_after <= now()) OR EXISTS ("
    "SELECT 1 FROM message WHERE state = 'sending' OR (state = 'pending' AND batch_id IS NULL"
    " AND reason IS DISTINCT FROM 'held' AND (not_before IS NULL OR not_before <= now())))"
)


class Stage:
    """One house for many scenarios; everybody in them is a stranger to it at first."""

    def __init__(self, house: House, staff_id: UUID) -> None:
        self.house = house
        self.phones: SimulatorClient = house.phones
        self._staff_id = staff_id
        self._ahead = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    async def advance(self, step: timedelta) -> None:
        """Move the service's clock and the platforms' together."""
        await self.phones.advance(step.total_seconds())
        self._ahead += step

    async def begin_at(self, hour: int, minute: int) -> None:
        """Go on to that time of the next Monday to Thursday: what opens tomorrow is the same on each of them."""
        local = clock.bangkok(self.now())
        begin = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
        while begin <= local or begin.isoweekday() >= _FRIDAY:
            begin += timedelta(days=1)
        await self.advance(begin - local)

    async def settle(self) -> None:
        """Work like a worker until no job waits and nothing is on its way."""
        async with asyncio.timeout(_PATIENCE):
            while True:
                jobs = sorted(await self.house.rows(_TAKE_JOBS), key=lambda job: (-job.priority, job.id))
                for job in jobs:
                    await self.house.handlers[job.entrypoint](unpack_ids(job.payload))
                await self.house.sender.drain(_PATIENCE)
                if not await self.house.value(_LEFT):
                    return
                if not jobs:
                    await self.house.handlers["deliver"]([])
                    await asyncio.sleep(0.005)

    async def do_chores(self) -> None:
        """What becomes due as time passes."""
        async with self.house.database.unit_of_work() as session:
            for referral_id in await find_due_reports(session):
                await erase_due_report(session, referral_id)
            await release_ripe(await driver_connection(session), self.now())
            due = await due_wishes(session)
        for wish in due:
            async with self.house.database.unit_of_work() as session:
                await carry_out(session, self.house.keys, wish)

    async def referral_of(self, person: Person) -> Referral | None:
        """The newest; None where there is none."""
        key = self.house.keys.keyset.index(f"{person.platform}-address", person.id)
        async with self.house.database.unit_of_work() as session:
            return (
                await session.scalars(
                    sa.select(Referral)
                    .join(ChannelIdentity, ChannelIdentity.contact_id == Referral.contact_id)
                    .where(ChannelIdentity.address_key == key)
                    .order_by(Referral.id.desc())
                    .limit(1)
                )
            ).one_or_none()

    def casework(self, referral_id: UUID) -> Casework:
        return Casework(self.house.database, self.house.keys, referral_id, self._staff_id)

    async def staff_take(self, referral_id: UUID) -> None:
        async with self.house.database.unit_of_work() as session:
            await claim(session, referral_id, self._staff_id)

    async def staff_answer(self, referral_id: UUID, words: str) -> None:
        notice = copy().say("th", "notices.message")
        async with self.house.database.unit_of_work() as session:
            await answer(
                session, self.house.keys, referral_id=referral_id, account_id=self._staff_id, text=words, notice=notice,
                form_id=new_id(),
            )  # fmt: skip

    async def staff_close(self, referral_id: UUID) -> None:
        notice = copy().say("th", "notices.message")
        async with self.house.database.unit_of_work() as session:
            await close_case(
                session, self.house.keys, referral_id=referral_id, account_id=self._staff_id, wish=Wish("advised"),
                notice=notice, form_id=new_id(),
            )  # fmt: skip


@asynccontextmanager
async def open_stage(
    front: Front, phones: SimulatorClient, cluster: TestCluster, folder: Path
) -> AsyncIterator[Stage]:
    address = await cluster.copy()
    keys = DataKeys(new_keyset())
    database = Database(address)
    try:
        async with open_house(front, phones, database, keys, folder) as house:
            async with database.unit_of_work() as session:
                account = await add_account(
                    session, keys, email="anong@rootan.test", name="Anong", role="hotline_officer"
                )
                staff_id = account.id
            stage = Stage(house, staff_id)
            clock.set_now(stage.now)
            try:
                yield stage
            finally:
                clock.set_now(None)
    finally:
        await database.close()
        await cluster.drop(address)
    await phones.reset()
