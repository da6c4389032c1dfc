"""What members did against the holdout: people, within a fortnight, of at least twenty, and never who."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from campaigns.figures import floored
from campaigns.models import CampaignAnswer, CampaignPart
from campaigns.reports.afterwards import DEEDS, Difference, Group, compare, read_groups
from core.consent import ConsentEvent
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.ids import new_id
from core.messages.content import Content, Text
from core.messages.queue import queue_batch
from screening.models import Screening
from tests.campaigns.carried_out import AFTER, BEFORE, add_campaign, add_run, crowd, join, plan_of

SENT = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
PLAN = plan_of(BEFORE, AFTER)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def check(session: AsyncSession, people: Sequence[UUID], at: datetime, band: str = "unclear") -> None:
    session.add_all(
        Screening(
            id=new_id(), contact_id=one, channel="line", band=band, score=0.5, kind="", indicators=[], rules="1",
            model="1", created_at=at,
        )
        for one in people
    )  # fmt: skip
    await session.flush()


async def stop(session: AsyncSession, people: Sequence[UUID], at: datetime, topic: str = "campaigns") -> None:
    session.add_all(
        ConsentEvent(
            id=new_id(), contact_id=one, topic=topic, granted=False, wording="1", source="word", at=at
        )
        for one in people
    )
    await session.flush()


async def answer(session: AsyncSession, campaign: UUID, people: Sequence[UUID], at: datetime) -> None:
    session.add_all(
        CampaignAnswer(contact_id=one, campaign_id=campaign, question="fee1", choice="no", right=True, at=at)
        for one in people
    )
    await session.flush()


async def test_members_and_holdout_are_counted_apart(database: Database, keys: DataKeys) -> None:
    async with database.unit_of_work() as session:
        members, held_out = await crowd(session, keys, 65), await crowd(session, keys, 44)
        campaign = await add_campaign(session, keys, PLAN)
        run = await add_run(session, campaign, SENT)
        await join(session, run, members)
        await join(session, run, held_out, "holdout")
        await check(session, members[:33], SENT + HOUR)
        # Twice is one person.
        await check(session, members[:33], SENT + DAY, "danger")
        await check(session, held_out[:21], SENT + 13 * DAY)
        await answer(session, campaign, members[:47], SENT + HOUR)
        await stop(session, members[:24], SENT + DAY)
        found = await read_groups(session, campaign)
        assert found == await read_groups(session, campaign, run)
    assert found == (
        Group(people=60, answered=40, checked=30, danger=30, stopped=20),
        Group(people=40, checked=20),
    )


async def test_fewer_than_twenty_are_hidden(database: Database, keys: DataKeys) -> None:
    async with database.unit_of_work() as session:
        members, held_out = await crowd(session, keys, 50), await crowd(session, keys, 19)
        campaign = await add_campaign(session, keys, PLAN)
        run = await add_run(session, campaign, SENT)
        await join(session, run, members)
        await join(session, run, held_out, "holdout")
        for act in (check, stop):
            await act(session, [*members[:19], *held_out], SENT + HOUR)
        await answer(session, campaign, members[:19], SENT + HOUR)
        assert await read_groups(session, campaign) == (Group(people=50), Group())


async def test_only_what_happens_within_a_fortnight_counts(database: Database, keys: DataKeys) -> None:
    async with database.unit_of_work() as session:
        members = await crowd(session, keys, 30)
        campaign = await add_campaign(session, keys, PLAN)
        await join(session, await add_run(session, campaign, SENT), members)
        await check(session, members, SENT - HOUR)
        await check(session, members, SENT + 14 * DAY)
        await stop(session, members, SENT + DAY, topic="scams")
        assert (await read_groups(session, campaign))[0] == Group(people=30)
        await check(session, members, SENT + 14 * DAY - HOUR)
        assert (await read_groups(session, campaign))[0] == Group(people=30, checked=30)


async def test_a_stop_of_the_campaigns_own_subject_is_a_stop(database: Database, keys: DataKeys) -> None:
    async with database.unit_of_work() as session:
        members = await crowd(session, keys, 30)
        campaign = await add_campaign(session, keys, PLAN)
        await session.execute(sa.text("UPDATE campaign SET subject = 'scams'"))
        await join(session, await add_run(session, campaign, SENT), members)
        await stop(session, members, SENT + DAY, topic="scams")
        assert (await read_groups(session, campaign))[0].stopped == 30


async def test_who_once_got_something_is_no_holdout_and_counts_from_then_on(
    database: Database, keys: DataKeys
) -> None:
    async with database.unit_of_work() as session:
        people = await crowd(session, keys, 30)
        campaign = await add_campaign(session, keys, PLAN)
        await join(session, await add_run(session, campaign, SENT), people, "holdout")
        await join(session, await add_run(session, campaign, SENT + 7 * DAY), people)
        await check(session, people, SENT + DAY)
        assert await read_groups(session, campaign) == (Group(people=30), Group())
        await check(session, people, SENT + 8 * DAY)
        assert await read_groups(session, campaign) == (Group(people=30, checked=30), Group())


async def test_minors_are_members_whose_deeds_nobody_looks_at(database: Database, keys: DataKeys) -> None:
    """A number of members without them would tell who is one, and who told us told it to the hotline."""
    async with database.unit_of_work() as session:
        members = await crowd(session, keys, 30)
        campaign = await add_campaign(session, keys, PLAN)
        await join(session, await add_run(session, campaign, SENT), members)
        for act in (check, stop):
            await act(session, members, SENT + HOUR)
        before = (await read_groups(session, campaign))[0]
        await session.execute(sa.text("UPDATE contact SET minor = true"))
        after = (await read_groups(session, campaign))[0]
    assert (before.people, before.checked, before.stopped) == (30, 30, 30)
    assert after == Group(people=30)


async def test_who_waits_for_the_better_wording_is_in_neither_group_until_it_went_out(
    database: Database, keys: DataKeys
) -> None:
    async with database.unit_of_work() as session:
        members, rest = await crowd(session, keys, 20), await crowd(session, keys, 30)
        campaign = await add_campaign(session, keys, PLAN)
        run = await add_run(session, campaign, SENT)
        await join(session, run, members, "a")
        await join(session, run, rest, "rest")
        seen = []
        for of_rest in (False, True):
            batch = await queue_batch(session, keys, content=Content((Text("a"),)), recipients=[])
            part = CampaignPart(
                id=new_id(), run_id=run, variant="a", language="th", batch_id=batch, of_rest=of_rest
            )
            session.add(part)
            await session.flush()
            seen.append((await read_groups(session, campaign))[0].people)
    assert seen == [20, 50]


GROUP = Group(people=1_000, checked=200)


def test_a_difference_is_sure_where_its_interval_leaves_nothing_out() -> None:
    found = compare(GROUP, Group(people=1_000, checked=100), "checked")
    assert found is not None
    assert found.is_sure
    assert 5 < found.low < 10 < found.high < 15
    alike = compare(GROUP, GROUP, "checked")
    assert alike is not None
    assert not alike.is_sure
    assert alike.low < 0 < alike.high
    assert alike.low == pytest.approx(-alike.high)


@pytest.mark.parametrize("hidden", [Group(), Group(people=1_000), Group(checked=100)])
def test_nothing_is_compared_with_what_is_hidden(hidden: Group) -> None:
    assert compare(GROUP, hidden, "checked") is None
    assert compare(hidden, GROUP, "checked") is None


def test_whatever_flooring_hides_lies_within_the_interval() -> None:
    """The interval of the exact counts is never wider than the one that is shown."""
    shown = compare(Group(people=1_000, checked=200), Group(people=500, checked=50), "checked")
    assert shown is not None
    for more in (0, 4, 9):
        exact = (200 + more) / 1_000 - (50 + 9 - more) / 509
        assert shown.low <= 100 * exact <= shown.high


def test_counts_are_floored_in_the_steps_that_differences_reckon_with() -> None:
    assert [floored(count) for count in (20, 29, 30)] == [20, 20, 30]
    assert set(DEEDS) < set(Group.__dataclass_fields__)
    assert Difference(-1.0, -0.1).is_sure
