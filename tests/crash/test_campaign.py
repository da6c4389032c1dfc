"""A campaign while its workers are killed and the platforms fail: nobody twice, nobody lost, books that agree. Guards 3, 4."""

import asyncio
import contextlib
import itertools
import os
import random
import secrets
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any, NamedTuple

import psutil
import pytest
import sqlalchemy as sa

from campaigns.models import Campaign, CampaignRun
from campaigns.plans.audience import Audience
from campaigns.plans.blocks import TextBlock, Wording
from campaigns.plans.plan import Plan, Step
from campaigns.scheduler.firing import schedule
from campaigns.sender.freezing import freeze
from campaigns.sender.running import resume
from core.crypto.data_keys import DataKeys
from core.crypto.sealing import context, open_sealed
from core.db.database import Database, driver_connection
from core.messages import filling
from simulator.faults import Kind, Platform
from tests.campaigns.office import agreed_to, hire
from tests.crash.quiet import tell
from tests.support.killable import KillablePostgres
from tests.support.multitudes import move_in
from tests.support.stand import Stand

_WORKERS = ("worker0", "worker1")
_RECOVERY_SECONDS = 240.0


class Form(NamedTuple):
    """How much of it: people, kills, members of a multicast, and the limits that spread it over time."""

    line: int
    telegram: int
    kills: int
    multicast: int
    multicasts_per_second: int
    messages_per_second: int


# What the platforms do to our calls meanwhile: kind, probability, value.
_FAULTS: dict[tuple[Platform, str], tuple[tuple[Kind, float, float], ...]] = {
    ("line", "multicast"): (
        ("slow", 0.1, 300), ("rate_limited", 0.05, 0), ("server_error", 0.05, 0), ("server_error_after_effect", 0.05, 0),
        ("disconnect_after_effect", 0.05, 0), ("timeout_after_effect", 0.01, 0),
    ),
    ("telegram", "sendMessage"): (
        ("slow", 0.05, 200), ("retry_after", 0.002, 1), ("server_error", 0.004, 0), ("disconnect_after_effect", 0.004, 0),
        ("timeout_after_effect", 0.0005, 0),
    ),
}  # fmt: skip


@pytest.fixture
async def database(postgres: KillablePostgres) -> AsyncIterator[Database]:
    database = Database(postgres.address.replace("postgresql://", "postgresql+asyncpg://"))
    yield database
    await database.close()


