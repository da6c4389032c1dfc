"""Many people at once: who agreed to news, under which tag, from which province."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from core.accounts.invitations import add_account
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.ids import new_id

HOLD = (
    "INSERT INTO broadcast_hold (contact_id, changed_at) SELECT i, :now FROM unnest(CAST(:ids AS uuid[])) i"
)
_PEOPLE = """
INSERT INTO contact (id, data_key_id, created_at) SELECT i, :key, :now FROM unnest(CAST(:ids AS uuid[])) i;
"""
_ADDRESSES = """
INSERT INTO channel_identity (id, contact_id, channel, address_key, address, created_at)
SELECT gen_random_uuid(), i, :channel, uuid_send(i), ''::bytea, :now FROM unnest(CAST(:ids AS uuid[])) i
"""
_AGREE = """
INSERT INTO consent (contact_id, topic, granted, changed_at)
SELECT i, :topic, :granted, :now FROM unnest(CAST(:ids AS uuid[])) i
ON CONFLICT (contact_id, topic) DO UPDATE SET granted = excluded.granted
"""


class Crowd:
    """People in one database, made and changed many at a time."""

    def __init__(self, database: Database, keys: DataKeys) -> None:
        self.database = database
        self.keys = keys

    async def run(self, statement: str, ids: Sequence[UUID] = (), **values: Any) -> Any:
        """Run SQL about people `:ids`, with `:now`."""
        async with self.database.unit_of_work() as session:
            return await session.execute(sa.text(statement), {"ids": list(ids), "now": utc_now()} | values)

    async def come(self, count: int, *, channel: str = "line", agreed: bool = True) -> list[UUID]:
        """Make so many people with an address each; return their contacts."""
        ids = [uuid4() for _ in range(count)]
        async with self.database.unit_of_work() as session:
            row, _ = self.keys.row("contact")
            session.add(row)
            await session.flush()
            key = row.id
        await self.run(_PEOPLE, ids, key=key)
        await self.run(_ADDRESSES, ids, channel=channel)
        if agreed:
            await self.agree(ids)
        return ids

    async def agree(self, ids: Sequence[UUID], topic: str = "campaigns", *, granted: bool = True) -> None:
        await self.run(_AGREE, ids, topic=topic, granted=granted)

    async def hold(self, ids: Sequence[UUID]) -> None:
        """Each of them has an open report."""
        await self.run(HOLD, ids)

    async def release(self) -> None:
        await self.run("DELETE FROM broadcast_hold")

    async def tag(self, ids: Sequence[UUID], tag: str) -> None:
        await self.run(
            "INSERT INTO contact_tag (contact_id, tag, at) SELECT i, :tag, :now FROM unnest(CAST(:ids AS uuid[])) i",
            ids, tag=tag,
        )  # fmt: skip

    async def live_in(self, ids: Sequence[UUID], province: str) -> None:
        await self.run(
            "INSERT INTO contact_trait (contact_id, province, changed_at)"
            " SELECT i, :province, :now FROM unnest(CAST(:ids AS uuid[])) i",
            ids, province=province,
        )  # fmt: skip

    async def author(self) -> UUID:
        """A campaign manager's account."""
        async with self.database.unit_of_work() as session:
            email = f"{new_id().hex}@example.org"
            account = await add_account(
                session, self.keys, email=email, name="Malee", role="campaign_manager"
            )
            return account.id

    async def campaign(self, author: UUID) -> UUID:
        """A campaign that is over."""
        campaign = new_id()
        await self.run(
            "INSERT INTO campaign (id, title, state, created_by, created_at)"
            " VALUES (:id, 'เตือนงาน', 'done', :author, :now)",
            id=campaign, author=author,
        )  # fmt: skip
        return campaign

    async def sent(self, campaign: UUID, ids: Sequence[UUID], at: datetime, variant: str = "") -> UUID:
        """A run of a campaign that was frozen, and went out, at that time."""
        run = new_id()
        await self.run(
            "INSERT INTO campaign_run (id, campaign_id, step, state, due_at, expires_at, plan_hash, frozen_at, ended_at)"
            " VALUES (:id, :campaign, 0, 'done', :at, :at, '', :at, :at)",
            id=run, campaign=campaign, at=at,
        )  # fmt: skip
        await self.run(
            "INSERT INTO campaign_member (run_id, contact_id, variant)"
            " SELECT :run, i, :variant FROM unnest(CAST(:ids AS uuid[])) i",
            ids, run=run, variant=variant,
        )  # fmt: skip
        return run

    async def answered(
        self, campaign: UUID, ids: Sequence[UUID], question: str, choice: str, *, right: bool | None = None
    ) -> None:
        await self.run(
            'INSERT INTO campaign_answer (campaign_id, contact_id, question, choice, "right", at)'
            " SELECT :campaign, i, :question, :choice, :right, :now FROM unnest(CAST(:ids AS uuid[])) i",
            ids, campaign=campaign, question=question, choice=choice, right=right,
        )  # fmt: skip

    async def address(self, ids: Sequence[UUID], channel: str) -> None:
        """Give people one more address, newer than what they have."""
        await self.run(_ADDRESSES, ids, channel=channel, now=utc_now() + timedelta(seconds=1))

    async def write(self, ids: Sequence[UUID], *, days_ago: float) -> None:
        """They last wrote to us so long ago."""
        await self.run(
            "INSERT INTO conversation (id, identity_id, last_inbound_at)"
            " SELECT gen_random_uuid(), id, :at FROM channel_identity WHERE contact_id = ANY(:ids)",
            ids, at=utc_now() - timedelta(days=days_ago),
        )  # fmt: skip

    async def check(self, ids: Sequence[UUID], *, days_ago: float) -> None:
        """They had an offer checked so long ago."""
        await self.run(
            "INSERT INTO screening (id, contact_id, channel, band, score, kind, indicators, rules, model, created_at)"
            " SELECT gen_random_uuid(), i, 'line', 'danger', 1, '', '{}', '', '', :at FROM unnest(CAST(:ids AS uuid[])) i",
            ids, at=utc_now() - timedelta(days=days_ago),
        )  # fmt: skip
