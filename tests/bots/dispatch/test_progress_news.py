"""The line that says that a case went on: for whom it is allowed, once, and without content. Guards 9 and 10."""

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from bots.dispatch.case_copy import collect_cases
from bots.dispatch.progress_news import ProgressTeller
from bots.models import Conversation
from core.clock import bangkok, utc_now
from core.contacts.models import ChannelIdentity
from core.contacts.wishes import set_contact_rule
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.ids import new_id
from referrals.models import Referral
from referrals.queue import claim
from referrals.tracks.news import NEWS_JOB
from tests.referrals.conftest import Refer
from tests.referrals.conftest import boon as boon
from tests.referrals.conftest import refer as refer
from tests.referrals.test_reports import tell
from tests.support.casework import Casework


class Chat:
    """Dao's conversation, about which her case is."""

    def __init__(self, database: Database, keys: DataKeys, case: Casework, identity_id: UUID) -> None:
        self._database, self._identity_id = database, identity_id
        self.case = case
        self._teller = ProgressTeller(database, keys)

    async def allows(self, *, first: bool) -> None:
        async with self._database.unit_of_work() as session:
            referral = await session.get_one(Referral, self.case.referral_id)
            await set_contact_rule(session, referral.contact_id, may_write_first=first)

    async def is_set(self, **values: object) -> None:
        async with self._database.unit_of_work() as session:
            await session.execute(sa.update(Conversation).values(**values))

    async def is_blocked(self) -> None:
        async with self._database.unit_of_work() as session:
            await session.execute(sa.update(ChannelIdentity).values(blocked_at=utc_now()))

    async def lines(self, *events: UUID) -> int:
        """Run the job for these steps, twice; return how many lines there are by now."""
        for _ in range(2):
            await self._teller.tell(list(events))
        return await self._count("SELECT count(*) FROM message WHERE kind = 'notice'")

    async def jobs(self) -> int:
        return await self._count(f"SELECT count(*) FROM pgqueuer WHERE entrypoint = '{NEWS_JOB}'")

    async def _count(self, query: str) -> int:
        async with self._database.unit_of_work() as session:
            return int(await session.scalar(sa.text(query)) or 0)


@pytest.fixture
async def chat(refer: Refer, boon: UUID, database: Database, keys: DataKeys) -> Chat:
    referral_id = await refer("Dao", "P0")
    async with database.unit_of_work() as session:
        await claim(session, referral_id, boon)
        referral = await session.get_one(Referral, referral_id)
        hour_ago = utc_now() - timedelta(hours=1)
        session.add(Conversation(id=new_id(), identity_id=referral.identity_id, last_inbound_at=hour_ago))
        identity_id = referral.identity_id
    return Chat(database, keys, Casework(database, keys, referral_id, boon), identity_id)


async def test_only_who_allowed_it_gets_one_line_until_they_write(chat: Chat) -> None:
    first = await chat.case.step("prosecution", "complaint")
    assert await chat.lines(first) == 0
    await chat.allows(first=True)
    second = await chat.case.step("prosecution", "inquiry")
    # The first is news as well: what came after it lies behind the same line.
    assert await chat.lines(second) == 0
    assert await chat.lines(first, second) == 1
    await chat.is_set(last_inbound_at=utc_now())
    third = await chat.case.step("prosecution", "to_prosecutor")
    assert await chat.lines(third) == 2


async def test_who_hides_or_blocked_us_gets_none(chat: Chat) -> None:
    await chat.allows(first=True)
    event = await chat.case.step("prosecution", "complaint")
    await chat.is_set(hidden=True)
    assert await chat.lines(event) == 0
    await chat.is_set(hidden=False)
    await chat.is_blocked()
    assert await chat.lines(event) == 0


async def test_looking_for_property_and_the_persons_own_word_are_no_news(chat: Chat) -> None:
    await chat.case.order(85_000_000)
    before = await chat.jobs()
    await chat.case.step("compensation", "assets_traced", outcome="none_found")
    request_id = await chat.case.send("police")
    await chat.case.answer(request_id, "police", "acknowledge")
    assert await chat.jobs() == before
    await chat.case.answer(request_id, "police", "accept")
    assert await chat.jobs() == before + 1


async def test_no_line_leads_to_what_the_teller_may_not_read(
    chat: Chat, database: Database, keys: DataKeys
) -> None:
    """Who told of a relative reads of agencies and the court case alone, and nobody of other people of the case."""
    await chat.allows(first=True)
    other = await chat.case.add_person()
    assert await chat.lines(await chat.case.step("victim", "possible", person=other)) == 0
    await tell(database, keys, chat.case.referral_id, ("G2", "kin"))
    await chat.is_set(last_inbound_at=utc_now())
    order = await chat.case.order(85_000_000)
    assert await chat.lines(order) == 0
    await chat.is_set(last_inbound_at=utc_now())
    assert await chat.lines(await chat.case.step("prosecution", "complaint")) == 1


async def test_a_copy_of_ones_data_says_how_far_the_case_is_and_what_was_paid(
    chat: Chat, database: Database, keys: DataKeys
) -> None:
    today = bangkok(utc_now()).date()
    await chat.case.answer(await chat.case.send("police"), "police", "accept")
    await chat.case.order(85_000_000)
    for found in ("none_found", "found"):
        await chat.case.step("compensation", "assets_traced", outcome=found)
    await chat.case.pay(40_000_000)
    async with database.unit_of_work() as session:
        told = await collect_cases(session, keys, [chat.case.referral_id], "th", today)
    assert told == {
        "sent_to": [{"agency": "สถานีตำรวจเมือง", "state": "รับเรื่องแล้ว", "at": today.isoformat(), "text": None}],
        # One search among them: whether anything was found is nobody's to know.
        "steps": [
            {"step": step, "at": today.isoformat(), "text": None}
            for step in (
                "อัยการขอเงินชดเชยต่อศาลแล้ว",
                "ศาลสั่งให้จ่ายเงินชดเชยแล้ว",
                "กรมบังคับคดียังตามเงินให้อยู่ ครั้งล่าสุด",
                "หน่วยงานบอกว่าจ่ายเงินแล้ว",
            )
        ],
        "payments": [{"amount": "400,000.00", "at": today.isoformat(), "state": "รอคุณบอก"}],
    }
