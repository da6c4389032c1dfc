"""Nudges by a real mail server: without content, tried again, and marked where they may have come twice."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from bots.delivery.staff_alerts import AlertSender
from bots.delivery.tokens import TokenStore
from core.accounts.invitations import add_account
from core.accounts.models import StaffAddress
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.mail.sending import Mailer
from core.mail.server import read_server
from referrals.teams.addresses import begin_mail_proof, finish_mail_proof
from referrals.teams.alerts import list_alerts, raise_alerts
from referrals.teams.models import AlertPost, StaffAlert
from referrals.teams.posting import WAITS, claim_post, find_due_posts
from tests.conftest import MovableClock
from tests.support.mail_server import MailHouse

CONSOLE = "https://rootan.example.org/console"


class Office:
    """A mail house, what sends to it, and Boon, whose address is proven."""

    def __init__(self, database: Database, keys: DataKeys, mail: MailHouse, clock: MovableClock) -> None:
        self.database = database
        self.keys = keys
        self.mail = mail
        self.clock = clock
        self.boon = UUID(int=0)
        self.sender = self.make_sender()

    def make_sender(self, url: str = "") -> AlertSender:
        mailer = Mailer(read_server(url or self.mail.url()), self.mail.trust)
        return AlertSender(self.database, self.keys, {}, TokenStore(self.database, {}), mailer, CONSOLE)

    async def alert(self) -> UUID:
        async with self.database.unit_of_work() as session:
            (alert_id,) = await raise_alerts(session, [self.boon], "clock_missed", outside=True)
        return alert_id

    async def outside(self) -> list[str]:
        async with self.database.unit_of_work() as session:
            return [alert.outside for alert in await list_alerts(session, self.boon)]

    async def posts(self) -> list[tuple[str, str | None, int]]:
        async with self.database.unit_of_work() as session:
            rows = await session.scalars(sa.select(AlertPost).order_by(AlertPost.alert_id))
            return [(row.state, row.reason, row.tries) for row in rows]


@pytest.fixture
async def office(
    database: Database, keys: DataKeys, tmp_path: Path, standing_clock: MovableClock
) -> AsyncIterator[Office]:
    async with MailHouse(tmp_path) as mail:
        office = Office(database, keys, mail, standing_clock)
        async with database.unit_of_work() as session:
            account = await add_account(
                session, keys, email="boon@example.org", name="Boon", role="supervisor"
            )
            office.boon = account.id
            _, code = await begin_mail_proof(session, keys, account.id, "boon@home.example.org")
            await finish_mail_proof(session, keys, account.id, code)
            await session.execute(sa.delete(StaffAlert))
        yield office


async def test_a_nudge_says_where_to_look_and_nothing_else(office: Office) -> None:
    alert_id = await office.alert()
    await office.sender.tell([alert_id])
    (mail,) = office.mail.kept.mails
    assert mail["To"] == "boon@home.example.org"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert CONSOLE in mail.get_content()
    assert str(alert_id) not in mail.as_string().replace(mail["Message-ID"], "")
    assert await office.outside() == ["sent"]
    await office.sender.tell([alert_id])
    assert len(office.mail.kept.mails) == 1


async def test_a_server_that_says_later_is_asked_again_until_it_takes_it(office: Office) -> None:
    office.mail.kept.answers = ["451 come again", "451 come again"]
    alert_id = await office.alert()
    for wait in WAITS[:3]:
        await office.sender.tell([alert_id])
        # Not before its time.
        await office.sender.tell([alert_id])
        office.clock.moment += wait
    assert await office.posts() == [("sent", None, 3)]
    assert (await office.outside(), len(office.mail.kept.mails)) == (["sent"], 1)


async def test_what_never_gets_out_ends_as_a_failure_that_shows(office: Office) -> None:
    alert_id = await office.alert()
    away = office.make_sender("smtp://127.0.0.1:9?from=a@example.org&tls=none")
    for wait in WAITS:
        await away.tell([alert_id])
        assert await office.outside() == ["pending"]
        office.clock.moment += wait
    await away.tell([alert_id])
    assert await office.posts() == [("failed", "later", len(WAITS) + 1)]
    assert await office.outside() == ["failed"]


async def test_without_a_mail_server_the_alert_says_so(office: Office) -> None:
    alert_id = await office.alert()
    sender = AlertSender(office.database, office.keys, {}, TokenStore(office.database, {}), None, CONSOLE)
    await sender.tell([alert_id])
    assert await office.posts() == [("failed", "off", 1)]


async def test_many_at_once_are_one_nudge_and_the_next_waits_a_minute(office: Office) -> None:
    first, second = await office.alert(), await office.alert()
    await office.sender.tell([first, second])
    assert await office.outside() == ["joined", "sent"]
    third, fourth = await office.alert(), await office.alert()
    await office.sender.tell([third, fourth])
    assert len(office.mail.kept.mails) == 1
    office.clock.advance(seconds=61)
    async with office.database.unit_of_work() as session:
        assert await find_due_posts(session) == [(third, "mail")]
    await office.sender.tell([third])
    assert len(office.mail.kept.mails) == 2


async def test_a_sender_that_dies_before_the_call_is_made_good_and_marked(office: Office) -> None:
    alert_id = await office.alert()
    async with office.database.unit_of_work() as session:
        assert await claim_post(session, office.keys, alert_id, "mail") is not None
    await office.sender.tell([alert_id])
    assert office.mail.kept.mails == []
    office.clock.advance(seconds=41)
    await office.sender.tell([alert_id])
    assert len(office.mail.kept.mails) == 1
    assert await office.posts() == [("resent", "perhaps_twice", 2)]
    assert await office.outside() == ["sent"]


async def test_a_sender_that_dies_in_the_call_sends_twice_only_with_a_mark(office: Office) -> None:
    alert_id = await office.alert()
    office.mail.kept.hold = asyncio.Event()
    dying = asyncio.create_task(office.sender.tell([alert_id]))
    async with asyncio.timeout(5):
        await office.mail.kept.taken.wait()
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    office.mail.kept.hold.set()
    office.mail.kept.hold = None
    assert await office.posts() == [("sending", None, 1)]
    office.clock.advance(seconds=41)
    await office.sender.tell([alert_id])
    mails = office.mail.kept.mails
    assert len(mails) == 2
    # The same mail, so that a server that keeps both can tell.
    assert len({mail["Message-ID"] for mail in mails}) == 1
    assert await office.posts() == [("resent", "perhaps_twice", 2)]


async def test_an_address_that_was_dropped_meanwhile_gets_nothing(office: Office) -> None:
    alert_id = await office.alert()
    async with office.database.unit_of_work() as session:
        await session.execute(sa.delete(StaffAddress))
    await office.sender.tell([alert_id])
    assert (await office.posts(), await office.outside()) == ([("failed", "no_address", 0)], ["failed"])
    assert office.mail.kept.mails == []
