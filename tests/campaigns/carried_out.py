"""Campaigns that went out, as rows: for tests of what comes after."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from campaigns.models import Campaign, CampaignMember, CampaignRun
from campaigns.plans.blocks import Block, Choice, QuizBlock, SurveyBlock, TextBlock, Wording
from campaigns.plans.plan import Plan, Step, encode_plan, hash_plan
from core.accounts.invitations import add_account
from core.accounts.models import Account
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.ids import new_id

YES = Choice("yes", {"th": "โอน", "en": "Pay"}, {"th": "ยังไม่ต้องโอนค่ะ", "en": "Do not pay yet."})
NO = Choice(
    "no", {"th": "ไม่โอน", "en": "Not pay"}, {"th": "ใช่ค่ะ ถามก่อน", "en": "Right, ask first."}, right=True
)
BEFORE = QuizBlock("fee1", {"th": "ให้โอนค่าชุดก่อน จะทำอย่างไร"}, (YES, NO), measures="fee", phase="before")
AFTER = QuizBlock("fee2", {"th": "ให้โอนค่าประกันก่อน จะทำอย่างไร"}, (YES, NO), measures="fee", phase="after")
WHERE = SurveyBlock(
    "where",
    {"th": "คุณอยู่จังหวัดไหน"},
    (
        Choice("50", {"th": "เชียงใหม่"}, {"th": "ขอบคุณค่ะ"}),
        Choice("10", {"th": "กรุงเทพฯ"}, {"th": "ขอบคุณค่ะ"}),
        Choice("else", {"th": "อื่น"}, {"th": "ขอบคุณค่ะ"}),
    ),
    keeps="province",
)


def wording(*blocks: Block, variant: str = "") -> Wording:
    return Wording((TextBlock("hello", {"th": "ถามก่อนโอน"}), *blocks), {"th": "มีข่าว"}, variant)


def plan_of(*blocks: Block) -> Plan:
    return Plan((Step((wording(*blocks),)),))


async def add_campaign(session: AsyncSession, keys: DataKeys, plan: Plan, *, state: str = "running") -> UUID:
    author = await session.scalar(sa.select(Account).limit(1))
    if author is None:
        author = await add_account(
            session, keys, email="malee@example.org", name="Malee", role="campaign_manager"
        )
    campaign = Campaign(
        id=new_id(), title="ถามก่อนโอน", state=state, plan=encode_plan(plan), plan_hash=hash_plan("", plan),
        created_by=author.id, created_at=utc_now(),
    )  # fmt: skip
    session.add(campaign)
    await session.flush()
    return campaign.id


async def add_run(
    session: AsyncSession, campaign_id: UUID, frozen_at: datetime, *, state: str = "done", step: int = 0
) -> UUID:
    run = CampaignRun(
        id=new_id(), campaign_id=campaign_id, step=step, state=state, due_at=frozen_at,
        expires_at=frozen_at + timedelta(hours=3), plan_hash=b"", frozen_at=frozen_at,
    )  # fmt: skip
    session.add(run)
    await session.flush()
    return run.id


async def join(session: AsyncSession, run_id: UUID, people: Iterable[UUID], variant: str = "") -> None:
    session.add_all(CampaignMember(run_id=run_id, contact_id=one, variant=variant) for one in people)
    await session.flush()


async def crowd(session: AsyncSession, keys: DataKeys, count: int, channel: str = "line") -> list[UUID]:
    """So many people with an address each, under one key: for sums, where nobody is written to."""
    key_row, _ = keys.row("contact")
    session.add(key_row)
    await session.flush()
    people, now = [new_id() for _ in range(count)], utc_now()
    values = {"people": people, "key": key_row.id, "now": now, "channel": channel}
    await session.execute(
        sa.text(
            "INSERT INTO contact (id, data_key_id, created_at) SELECT unnest(CAST(:people AS uuid[])), :key, :now"
        ),
        values,
    )
    await session.execute(
        sa.text(
            "INSERT INTO channel_identity (id, contact_id, channel, address_key, address, created_at)"
            " SELECT gen_random_uuid(), one, :channel, uuid_send(one), uuid_send(one), :now FROM unnest(CAST(:people AS uuid[])) AS one"
        ),
        values,
    )
    return people
