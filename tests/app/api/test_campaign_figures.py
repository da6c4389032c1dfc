"""Figures of campaigns by programs are those of the console: floored, and of nobody."""

from datetime import timedelta
from uuid import UUID

from app.runtime import Runtime
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.ids import new_id
from tests.app.api.conftest import Client, Connect
from tests.campaigns.carried_out import BEFORE, add_campaign, add_run, crowd, join, plan_of


async def ran(database: Database, keys: DataKeys, people: int) -> tuple[UUID, UUID]:
    """A campaign that went out three days ago to so many people, and its run."""
    async with database.unit_of_work() as session:
        campaign_id = await add_campaign(session, keys, plan_of(BEFORE), state="done")
        run_id = await add_run(session, campaign_id, utc_now() - timedelta(days=3))
        await join(session, run_id, await crowd(session, keys, people))
    return campaign_id, run_id


async def test_what_came_of_a_campaign_is_told_in_tens(
    connect: Connect, database: Database, runtime: Runtime
) -> None:
    mali: Client = await connect("campaign_manager")
    campaign_id, run_id = await ran(database, runtime.keys, 37)
    progress = (await mali.get(f"/campaigns/{campaign_id}/progress")).json()
    assert (progress["state"], progress["smallest_count"]) == ("done", 20)
    [run] = progress["runs"]
    assert (run["run_id"], run["state"], run["sent"]) == (str(run_id), "done", None)
    for query in ({}, {"run_id": str(run_id)}):
        found = (await mali.get(f"/campaigns/{campaign_id}/outcomes", **query)).json()
        assert (found["delivered"]["members"], found["members"]["people"]) == (30, 30)
        assert found["members"]["answered"] is None
        assert found["differences"] == {}
        assert [answer["question"] for answer in found["answers"]] == ["fee1"]


async def test_of_few_people_nothing_is_told(connect: Connect, database: Database, runtime: Runtime) -> None:
    approver = await connect("campaign_approver")
    campaign_id, _ = await ran(database, runtime.keys, 19)
    found = (await approver.get(f"/campaigns/{campaign_id}/outcomes")).json()
    assert (found["delivered"]["members"], found["members"]["people"]) == (None, None)


async def test_another_campaigns_run_is_not_told_and_others_see_nothing(
    connect: Connect, database: Database, runtime: Runtime, anong: Client
) -> None:
    mali: Client = await connect("campaign_manager")
    campaign_id, _ = await ran(database, runtime.keys, 30)
    _, other = await ran(database, runtime.keys, 30)
    for run_id in (other, new_id()):
        told = await mali.get(f"/campaigns/{campaign_id}/outcomes", run_id=str(run_id))
        assert (told.status_code, told.json()["title"]) == (404, "not_found")
    for part in ("progress", "outcomes"):
        assert (await mali.get(f"/campaigns/{new_id()}/{part}")).status_code == 404
        assert (await anong.get(f"/campaigns/{campaign_id}/{part}")).status_code == 403
