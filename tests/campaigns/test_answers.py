"""What a press on an answer means, and that it is kept once."""

import asyncio
from datetime import timedelta
from uuid import UUID

import msgspec
import pytest

from campaigns.answers import Answer, add_answers, read_asked
from campaigns.plans.plan import Plan, Step
from campaigns.plans.presses import CampaignPress
from campaigns.plans.questions import Asked
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import Database, driver_connection
from core.ids import new_id
from tests.campaigns.carried_out import BEFORE, NO, WHERE, YES, add_campaign, add_run, join, plan_of, wording
from tests.support.cast import make_person

PLAN = plan_of(BEFORE, WHERE)


async def people(database: Database, keys: DataKeys, *names: str) -> list[UUID]:
    async with database.unit_of_work() as session:
        return [(await make_person(session, keys, name=name)).contact_id for name in names]


async def campaign(database: Database, keys: DataKeys, plan: Plan = PLAN, state: str = "running") -> UUID:
    async with database.unit_of_work() as session:
        return await add_campaign(session, keys, plan, state=state)


async def ask(database: Database, who: UUID, campaign_id: UUID, question: str, choice: str) -> Asked | None:
    async with database.unit_of_work() as session:
        connection = await driver_connection(session)
        return (await read_asked(connection, [(who, CampaignPress(campaign_id, question, choice))]))[0]


async def add(database: Database, *answers: Answer) -> None:
    async with database.unit_of_work() as session:
        await add_answers(await driver_connection(session), answers, utc_now())


async def kept(database: Database) -> list[tuple[UUID, str, str, bool | None]]:
    async with database.unit_of_work() as session:
        connection = await driver_connection(session)
        rows = await connection.fetch(
            'SELECT contact_id, question, choice, "right" FROM campaign_answer ORDER BY 1, 2'
        )
        return [tuple(row) for row in rows]


async def province_of(database: Database, who: UUID) -> str | None:
    async with database.unit_of_work() as session:
        connection = await driver_connection(session)
        found: str | None = await connection.fetchval(
            "SELECT province FROM contact_trait WHERE contact_id = $1", who
        )
        return found


async def test_a_press_is_read_by_the_plan(database: Database, keys: DataKeys) -> None:
    (dao,) = await people(database, keys, "dao")
    of = await campaign(database, keys)
    assert await ask(database, dao, of, "fee1", "no") == Asked(NO.reply, right=True, counts=True)
    assert await ask(database, dao, of, "fee1", "yes") == Asked(YES.reply, right=False, counts=True)
    survey = await ask(database, dao, of, "where", "50")
    assert survey == Asked({"th": "ขอบคุณค่ะ"}, province="50", counts=True)
    other = await ask(database, dao, of, "where", "else")
    assert other is not None
    assert other.province == ""


async def test_what_is_no_more_is_none(database: Database, keys: DataKeys) -> None:
    (dao,) = await people(database, keys, "dao")
    of = await campaign(database, keys)
    assert await ask(database, dao, new_id(), "fee1", "no") is None
    assert await ask(database, dao, of, "gone", "no") is None
    assert await ask(database, dao, of, "fee1", "gone") is None
    async with database.unit_of_work() as session:
        connection = await driver_connection(session)
        await connection.execute("UPDATE campaign SET plan = '{}'")
    assert await ask(database, dao, of, "fee1", "no") is None


@pytest.mark.parametrize("state", ["draft", "submitted", "approved"])
async def test_what_was_sent_to_try_it_is_answered_and_does_not_count(
    database: Database, keys: DataKeys, state: str
) -> None:
    (dao,) = await people(database, keys, "dao")
    of = await campaign(database, keys, state=state)
    asked = await ask(database, dao, of, "fee1", "no")
    assert asked == Asked(NO.reply, right=True, counts=False)
    async with database.unit_of_work() as session:
        await add_run(session, of, utc_now())
    asked = await ask(database, dao, of, "fee1", "no")
    assert asked is not None
    assert asked.counts


async def test_each_hears_the_word_of_their_own_wording(database: Database, keys: DataKeys) -> None:
    dao, ek = await people(database, keys, "dao", "ek")
    warm = msgspec.structs.replace(NO, reply={"th": "เก่งมาก"})
    other = msgspec.structs.replace(BEFORE, choices=(YES, warm))
    of = await campaign(
        database, keys, Plan((Step((wording(BEFORE, variant="a"), wording(other, variant="b"))),))
    )
    async with database.unit_of_work() as session:
        run = await add_run(session, of, utc_now())
        await join(session, run, [dao], "a")
        await join(session, run, [ek], "b")
    replies = [asked.reply for who in (dao, ek) if (asked := await ask(database, who, of, "fee1", "no"))]
    assert replies == [NO.reply, warm.reply]


async def test_to_a_quiz_the_first_answer_counts_and_to_a_survey_the_last(
    database: Database, keys: DataKeys
) -> None:
    (dao,) = await people(database, keys, "dao")
    of = await campaign(database, keys)
    first = Answer(dao, of, "fee1", "yes", right=False)
    await add(database, first, Answer(dao, of, "where", "10", None, "10"))
    again = first._replace(choice="no", right=True)
    await add(database, again, again, Answer(dao, of, "where", "50", None, "50"))
    assert await kept(database) == [(dao, "fee1", "yes", False), (dao, "where", "50", None)]
    assert await province_of(database, dao) == "50"
    asked = await ask(database, dao, of, "fee1", "no")
    assert asked is not None
    assert asked.given == "yes"


async def test_within_one_turn_it_is_the_same(database: Database, keys: DataKeys) -> None:
    (dao,) = await people(database, keys, "dao")
    of = await campaign(database, keys)
    where = Answer(dao, of, "where", "10", None, "10")
    await add(
        database,
        Answer(dao, of, "fee1", "yes", right=False),
        Answer(dao, of, "fee1", "no", right=True),
        where,
        where._replace(choice="else", province=""),
    )
    assert await kept(database) == [(dao, "fee1", "yes", False), (dao, "where", "else", None)]
    assert await province_of(database, dao) is None


async def test_many_at_once_neither_wait_for_each_other_nor_lose_anything(
    database: Database, keys: DataKeys
) -> None:
    crowd = await people(database, keys, *(f"p{i}" for i in range(12)))
    of = await campaign(database, keys)
    answers = [Answer(who, of, "where", "10", None, "10") for who in crowd]
    async with asyncio.timeout(60):
        await asyncio.gather(*(add(database, *(answers if i % 2 else answers[::-1])) for i in range(10)))
    assert len(await kept(database)) == len(crowd)


async def test_a_changed_answer_keeps_its_hour(database: Database, keys: DataKeys) -> None:
    (dao,) = await people(database, keys, "dao")
    of = await campaign(database, keys)
    at = utc_now()
    for late, choice in enumerate(("10", "50")):
        async with database.unit_of_work() as session:
            answer = Answer(dao, of, "where", choice, None, choice)
            await add_answers(await driver_connection(session), [answer], at + timedelta(days=late))
    async with database.unit_of_work() as session:
        connection = await driver_connection(session)
        assert await connection.fetchval("SELECT at FROM campaign_answer") == at
