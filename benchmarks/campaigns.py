"""Campaigns: a million people frozen; LINE and Telegram at their configured caps by two workers that share nothing but the
database; and what people who write meanwhile notice of it.

The caps to be reached are such that two cores can: 5 multicasts (2,500 people) and 25 messages a second. Answers are measured
beside a campaign at the caps that the service comes with (100 multicasts, 50,000 people a second, half of what LINE allows;
Telegram 25), of which bulk takes what answers leave it; how much that was is told. Stretches with the campaign running and
standing still take turns on the same database, so that neither what was stored nor what else the machine does counts for one
side. The stand-in for the platforms shows a multicast on 500 phones, some 7 ms of its one thread, and takes the replies in
between: in the field that is elsewhere, so the figure is rather too large.

Run alone: `python -m benchmarks.campaigns --people 50000 --seconds 10`, and of it the answers: `--only answers --seconds 30`.
"""

import argparse
import asyncio
import os
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from benchmarks.growth import peak
from benchmarks.processes import Bench, bench
from benchmarks.texts import people as line_ids
from benchmarks.texts import webhooks
from campaigns.drafting import create_campaign
from campaigns.models import Campaign, CampaignApproval, CampaignRun
from campaigns.plans.audience import Audience, TagRule
from campaigns.plans.blocks import TextBlock, Wording
from campaigns.plans.plan import Plan, Step, hash_plan
from campaigns.scheduler.firing import schedule
from campaigns.sender.freezing import freeze
from campaigns.sender.running import pause, resume
from core.accounts.invitations import add_account
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.crypto.keyset import parse_keyset
from core.crypto.sealing import context, seal
from core.db.database import driver_connection
from core.ids import new_id

PEOPLE = 1_000_000
MULTICASTS_A_SECOND, MESSAGES_A_SECOND = 5, 25
SECONDS = 30.0
_EACH = 500
# More multicasts a second than two processes come to while people write: the campaign must last as long as the measuring.
_BESIDE_ANSWERS = 16
# So often the campaign stands still and goes on again.
_ROUNDS = 3
# What is on the wire ends within the first, what stood still is taken up within the other.
_ENDING_SECONDS, _BEGINNING_SECONDS = 4.0, 1.0
# At a hundred a second, replies, their senders and the platform's stand-in fill two cores by themselves, and every bit of
# work beside them makes a queue: p95 55 ms alone, 920 ms beside a campaign. At forty it tells what the campaign takes.
_TURNS_A_SECOND = 40.0
_BASE = "https://rootan.example"
_WORKERS = ("worker0", "worker1")
_WAIT_SECONDS = 300.0
_WINDOW = 10.0

_CROWD = (
    "INSERT INTO contact (id, data_key_id, created_at) SELECT gen_random_uuid(), $1, now() FROM generate_series(1, $2::int)",
    (
        "INSERT INTO channel_identity (id, contact_id, channel, address_key, address, created_at) SELECT gen_random_uuid(), id,"
        " CASE WHEN random() < 0.8 THEN 'line' ELSE 'telegram' END, uuid_send(id), decode(repeat('00', 93), 'hex'), now()"
        " FROM contact WHERE data_key_id = $1 AND $2::int > 0"
    ),
    (
        "INSERT INTO consent (contact_id, topic, granted, changed_at) SELECT id, 'campaigns', true, now() FROM contact"
        " WHERE data_key_id = $1 AND $2::int > 0"
    ),
    (
        "INSERT INTO broadcast_hold (contact_id, changed_at) SELECT id, now() FROM contact"
        " WHERE data_key_id = $1 AND $2::int > 0 AND random() < 0.01"
    ),
)


class Pace(NamedTuple):
    """Calls a second: as configured, on average while it was under way, and the most over any ten seconds.

    Between a worker's turn and the platform lie milliseconds that differ, so that single seconds tell of the machine.
    """

    cap: int
    mean: float
    most: float


class Answers(NamedTuple):
    """95th percentiles of replies in ms, and what bulk sent a second beside them."""

    alone: float
    beside: float
    multicasts: float
    messages: float


