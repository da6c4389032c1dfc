"""Trends and waves from rolled-up figures: the sums are right, late ones come in, small cells say nothing."""

from datetime import UTC, date, datetime, timedelta

import pytest

from core.db.database import driver_connection
from screening.radar import ALL, NOWHERE, Cell, course_of, floored, list_waves, refresh_radar, trend
from tests.conftest import MovableClock
from tests.screening.conftest import OFFER, Ground

KHON_KAEN = "รับสมัครคนแพ็กสบู่ที่บ้าน จังหวัดขอนแก่น รายได้วันละ 900 บาท มัดจำค่าอุปกรณ์ 300 บาท ทักไลน์ @soapbox"
MONDAY = date(2026, 11, 23)


async def weeks(ground: Ground, **chosen: str | None) -> list[Cell]:
    async with ground.database.unit_of_work() as session:
        return await trend(
            await driver_connection(session), "week", MONDAY - timedelta(days=28), MONDAY, **chosen
        )


async def test_offers_are_counted_by_week_province_and_kind(
    ground: Ground, standing_clock: MovableClock
) -> None:
    people = await ground.people(11)
    await ground.send(KHON_KAEN, *people[:6])
    await ground.send(OFFER, *people[5:])
    await ground.send(OFFER, None)
    await ground.refresh()
    assert await weeks(ground) == [Cell(MONDAY, ALL, ALL, 10, 10, 10)]
    assert await weeks(ground, province="ขอนแก่น", kind="home_work") == [
        Cell(MONDAY, "ขอนแก่น", "home_work", 5, 5, 5)
    ]
    by_kind = {cell.kind: cell.screenings for cell in await weeks(ground, kind=None)}
    assert by_kind == {ALL: 10, "home_work": 5, "scam_centre": 5}
    by_province = {cell.province: cell.senders for cell in await weeks(ground, province=None)}
    assert by_province == {ALL: 10, "ขอนแก่น": 5, NOWHERE: 5}


async def test_a_cell_of_few_people_says_nothing_however_often_they_sent(
    ground: Ground, standing_clock: MovableClock
) -> None:
    people = await ground.people(4)
    for person in people:
        await ground.send(OFFER, *[person] * 30)
    await ground.refresh()
    assert await weeks(ground) == [Cell(MONDAY, ALL, ALL, None, None, None)]


async def test_counting_again_changes_nothing_and_late_figures_come_in(
    ground: Ground, standing_clock: MovableClock
) -> None:
    """Sunday 23.30 in Bangkok is still of the last week, though counted on Monday."""
    sunday = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)
    await ground.send(OFFER, *await ground.people(5), at=sunday)
    await ground.refresh()
    once = await weeks(ground)
    await ground.refresh()
    assert await weeks(ground) == once == [Cell(MONDAY - timedelta(days=7), ALL, ALL, 5, 5, 5)]
    await ground.send(OFFER, *await ground.people(5), at=sunday)
    await ground.refresh()
    assert await weeks(ground) == [Cell(MONDAY - timedelta(days=7), ALL, ALL, 10, 10, 10)]


async def test_weeks_that_are_over_stay_when_their_screenings_go(
    ground: Ground, standing_clock: MovableClock
) -> None:
    await ground.send(OFFER, *await ground.people(5))
    await ground.refresh()
    standing_clock.advance(days=21)
    await ground.rows("DELETE FROM screening")
    await ground.refresh(standing_clock())
    assert await weeks(ground) == [Cell(MONDAY, ALL, ALL, 5, 5, 5)]


async def test_a_wave_is_seen_over_time(ground: Ground, standing_clock: MovableClock) -> None:
    start = standing_clock()
    for day, count in enumerate((2, 3, 4)):
        standing_clock.moment = start + timedelta(days=day)
        await ground.send(OFFER, *await ground.people(count))
        await ground.refresh(standing_clock())
    await ground.send(KHON_KAEN, *await ground.people(2))
    await ground.refresh(standing_clock())
    async with ground.database.unit_of_work() as session:
        connection = await driver_connection(session)
        [wave] = await list_waves(connection, standing_clock())
        course = await course_of(connection, wave.id)
    assert (wave.senders, wave.recent, wave.kind, wave.band) == (9, 9, "scam_centre", "danger")
    assert course == [(MONDAY + timedelta(days=n), count) for n, count in enumerate((2, 3, 4))]


async def test_who_is_new_counts_in_a_wave_a_day_later(ground: Ground, standing_clock: MovableClock) -> None:
    await ground.send(OFFER, *await ground.people(3, known=timedelta(0)))
    await ground.refresh(standing_clock())
    assert await ground.value("SELECT count(*) FROM wave_day") == 0
    standing_clock.advance(days=1, minutes=1)
    await ground.refresh(standing_clock())
    assert await ground.value("SELECT senders FROM wave") == 3


async def test_two_workers_do_not_count_at_once(ground: Ground, standing_clock: MovableClock) -> None:
    async with ground.database.unit_of_work() as one, ground.database.unit_of_work() as other:
        assert await refresh_radar(await driver_connection(one), standing_clock())
        assert not await refresh_radar(await driver_connection(other), standing_clock())


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (4, 0), (5, 5), (9, 5), (37, 35)])
def test_figures_are_rounded_down_to_fives(count: int, shown: int) -> None:
    assert floored(count) == shown
