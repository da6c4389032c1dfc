"""What tests of campaigns share: accounts, plans and rows of the office."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from campaigns.drafting import create_campaign
from campaigns.models import Campaign, CampaignApproval, CampaignRun
from campaigns.plans.blocks import TextBlock, Wording
from campaigns.plans.plan import Plan, Step, decode_plan, hash_plan
from campaigns.plans.times import Schedule
from core.accounts.invitations import add_account
from core.accounts.models import Account
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.ids import new_id
from core.permissions import Role


def step(words: str = "ก่อนโอน ถามเราก่อน") -> Step:
    return Step((Wording((TextBlock("t", {"th": words}),), {"th": "มีข้อความใหม่"}),))


def plan(schedule: Schedule, steps: int = 1, *, late_minutes: int = 180, emergency: bool = False) -> Plan:
    return Plan(
        tuple(step(f"ข้อที่ {number}") for number in range(1, steps + 1)),
        schedule=schedule,
        late_minutes=late_minutes,
        emergency=emergency,
    )


async def hire(database: Database, keys: DataKeys, name: str, role: Role = "campaign_approver") -> UUID:
    async with database.unit_of_work() as session:
        return (
            await add_account(session, keys, email=f"{name.lower()}@example.org", name=name, role=role)
        ).id


async def draft(database: Database, author: UUID, made: Plan, title: str = "เตือนงานลวง") -> UUID:
    async with database.unit_of_work() as session:
        return await create_campaign(session, title=title, plan=made, author_id=author)


async def agreed_to(
    database: Database, author: UUID, approver: UUID, made: Plan, title: str = "เตือนงานลวง"
) -> UUID:
    """A campaign that was approved, by rows."""
    campaign_id = await draft(database, author, made, title)
    async with database.unit_of_work() as session:
        campaign = await session.get_one(Campaign, campaign_id)
        campaign.state, campaign.plan_hash = "approved", hash_plan(title, decode_plan(campaign.plan))
        if made.emergency:
            campaign.emergency_reason, campaign.emergency_by = "มีคนหายคืนนี้", approver
        for account_id, verdict in ((author, "submitted"), (approver, "approved")):
            session.add(
                CampaignApproval(
                    id=new_id(), campaign_id=campaign_id, account_id=account_id, plan_hash=campaign.plan_hash,
                    revision=campaign.revision, verdict=verdict, reason="", at=utc_now(),
                )
            )  # fmt: skip
    return campaign_id


async def close_account(database: Database, account_id: UUID) -> None:
    async with database.unit_of_work() as session:
        (await session.get_one(Account, account_id)).disabled_at = utc_now()


async def state_of(database: Database, campaign_id: UUID) -> str:
    async with database.unit_of_work() as session:
        return (await session.get_one(Campaign, campaign_id)).state


async def runs_of(database: Database, campaign_id: UUID) -> list[tuple[datetime, int, str, str | None]]:
    """When, which step, how it stands and why; in order."""
    async with database.unit_of_work() as session:
        wanted = sa.select(CampaignRun).where(CampaignRun.campaign_id == campaign_id)
        found = (await session.scalars(wanted.order_by(CampaignRun.due_at, CampaignRun.step))).all()
        return [(run.due_at, run.step, run.state, run.reason) for run in found]


async def end_runs(database: Database, campaign_id: UUID) -> None:
    """As the sender does when all have got it."""
    async with database.unit_of_work() as session:
        await session.execute(
            sa.update(CampaignRun)
            .where(CampaignRun.campaign_id == campaign_id, CampaignRun.state == "due")
            .values(state="done", ended_at=utc_now(), frozen_at=utc_now())
        )
