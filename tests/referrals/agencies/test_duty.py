from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from core.db.database import Database
from referrals.agencies.duty import answer_due
from referrals.teams.days import change_day
from tests.referrals.agencies.conftest import POLICE

# Monday 23 November 2026, 10.00 in Bangkok; office hours are 8.30 to 16.30.
MONDAY = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
# Friday 4 December, 15.30. The 5th is a holiday on a Saturday, made up for on Monday the 7th; the 10th is one, too.
BEFORE_HOLIDAYS = datetime(2026, 12, 4, 8, 30, tzinfo=UTC)


def bangkok(day: int, hour: int, minute: int = 0, *, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC).replace(hour=hour - 7)


@pytest.mark.parametrize(
    ("more", "since", "due"),
    [
        ({"answers_within": 4}, MONDAY, bangkok(23, 14)),
        ({"answers_within": 8}, MONDAY, bangkok(24, 10)),
        # Every other day only, four hours each.
        ({"answers_within": 6, "weekdays": (0, 2), "closes_minute": 750}, MONDAY, bangkok(25, 12)),
        # The whole day, but not the week's end.
        ({"answers_within": 24, "opens_minute": 0, "closes_minute": 1440}, bangkok(27, 12), bangkok(30, 12)),
        ({"answers_within": 24, "opens_minute": 0, "closes_minute": 1440, "weekdays": (0, 1, 2, 3, 4, 5, 6)},
         BEFORE_HOLIDAYS, bangkok(5, 15, 30, month=12)),
        ({"answers_within": 2}, BEFORE_HOLIDAYS, bangkok(8, 9, 30, month=12)),
    ],
)  # fmt: skip
async def test_it_counts_the_agencys_own_duty_without_holidays(
    database: Database, more: dict[str, object], since: datetime, due: datetime
) -> None:
    async with database.unit_of_work() as session:
        found = await answer_due(session, replace(POLICE, **more), since)  # type: ignore[arg-type]
    assert abs((found - due).total_seconds()) < 1


async def test_a_day_made_free_is_free_for_agencies_and_one_made_duty_is_the_hotlines_alone(
    database: Database, boon: UUID
) -> None:
    async with database.unit_of_work() as session:
        await change_day(session, date(2026, 11, 24), is_duty=False, name="วันหยุดพิเศษ", by=boon)
        await change_day(session, date(2026, 11, 28), is_duty=True, name="เวรเสาร์", by=boon)
        assert await answer_due(session, replace(POLICE, answers_within=8), MONDAY) == bangkok(25, 10)
        friday = bangkok(27, 16)
        assert await answer_due(session, replace(POLICE, answers_within=1), friday) == bangkok(30, 9)
