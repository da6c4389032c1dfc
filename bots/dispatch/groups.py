"""What a group switched on: stored in the turn, forgotten when the bot leaves; and the `ask_keeper` job."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from bots.channels.base import Channel, KeptChannel
from bots.dispatch.ground import Ground
from bots.dispatch.own_events import tell
from bots.dispatch.people import Person
from bots.engine.events import Event
from bots.engine.steps import AskKeeperEffect, GroupWarnsEffect
from bots.models import GroupSetting
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.crypto.sealing import context, open_sealed
from core.db.database import Database, driver_connection
from core.jobs.queue import enqueue

_AGAIN = timedelta(seconds=5)
# Whoever waits longer for an answer has turned to something else.
_PATIENCE = timedelta(minutes=2)
_ASKED = """
SELECT e.id, e.channel, e.body, e.body_key_id, e.received_at, k.wrapped
FROM inbound_event e JOIN data_key k ON k.id = e.body_key_id
WHERE e.id = $1 AND e.body IS NOT NULL AND k.wrapped IS NOT NULL
"""


async def set_warns(ground: Ground, effect: GroupWarnsEffect) -> None:
    """A group that wants no warnings leaves no row."""
    if not effect.warns:
        await forget_group(ground.session, ground.person)
        return
    now = utc_now()
    await ground.session.execute(
        insert(GroupSetting)
        .values(
            channel=ground.person.channel, address_key=ground.person.address_key, warns=True, changed_at=now
        )
        .on_conflict_do_update(
            index_elements=["channel", "address_key"], set_={"warns": True, "changed_at": now}
        )
    )


async def forget_group(session: AsyncSession, group: Person) -> None:
    await session.execute(
        sa.delete(GroupSetting).where(
            GroupSetting.channel == group.channel, GroupSetting.address_key == group.address_key
        )
    )


async def ask_keeper(ground: Ground, _effect: AskKeeperEffect) -> None:
    await enqueue(ground.session, "ask_keeper", [ground.item.row_id])


class KeeperAsker:
    """The `ask_keeper` job of one process."""

    def __init__(self, database: Database, keys: DataKeys, channels: Mapping[str, Channel]) -> None:
        self._database = database
        self._keys = keys
        self._channels = channels

    async def ask(self, event_ids: Sequence[UUID]) -> None:
        for event_id in event_ids:
            async with self._database.unit_of_work() as session:
                row = await (await driver_connection(session)).fetchrow(_ASKED, event_id)
            channel = self._channels.get(row["channel"]) if row is not None else None
            if isinstance(channel, KeptChannel):
                await self._ask(channel, row)

    async def _ask(self, channel: KeptChannel, row: Any) -> None:
        key = self._keys.open(row["body_key_id"], row["wrapped"])
        raw = orjson.loads(open_sealed(key, row["body"], context("inbound_event", "body", row["id"])))
        event, group = channel.parse(raw), channel.address_of(raw)
        keeps = await channel.is_keeper(group, event.author) if group and event.author else False
        async with self._database.unit_of_work() as session:
            if keeps is None and utc_now() - row["received_at"] < _PATIENCE:
                await enqueue(session, "ask_keeper", [row["id"]], delay=_AGAIN)
                return
            told = Event(kind="keeper", place="group", message=event.message, data="yes" if keeps else "no")
            await tell(session, self._keys, source=row["id"], name=f"keeper:{row['id']}", event=told)
