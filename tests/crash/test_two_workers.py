"""Two workers on two process trees share the load; one is killed, the other goes on."""

import asyncio

import pytest

from tests.crash.checks import check_events, check_ledger, check_order
from tests.crash.load import Crowd
from tests.crash.quiet import wait_until_quiet
from tests.crash.truth import read_truth
from tests.crash.working import work_of
from tests.support.killable import KillablePostgres
from tests.support.stand import Stand


async def _until_both_work(stand: Stand, pids: tuple[int, int]) -> None:
    for _ in range(600):
        works = [work_of(stand, pid) for pid in pids]
        if all(work["rootan_sends_total"] > 10 and work["rootan_turns_total"] > 10 for work in works):
            return
        await asyncio.sleep(0.1)


async def _until_it_worked_on(stand: Stand, pid: int, turns: int) -> None:
    async with asyncio.timeout(30):
        while work_of(stand, pid)["rootan_turns_total"] <= turns:
            await asyncio.sleep(0.1)


@pytest.mark.soak
async def test_it_goes_on_with_one_worker_after_two_shared_the_load(
    stand: Stand, postgres: KillablePostgres
) -> None:
    await stand.start(workers=2, webs=1)
    first, second = stand.processes["worker0"].pid, stand.processes["worker1"].pid
    async with Crowd(stand.simulator, seed=7, people=20, a_second=30) as crowd:
        await _until_both_work(stand, (first, second))
        shared = [work_of(stand, pid) for pid in (first, second)]
        assert all(work["rootan_turns_total"] > 10 for work in shared), shared
        assert all(work["rootan_sends_total"] > 10 for work in shared), shared
        stand.kill("worker0")
        await _until_it_worked_on(stand, second, shared[1]["rootan_turns_total"] + 10)
    await wait_until_quiet(stand, postgres.address, 40)
    truth = await read_truth(stand.simulator, postgres.address, stand.keyset)
    walk = check_order(truth, list(crowd.people))
    wrong = check_events(truth) + walk.wrong + walk.unmarked + check_ledger(truth)
    assert not wrong, "\n".join(wrong[:30])
