"""Drafts: an edit is for one revision, voids what was approved, and never touches what is under way."""

import asyncio
from itertools import pairwise
from typing import get_args
from uuid import UUID

import pytest

from campaigns.drafting import (
    LONGEST_TITLE,
    MOST_PLAN_BYTES,
    CampaignStateError,
    CampaignTitleError,
    CampaignView,
    ChangedMeanwhileError,
    PlanTooLargeError,
    PlanUnreadableError,
    change_plan,
    copy_campaign,
    create_campaign,
    list_campaigns,
    lock_campaign,
    move_campaign,
    read_campaign,
)
from campaigns.models import Campaign, CampaignState
from campaigns.plans.plan import Plan, hash_plan
from core.accounts.invitations import add_account
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.errors import NotFoundError
from core.ids import new_id
from tests.campaigns.composer.plans import plan, quiz, text

FIRST, SECOND = plan(text("ก่อนโอน ถามก่อน")), plan(text("ก่อนโอน ถามเรา"), quiz())


@pytest.fixture
async def malee(database: Database, keys: DataKeys) -> UUID:
    async with database.unit_of_work() as session:
        account = await add_account(
            session, keys, email="malee@example.org", name="Malee", role="campaign_manager"
        )
        return account.id


async def _create(database: Database, malee: UUID, *, title: str = "เตือนงาน", plan: Plan = FIRST) -> UUID:
    async with database.unit_of_work() as session:
        return await create_campaign(session, title=title, plan=plan, author_id=malee)


async def _change(
    database: Database,
    malee: UUID,
    campaign: UUID,
    *,
    revision: int,
    plan: Plan = SECOND,
    title: str = "เตือนงาน",
) -> int:
    async with database.unit_of_work() as session:
        return await change_plan(
            session, campaign, title=title, plan=plan, revision=revision, author_id=malee
        )


async def _read(database: Database, campaign: UUID) -> CampaignView:
    async with database.unit_of_work() as session:
        return await read_campaign(session, campaign)


async def _set(database: Database, campaign: UUID, **values: object) -> None:
    async with database.unit_of_work() as session:
        row = await session.get_one(Campaign, campaign)
        for name, value in values.items():
            setattr(row, name, value)


async def test_a_draft_is_read_as_it_was_written(database: Database, malee: UUID) -> None:
    seen = await _read(database, await _create(database, malee, title="  เตือน \n งาน ", plan=SECOND))
    assert (seen.title, seen.state, seen.revision, seen.plan) == ("เตือน งาน", "draft", 1, SECOND)
    assert seen.plan_hash == hash_plan("เตือน งาน", SECOND)
    assert (seen.created_by, seen.submitted_hash, seen.origin) == (malee, None, "")


async def test_an_edit_raises_the_revision_and_voids_what_was_approved(
    database: Database, malee: UUID
) -> None:
    campaign = await _create(database, malee)
    for state in ("submitted", "approved", "scheduled"):
        before = await _read(database, campaign)
        await _set(
            database,
            campaign,
            state=state,
            plan_hash=before.plan_hash,
            emergency_reason="น้ำท่วม",
            emergency_by=malee,
        )
        other = SECOND if before.plan == FIRST else FIRST
        assert (
            await _change(database, malee, campaign, revision=before.revision, plan=other)
            == before.revision + 1
        )
        after = await _read(database, campaign)
        assert (after.state, after.submitted_hash, after.emergency_reason) == ("draft", None, None)
        assert after.plan_hash != before.plan_hash
        assert (after.changed_by, after.plan) == (malee, other)


async def test_another_title_is_an_edit_too(database: Database, malee: UUID) -> None:
    campaign = await _create(database, malee)
    await _set(database, campaign, state="approved")
    assert await _change(database, malee, campaign, revision=1, plan=FIRST, title="อื่น") == 2
    assert (await _read(database, campaign)).state == "draft"


async def test_saving_the_same_again_changes_nothing(database: Database, malee: UUID) -> None:
    campaign = await _create(database, malee)
    await _set(database, campaign, state="approved")
    assert await _change(database, malee, campaign, revision=1, plan=FIRST) == 1
    seen = await _read(database, campaign)
    assert (seen.state, seen.changed_at) == ("approved", None)


async def test_of_two_edits_of_one_revision_the_later_is_told_so(database: Database, malee: UUID) -> None:
    campaign = await _create(database, malee)
    done = await asyncio.gather(
        *(_change(database, malee, campaign, revision=1, title=f"ชื่อ {n}") for n in range(4)),
        return_exceptions=True,
    )
    assert [one for one in done if not isinstance(one, BaseException)] == [2]
    refused = [one for one in done if isinstance(one, ChangedMeanwhileError)]
    assert len(refused) == 3
    assert refused[0].code == "changed_meanwhile"
    assert (await _read(database, campaign)).revision == 2


