"""A campaign that was approved and is due, and what became of its messages."""

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from campaigns.models import CampaignRun, RunState
from campaigns.plans.audience import Audience
from campaigns.plans.blocks import TextBlock, Wording
from campaigns.plans.plan import Plan, Step, Trial
from campaigns.plans.times import Once
from campaigns.scheduler.firing import schedule
from campaigns.sender.freezing import freeze
from core.crypto.data_keys import DataKeys
from core.db.database import Database, driver_connection
from tests.campaigns.office import agreed_to, hire
from tests.support.multitudes import Resident, move_in

BASE = "https://rootan.example"


def wording(words: str = "ก่อนโอน ถามเราก่อน", variant: str = "", **languages: str) -> Wording:
    return Wording((TextBlock("t", {"th": words, **languages}),), {"th": "มีข้อความใหม่"}, variant)


def plan(*wordings: Wording, trial: Trial | None = None, **audience: Any) -> Plan:
    return Plan(
        (Step(wordings or (wording(),)),), audience=Audience(**audience), schedule=Once(), trial=trial
    )


class Going:
    """One run of one campaign, and the people who did it."""

    def __init__(
        self,
        database: Database,
        keys: DataKeys,
        campaign_id: UUID,
        run_id: UUID,
        author: UUID,
        approver: UUID,
    ) -> None:
        self.database = database
        self.keys = keys
        self.campaign_id = campaign_id
        self.run_id = run_id
        self.author = author
        self.approver = approver

    async def freeze(self, **more: Any) -> RunState | None:
        async with self.database.unit_of_work() as session:
            return await freeze(session, self.keys, self.run_id, base_url=BASE, **more)

    async def run(self) -> CampaignRun:
        async with self.database.unit_of_work() as session:
            return await session.get_one(CampaignRun, self.run_id)

    async def states(self) -> Counter[tuple[str, str | None]]:
        """How many messages of the run ended how, and why."""
        rows = await fetch(
            self.database,
            "SELECT state, reason FROM message WHERE batch_id IN (SELECT batch_id FROM campaign_part WHERE run_id = $1)",
            self.run_id,
        )
        return Counter((row["state"], row["reason"]) for row in rows)


async def fetch(database: Database, query: str, *values: Any) -> list[Any]:
    async with database.unit_of_work() as session:
        return list(await (await driver_connection(session)).fetch(query, *values))


async def begin(
    database: Database, keys: DataKeys, made: Plan | None = None, title: str = "เตือนงานลวง"
) -> Going:
    """A campaign approved by another, due now."""
    number = len(await fetch(database, "SELECT 1 FROM account"))
    author = await hire(database, keys, f"Malee{number}", "campaign_manager")
    approver = await hire(database, keys, f"Anan{number}")
    campaign_id = await agreed_to(database, author, approver, made or plan(), title)
    async with database.unit_of_work() as session:
        await schedule(session, campaign_id)
        run_id = await session.scalar(sa.select(CampaignRun.id).where(CampaignRun.campaign_id == campaign_id))
    assert run_id is not None
    return Going(database, keys, campaign_id, run_id, author, approver)


async def settle_in(
    database: Database, keys: DataKeys, count: int, channel: str = "line", language: str = "th"
) -> list[Resident]:
    """People at made-up addresses."""
    taken = len(await fetch(database, "SELECT 1 FROM channel_identity"))
    names = [f"U{taken + n:032x}" if channel == "line" else str(1_000 + taken + n) for n in range(count)]
    return await live_at(database, keys, channel, names, language)


async def live_at(
    database: Database, keys: DataKeys, channel: str, addresses: Sequence[str], language: str = "th"
) -> list[Resident]:
    async with database.unit_of_work() as session:
        return await move_in(await driver_connection(session), keys, channel, addresses, language=language)
