"""Who belongs to a run is decided once, inside the database, all or nothing. Guards 3, 8, 17."""

import asyncio
from collections import Counter
from typing import Any

import pytest
import sqlalchemy as sa

from campaigns.models import Campaign, CampaignMember, CampaignRun
from campaigns.plans.audience import Audience, ChannelRule
from campaigns.plans.plan import Trial
from campaigns.sender.freezing import freeze
from campaigns.sender.resting import freeze_rest
from core.clock import utc_now
from core.contacts.holds import hold_broadcasts
from core.contacts.models import ChannelIdentity
from core.crypto.data_keys import DataKeys
from core.crypto.sealing import context, open_sealed
from core.db.database import Database, driver_connection
from core.messages import filling
from core.messages.filling import decode_batch
from core.messages.models import MessageBatch
from core.messages.quota import note_quota
from tests.campaigns.office import close_account
from tests.campaigns.sender.going import BASE, Going, begin, fetch, plan, settle_in, wording
from tests.conftest import MovableClock
from tests.support.undone import undone

pytestmark = pytest.mark.usefixtures("standing_clock")


async def chunk_sizes(database: Database) -> list[tuple[str, int, int]]:
    """Channel, what the chunk says it holds, what it holds."""
    rows = await fetch(
        database,
        "SELECT c.channel, c.members, count(m.id) AS n FROM message_chunk c LEFT JOIN message m ON m.chunk_id = c.id"
        " GROUP BY c.id ORDER BY 1, 2",
    )
    return [(row["channel"], row["members"], row["n"]) for row in rows]


async def test_everybody_meant_gets_one_message_in_chunks_of_a_call(
    database: Database, keys: DataKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filling, "MULTICAST", 3)
    monkeypatch.setattr(filling, "ONE_BY_ONE", 2)
    people = await settle_in(database, keys, 7) + await settle_in(database, keys, 3, "telegram")
    going = await begin(database, keys)
    assert await going.freeze(page=4) == "sending"
    run = await going.run()
    assert (run.intended, run.holdout, run.frozen_at) == (10, 0, utc_now())
    rows = await fetch(database, "SELECT identity_id, lane, kind, state FROM message")
    assert Counter(row["identity_id"] for row in rows) == Counter(one.identity_id for one in people)
    assert {(row["lane"], row["kind"], row["state"]) for row in rows} == {("bulk", "campaign", "pending")}
    assert await chunk_sizes(database) == [
        ("line", 1, 1), ("line", 3, 3), ("line", 3, 3), ("telegram", 1, 1), ("telegram", 2, 2),
    ]  # fmt: skip
    assert [row["entrypoint"] for row in await fetch(database, "SELECT entrypoint FROM pgqueuer")] == [
        "deliver_batch"
    ]


async def test_ids_that_the_database_makes_are_of_version_seven_and_of_now(
    database: Database, keys: DataKeys
) -> None:
    await settle_in(database, keys, 40)
    await (await begin(database, keys)).freeze()
    rows = await fetch(database, "SELECT id FROM message UNION ALL SELECT id FROM message_chunk")
    ids = [row["id"] for row in rows]
    assert len(set(ids)) == 41
    assert {(one.version, one.variant) for one in ids} == {(7, "specified in RFC 4122")}
    assert {one.int >> 80 for one in ids} == {int(utc_now().timestamp() * 1_000)}


async def test_freezing_twice_or_by_many_at_once_is_freezing_once(database: Database, keys: DataKeys) -> None:
    await settle_in(database, keys, 5)
    going = await begin(database, keys)
    states = await asyncio.gather(*(going.freeze() for _ in range(4)))
    assert sorted(map(str, states)) == ["None", "None", "None", "sending"]
    assert await going.freeze() is None
    assert (await going.states()).total() == 5


async def test_who_dies_in_the_middle_leaves_nothing_behind_and_the_next_begins_anew(
    database: Database, keys: DataKeys
) -> None:
    await settle_in(database, keys, 5)
    going = await begin(database, keys)
    async with undone(database) as session:
        assert await freeze(session, keys, going.run_id, base_url=BASE) == "sending"
    assert (await going.run()).state == "due"
    assert not await fetch(database, "SELECT 1 FROM campaign_member UNION ALL SELECT 1 FROM message_batch")
    assert await going.freeze() == "sending"
    assert (await going.states()).total() == 5


