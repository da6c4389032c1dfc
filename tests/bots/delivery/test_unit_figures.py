"""Reading units from the platform, within its sixty calls an hour."""

from datetime import date, timedelta

import pytest

from app.worker.campaign_chores import CampaignChores
from bots.channels.line.channel import LineChannel
from bots.channels.line.insight import UnitRead
from bots.delivery.unit_figures import RATE, read_due_units
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from tests.campaigns.reports.test_units import send
from tests.conftest import MovableClock
from tests.support.house import House

UNITS = tuple(f"u{number}" for number in range(40))


class Line:
    """Notes what it is asked for."""

    def __init__(self, outcome: UnitRead) -> None:
        self.outcome = outcome
        self.asked: list[str] = []

    async def read_unit(self, unit: str, _first: date, _last: date) -> UnitRead:
        self.asked.append(unit)
        return self.outcome


async def test_within_any_hour_no_more_than_sixty_are_asked_for(
    database: Database, keys: DataKeys, standing_clock: MovableClock
) -> None:
    await send(database, keys, *UNITS, at=utc_now() - timedelta(hours=12))
    line, asked = Line(UnitRead("read", 40, None)), []
    for _ in range(4 * 60):
        standing_clock.advance(minutes=1)
        before = len(line.asked)
        await read_due_units(database, line)
        asked.append(len(line.asked) - before)
    busiest = max(sum(asked[start : start + 60]) for start in range(len(asked)))
    assert 40 <= busiest <= 60
    assert RATE.per_second * 3_600 + RATE.burst < 60
    assert set(line.asked) == set(UNITS)


async def test_who_is_told_to_wait_waits(
    database: Database, keys: DataKeys, standing_clock: MovableClock
) -> None:
    await send(database, keys, *UNITS[:3], at=utc_now() - timedelta(hours=3))
    line = Line(UnitRead("wait"))
    assert await read_due_units(database, line) == 0
    assert len(line.asked) == 1
    standing_clock.advance(minutes=10)
    assert await read_due_units(database, line) == 0
    assert len(line.asked) == 1


@pytest.mark.usefixtures("standing_clock")
async def test_what_could_not_be_read_leaves_the_last_figures(database: Database, keys: DataKeys) -> None:
    await send(database, keys, "u1", at=utc_now() - timedelta(hours=3))
    line = Line(UnitRead("failed"))
    assert await read_due_units(database, line) == 0
    assert await read_due_units(database, line) == 0
    assert line.asked == ["u1"]


async def test_a_chore_asks_the_platform(house: House) -> None:
    await send(house.database, house.keys, "u1", at=utc_now() - timedelta(hours=3))
    line = LineChannel(house.runtime.settings)
    await CampaignChores(house.runtime, line)._read_units()
    await line.close()
    rows = await house.rows("SELECT unit, impressions, clicks FROM unit_figure")
    assert [tuple(row) for row in rows] == [("u1", None, None)]
    assert [one.method for one in await house.phones.traffic(20) if "insight" in one.url] == ["GET"]
