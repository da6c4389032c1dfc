"""Sending to many, apart from answers: batches, and the chores of campaigns."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from typing import NamedTuple

from app.runtime import Runtime, keep_hotlines
from app.worker.campaign_chores import CampaignChores
from app.worker.channels import make_channels
from app.worker.lasting import end_loops, wait_for_any
from bots.channels.line.channel import LineChannel
from bots.delivery.batches import BatchSender
from bots.delivery.ledger import LedgerWriter
from bots.delivery.multicasts import Multicasts
from bots.delivery.one_by_one import OneByOne
from bots.delivery.sender import Sender
from bots.delivery.tokens import TokenStore, rates
from bots.delivery.yielding import Yielding

# The longest that a call takes.
_STOP_SECONDS = 11.0
# What multicasts, single sends, their ledger, the limiter and the chores hold at once.
CONNECTIONS = 6


class Bulk(NamedTuple):
    """The parts of a bulk process, with their loops running."""

    batches: BatchSender
    loops: Sequence[asyncio.Task[None]]


@contextlib.asynccontextmanager
async def bulk_parts(runtime: Runtime) -> AsyncIterator[Bulk]:
    """Put the parts together; they work until this is left."""
    database, keys, settings = runtime.database, runtime.keys, runtime.settings
    channels = make_channels(settings)
    ledger = LedgerWriter(database)
    tokens = TokenStore(database, rates(settings))
    sender = Sender(channels, ledger, tokens)
    yielding, reserve = Yielding(database), settings.line_quota_reserve
    batches = BatchSender(
        database, keys, channels,
        Multicasts(database, keys, channels, tokens, yielding, quota_reserve=reserve),
        OneByOne(database, keys, channels, sender, tokens, yielding, quota_reserve=reserve),
        yielding,
        multicasts_per_second=settings.line_multicasts_per_second,
    )  # fmt: skip
    line = channels.get("line")
    chores = CampaignChores(runtime, line if isinstance(line, LineChannel) else None)
    loops = [
        asyncio.create_task(work)
        for work in (ledger.run(), batches.run(), chores.run(), keep_hotlines(database))
    ]
    try:
        yield Bulk(batches, loops)
    finally:
        await end_loops(loops)
        for channel in channels.values():
            await channel.close()


async def run_bulk(runtime: Runtime, *, woken: asyncio.Event, stop: asyncio.Event) -> None:
    """Send until `stop` is set, then finish what is on the wire; `woken` is set when a batch was queued."""
    async with bulk_parts(runtime) as bulk:
        waking = asyncio.create_task(_pass_on(woken, bulk.batches))
        try:
            await wait_for_any(stop, [*bulk.loops, waking])
            await bulk.batches.finish(_STOP_SECONDS)
        finally:
            await end_loops([waking])


async def _pass_on(woken: asyncio.Event, batches: BatchSender) -> None:
    while True:
        await woken.wait()
        woken.clear()
        batches.wake()
