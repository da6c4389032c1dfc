from datetime import date

import pytest

from core.db.database import Database
from core.errors import InvalidInputError
from referrals.teams.calendar import public_holidays
from referrals.teams.days import LONGEST_NAME, change_day, load_calendar, restore_day
from tests.referrals.teams.conftest import Hire

ADDED = date(2026, 11, 24)


def test_every_holiday_of_the_library_can_be_struck_under_its_own_name() -> None:
    for year in range(2024, 2035):
        assert all(1 <= len(name) <= LONGEST_NAME for name in public_holidays(year).values())


async def test_the_last_word_about_a_day_holds_until_it_is_taken_back(database: Database, hire: Hire) -> None:
    boon = await hire("Boon", "supervisor")
    async with database.unit_of_work() as session:
        await change_day(session, ADDED, is_duty=False, name=" Royal  visit ", by=boon)
        calendar = await load_calendar(session)
        assert not calendar.is_duty_day(ADDED)
        assert calendar.changed[ADDED].name == "Royal visit"
        await change_day(session, ADDED, is_duty=True, name="Work", by=boon)
        assert (await load_calendar(session)).is_duty_day(ADDED)
        await restore_day(session, ADDED)
        assert (await load_calendar(session)).changed == {}


@pytest.mark.parametrize("name", ["", " ", "x" * (LONGEST_NAME + 1)])
async def test_a_day_needs_a_name(database: Database, hire: Hire, name: str) -> None:
    boon = await hire("Boon", "supervisor")
    async with database.unit_of_work() as session:
        with pytest.raises(InvalidInputError):
            await change_day(session, ADDED, is_duty=False, name=name, by=boon)
