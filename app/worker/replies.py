"""The worker process: turns, deliveries, pictures and the periodic chores. What goes to many is sent by a process beside it."""

import asyncio
import contextlib
import gc
from collections.abc import AsyncIterator, Callable, Sequence
from uuid import UUID

import app.models  # noqa: F401 - a table's relations are known only once every table is
from app.chores import Chores
from app.runtime import Runtime, keep_hotlines
from app.worker.channels import make_channels
from app.worker.lasting import end_loops, wait_for_any
from bots.channels.base import Channel
from bots.channels.line.channel import LineChannel
from bots.channels.naming import learn_names
from bots.copy import copy
from bots.delivery.campaign_tests import CampaignTester
from bots.delivery.ledger import LedgerWriter
from bots.delivery.pump import Pump
from bots.delivery.sender import Sender
from bots.delivery.staff_alerts import AlertSender
from bots.delivery.tokens import TokenStore, rates
from bots.dispatch.clearing import ChatCleaner
from bots.dispatch.copies import CopySender
from bots.dispatch.dispatcher import Dispatcher
from bots.dispatch.evidence import EvidenceKeeper
from bots.dispatch.groups import KeeperAsker
from bots.dispatch.menus import MenuLinker
from bots.dispatch.pictures import PictureReader
from bots.dispatch.progress_news import ProgressTeller
from bots.dispatch.sweep import sweep_forgotten
from bots.dispatch.unlinking import MenuForgetter
from campaigns.sender.trying import TRY_CAMPAIGN
from core.jobs.worker import Handler, Worker
from core.mail.sending import Mailer
from core.settings import Settings
from nlp.warming import load_all
from referrals.teams.alerts import TELL_STAFF
from referrals.tracks.news import NEWS_JOB
from referrals.tracks.storing import LOOK_AT_NOTE

_STOP_SECONDS = 10.0
# Jobs of seconds have slots of their own: a handful of pictures would otherwise hold every slot, and no turn would run.
_SLOW = ("read_picture", "keep_evidence")
# So have those that wait for a platform: nobody who leaves may wait behind pictures, nor turns behind them.
_WAITING = ("clear_chat", "ask_keeper")
# Nor may those wait behind the menus of others, nor a call for help among staff behind anything.
_MENUS = ("link_menu", "forget_menus")
_ALERTS = (TELL_STAFF,)
# More turns at once would only wait for each other: a batch of turns is mostly computing.
CONCURRENCY = 4


def make_mailer(settings: Settings) -> Mailer | None:
    """Return what sends staff mail, where the settings name a mail server."""
    return None if settings.mail_server is None else Mailer(settings.mail_server)


def _alert_sender(runtime: Runtime, channels: dict[str, Channel], tokens: TokenStore) -> AlertSender:
    console = f"{runtime.settings.base_url.rstrip('/')}/console"
    return AlertSender(
        runtime.database, runtime.keys, channels, tokens, make_mailer(runtime.settings), console
    )


async def run_worker(
    runtime: Runtime, wake_bulk: Callable[[], None], *, concurrency: int = CONCURRENCY, stop: asyncio.Event
) -> None:
    """Work until `stop` is set; then finish what was begun. `wake_bulk` tells who sends to many that a batch was queued."""
    async with reply_parts(runtime, wake_bulk) as (handlers, sender, loops):
        _settle_memory()
        apart = [{name: handlers.pop(name) for name in names} for names in (_SLOW, _WAITING, _MENUS, _ALERTS)]
        workers = [
            Worker(runtime.database, handlers, concurrency=concurrency),
            *(Worker(runtime.database, few, concurrency=1, seldom=True) for few in apart),
        ]
        running = asyncio.gather(*(worker.run() for worker in workers))
        try:
            await wait_for_any(stop, loops)
            for worker in workers:
                worker.stop()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(running, _STOP_SECONDS)
        finally:
            running.cancel()
        await sender.drain(_STOP_SECONDS)


@contextlib.asynccontextmanager
async def reply_parts(
    runtime: Runtime, wake_bulk: Callable[[], None]
) -> AsyncIterator[tuple[dict[str, Handler], Sender, Sequence[asyncio.Task[None]]]]:
    """Put the parts of a worker together, with their loops running."""
    channels = make_channels(runtime.settings)
    ledger = LedgerWriter(runtime.database)
    tokens = TokenStore(runtime.database, rates(runtime.settings))
    sender = Sender(channels, ledger, tokens)
    pump = Pump(runtime.database, runtime.keys, channels, sender, tokens)
    dispatcher = Dispatcher(runtime.database, runtime.keys, channels, sender, runtime.settings.base_url)
    line = channels.get("line")
    chores = Chores(runtime, line if isinstance(line, LineChannel) else None)

    async def look_for_batches(_batch_ids: list[UUID]) -> None:
        wake_bulk()

    handlers: dict[str, Handler] = {
        "turns": dispatcher.handle,
        "deliver": pump.deliver,
        "deliver_batch": look_for_batches,
        "send_copy_link": CopySender(runtime.database, runtime.keys, runtime.settings.base_url).send,
        NEWS_JOB: ProgressTeller(runtime.database, runtime.keys).tell,
        "read_picture": PictureReader(runtime.database, runtime.keys, channels).read,
        "keep_evidence": EvidenceKeeper(runtime.database, runtime.keys, channels).keep,
        "ask_keeper": KeeperAsker(runtime.database, runtime.keys, channels).ask,
        "link_menu": MenuLinker(runtime.database, runtime.keys, channels).link,
        "forget_menus": MenuForgetter(runtime.database, runtime.keys, channels).forget,
        TRY_CAMPAIGN: CampaignTester(
            runtime.database, runtime.keys, channels, tokens, runtime.settings.base_url
        ).send,
        TELL_STAFF: _alert_sender(runtime, channels, tokens).tell,
        LOOK_AT_NOTE: chores.look_at_notes,
        "clear_chat": ChatCleaner(runtime.database, runtime.keys, channels, tokens).clear,
    }
    await tokens.warm()
    loops: list[asyncio.Task[None]] = [
        asyncio.create_task(work)
        for work in (
            ledger.run(), pump.run(), chores.run(),
            sweep_forgotten(runtime.database, dispatcher, list(channels)), learn_names(channels.values()),
            keep_hotlines(runtime.database),
        )
    ]  # fmt: skip
    try:
        yield handlers, sender, loops
    finally:
        await end_loops(loops)
        for channel in channels.values():
            await channel.close()


def _settle_memory() -> None:
    """Load what is loaded at first use, then take it out of the garbage collector's rounds.

    The lexicons live as long as the process; walking them at every full collection was about a quarter of a worker's
    time (py-spy over 2,500 turns).
    """
    copy()
    load_all()
    gc.collect()
    gc.freeze()
    # What turns make dies by reference counting; rarer rounds are enough for the cycles.
    gc.set_threshold(20_000, 20, 20)