class Measured(NamedTuple):
    """`growth_mb` is of this process while it froze."""

    people: int
    seconds: float
    growth_mb: float
    line: Pace
    telegram: Pace
    answers: Answers


async def measure_campaigns(people: int = PEOPLE, seconds: float = SECONDS) -> Measured:
    caps = {
        "ROOTAN_LINE_MULTICASTS_PER_SECOND": str(MULTICASTS_A_SECOND),
        "ROOTAN_TELEGRAM_MESSAGES_PER_SECOND": str(MESSAGES_A_SECOND),
    }
    with _surroundings(caps):
        async with bench() as ground:
            frozen, growth = await _measure_freezing(ground, people)
        async with bench() as ground:
            line, telegram = await _measure_pace(ground, seconds)
    return Measured(people, frozen, growth, line, telegram, await measure_answers(seconds))


async def measure_answers(seconds: float = SECONDS) -> Answers:
    async with bench() as ground:
        return await _measure_answers(ground, seconds)


@contextmanager
def _surroundings(more: dict[str, str]) -> Iterator[None]:
    """Settings that the processes of a bench inherit."""
    before = {name: os.environ.get(name) for name in more}
    os.environ.update(more)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _keys(ground: Bench) -> DataKeys:
    return DataKeys(parse_keyset((Path(ground.folder) / "keyset.json").read_text()))


async def _measure_freezing(ground: Bench, people: int) -> tuple[float, float]:
    """Return seconds, and by how many MB this process grew at the most."""
    keys = _keys(ground)
    async with ground.database.unit_of_work() as session:
        row, _ = keys.row("contact")
        session.add(row)
        await session.flush()
        connection = await driver_connection(session)
        for statement in _CROWD:
            await connection.execute(statement, row.id, people, timeout=1_200)
    await _tidy(ground)
    run_id = await _due_run(ground, keys, Audience())
    with peak() as grown:
        began = time.perf_counter()
        async with ground.database.unit_of_work() as session:
            state = await freeze(session, keys, run_id, base_url=_BASE)
        took = time.perf_counter() - began
    if state != "sending":
        raise RuntimeError(f"the run came out as {state}")
    return took, grown[0]


async def _tidy(ground: Bench) -> None:
    """What a database that has stood for a while has behind it."""
    async with ground.database.engine.connect() as raw:
        await raw.execution_options(isolation_level="AUTOCOMMIT")
        driver: Any = (await raw.get_raw_connection()).driver_connection
        await driver.execute("VACUUM ANALYZE", timeout=1_200)
        await driver.execute("CHECKPOINT", timeout=1_200)


async def _due_run(ground: Bench, keys: DataKeys, audience: Audience) -> UUID:
    """A run of an approved campaign; an emergency, so that a benchmark may be run at night."""
    words = Wording((TextBlock("t", {"th": "ก่อนโอน ถามเราก่อน"}),), {"th": "มีข้อความใหม่"})
    made = Plan((Step((words,)),), audience=audience, emergency=True)
    async with ground.database.unit_of_work() as session:
        author, approver = [
            await add_account(session, keys, email=f"{new_id().hex}@example.org", name=name, role=role)
            for name, role in (("Malee", "campaign_manager"), ("Anan", "campaign_approver"))
        ]
        campaign_id = await create_campaign(session, title="เตือนงานลวง", plan=made, author_id=author.id)
        campaign = await session.get_one(Campaign, campaign_id)
        campaign.state, campaign.plan_hash = "approved", hash_plan(campaign.title, made)
        campaign.emergency_reason, campaign.emergency_by = "benchmark", approver.id
        session.add(
            CampaignApproval(
                id=new_id(), campaign_id=campaign_id, account_id=approver.id, plan_hash=campaign.plan_hash,
                revision=campaign.revision, verdict="approved", reason="", at=utc_now(),
            )
        )  # fmt: skip
        await session.flush()
        await schedule(session, campaign_id)
        run_id = await session.scalar(sa.select(CampaignRun.id).where(CampaignRun.campaign_id == campaign_id))
    if run_id is None:
        raise RuntimeError("the campaign is not due")
    return run_id


