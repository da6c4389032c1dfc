"""Who may let what go out, on a real database; it is Monday 23 November 2026, 10.00 in Bangkok."""

import itertools
from datetime import date, time, timedelta
from uuid import UUID

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.approval import (
    ApprovedBeforeError,
    FaultyPlanError,
    OwnCampaignError,
    ReasonError,
    Standing,
    approve,
    read_standing,
    send_back,
    submit,
)
from campaigns.audience.bounds import AudienceError
from campaigns.audience.counting import TooFewError
from campaigns.drafting import (
    CampaignStateError,
    CampaignView,
    ChangedMeanwhileError,
    change_plan,
    read_campaign,
)
from campaigns.models import Campaign
from campaigns.plans.audience import Audience, SeenRule
from campaigns.plans.blocks import LinkBlock, Wording
from campaigns.plans.hours import TimesError, instant
from campaigns.plans.plan import Plan, Step
from campaigns.plans.times import Once
from campaigns.scheduler.firing import schedule
from core.consent import record_consent
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.errors import AppError
from tests.campaigns.office import close_account, draft, hire, plan
from tests.conftest import MovableClock
from tests.support.cast import make_person

NOON = instant(date(2026, 11, 23), time(12))
NIGHT = instant(date(2026, 11, 24), time(2))
LINKED = LinkBlock("l", {"th": "อ่าน"}, {"th": "เปิด"}, "https://127.0.0.1/x")
REASON = "พบคนถูกหลอกไปปอยเปตคืนนี้"


class Desk:
    """Two makers, three checkers, and what they do; two approve from three people on."""

    def __init__(self, database: Database, people: dict[str, UUID]) -> None:
        self.database, self.people = database, people

    async def draft(self, made: Plan | None = None) -> UUID:
        return await draft(self.database, self.people["malee"], made or plan(Once(NOON)))

    async def submit(self, campaign_id: UUID, by: str = "malee", reason: str = "") -> int:
        async with self.database.unit_of_work() as session:
            revision = (await read_campaign(session, campaign_id)).revision
            return await submit(session, campaign_id, revision=revision, by=self.people[by], reason=reason)

    async def approve(self, campaign_id: UUID, by: str = "chai", plan_hash: bytes | None = None) -> Standing:
        plan_hash = plan_hash or (await self.read(campaign_id)).plan_hash
        async with self.database.unit_of_work() as session:
            return await approve(session, campaign_id, plan_hash=plan_hash, by=self.people[by], two_from=3)

    async def send_back(self, campaign_id: UUID, by: str = "chai", reason: str = "แก้คำแรก") -> None:
        plan_hash = (await self.read(campaign_id)).plan_hash
        async with self.database.unit_of_work() as session:
            await send_back(session, campaign_id, plan_hash=plan_hash, by=self.people[by], reason=reason)

    async def edit(self, campaign_id: UUID, late_minutes: int, by: str = "malee") -> None:
        view = await self.read(campaign_id)
        async with self.database.unit_of_work() as session:
            await change_plan(
                session, campaign_id, title=view.title, revision=view.revision, author_id=self.people[by],
                plan=msgspec.structs.replace(view.plan, late_minutes=late_minutes),
            )  # fmt: skip

    async def schedule(self, campaign_id: UUID) -> None:
        async with self.database.unit_of_work() as session:
            await schedule(session, campaign_id)

    async def read(self, campaign_id: UUID) -> CampaignView:
        async with self.database.unit_of_work() as session:
            return await read_campaign(session, campaign_id)

    async def standing(self, campaign_id: UUID) -> Standing:
        async with self.database.unit_of_work() as session:
            return await read_standing(session, campaign_id, two_from=3)


@pytest.fixture
async def desk(database: Database, keys: DataKeys, standing_clock: MovableClock) -> Desk:
    people = {
        name: await hire(
            database, keys, name, "campaign_manager" if name in {"malee", "mana"} else "campaign_approver"
        )
        for name in ("malee", "mana", "chai", "chan", "choti")
    }
    return Desk(database, people)


async def agree(desk: Desk, keys: DataKeys, count: int) -> None:
    async with desk.database.unit_of_work() as session:
        for number in range(count):
            person = await make_person(session, keys, name=f"ผู้รับข่าว {number}")
            await record_consent(
                session, person.contact_id, "campaigns", granted=True, wording="1", source="button"
            )


