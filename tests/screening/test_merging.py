"""Waves that staff find to be one: grouped on the radar, undone without loss, and never told to citizens as larger."""

from datetime import timedelta
from uuid import UUID

import pytest

from core.accounts.models import Account
from core.clock import bangkok, utc_now
from core.db.database import driver_connection
from core.errors import NotFoundError
from core.ids import new_id
from screening.labels.merging import (
    BadNameError,
    WaveMergedError,
    merge_waves,
    name_wave,
    part_wave,
    read_wave,
)
from screening.radar import WaveOnRadar, course_of, list_waves, new_handles, weeks_of
from tests.screening.conftest import OFFER, OTHER_OFFER, Ground, mask

THIRD = "งานกดไลก์ออนไลน์ รายได้วันละ 1,500 บาท ไม่ต้องมีประสบการณ์ จ่ายสดทุกวัน ทักไลน์ @likeboss"


@pytest.fixture
async def officer(ground: Ground) -> Account:
    return await ground.member("hotline_officer")


async def waves(ground: Ground, *sent: tuple[str, int]) -> list[UUID]:
    found = []
    for text, count in sent:
        [offer, *_] = await ground.send(text, *await ground.people(count))
        found.append(await ground.value("SELECT wave_id FROM screening WHERE id = $1", offer))
    await ground.refresh()
    return found


async def radar(ground: Ground) -> list[WaveOnRadar]:
    async with ground.database.unit_of_work() as session:
        return list(await list_waves(await driver_connection(session), utc_now()))


async def merge(ground: Ground, by: Account, wave: UUID, into: UUID) -> None:
    async with ground.database.unit_of_work() as session:
        await merge_waves(session, wave, into=into, by=by)


async def test_merged_waves_are_one_on_the_radar_and_two_again_when_parted(
    ground: Ground, officer: Account
) -> None:
    one, other = await waves(ground, (OFFER, 4), (OTHER_OFFER, 3))
    before = await radar(ground)
    assert [(w.id, w.recent, w.parts) for w in before] == [(one, 4, 1), (other, 3, 1)]
    await merge(ground, officer, one, other)
    [merged] = await radar(ground)
    assert (merged.id, merged.recent, merged.senders, merged.parts) == (other, 7, 7, 2)
    async with ground.database.unit_of_work() as session:
        connection = await driver_connection(session)
        today = bangkok(utc_now()).date()
        monday = today - timedelta(days=today.weekday())
        assert await course_of(connection, other) == [(today, 7)]
        assert await weeks_of(connection, [other], monday) == {other: {monday: 7}}
        [part] = (await read_wave(session, other, by=officer)).parts
        assert (part.id, part.senders, part.merged_by) == (one, 4, officer.name)
        await part_wave(session, other, part=one, by=officer)
    assert await radar(ground) == before


async def test_a_merge_makes_nothing_larger_for_citizens(ground: Ground, officer: Account) -> None:
    asker = await ground.person()
    one, other = await waves(ground, (OFFER, 4), (OTHER_OFFER, 3))
    before = await ground.similar(OFFER, asker)
    await merge(ground, officer, other, one)
    assert await ground.similar(OFFER, asker) == before == 4


async def test_what_was_merged_goes_along_into_the_next(ground: Ground, officer: Account) -> None:
    one, other, third = await waves(ground, (OFFER, 3), (OTHER_OFFER, 3), (THIRD, 3))
    await merge(ground, officer, one, other)
    await merge(ground, officer, other, third)
    [merged] = await radar(ground)
    assert (merged.id, merged.parts) == (third, 3)


async def test_a_part_is_merged_no_further_and_nothing_into_itself(ground: Ground, officer: Account) -> None:
    one, other, third = await waves(ground, (OFFER, 3), (OTHER_OFFER, 3), (THIRD, 3))
    await merge(ground, officer, one, other)
    for wave, into in ((one, third), (third, one), (other, one), (third, third)):
        with pytest.raises(WaveMergedError):
            await merge(ground, officer, wave, into)
    with pytest.raises(NotFoundError):
        await merge(ground, officer, third, new_id())
    async with ground.database.unit_of_work() as session:
        with pytest.raises(NotFoundError):
            await part_wave(session, third, part=one, by=officer)


async def test_a_name_says_what_and_never_who(ground: Ground, officer: Account) -> None:
    [one] = await waves(ground, (OFFER, 3))
    async with ground.database.unit_of_work() as session:
        await name_wave(session, one, "  แอดมิน   ปอยเปต ", by=officer, mask=mask)
        for bad in ("ทักไลน์ @canaryboss", "โทร 0891234567", "ก" * 61):
            with pytest.raises(BadNameError):
                await name_wave(session, one, bad, by=officer, mask=mask)
    [wave] = await radar(ground)
    assert wave.name == "แอดมิน ปอยเปต"
    async with ground.database.unit_of_work() as session:
        await name_wave(session, one, " ", by=officer, mask=mask)
        assert (await read_wave(session, one, by=officer)).name == ""


async def test_new_handles_are_counted_by_week_and_kind(ground: Ground) -> None:
    await waves(ground, (OFFER, 3))
    today = bangkok(utc_now()).date()
    async with ground.database.unit_of_work() as session:
        found = await new_handles(await driver_connection(session), utc_now() - timedelta(days=30))
    assert found == {today - timedelta(days=today.weekday()): {"line_id": 1, "phone": 1}}
