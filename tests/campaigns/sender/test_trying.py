"""Tests go to staff who proved a chat, once, in a pace, marked as what they are."""

from uuid import UUID

import pytest
import sqlalchemy as sa

from campaigns.drafting import create_campaign
from campaigns.models import CampaignTest
from campaigns.sender.trying import (
    CLAIM,
    MOST,
    PACE,
    NobodyToTestError,
    TooManyTestsError,
    ask_tests,
    claim_test,
    list_receivers,
    list_tests,
    mark_test,
    settle_test,
)
from core.accounts.models import Account
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.errors import NotFoundError
from core.ids import new_id
from core.messages.content import Content, Text
from tests.campaigns.composer.plans import plan, text
from tests.conftest import MovableClock
from tests.referrals.teams.conftest import Hire, hire

__all__ = ["hire"]
BASE = "https://rootan.example.org"


async def ask(database: Database, campaign: UUID, by: UUID, *to: UUID, step: int = 0) -> int:
    async with database.unit_of_work() as session:
        return await ask_tests(
            session, campaign, receivers=to or (by,), step=step, variant="", language="th", by=by
        )


async def draft(database: Database, by: UUID) -> UUID:
    async with database.unit_of_work() as session:
        return await create_campaign(
            session, title="เตือนงานหลอก", plan=plan(text("สวัสดี", "Hello")), author_id=by
        )


async def waiting(database: Database) -> list[UUID]:
    async with database.unit_of_work() as session:
        return list(await session.scalars(sa.select(CampaignTest.id).order_by(CampaignTest.id)))


async def test_only_colleagues_of_campaigns_with_a_proven_chat_can_be_chosen(
    database: Database, hire: Hire
) -> None:
    malee = await hire("Malee", "campaign_manager", line="U1", telegram="1", mail="m@example.org")
    await hire("Anong", "hotline_officer", line="U2")
    await hire("Wichai", "campaign_approver", mail="w@example.org")
    gone = await hire("Ek", "campaign_manager", line="U3")
    async with database.unit_of_work() as session:
        (await session.get_one(Account, gone)).disabled_at = utc_now()
    async with database.unit_of_work() as session:
        found = await list_receivers(session)
    assert [(one.account_id, one.kinds) for one in found] == [(malee, ("line", "telegram"))]


async def test_a_test_is_claimed_once_and_opens_its_address(
    database: Database, keys: DataKeys, hire: Hire
) -> None:
    malee = await hire("Malee", "campaign_manager", line="U1")
    assert await ask(database, await draft(database, malee), malee) == 1
    (test_id,) = await waiting(database)
    async with database.unit_of_work() as session:
        trying = await claim_test(session, keys, test_id, base_url=BASE)
    assert trying is not None
    assert (trying.kind, trying.address) == ("line", "U1")
    async with database.unit_of_work() as session:
        assert await claim_test(session, keys, test_id, base_url=BASE) is None
        await settle_test(session, test_id, "failed", "blocked")
    async with database.unit_of_work() as session:
        await settle_test(session, test_id, "sent")
        (told,) = await list_tests(session, (await session.get_one(CampaignTest, test_id)).campaign_id)
    assert (told.name, told.state, told.reason) == ("Malee", "failed", "blocked")


async def test_whose_worker_died_is_unknown_and_not_sent_again(
    database: Database, keys: DataKeys, hire: Hire, standing_clock: MovableClock
) -> None:
    malee = await hire("Malee", "campaign_manager", line="U1")
    campaign = await draft(database, malee)
    await ask(database, campaign, malee)
    (test_id,) = await waiting(database)
    async with database.unit_of_work() as session:
        await claim_test(session, keys, test_id, base_url=BASE)
    standing_clock.advance(seconds=2 * CLAIM.total_seconds())
    async with database.unit_of_work() as session:
        assert [one.state for one in await list_tests(session, campaign)] == ["unknown"]
        assert await claim_test(session, keys, test_id, base_url=BASE) is None


async def test_nobody_sends_more_than_a_pace_allows(
    database: Database, hire: Hire, standing_clock: MovableClock
) -> None:
    malee = await hire("Malee", "campaign_manager", line="U1", telegram="1")
    campaign = await draft(database, malee)
    for _ in range(MOST // 2):
        await ask(database, campaign, malee)
    with pytest.raises(TooManyTestsError):
        await ask(database, campaign, malee)
    standing_clock.advance(seconds=PACE.total_seconds() + 1)
    assert await ask(database, campaign, malee) == 2


async def test_nothing_goes_to_nobody_or_of_a_message_that_is_not_there(
    database: Database, hire: Hire
) -> None:
    malee = await hire("Malee", "campaign_manager", line="U1")
    campaign = await draft(database, malee)
    with pytest.raises(NobodyToTestError):
        await ask(database, campaign, malee, new_id())
    with pytest.raises(NotFoundError):
        await ask(database, campaign, malee, step=3)
    assert await waiting(database) == []


def test_a_test_says_so_before_its_words_and_on_the_lock_screen() -> None:
    marked = mark_test(Content((Text("สวัสดี"),), notice="มีเรื่องเล่า"))
    first, second = marked.bubbles
    assert isinstance(first, Text)
    assert first.text.startswith("ทดสอบ")
    assert second == Text("สวัสดี")
    assert marked.notice == "[ทดสอบ] มีเรื่องเล่า"
