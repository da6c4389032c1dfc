"""The database goes away, or hangs, under load with redelivery off: every webhook still gets its 200."""

import asyncio
import secrets
import shutil
import time

import pytest

from simulator.control.shapes import Done
from tests.crash.checks import check_effects, check_events, check_ledger, check_order, seconds_to_answer
from tests.crash.load import Answered, Crowd, an_offer
from tests.crash.quiet import spool_files, tell, wait_until_quiet
from tests.crash.truth import read_truth
from tests.support.killable import KillablePostgres
from tests.support.stand import Stand

# The promise is two seconds; here three processes of tests share two cores, and what hangs takes far longer than this.
_LIMIT_MS = 4_000.0
_GREETING = "สวัสดี"


async def test_it_takes_everything_in_while_the_database_is_away_and_handles_it_in_order_afterwards(
    stand: Stand, postgres: KillablePostgres
) -> None:
    await _go_away(stand, postgres, seconds=6)


@pytest.mark.soak
async def test_it_takes_everything_in_while_the_database_is_away_for_a_minute(
    stand: Stand, postgres: KillablePostgres
) -> None:
    await _go_away(stand, postgres, seconds=60)


async def _go_away(stand: Stand, postgres: KillablePostgres, *, seconds: float) -> None:
    seed = secrets.randbelow(10**6)
    tell(f"away test: seed {seed}")
    await stand.start(workers=1, webs=2)
    async with Crowd(stand.simulator, seed=seed, people=20, a_second=20) as crowd:
        await asyncio.sleep(2)
        await postgres.stop()
        await asyncio.sleep(seconds)
        spooled = await _until_spooled(stand, more_than=20)
        await postgres.start()
        back = time.monotonic()
        await asyncio.sleep(1)
        # Once more, hanging instead of gone: connections stay open and nothing answers.
        postgres.freeze()
        await asyncio.sleep(5)
        postgres.thaw()
    answered = crowd.answered
    assert set(answered.statuses) == {200}
    assert answered.slowest_ms < _LIMIT_MS
    # The spool is full again, and now the power of the web host fails too.
    await postgres.stop()
    last = Answered()
    for number, person in enumerate(list(crowd.people)[:10]):
        last.note(await stand.simulator.say(person, an_offer(90_000 + number)))
    assert set(last.statuses) == {200}
    stand.kill("web")
    assert len(spool_files(stand)) >= 10
    await postgres.start()
    stand.start_web(webs=2)
    await stand.wait_until_up()
    quiet = await wait_until_quiet(stand, postgres.address, 60)
    truth = await read_truth(stand.simulator, postgres.address, stand.keyset)
    walk = check_order(truth, list(crowd.people))
    waits = seconds_to_answer(truth, walk.shown_at)
    tell(
        f"spooled {spooled} files; events {len(truth.events)}, messages {len(truth.messages)}, slowest webhook"
        f" {answered.slowest_ms:.0f} ms, slowest answer {waits[-1][0]:.1f} s, quiet after {quiet:.1f} s,"
        f" {time.monotonic() - back:.1f} s since the return; doubles {walk.marked}"
    )
    assert all(event.accepted_at is not None for event in truth.events)
    wrong = (
        check_events(truth)
        + walk.wrong
        + walk.unmarked
        + check_ledger(truth)
        + check_effects(truth, list(crowd.people))
    )
    assert not wrong, "\n".join([f"{len(wrong)} wrong:", *wrong[:30]])


async def _until_spooled(stand: Stand, *, more_than: int) -> int:
    deadline = time.monotonic() + 30
    while (spooled := len(spool_files(stand))) <= more_than:
        assert time.monotonic() < deadline, f"{spooled} spooled"
        await asyncio.sleep(0.1)
    return spooled


async def test_it_refuses_in_time_when_neither_database_nor_spool_can_take_an_event(
    stand: Stand, postgres: KillablePostgres
) -> None:
    await stand.start(workers=1, webs=1)
    await _until_warm(stand)
    await wait_until_quiet(stand, postgres.address, 40)
    person = (await stand.simulator.create_person("line", "ดาว")).id
    assert (await stand.simulator.say(person, "หนึ่ง")).status == 200
    spool = stand.folder / "var" / "spool"
    shutil.rmtree(spool)
    spool.write_text("no folder any more")
    # While the database is there, a broken spool troubles nobody.
    assert (await stand.simulator.say(person, "สอง")).status == 200
    # A worker that finds no database when it starts ends, for whoever keeps it running to start it anew.
    await wait_until_quiet(stand, postgres.address, 40)
    await postgres.stop()
    refused: list[Done] = [await stand.simulator.say(person, "สาม") for _ in range(3)]
    assert [done.status for done in refused] == [503] * 3
    assert max(done.latency_ms for done in refused) < _LIMIT_MS
    spool.unlink()
    spool.mkdir(mode=0o700)
    assert (await stand.simulator.say(person, "สี่")).status == 200
    await postgres.start()
    await wait_until_quiet(stand, postgres.address, 40)
    truth = await read_truth(stand.simulator, postgres.address, stand.keyset)
    assert not check_events(truth) + check_order(truth, [person]).wrong
    refused_texts = [event.text for event in truth.events if event.accepted_at is None]
    assert [text for text in refused_texts if text != _GREETING] == ["สาม"] * 3


async def _until_warm(stand: Stand) -> None:
    """While the worker still starts on the same processors, a webhook may be refused for want of time."""
    first = (await stand.simulator.create_person("line", "มาลี")).id
    deadline = time.monotonic() + 60
    while (await stand.simulator.say(first, _GREETING)).status != 200:
        assert time.monotonic() < deadline, stand.errors("web")
