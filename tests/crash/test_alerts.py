"""A worker that is killed while it tells of a missed clock: the alert goes out all the same, and a second time is marked."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.accounts.invitations import add_account
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from referrals.intake import open_referral
from referrals.models import Referral
from referrals.teams.addresses import begin_mail_proof, finish_mail_proof
from referrals.teams.models import AlertPost, ClockMiss, StaffAlert
from tests.support.cast import make_person
from tests.support.mail_server import MailHouse
from tests.support.stand import Stand

_CHANNELS = ("ROOTAN_LINE_", "ROOTAN_TELEGRAM_")
_PATIENCE = 60


class Night:
    """A worker without channels, a mail server, and Boon, whose address is proven."""

    def __init__(self, stand: Stand, database: Database, mail: MailHouse) -> None:
        self.stand = stand
        self.database = database
        self.mail = mail
        self.keys = DataKeys(stand.keyset)

    async def prepare(self) -> None:
        """Boon oversees; Dao's P0 has waited for six minutes."""
        async with self.database.unit_of_work() as session:
            account = await add_account(
                session, self.keys, email="boon@example.org", name="Boon", role="supervisor"
            )
            account.role_confirmed_by = account.id
            _, code = await begin_mail_proof(session, self.keys, account.id, "boon@home.example.org")
            await finish_mail_proof(session, self.keys, account.id, code)
            await session.execute(sa.delete(StaffAlert))
            dao = await make_person(session, self.keys, name="Dao")
            referral_id = await open_referral(
                session, self.keys, contact_id=dao.contact_id, identity_id=dao.identity_id, channel="line",
                source="crisis", priority="P0", kinds=("detention",), reasons=("crisis_words",), receipt="Dao",
            )  # fmt: skip
            await session.execute(
                sa.update(Referral)
                .where(Referral.id == referral_id)
                .values(opened_at=utc_now() - timedelta(minutes=6))
            )

    async def posts(self) -> list[tuple[str, str | None]]:
        async with self.database.unit_of_work() as session:
            return [(row.state, row.reason) for row in await session.scalars(sa.select(AlertPost))]

    async def until(self, wanted: list[tuple[str, str | None]]) -> None:
        async with asyncio.timeout(_PATIENCE):
            while await self.posts() != wanted:
                await asyncio.sleep(0.2)


@pytest.fixture
async def night(database: Database, tmp_path: Path) -> AsyncIterator[Night]:
    async with MailHouse(tmp_path, plain=True) as mail:
        stand = Stand(tmp_path, database.address)
        stand.environment = {
            name: value for name, value in stand.environment.items() if not name.startswith(_CHANNELS)
        } | {"ROOTAN_SMTP_URL": mail.url()}
        night = Night(stand, database, mail)
        await night.prepare()
        yield night
        for name in list(stand.processes):
            stand.kill(name)


async def test_a_worker_killed_in_the_call_leaves_nobody_untold(night: Night) -> None:
    kept = night.mail.kept
    kept.hold = asyncio.Event()
    night.stand.start_worker()
    async with asyncio.timeout(_PATIENCE):
        await kept.taken.wait()
    night.stand.kill("worker0")
    kept.hold.set()
    kept.hold = None
    assert await night.posts() == [("sending", None)]
    async with night.database.unit_of_work() as session:
        # In place of waiting until the dead worker's claim has run out.
        await session.execute(sa.update(AlertPost).values(at=utc_now() - timedelta(minutes=1)))
    night.stand.start_worker("worker1")
    await night.until([("resent", "perhaps_twice")])
    assert len(kept.mails) == 2
    assert len({mail["Message-ID"] for mail in kept.mails}) == 1
    async with night.database.unit_of_work() as session:
        assert list(await session.scalars(sa.select(ClockMiss.told))) == ["first"]
        (alert,) = await session.scalars(sa.select(StaffAlert))
        assert (alert.kind, alert.outside) == ("clock_missed", "sent")
