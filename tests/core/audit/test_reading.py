from datetime import timedelta
from uuid import UUID

import pytest

from core.audit.chain import Outcome, record_audit
from core.audit.reading import Place, Wanted, read_audit
from core.clock import utc_now
from core.db.database import Database
from core.ids import new_id
from tests.conftest import MovableClock

ANONG, BOON, CASE = new_id(), new_id(), new_id()


async def _note(
    database: Database, actor_id: UUID, action: str, object_id: UUID | None = None, outcome: Outcome = "ok"
) -> None:
    async with database.unit_of_work() as session:
        await record_audit(
            session, actor_id=actor_id, action=action, object_kind=action.partition(".")[0],
            object_id=object_id, outcome=outcome,
        )  # fmt: skip


def _all() -> Wanted:
    return Wanted(utc_now() - timedelta(days=1), utc_now() + timedelta(days=1))


async def test_it_turns_the_pages_newest_first_and_misses_none(
    database: Database, standing_clock: MovableClock
) -> None:
    for number in range(11):
        await _note(database, ANONG, f"case.act{number:02}")
        if number % 3 == 0:
            # Several rows of the same moment must not fall between two pages.
            standing_clock.advance(seconds=1)
    seen: list[str] = []
    after: Place | None = None
    while True:
        async with database.unit_of_work() as session:
            rows, after = await read_audit(session, _all(), after=after, limit=4)
        seen += [row.action for row in rows]
        # What comes in between turns no page.
        await _note(database, BOON, "late.arrival")
        standing_clock.advance(seconds=1)
        if after is None:
            break
    assert sorted(seen) == [f"case.act{n:02}" for n in range(11)]
    assert seen[0] == "case.act10"
    assert seen[-1] == "case.act00"


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"actor_id": BOON}, ["account.list"]),
        ({"action": "case.read"}, ["case.read"]),
        ({"action": "case"}, ["case.close", "case.read"]),
        ({"object_id": CASE}, ["case.close", "case.read"]),
        ({"outcome": "refused"}, ["case.close"]),
        ({"actor_id": BOON, "object_id": CASE}, []),
    ],
)
async def test_it_narrows_down(database: Database, filters: dict[str, object], found: list[str]) -> None:
    await _note(database, ANONG, "case.read", CASE)
    await _note(database, ANONG, "case.close", CASE, "refused")
    await _note(database, BOON, "account.list")
    wanted = Wanted(utc_now() - timedelta(days=1), utc_now() + timedelta(days=1), **filters)  # type: ignore[arg-type]
    async with database.unit_of_work() as session:
        rows, after = await read_audit(session, wanted, after=None, limit=50)
    assert sorted(row.action for row in rows) == found
    assert after is None


async def test_it_keeps_to_its_time(database: Database, standing_clock: MovableClock) -> None:
    await _note(database, ANONG, "case.read")
    now = utc_now()
    for since, until, count in (
        (now, now + timedelta(seconds=1), 1),
        (now - timedelta(seconds=1), now, 0),
    ):
        async with database.unit_of_work() as session:
            rows, _ = await read_audit(session, Wanted(since, until), after=None, limit=50)
        assert len(rows) == count