async def test_who_is_held_or_blocked_has_a_place_and_is_skipped_in_one_bucket(
    database: Database, keys: DataKeys
) -> None:
    people = await settle_in(database, keys, 6)
    async with database.unit_of_work() as session:
        await hold_broadcasts(session, people[0].contact_id)
        await session.execute(
            sa.update(ChannelIdentity)
            .where(ChannelIdentity.id == people[1].identity_id)
            .values(blocked_at=utc_now())
        )
    going = await begin(database, keys)
    await going.freeze()
    assert await going.states() == {("pending", None): 4, ("skipped", "not_ready"): 2}
    assert (await going.run()).intended == 6
    assert await chunk_sizes(database) == [("line", 4, 4)]


async def test_a_holdout_is_drawn_once_for_the_campaign_and_gets_nothing(
    database: Database, keys: DataKeys
) -> None:
    await settle_in(database, keys, 300)
    going = await begin(database, keys, plan(holdout=20, weekly_cap=0))
    await going.freeze()
    run = await going.run()
    assert 30 <= run.holdout <= 90
    assert run.intended + run.holdout == 300
    assert (await going.states()).total() == run.intended
    apart = await fetch(
        database,
        "SELECT 1 FROM campaign_member c JOIN channel_identity i USING (contact_id) JOIN message m ON m.identity_id = i.id"
        " WHERE c.variant = 'holdout'",
    )
    assert apart == []


async def test_each_gets_one_wording_in_their_own_language(database: Database, keys: DataKeys) -> None:
    await settle_in(database, keys, 60)
    await settle_in(database, keys, 40, language="en")
    await settle_in(database, keys, 5, language="my")
    two = plan(wording("หนึ่ง", "a", en="One"), wording("สอง", "b", en="Two"), trial=Trial())
    going = await begin(database, keys, two)
    await going.freeze()
    rows = await fetch(
        database,
        "SELECT p.variant, p.language, p.unit, p.batch_id, b.content, k.id AS key_id, k.wrapped, b.intended,"
        " (SELECT count(*) FROM message m WHERE m.batch_id = b.id) AS n FROM campaign_part p"
        " JOIN message_batch b ON b.id = p.batch_id JOIN data_key k ON k.id = b.data_key_id",
    )
    assert {(row["variant"], row["language"]) for row in rows} == {
        ("a", "th"), ("a", "en"), ("b", "th"), ("b", "en"),
    }  # fmt: skip
    assert all(row["n"] == row["intended"] > 0 for row in rows)
    assert sum(row["n"] for row in rows if row["language"] == "en") == 45
    assert {row["variant"]: row["unit"] for row in rows}.keys() == {"a", "b"}
    for row in rows:
        envelope = decode_batch(_open(keys, row))
        said = {"a": ("หนึ่ง", "One"), "b": ("สอง", "Two")}[row["variant"]][row["language"] == "en"]
        assert envelope.content.bubbles[0].text == said  # type: ignore[union-attr]


def _open(keys: DataKeys, row: Any) -> bytes:
    bound = context("message_batch", "content", row["batch_id"])
    return open_sealed(keys.open(row["key_id"], row["wrapped"]), row["content"], bound)


async def test_who_waits_for_the_better_wording_gets_it_later_and_once(
    database: Database, keys: DataKeys, standing_clock: MovableClock
) -> None:
    await settle_in(database, keys, 120)
    going = await begin(
        database, keys, plan(wording("หนึ่ง", "a"), wording("สอง", "b"), trial=Trial(share=30), weekly_cap=1)
    )
    await going.freeze()
    tried = (await going.states()).total()
    assert 15 <= tried <= 60
    assert (await going.run()).intended == 120
    standing_clock.advance(hours=3)
    for expected in (120 - tried, 0):
        async with database.unit_of_work() as session:
            assert await freeze_rest(session, keys, going.run_id, "b", base_url=BASE) == expected
    assert (await going.states()).total() == 120
    (rest,) = await fetch(database, "SELECT variant, unit FROM campaign_part WHERE of_rest")
    assert (rest["variant"], rest["unit"].endswith("_b_rest")) == ("b", True)


