import asyncio
from uuid import UUID

import pytest

from core.clock import utc_now
from referrals.referring.answering import accept, decline
from referrals.referring.errors import OverError
from referrals.referring.expiring import expire_due
from tests.conftest import MovableClock
from tests.referrals.referring.conftest import Scene


async def _hear(heard: asyncio.Queue[str], wanted: set[UUID]) -> None:
    """Wait until open pages were told of all of these."""
    async with asyncio.timeout(20):
        while wanted:
            wanted -= {UUID(await heard.get())}


async def test_open_pages_of_both_sides_are_told_of_each_step(
    scene: Scene, heard: asyncio.Queue[str], standing_clock: MovableClock
) -> None:
    request_id = await scene.send()
    await _hear(heard, {scene.case, request_id})
    while not heard.empty():
        heard.get_nowait()
    await scene.do(accept, request_id, scene.officer("police"))
    await _hear(heard, {scene.case, request_id})


async def test_a_step_that_is_undone_tells_nobody(scene: Scene) -> None:
    request_id = await scene.send()
    krit, now = scene.officer("police"), utc_now()

    async def answer_both_ways() -> None:
        async with scene.database.unit_of_work() as session:
            await accept(session, scene.keys, request_id, krit, now=now)
            await decline(session, scene.keys, request_id, krit, reason="not_ours", now=now)

    with pytest.raises(OverError):
        await answer_both_ways()
    assert ((await scene.row(request_id)).state, await scene.steps()) == ("sent", ["sent"])
    assert await scene.told(scene.anong) == []


async def test_the_clocks_own_step_is_nobodys(scene: Scene, standing_clock: MovableClock) -> None:
    await scene.send()
    standing_clock.advance(days=2)
    async with scene.database.unit_of_work() as session:
        await expire_due(session, scene.keys, now=standing_clock.moment)
    assert await scene.steps("report") == ["received", "claimed", "referred"]
    assert await scene.steps() == ["sent", "expired"]