async def _settle(ground: Bench, keys: DataKeys, channel: str, addresses: Sequence[str], tag: str) -> None:
    """People with phones, each with a key of their own, who are found under a tag."""
    now, rows = utc_now(), []
    for address in addresses:
        key_id, key, wrapped = keys.make()
        contact, identity = new_id(), new_id()
        sealed = seal(key, address.encode(), context("channel_identity", "address", identity))
        rows.append(
            (key_id, wrapped, contact, identity, keys.keyset.index(f"{channel}-address", address), sealed)
        )
    master = keys.keyset.primary
    tables: tuple[tuple[str, str, list[tuple[Any, ...]]], ...] = (
        ("data_key", "id purpose wrapped master created_at", [(r[0], "contact", r[1], master, now) for r in rows]),
        ("contact", "id data_key_id created_at", [(r[2], r[0], now) for r in rows]),
        ("channel_identity", "id contact_id channel address_key address created_at",
         [(r[3], r[2], channel, r[4], r[5], now) for r in rows]),
        ("consent", "contact_id topic granted changed_at", [(r[2], "campaigns", True, now) for r in rows]),
        ("contact_tag", "contact_id tag at", [(r[2], tag, now) for r in rows]),
    )  # fmt: skip
    async with ground.database.unit_of_work() as session:
        connection = await driver_connection(session)
        for table, columns, records in tables:
            await connection.copy_records_to_table(table, columns=columns.split(), records=records)


async def _settle_audience(
    ground: Bench, seconds: float, multicasts: int = MULTICASTS_A_SECOND
) -> tuple[int, int]:
    """Settle those whom a campaign keeps both channels busy with for so long; return how many each channel has."""
    keys = _keys(ground)
    line = int(multicasts * seconds) * _EACH
    telegram = int(MESSAGES_A_SECOND * seconds)
    for channel, count in (("line", line), ("telegram", telegram)):
        made = await ground.simulator.create_people(channel, "n", count=count)  # type: ignore[arg-type]
        await _settle(ground, keys, channel, [one.id for one in made], "benchmark")
    return line, telegram


async def _freeze_audience(ground: Bench) -> None:
    keys = _keys(ground)
    run_id = await _due_run(ground, keys, Audience(include=(TagRule(("benchmark",)),)))
    async with ground.database.unit_of_work() as session:
        await freeze(session, keys, run_id, base_url=_BASE)


async def _measure_pace(ground: Bench, seconds: float) -> tuple[Pace, Pace]:
    for name in _WORKERS:
        ground.spawn(name, "-m", "app.cli", "worker")
    # Both are at work before there is anything to send.
    await asyncio.sleep(5.0)
    line, telegram = await _settle_audience(ground, seconds)
    await _freeze_audience(ground)
    deadline = time.monotonic() + _WAIT_SECONDS
    while True:
        record = await ground.simulator.record()
        calls = {row.request_id: row.at for row in record.deliveries if row.method == "multicast"}
        sent = [row.at for row in record.deliveries if row.method == "sendMessage"]
        if len(calls) >= line / _EACH and len(sent) >= telegram:
            break
        if time.monotonic() > deadline:
            raise TimeoutError(f"{len(calls)} multicasts, {len(sent)} messages; see {ground.folder}")
        await asyncio.sleep(1.0)
    ground.stop(*_WORKERS)
    return _pace(MULTICASTS_A_SECOND, list(calls.values())), _pace(MESSAGES_A_SECOND, sent)


def _pace(cap: int, at: list[float]) -> Pace:
    """The mean leaves out the first and the last tenth: a worker that only just woke, a last straggler."""
    moments = sorted(at)
    tenth = len(moments) // 10
    middle = moments[tenth : len(moments) - tenth]
    most, first = 0, 0
    for last, moment in enumerate(moments):
        while moments[first] <= moment - _WINDOW:
            first += 1
        most = max(most, last - first + 1)
    return Pace(cap, (len(middle) - 1) / (middle[-1] - middle[0]), most / _WINDOW)