@pytest.mark.parametrize("state", ["running", "paused", "done", "cancelled", "expired"])
async def test_what_is_under_way_or_over_stays_as_it_was_approved(
    database: Database, malee: UUID, state: str
) -> None:
    campaign = await _create(database, malee)
    await _set(database, campaign, state=state)
    with pytest.raises(CampaignStateError):
        await _change(database, malee, campaign, revision=1)
    assert (await _read(database, campaign)).plan == FIRST


async def test_what_can_not_be_kept_is_refused_before_it_is_written(database: Database, malee: UUID) -> None:
    for title in ("", " \n", "ก" * (LONGEST_TITLE + 1), "\ud800"):
        with pytest.raises(CampaignTitleError):
            await _create(database, malee, title=title)
    for words in ("ก\0ข", "\ud83d"):
        with pytest.raises(PlanUnreadableError):
            await _create(database, malee, plan=plan(text(words)))
    with pytest.raises(PlanTooLargeError):
        await _create(database, malee, plan=plan(text("ก" * (MOST_PLAN_BYTES // 3))))
    kept = await _create(database, malee, plan=plan(text(r"พิมพ์ \u0000 เอง")))
    async with database.unit_of_work() as session:
        assert [one.id for one in await list_campaigns(session)] == [kept]


async def test_what_is_no_campaign_is_not_found(database: Database, malee: UUID) -> None:
    with pytest.raises(NotFoundError):
        await _read(database, new_id())
    with pytest.raises(NotFoundError):
        await _change(database, malee, new_id(), revision=1)


async def test_a_copy_is_a_draft_of_its_own_that_wakes_nobody(database: Database, malee: UUID) -> None:
    loud = Plan(steps=FIRST.steps, emergency=True, subject="job_scams")
    campaign = await _create(database, malee, plan=loud)
    await _set(database, campaign, state="done")
    async with database.unit_of_work() as session:
        copied = await copy_campaign(session, campaign, title="อีกครั้ง", author_id=malee)
    seen = await _read(database, copied)
    assert (seen.state, seen.title, seen.origin, seen.revision) == ("draft", "อีกครั้ง", f"copy:{campaign}", 1)
    assert (seen.plan.emergency, seen.subject, seen.plan.steps) == (False, "job_scams", loud.steps)


async def test_campaigns_are_listed_newest_first_by_state_and_page(database: Database, malee: UUID) -> None:
    made = [await _create(database, malee, title=f"ที่ {n}") for n in range(5)]
    await _set(database, made[1], state="running")
    # Sent before plans were kept.
    await _set(database, made[2], plan={})
    async with database.unit_of_work() as session:
        first = await list_campaigns(session, limit=2)
        rest = await list_campaigns(session, limit=50, after=first[-1].id)
        running = await list_campaigns(session, ["running"])
    assert [one.id for one in [*first, *rest]] == made[::-1]
    assert [one.id for one in running] == [made[1]]
    assert rest[0].plan.steps == ()


@pytest.mark.parametrize(
    "way",
    [
        ("draft", "submitted", "approved", "scheduled", "running", "paused", "running", "done"),
        ("draft", "submitted", "draft", "cancelled"),
        ("draft", "submitted", "approved", "running", "cancelled"),
        ("draft", "submitted", "approved", "scheduled", "running", "scheduled", "expired"),
    ],
)
async def test_a_campaign_goes_its_way_step_by_step(
    database: Database, malee: UUID, way: tuple[CampaignState, ...]
) -> None:
    campaign = await _create(database, malee)
    async with database.unit_of_work() as session:
        row = await lock_campaign(session, campaign)
        for before, after in pairwise(way):
            assert row.state == before
            move_campaign(row, after)
    assert (await _read(database, campaign)).state == way[-1]


def test_nothing_follows_the_end_and_nothing_is_sent_unapproved() -> None:
    states = get_args(CampaignState)
    forbidden = [(end, state) for end in ("done", "cancelled", "expired") for state in states]
    forbidden += [
        ("draft", state) for state in ("approved", "scheduled", "running", "paused", "done", "expired")
    ]
    forbidden += [
        ("submitted", "scheduled"),
        ("submitted", "running"),
        ("running", "draft"),
        ("paused", "draft"),
    ]
    for before, after in forbidden:
        with pytest.raises(CampaignStateError):
            move_campaign(Campaign(state=before), after)
