"""What was learnt and answered, in sums."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from campaigns.models import CampaignAnswer
from campaigns.reports.learning import Answers, Gain, read_answers, read_gains
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from tests.campaigns.carried_out import AFTER, BEFORE, WHERE, add_campaign, crowd, plan_of

PLAN = plan_of(BEFORE, WHERE, AFTER)


async def answer(
    session: AsyncSession, of: UUID, people: Sequence[UUID], question: str, choice: str, *, right: bool | None
) -> None:
    session.add_all(
        CampaignAnswer(
            contact_id=one, campaign_id=of, question=question, choice=choice, right=right, at=utc_now()
        )
        for one in people
    )
    await session.flush()


async def test_the_gain_is_of_who_answered_before_and_after(database: Database, keys: DataKeys) -> None:
    async with database.unit_of_work() as session:
        people = await crowd(session, keys, 60)
        of = await add_campaign(session, keys, PLAN)
        await answer(session, of, people[:20], "fee1", "yes", right=False)
        await answer(session, of, people[20:40], "fee1", "no", right=True)
        await answer(session, of, people[:30], "fee2", "no", right=True)
        await answer(session, of, people[30:40], "fee2", "yes", right=False)
        # Who answered only once plays no part.
        await answer(session, of, people[40:], "fee2", "no", right=True)
        assert await read_gains(session, of, PLAN) == [Gain("fee", 40, 50, 75, 25)]


async def test_of_fewer_than_twenty_nothing_is_told(database: Database, keys: DataKeys) -> None:
    async with database.unit_of_work() as session:
        people = await crowd(session, keys, 19)
        of = await add_campaign(session, keys, PLAN)
        for question in ("fee1", "fee2"):
            await answer(session, of, people, question, "no", right=True)
        assert await read_gains(session, of, PLAN) == [Gain("fee", None, None, None, None)]
        assert [one.people for one in await read_answers(session, of, PLAN)] == [None, None, None]


async def test_answers_are_counted_by_choice(database: Database, keys: DataKeys) -> None:
    async with database.unit_of_work() as session:
        people = await crowd(session, keys, 64)
        of, other = [await add_campaign(session, keys, PLAN) for _ in range(2)]
        await answer(session, of, people[:41], "where", "50", right=None)
        await answer(session, of, people[41:60], "where", "10", right=None)
        # A choice that the plan does not have (any more) is nobody's business.
        await answer(session, of, people[60:], "where", "99", right=None)
        await answer(session, other, people, "where", "10", right=None)
        found = {one.question: one for one in await read_answers(session, of, PLAN)}
    assert found["where"] == Answers("where", 60, {"50": 40, "10": None, "else": None})