async def test_a_weekly_cap_counts_runs_of_seven_days_whoever_was_held_then(
    database: Database, keys: DataKeys, standing_clock: MovableClock
) -> None:
    people = await settle_in(database, keys, 4)
    async with database.unit_of_work() as session:
        await hold_broadcasts(session, people[0].contact_id, until=utc_now())
    first = await begin(database, keys, plan(weekly_cap=1))
    await first.freeze()
    second = await begin(database, keys, plan(weekly_cap=1))
    assert await second.freeze() == "done"
    assert (await second.run()).reason == "empty"
    standing_clock.advance(days=7, seconds=1)
    third = await begin(database, keys, plan(weekly_cap=1))
    assert await third.freeze() == "sending"
    assert (await third.run()).intended == 4


async def test_what_nobody_is_meant_by_ends_as_empty(database: Database, keys: DataKeys) -> None:
    await settle_in(database, keys, 3)
    going = await begin(database, keys, plan(include=(ChannelRule(("telegram",)),)))
    assert await going.freeze() == "done"
    run = await going.run()
    assert (run.reason, run.intended, run.ended_at) == ("empty", 0, utc_now())


async def test_a_quota_that_does_not_last_stops_it_before_the_first_message(
    database: Database, keys: DataKeys
) -> None:
    await settle_in(database, keys, 30)
    async with database.unit_of_work() as session:
        await note_quota(await driver_connection(session), "line", limit=100, used=60)
    going = await begin(database, keys)
    assert await going.freeze(quota_reserve=20) == "paused"
    assert (await going.run()).reason == "quota"
    assert await fetch(database, "SELECT 1 FROM message_batch WHERE NOT paused") == []
    assert await fetch(database, "SELECT 1 FROM pgqueuer") == []
    other = await begin(database, keys, plan(weekly_cap=0))
    assert await other.freeze(quota_reserve=0) == "paused", "what waits for the quota is spoken for"


@pytest.mark.parametrize("who", ["author", "approver"])
async def test_a_closed_account_stops_it_before_anything_is_written(
    database: Database, keys: DataKeys, who: str
) -> None:
    await settle_in(database, keys, 3)
    going = await begin(database, keys)
    await close_account(database, getattr(going, who))
    assert await going.freeze() == "paused"
    run = await going.run()
    assert (run.reason, run.frozen_at) == ("account", None)
    assert not await fetch(database, "SELECT 1 FROM message")


async def test_what_is_late_or_was_changed_or_cancelled_is_not_sent(
    database: Database, keys: DataKeys, standing_clock: MovableClock
) -> None:
    await settle_in(database, keys, 3)
    late, changed, cancelled, paused = [await begin(database, keys) for _ in range(4)]
    async with database.unit_of_work() as session:
        (await session.get_one(Campaign, changed.campaign_id)).title = "อย่างอื่น"
        (await session.get_one(Campaign, cancelled.campaign_id)).state = "cancelled"
        (await session.get_one(Campaign, paused.campaign_id)).state = "paused"
    assert await changed.freeze() == "cancelled"
    assert (await changed.run()).reason == "changed"
    assert await cancelled.freeze() == "cancelled"
    assert await paused.freeze() is None
    standing_clock.advance(hours=4)
    assert await late.freeze() == "expired"
    assert (await late.run()).reason == "late"
    assert not await fetch(database, "SELECT 1 FROM message")


async def test_nobody_is_in_a_run_twice(database: Database, keys: DataKeys) -> None:
    people = await settle_in(database, keys, 4)
    going: Going = await begin(database, keys)
    await going.freeze()
    async with database.unit_of_work() as session:
        members = list(await session.scalars(sa.select(CampaignMember.contact_id)))
        batches = list(await session.scalars(sa.select(MessageBatch.intended)))
        runs = list(await session.scalars(sa.select(CampaignRun.id)))
    assert sorted(members) == sorted(one.contact_id for one in people)
    assert (batches, runs) == ([4], [going.run_id])
    assert Audience().weekly_cap == (await going.run()).weekly_cap
