"""Chores of campaigns on a real database: what is late is ended, who waited gets the better wording."""

from datetime import timedelta

from app.runtime import Runtime
from app.worker.campaign_chores import CampaignChores
from campaigns.models import Campaign, CampaignRun
from campaigns.plans.plan import Trial
from core.clock import utc_now
from core.db.database import Database
from core.ids import new_id
from tests.campaigns.office import hire
from tests.campaigns.sender.going import begin, fetch, plan, settle_in, wording
from tests.conftest import MovableClock


async def test_a_campaign_that_nobody_began_in_time_is_ended(runtime: Runtime, database: Database) -> None:
    account = await hire(database, runtime.keys, "Malee", "campaign_manager")
    async with database.unit_of_work() as session:
        campaign_id, run_id, now = new_id(), new_id(), utc_now()
        session.add(Campaign(id=campaign_id, title="ก", state="running", created_by=account, created_at=now))
        await session.flush()
        session.add(
            CampaignRun(
                id=run_id, campaign_id=campaign_id, step=0, state="due", plan_hash=b"",
                due_at=now - timedelta(hours=2), expires_at=now - timedelta(hours=1),
            )
        )  # fmt: skip
    await CampaignChores(runtime, None)._fire()
    async with database.unit_of_work() as session:
        assert (await session.get_one(CampaignRun, run_id)).state == "expired"


async def test_who_waited_gets_the_better_wording_once_its_time_has_come(
    runtime: Runtime, database: Database, standing_clock: MovableClock
) -> None:
    """Nobody is sure, so that it is the first when time is up; by night it waits until morning."""
    await settle_in(database, runtime.keys, 40)
    trial = Trial(share=50, hours=9, picks_itself=True)
    wordings = (wording("ก่อนโอน ถามเราก่อน", "a"), wording("งานนี้ขอเงินก่อนไหม", "b"))
    going = await begin(database, runtime.keys, plan(*wordings, trial=trial))
    assert await going.freeze() == "sending"
    chores = CampaignChores(runtime, None)

    async def waited_for() -> list[str]:
        await chores._end_trials()
        rows = await fetch(database, "SELECT variant FROM campaign_part WHERE of_rest")
        return [row["variant"] for row in rows]

    assert await waited_for() == []
    standing_clock.advance(hours=12)
    assert await waited_for() == []
    standing_clock.advance(hours=11)
    assert await waited_for() == ["a"]
    assert await waited_for() == ["a"]