async def test_somebody_else_approves_what_was_submitted_and_it_can_be_scheduled(desk: Desk) -> None:
    campaign_id = await desk.draft()
    assert await desk.submit(campaign_id) == 2
    standing = await desk.approve(campaign_id)
    assert (standing.given, standing.needed) == (1, 1)
    assert [(word.verdict, word.counts) for word in standing.words] == [
        ("approved", True),
        ("submitted", True),
    ]
    await desk.schedule(campaign_id)
    assert (await desk.read(campaign_id)).state == "scheduled"


async def test_nobody_approves_what_they_made_changed_or_submitted(desk: Desk) -> None:
    campaign_id = await desk.draft()
    await desk.edit(campaign_id, 30, by="chan")
    await desk.submit(campaign_id, by="mana")
    for maker in ("malee", "chan", "mana"):
        with pytest.raises(OwnCampaignError):
            await desk.approve(campaign_id, maker)
    await desk.approve(campaign_id, "chai")
    assert (await desk.read(campaign_id)).state == "approved"


async def test_what_goes_to_many_takes_two_people(desk: Desk, keys: DataKeys) -> None:
    await agree(desk, keys, 2)
    small = await desk.draft()
    await desk.submit(small)
    assert (await desk.approve(small)).needed == 1
    await agree_to_one_more(desk, keys)
    large = await desk.draft()
    await desk.submit(large)
    standing = await desk.approve(large)
    assert (standing.given, standing.needed) == (1, 2)
    assert (await desk.read(large)).state == "submitted"
    with pytest.raises(ApprovedBeforeError):
        await desk.approve(large)
    await close_account(desk.database, desk.people["chai"])
    assert (await desk.standing(large)).given == 0
    await desk.approve(large, "chan")
    assert (await desk.read(large)).state == "submitted"
    await desk.approve(large, "choti")
    assert (await desk.read(large)).state == "approved"


async def agree_to_one_more(desk: Desk, keys: DataKeys) -> None:
    async with desk.database.unit_of_work() as session:
        person = await make_person(session, keys, name="อีกคน", channel="telegram")
        await record_consent(
            session, person.contact_id, "campaigns", granted=True, wording="1", source="word"
        )


async def test_only_what_the_checker_saw_is_approved(desk: Desk) -> None:
    campaign_id = await desk.draft()
    await desk.submit(campaign_id)
    seen = (await desk.read(campaign_id)).plan_hash
    await desk.edit(campaign_id, 30)
    with pytest.raises(CampaignStateError):
        await desk.approve(campaign_id, plan_hash=seen)
    await desk.submit(campaign_id)
    with pytest.raises(ChangedMeanwhileError):
        await desk.approve(campaign_id, plan_hash=seen)
    async with desk.database.unit_of_work() as session:
        (await session.get_one(Campaign, campaign_id)).title = "แก้ข้างหลัง"
    with pytest.raises(ChangedMeanwhileError):
        await desk.approve(campaign_id)


async def test_a_maker_who_looks_at_an_older_plan_does_not_submit_the_newer_one(desk: Desk) -> None:
    campaign_id = await desk.draft()
    await desk.edit(campaign_id, 30, by="mana")
    async with desk.database.unit_of_work() as session:
        with pytest.raises(ChangedMeanwhileError):
            await submit(session, campaign_id, revision=1, by=desk.people["malee"])


async def test_an_edit_that_is_undone_does_not_bring_the_approval_back(desk: Desk, keys: DataKeys) -> None:
    await agree(desk, keys, 3)
    campaign_id = await desk.draft()
    await desk.submit(campaign_id)
    await desk.approve(campaign_id, "chai")
    await desk.edit(campaign_id, 30)
    await desk.edit(campaign_id, 180)
    await desk.submit(campaign_id)
    standing = await desk.approve(campaign_id, "chan")
    assert (standing.given, standing.needed) == (1, 2)
    assert (await desk.approve(campaign_id, "chai")).given == 2


async def test_what_is_sent_back_says_why_and_starts_over(desk: Desk) -> None:
    campaign_id = await desk.draft()
    await desk.submit(campaign_id)
    with pytest.raises(ReasonError):
        await desk.send_back(campaign_id, reason=" ")
    await desk.approve(campaign_id)
    await desk.send_back(campaign_id, by="chan")
    assert (await desk.read(campaign_id)).state == "draft"
    standing = await desk.standing(campaign_id)
    assert (standing.words[0].verdict, standing.words[0].reason) == ("returned", "แก้คำแรก")
    assert standing.given == 0
    with pytest.raises(CampaignStateError):
        await desk.schedule(campaign_id)
    with pytest.raises(CampaignStateError):
        await desk.send_back(campaign_id)


