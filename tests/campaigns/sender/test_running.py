"""Pausing, resuming, cancelling: for what is queued already, too, and with books that balance. Guards 3, 7."""

import pytest

from bots.delivery.chunks import Chunk, begin_multicast, claim_chunks, end_chunk, renew_claim
from bots.delivery.quiet import not_now
from campaigns.drafting import CampaignStateError
from campaigns.scheduler.firing import AccountClosedError
from campaigns.sender.running import QuotaShortError, cancel, pause, resume, take_up
from core.crypto.data_keys import DataKeys
from core.db.database import Database, driver_connection
from core.messages import filling
from core.messages.quota import note_quota
from tests.campaigns.office import close_account, state_of
from tests.campaigns.sender.going import BASE, begin, fetch, settle_in
from tests.conftest import MovableClock

pytestmark = pytest.mark.usefixtures("standing_clock")


async def claim(database: Database, keys: DataKeys, limit: int = 10) -> list[Chunk]:
    async with database.unit_of_work() as session:
        return await claim_chunks(await driver_connection(session), keys, "line", limit)


async def test_pausing_stops_what_is_queued_and_what_waits_for_the_limiter(
    database: Database, keys: DataKeys
) -> None:
    await settle_in(database, keys, 4)
    going = await begin(database, keys)
    await going.freeze()
    (chunk,) = await claim(database, keys)
    async with database.unit_of_work() as session:
        await pause(session, going.campaign_id)
    async with database.unit_of_work() as session:
        renewed = await renew_claim(await driver_connection(session), chunk)
    assert renewed is not None
    assert renewed.paused
    await fetch(database, "UPDATE message_chunk SET claimed_until = NULL RETURNING id")
    assert await claim(database, keys) == []
    assert ((await going.run()).state, (await going.run()).reason) == ("paused", "manager")
    assert await state_of(database, going.campaign_id) == "paused"
    async with database.unit_of_work() as session:
        await resume(session, going.campaign_id)
    assert [one.id for one in await claim(database, keys)] == [chunk.id]
    assert (await going.run()).state == "sending"
    assert await state_of(database, going.campaign_id) == "running"


async def test_cancelling_skips_what_was_not_tried_and_hides_no_doubt(
    database: Database, keys: DataKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filling, "MULTICAST", 2)
    await settle_in(database, keys, 4)
    going = await begin(database, keys)
    await going.freeze()
    tried, untried = await claim(database, keys)
    async with database.unit_of_work() as session:
        await begin_multicast(await driver_connection(session), tried)
    async with database.unit_of_work() as session:
        await cancel(session, going.campaign_id)
    await fetch(database, "UPDATE message_chunk SET claimed_until = NULL RETURNING id")
    again = await claim(database, keys)
    assert {one.id for one in again if one.cancelled} == {tried.id, untried.id}
    async with database.unit_of_work() as session:
        for one in again:
            await end_chunk(await driver_connection(session), one, "cancelled")
    assert await going.states() == {("unknown", "cancelled"): 2, ("skipped", "cancelled"): 2}
    assert ((await going.run()).state, await state_of(database, going.campaign_id)) == (
        "cancelled", "cancelled",
    )  # fmt: skip
    with pytest.raises(CampaignStateError):
        async with database.unit_of_work() as session:
            await resume(session, going.campaign_id)


async def test_a_run_that_is_due_can_be_cancelled_and_is_never_frozen(
    database: Database, keys: DataKeys
) -> None:
    await settle_in(database, keys, 2)
    going = await begin(database, keys)
    async with database.unit_of_work() as session:
        await cancel(session, going.campaign_id)
    assert await going.freeze() is None
    assert (await going.run()).state == "cancelled"


async def test_a_quota_too_small_is_refused_or_trimmed_by_a_persons_word(
    database: Database, keys: DataKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filling, "MULTICAST", 5)
    await settle_in(database, keys, 30)
    async with database.unit_of_work() as session:
        await note_quota(await driver_connection(session), "line", limit=40, used=10)
    going = await begin(database, keys)
    assert await going.freeze(quota_reserve=12) == "paused"
    await fetch(database, "UPDATE campaign SET state = 'paused' RETURNING id")
    with pytest.raises(QuotaShortError):
        async with database.unit_of_work() as session:
            await resume(session, going.campaign_id, quota_reserve=12)
    assert await going.states() == {("pending", None): 30}
    async with database.unit_of_work() as session:
        await resume(session, going.campaign_id, quota_reserve=12, trimmed=True)
    assert await going.states() == {("pending", None): 15, ("skipped", "quota"): 15}
    assert len(await claim(database, keys)) == 3


async def test_what_nobody_answers_for_any_more_is_not_resumed(database: Database, keys: DataKeys) -> None:
    await settle_in(database, keys, 2)
    going = await begin(database, keys)
    await going.freeze()
    async with database.unit_of_work() as session:
        await pause(session, going.campaign_id)
    await close_account(database, going.approver)
    with pytest.raises(AccountClosedError):
        async with database.unit_of_work() as session:
            await resume(session, going.campaign_id)
    assert (await going.run()).state == "paused"


async def test_a_chunk_in_quiet_hours_waits_unless_two_people_called_it_an_emergency(
    database: Database, keys: DataKeys, standing_clock: MovableClock
) -> None:
    await settle_in(database, keys, 2)
    going = await begin(database, keys)
    await going.freeze()
    (chunk,) = await claim(database, keys)
    standing_clock.advance(hours=12)
    night = standing_clock.moment
    calm = chunk._replace(expires_at=None)
    assert not_now(calm, night) > 0
    assert not_now(calm._replace(any_hour=True), night) == 0


async def test_whoever_works_takes_up_what_is_due_and_nothing_that_stands_still(
    database: Database, keys: DataKeys
) -> None:
    await settle_in(database, keys, 2)
    going, still = await begin(database, keys), await begin(database, keys)
    await fetch(
        database, "UPDATE campaign SET state = 'paused' WHERE id = $1 RETURNING id", still.campaign_id
    )
    assert await take_up(database, keys, base_url=BASE, quota_reserve=0) == 1
    assert ((await going.run()).state, (await still.run()).state) == ("sending", "due")
    assert await take_up(database, keys, base_url=BASE, quota_reserve=0) == 0
