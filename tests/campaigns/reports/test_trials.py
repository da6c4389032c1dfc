"""Wordings against each other, on rows: who counts, when, and what the rest gets."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from campaigns.models import CampaignAnswer, CampaignPart
from campaigns.plans.plan import Plan, Step, Trial
from campaigns.reports.evidence import Seen
from campaigns.reports.trials import Decided, Trialled, decided_trials, judge, patience_of, read_trial
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.ids import new_id
from core.messages.content import Content, Text
from core.messages.queue import queue_batch
from tests.campaigns.carried_out import BEFORE, add_campaign, add_run, crowd, join, wording

SENT = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
HOURS = 8
PATIENCE = timedelta(hours=2)
PLAN = Plan(
    (Step((wording(BEFORE, variant="a"), wording(BEFORE, variant="b"))),),
    trial=Trial(share=50, hours=HOURS, picks_itself=True),
)


class Trialling:
    """A campaign under way; each wording is sent to so many, of whom so many answer."""

    def __init__(self, session: AsyncSession, keys: DataKeys) -> None:
        self.session = session
        self.keys = keys

    async def begin(self, plan: Plan = PLAN) -> None:
        self.campaign = await add_campaign(self.session, self.keys, plan)
        self.run = await add_run(self.session, self.campaign, SENT, state="sending")

    async def send(
        self, variant: str, count: int, *, at: datetime = SENT, of_rest: bool = False
    ) -> Sequence[UUID]:
        people = await crowd(self.session, self.keys, count)
        batch = await queue_batch(self.session, self.keys, content=Content((Text("a"),)), recipients=[])
        self.session.add(
            CampaignPart(
                id=new_id(), run_id=self.run, variant=variant, language="th", batch_id=batch, of_rest=of_rest
            )
        )
        await self.session.flush()
        await join(self.session, self.run, people, "rest" if of_rest else variant)
        await self.session.execute(
            sa.text(
                "INSERT INTO message (id, identity_id, channel, lane, kind, state, batch_id, created_at, finished_at)"
                " SELECT gen_random_uuid(), i.id, 'line', 'bulk', 'campaign', 'sent', :batch, :at, :at"
                " FROM channel_identity i WHERE i.contact_id = ANY(CAST(:people AS uuid[]))"
            ),
            {"batch": batch, "at": at, "people": list(people)},
        )
        return people

    async def answer(
        self, people: Sequence[UUID], *, right: bool = True, at: datetime = SENT + timedelta(minutes=5)
    ) -> None:
        self.session.add_all(
            CampaignAnswer(
                contact_id=one, campaign_id=self.campaign, question="fee1", choice="no", right=right, at=at
            )
            for one in people
        )
        await self.session.flush()

    async def read(self, after: timedelta = PATIENCE) -> Trialled:
        found = await read_trial(self.session, self.run, SENT + after)
        assert found is not None
        return found


@pytest.fixture
async def trialling(database: Database, keys: DataKeys) -> AsyncIterator[Trialling]:
    async with database.unit_of_work() as session:
        made = Trialling(session, keys)
        await made.begin()
        yield made


async def test_a_better_wording_wins_before_its_time_is_up(trialling: Trialling) -> None:
    one, other = await trialling.send("a", 600), await trialling.send("b", 600)
    await trialling.answer(one[:60])
    await trialling.answer(other[:160])
    found = await trialling.read()
    assert (found.leads, found.is_sure, found.winner) == ("b", True, "b")
    assert [(arm.variant, arm.people, arm.did) for arm in found.arms] == [("a", 600, 60), ("b", 600, 160)]
    low, high = found.arms[1].low, found.arms[1].high
    assert low is not None
    assert high is not None
    assert low < 100 * 160 / 600 < high
    assert await decided_trials(trialling.session, SENT + PATIENCE) == []
    await trialling.send("b", 1, at=SENT + PATIENCE, of_rest=False)
    await join(trialling.session, trialling.run, await crowd(trialling.session, trialling.keys, 3), "rest")
    assert await decided_trials(trialling.session, SENT + PATIENCE) == [Decided(trialling.run, "b")]


async def test_nobody_counts_before_everybody_had_the_same_time(trialling: Trialling) -> None:
    one, other = await trialling.send("a", 600), await trialling.send("b", 600)
    await trialling.answer(other[:300])
    early = await trialling.read(PATIENCE - timedelta(seconds=1))
    assert (early.leads, early.winner) == (None, None)
    # Answered too late to count, like anybody's of that time.
    await trialling.answer(one[:300], at=SENT + PATIENCE)
    assert (await trialling.read()).winner == "b"


async def test_equal_wordings_wait_and_the_first_goes_out_when_time_is_up(trialling: Trialling) -> None:
    for variant in ("a", "b"):
        people = await trialling.send(variant, 300)
        await trialling.answer(people[:60])
    assert (await trialling.read()).winner is None
    over = await trialling.read(timedelta(hours=HOURS))
    assert (over.is_sure, over.winner) == (False, "a")


async def test_who_got_the_chosen_wording_later_is_not_of_the_trial(trialling: Trialling) -> None:
    for variant in ("a", "b"):
        people = await trialling.send(variant, 100)
        await trialling.answer(people[:20])
    rest = await trialling.send("a", 900, of_rest=True)
    await trialling.answer(rest)
    found = await trialling.read(timedelta(hours=HOURS))
    assert [(arm.people, arm.did) for arm in found.arms] == [(100, 20), (100, 20)]
    assert await decided_trials(trialling.session, SENT + timedelta(hours=HOURS)) == []


async def test_right_answers_can_be_what_counts(database: Database, keys: DataKeys) -> None:
    async with database.unit_of_work() as session:
        made = Trialling(session, keys)
        await made.begin(Plan(PLAN.steps, trial=Trial(hours=HOURS, counts="right")))
        one, other = await made.send("a", 400), await made.send("b", 400)
        await made.answer(one[:300], right=False)
        await made.answer(other[:100])
        assert (await made.read()).winner == "b"


def test_what_is_shown_of_few_is_hidden_while_the_test_goes_on() -> None:
    blocks = [{"a": Seen(19, 2), "b": Seen(400, 19)}]
    found = judge(blocks, ["a", "b"], SENT + timedelta(hours=1), SENT)
    assert [(arm.people, arm.did, arm.low) for arm in found.arms] == [(None, None, None), (400, None, None)]


def test_the_time_that_everybody_is_given_is_a_quarter_of_the_trials() -> None:
    assert patience_of(Trial(hours=24)) == timedelta(hours=6)
    assert patience_of(Trial(hours=0)) == timedelta(minutes=15)
