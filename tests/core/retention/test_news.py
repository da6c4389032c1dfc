"""What campaigns know of people goes in its time, with their wish for news, and with themselves. Guards 18."""

from datetime import timedelta
from uuid import UUID

import pytest

from core.clock import utc_now
from core.contacts.erasure import forget_contact
from core.crypto.data_keys import DataKeys
from core.db.base import Base
from core.db.database import Database, driver_connection
from core.retention.lengths import lengths_in_force
from core.retention.steps import run_sweep
from core.retention.sweeping import SWEEPS
from tests.campaigns.audience.crowd import Crowd

OF_PEOPLE = ("campaign_member", "campaign_answer", "drip_start", "contact_trait", "contact_tag")


@pytest.fixture
async def crowd(database: Database, keys: DataKeys) -> Crowd:
    return Crowd(database, keys)


async def retain(crowd: Crowd) -> None:
    async with crowd.database.unit_of_work() as session:
        connection = await driver_connection(session)
        lengths = await lengths_in_force(connection)
        for sweep in SWEEPS:
            await run_sweep(connection, sweep, lengths[sweep.code])


async def left(crowd: Crowd, table: str) -> set[UUID]:
    return set((await crowd.run(f"SELECT contact_id FROM {table}")).scalars())


async def know_everything(crowd: Crowd, people: list[UUID]) -> UUID:
    """Let campaigns know all they can know of these people; return the campaign."""
    campaign = await crowd.campaign(await crowd.author())
    await crowd.sent(campaign, people, utc_now())
    await crowd.answered(campaign, people, "q1", "a")
    await crowd.tag(people, "อบรม")
    await crowd.live_in(people, "10")
    await crowd.run(
        "INSERT INTO drip_start (campaign_id, contact_id, began_on) SELECT :campaign, i, :now"
        " FROM unnest(CAST(:ids AS uuid[])) i",
        people, campaign=campaign,
    )  # fmt: skip
    return campaign


async def test_of_a_forgotten_person_campaigns_know_nothing_and_of_others_all(crowd: Crowd) -> None:
    dao, ek = people = await crowd.come(2)
    await know_everything(crowd, people)
    async with crowd.database.unit_of_work() as session:
        await forget_contact(session, dao)
    assert {table: await left(crowd, table) for table in OF_PEOPLE} == {table: {ek} for table in OF_PEOPLE}


def test_every_table_of_campaigns_that_names_a_person_is_emptied_with_them() -> None:
    models = [mapper.class_ for mapper in Base.registry.mappers]
    naming = {
        model.__tablename__
        for model in models
        if model.__module__ == "campaigns.models" and "contact_id" in model.__table__.c
    }
    assert naming == set(OF_PEOPLE)


async def test_who_stopped_news_is_unknown_to_campaigns_after_thirty_days(crowd: Crowd) -> None:
    dao, ek, fah = people = await crowd.come(3)
    await know_everything(crowd, people)
    month_ago = utc_now() - timedelta(days=31)
    await crowd.run("UPDATE contact_tag SET at = :at", at=month_ago)
    await crowd.run("UPDATE contact_trait SET changed_at = :at", at=month_ago)
    await crowd.agree([dao, ek], granted=False)
    await crowd.run("UPDATE consent SET changed_at = :at WHERE contact_id = ANY(:ids)", [dao], at=month_ago)
    await retain(crowd)
    for table in ("contact_trait", "contact_tag"):
        assert await left(crowd, table) == {ek, fah}


async def test_a_sequence_that_goes_on_remembers_where_everybody_is(crowd: Crowd) -> None:
    people = await crowd.come(1)
    await know_everything(crowd, people)
    await crowd.run("UPDATE drip_start SET began_on = :at", at=utc_now().date() - timedelta(days=500))
    await crowd.run("UPDATE campaign SET state = 'running'")
    await retain(crowd)
    assert await left(crowd, "drip_start") == set(people)
    await crowd.run("UPDATE campaign SET state = 'done'")
    await retain(crowd)
    assert await left(crowd, "drip_start") == set()


async def test_who_belonged_to_a_sending_is_forgotten_after_half_a_year(crowd: Crowd) -> None:
    people = await crowd.come(2)
    campaign = await know_everything(crowd, people)
    old = await crowd.sent(campaign, people, utc_now() - timedelta(days=181))
    await retain(crowd)
    runs = (await crowd.run("SELECT DISTINCT run_id FROM campaign_member")).scalars().all()
    assert old not in runs
    assert len(runs) == 1