async def _measure_answers(ground: Bench, seconds: float) -> Answers:
    """Let people write while a campaign runs and while it stands still, in turns, for so long each in all."""
    port = await ground.start_service(workers=len(_WORKERS))
    users = line_ids(int(_TURNS_A_SECOND * seconds / _ROUNDS))
    await ground.simulator.create_people("line", "n", ids=users)
    # The first message of a person takes longer than any other.
    await ground.load(port, webhooks(users), connections=32)
    await _replies(ground, len(users), 0.0)
    await _settle_audience(ground, seconds + 2 * _ROUNDS * _BEGINNING_SECONDS, _BESIDE_ANSWERS)
    await _freeze_audience(ground)
    await _tidy(ground)
    alone: list[float] = []
    beside: list[float] = []
    sent = Counter[str]()
    for _ in range(_ROUNDS):
        await _let_run(ground, runs=False)
        alone += await _latencies(ground, port, users)
        await _let_run(ground, runs=True)
        since = time.time()
        beside += await _latencies(ground, port, users)
        sent += await _sent(ground, since, since + seconds / _ROUNDS)
    async with ground.database.unit_of_work() as session:
        left = await (await driver_connection(session)).fetch(
            "SELECT DISTINCT channel FROM message_chunk WHERE done_at IS NULL"
        )
    if len(left) < 2:
        raise RuntimeError("the campaign was over before the measuring")
    ground.stop("web", *_WORKERS)
    return Answers(_p95(alone), _p95(beside), sent["multicast"] / seconds, sent["sendMessage"] / seconds)


async def _let_run(ground: Bench, *, runs: bool) -> None:
    """Let the campaign go on or stand still, as its manager does."""
    async with ground.database.unit_of_work() as session:
        campaign_id = (await session.scalars(sa.select(Campaign.id))).one()
        state = (await session.get_one(Campaign, campaign_id)).state
        if (state == "running") != runs:
            await (resume if runs else pause)(session, campaign_id)
    await asyncio.sleep(_BEGINNING_SECONDS if runs else _ENDING_SECONDS)


async def _latencies(ground: Bench, port: int, users: list[str]) -> list[float]:
    """From when each was to be posted until its reply arrived, in ms."""
    since = time.time()
    measured = await ground.load(port, webhooks(users), connections=32, rate=_TURNS_A_SECOND)
    # Asking for the record holds the platforms up, and the last replies are on their way to them.
    await asyncio.sleep(1.0)
    replies = await _replies(ground, len(users), since)
    order = {user: n for n, user in enumerate(users)}
    began = measured["began_at"] + 0.05
    return [(at - (began + order[person] / _TURNS_A_SECOND)) * 1_000 for person, at in replies]


def _p95(late: list[float]) -> float:
    return sorted(late)[int(len(late) * 0.95)]


async def _sent(ground: Bench, since: float, until: float) -> Counter[str]:
    """Calls of a campaign that the platforms took in that time, a multicast once."""
    record = await ground.simulator.record()
    calls = {
        (row.method, row.request_id or row.number) for row in record.deliveries if since <= row.at < until
    }
    return Counter(method for method, _ in calls if method in {"multicast", "sendMessage"})


async def _replies(ground: Bench, wanted: int, since: float) -> list[tuple[str, float]]:
    """Wait for so many replies that were given since then."""
    deadline = time.monotonic() + _WAIT_SECONDS
    while True:
        record = await ground.simulator.record()
        found = [
            (row.person, row.at)
            for row in record.deliveries
            if row.method == "reply" and row.effective and row.at >= since
        ]
        if len(found) >= wanted:
            return found
        if time.monotonic() > deadline:
            raise TimeoutError(f"{len(found)} of {wanted} answers arrived; see {ground.folder}")
        await asyncio.sleep(0.5)


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Freezing, sending at the caps, and replies beside a campaign."
    )
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--only", choices=["answers"], help="measure nothing else")
    given = parser.parse_args()
    if given.only:
        print(asyncio.run(measure_answers(given.seconds)))
    else:
        print(asyncio.run(measure_campaigns(given.people, given.seconds)))


if __name__ == "__main__":
    main()