@pytest.mark.timeout(300)
async def test_a_campaign_reaches_everybody_once_while_its_workers_are_killed(
    stand: Stand, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = Form(
        line=600, telegram=80, kills=1, multicast=30, multicasts_per_second=10, messages_per_second=60
    )
    monkeypatch.setattr(filling, "MULTICAST", form.multicast)
    await _run(stand, database, form)


@pytest.mark.soak
@pytest.mark.timeout(1800)
async def test_a_campaign_reaches_a_hundred_and_twenty_thousand_once_through_ten_kills(
    stand: Stand, database: Database
) -> None:
    form = Form(
        line=100_000,
        telegram=20_000,
        kills=10,
        multicast=500,
        multicasts_per_second=10,
        messages_per_second=150,
    )
    await _run(stand, database, form)


async def _run(stand: Stand, database: Database, form: Form) -> None:
    seed = int(os.environ.get("ROOTAN_CRASH_SEED", "0")) or secrets.randbelow(10**6)
    tell(f"campaign crash test: seed {seed} (repeat with ROOTAN_CRASH_SEED={seed})")
    stand.environment |= {
        "ROOTAN_LINE_MULTICASTS_PER_SECOND": str(form.multicasts_per_second),
        "ROOTAN_TELEGRAM_MESSAGES_PER_SECOND": str(form.messages_per_second),
    }
    await stand.start_simulator()
    await _trouble(stand, seed)
    campaign_id, run_id = await _freeze(stand, database, form)
    for name in _WORKERS:
        stand.start_worker(name)
    resumed = await _rage(stand, database, form, random.Random(seed), campaign_id)
    await stand.simulator.clear_faults()
    resumed += await _until_over(database, campaign_id, run_id)
    await _judge(stand, database, run_id, form, resumed)


async def _trouble(stand: Stand, seed: int) -> None:
    own_seed = itertools.count(seed)
    for (platform, method), kinds in _FAULTS.items():
        for kind, probability, value in kinds:
            await stand.simulator.add_fault(
                platform, method, kind, probability=probability, value=value, seed=next(own_seed)
            )


async def _freeze(stand: Stand, database: Database, form: Form) -> tuple[Any, Any]:
    """Let everybody move in and freeze the run; an emergency, so that the test may run at night."""
    keys = DataKeys(stand.keyset)
    for channel, count in (("line", form.line), ("telegram", form.telegram)):
        people = await stand.simulator.create_people(channel, "คน", count=count)  # type: ignore[arg-type]
        async with database.unit_of_work() as session:
            await move_in(await driver_connection(session), keys, channel, [one.id for one in people])
    author = await hire(database, keys, "Malee", "campaign_manager")
    approver = await hire(database, keys, "Anan")
    words = Wording((TextBlock("t", {"th": "ก่อนโอน ถามเราก่อน"}),), {"th": "มีข้อความใหม่"})
    made = Plan((Step((words,)),), audience=Audience(weekly_cap=1), emergency=True)
    campaign_id = await agreed_to(database, author, approver, made)
    async with database.unit_of_work() as session:
        await schedule(session, campaign_id)
        run_id = (await session.scalars(sa.select(CampaignRun.id))).one()
    async with database.unit_of_work() as session:
        assert await freeze(session, keys, run_id, base_url=stand.base) == "sending"
    return campaign_id, run_id


async def _rage(stand: Stand, database: Database, form: Form, draw: random.Random, campaign_id: Any) -> int:
    """Kill a worker each time that another share of the people is through; return how often a person had to resume."""
    resumed = 0
    everybody = form.line + form.telegram
    for number in range(1, form.kills + 1):
        async with asyncio.timeout(_RECOVERY_SECONDS):
            while await _through(database) < everybody * number / (form.kills + 2):
                resumed += await _resume_if_paused(database, campaign_id)
                await asyncio.sleep(0.1)
        name = draw.choice(_WORKERS)
        await asyncio.to_thread(_cut_off, stand, name)
        stand.start_worker(name)
    return resumed


def _cut_off(stand: Stand, name: str) -> None:
    """Kill a worker and what sends beside it, in the middle of whatever they do."""
    for process in psutil.Process(stand.processes[name].pid).children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    stand.kill(name)


async def _through(database: Database) -> int:
    async with database.unit_of_work() as session:
        connection = await driver_connection(session)
        return int(await connection.fetchval("SELECT count(*) FROM message WHERE finished_at IS NOT NULL"))


async def _resume_if_paused(database: Database, campaign_id: Any) -> int:
    """What a manager does who knows that the errors are only a test."""
    async with database.unit_of_work() as session:
        if (await session.get_one(Campaign, campaign_id)).state != "paused":
            return 0
        await resume(session, campaign_id)
        return 1


async def _until_over(database: Database, campaign_id: Any, run_id: Any) -> int:
    resumed = 0
    async with asyncio.timeout(_RECOVERY_SECONDS):
        while True:
            async with database.unit_of_work() as session:
                if (await session.get_one(CampaignRun, run_id)).state == "done":
                    return resumed
            resumed += await _resume_if_paused(database, campaign_id)
            await asyncio.sleep(0.25)


async def _judge(stand: Stand, database: Database, run_id: Any, form: Form, resumed: int) -> None:
    record = await stand.simulator.record()
    assert record.dropped == 0
    shown = Counter(row.person for row in record.deliveries if row.effective)
    ended = await _ended(database, DataKeys(stand.keyset))
    states = Counter((channel, state) for channel, state in ended.values())
    calls = Counter(row.outcome for row in record.deliveries)
    memory = psutil.Process(stand.processes["simulator"].pid).memory_info().rss / 1e6
    tell(f"kills {form.kills}, resumed {resumed}; {dict(states)}; simulator {dict(calls)}, {memory:.0f} MB")
    wrong = [f"{person} got it {n} times" for person, n in shown.items() if n > 1]
    for person, (_, state) in ended.items():
        least, most = {"sent": (1, 1), "unknown": (0, 1), "failed": (0, 0), "skipped": (0, 0)}[state]
        if not least <= shown[person] <= most:
            wrong.append(f"{person} is {state} and got it {shown[person]} times")
    assert not wrong, "\n".join([f"{len(wrong)} wrong:", *wrong[:20]])
    assert len(ended) == form.line + form.telegram == states.total()
    assert states["line", "sent"] == form.line, "LINE's retry keys leave nobody in doubt"
    async with database.unit_of_work() as session:
        assert (await session.get_one(CampaignRun, run_id)).intended == len(ended)


async def _ended(database: Database, keys: DataKeys) -> dict[str, tuple[str, str]]:
    """Channel and end state of each person's one message, by address."""
    async with database.unit_of_work() as session:
        rows = await (await driver_connection(session)).fetch(
            "SELECT m.identity_id, m.channel, m.state, i.address, k.id, k.wrapped FROM message m"
            " JOIN channel_identity i ON i.id = m.identity_id JOIN contact c ON c.id = i.contact_id"
            " JOIN data_key k ON k.id = c.data_key_id"
        )
    found = {}
    for row in rows:
        bound = context("channel_identity", "address", row["identity_id"])
        address = open_sealed(keys.open(row["id"], row["wrapped"]), row["address"], bound).decode()
        assert address not in found, "nobody has two messages of one run"
        found[address] = (row["channel"], row["state"])
    return found