async def test_an_emergency_takes_a_reason_and_a_second_person(desk: Desk) -> None:
    campaign_id = await desk.draft(plan(Once(NIGHT), emergency=True))
    with pytest.raises(ReasonError):
        await desk.submit(campaign_id, reason="ด่วน")
    with pytest.raises(ReasonError):
        await desk.submit(campaign_id, reason="ด" * 501)
    await desk.submit(campaign_id, reason=REASON)
    with pytest.raises(OwnCampaignError):
        await desk.approve(campaign_id, "malee")
    await desk.approve(campaign_id, "chai")
    async with desk.database.unit_of_work() as session:
        campaign = await session.get_one(Campaign, campaign_id)
        assert (campaign.emergency_reason, campaign.emergency_by) == (REASON, desk.people["chai"])
    await desk.edit(campaign_id, 30)
    async with desk.database.unit_of_work() as session:
        campaign = await session.get_one(Campaign, campaign_id)
        assert (campaign.emergency_reason, campaign.emergency_by) == (None, None)


async def test_the_night_the_past_and_what_says_nothing_are_refused_before_anybody_is_asked(
    desk: Desk, standing_clock: MovableClock
) -> None:
    refused = [
        (plan(Once(NIGHT)), TimesError),
        (plan(Once(NOON - timedelta(days=1))), TimesError),
        (Plan(()), FaultyPlanError),
        (Plan((Step(()),), schedule=Once(NOON)), FaultyPlanError),
        (msgspec.structs.replace(plan(Once(NOON)), audience=Audience((SeenRule(-1),))), AudienceError),
        (msgspec.structs.replace(plan(Once(NOON)), audience=Audience((SeenRule(30),))), TooFewError),
        (Plan((Step((Wording((LINKED,), {"th": "มีข่าว"}),)),), schedule=Once(NOON)), FaultyPlanError),
    ]
    for made, error in refused:
        campaign_id = await desk.draft(made)
        with pytest.raises(error):
            await desk.submit(campaign_id)
        assert (await desk.read(campaign_id)).state == "draft"
    waiting = await desk.draft()
    await desk.submit(waiting)
    standing_clock.moment = NOON
    with pytest.raises(TimesError):
        await desk.approve(waiting)


NAMES = ("malee", "mana", "chai", "chan")
DEEDS = st.one_of(
    st.tuples(st.just("submit"), st.sampled_from(NAMES)),
    st.tuples(st.just("approve"), st.sampled_from(NAMES)),
    st.tuples(st.just("send_back"), st.sampled_from(NAMES)),
    st.tuples(st.just("edit"), st.sampled_from(NAMES)),
)


class Truth:
    """What ought to hold, kept the plainest way: who worked on it, and who agreed to it as it is now."""

    def __init__(self) -> None:
        self.makers, self.agreed = {"malee"}, set[str]()
        self.state = "draft"

    def expects(self, deed: str, who: str) -> bool:
        """Whether this may be done now."""
        if deed == "submit":
            return self.state == "draft"
        if deed == "approve":
            return self.state == "submitted" and who not in self.makers | self.agreed
        return deed == "edit" or self.state != "draft"

    def does(self, deed: str, who: str) -> None:
        if deed == "submit":
            self.state, self.agreed = "submitted", set()
            self.makers.add(who)
        elif deed == "approve":
            self.agreed.add(who)
            self.state = "approved" if len(self.agreed) >= 2 else "submitted"
        else:
            self.state, self.agreed = "draft", set()


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(DEEDS, min_size=4, max_size=14))
async def test_whatever_happens_nothing_is_approved_but_by_two_others_as_it_is(
    desk: Desk, keys: DataKeys, deeds: list[tuple[str, str]]
) -> None:
    """Of what goes to many: any edit voids, nobody's own word counts, and two others must have seen this very plan."""
    if "agreed" not in desk.people:
        await agree(desk, keys, 3)
        desk.people["agreed"] = UUID(int=0)
    campaign_id, truth, edits = await desk.draft(), Truth(), itertools.count(1)
    editor = "malee"
    for deed, who in deeds:
        expected = truth.expects(deed, who)
        try:
            if deed == "edit":
                await desk.edit(campaign_id, next(edits), by=who)
                editor = who
            else:
                await {"submit": desk.submit, "approve": desk.approve, "send_back": desk.send_back}[deed](
                    campaign_id, by=who
                )
        except AppError:
            assert not expected or (deed == "approve" and who == editor)
        else:
            assert expected
            assert deed != "approve" or who != editor
            truth.does(deed, who)
        assert (await desk.read(campaign_id)).state == truth.state
    if truth.state == "approved":
        await desk.schedule(campaign_id)
    else:
        with pytest.raises(CampaignStateError):
            await desk.schedule(campaign_id)
