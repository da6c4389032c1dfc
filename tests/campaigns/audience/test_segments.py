from uuid import UUID

import pytest

from campaigns.audience.bounds import AudienceError
from campaigns.audience.segments import (
    SegmentNameError,
    SegmentNameTakenError,
    list_segments,
    read_segment,
    remove_segment,
    save_segment,
)
from campaigns.plans.audience import Audience, SeenRule, TagRule
from core.errors import NotFoundError
from core.ids import new_id
from tests.campaigns.audience.crowd import Crowd

TRAINED = Audience(include=(TagRule(tags=("อบรม",)),), holdout=10)


async def save(crowd: Crowd, name: str, audience: Audience = TRAINED, by: UUID | None = None) -> UUID:
    author = by or await crowd.author()
    async with crowd.database.unit_of_work() as session:
        return await save_segment(session, name=name, audience=audience, author_id=author)


async def test_an_audience_is_found_again_under_its_name(crowd: Crowd) -> None:
    segment = await save(crowd, "  คนที่ \n อบรมแล้ว ")
    await save(crowd, "กลุ่มอื่น")
    async with crowd.database.unit_of_work() as session:
        seen = await read_segment(session, segment)
        assert (seen.name, seen.audience) == ("คนที่ อบรมแล้ว", TRAINED)
        assert [one.name for one in await list_segments(session)] == ["กลุ่มอื่น", "คนที่ อบรมแล้ว"]


async def test_a_name_is_taken_once_and_free_again_when_it_was_removed(crowd: Crowd) -> None:
    segment = await save(crowd, "อบรม")
    with pytest.raises(SegmentNameTakenError):
        await save(crowd, "อบรม")
    async with crowd.database.unit_of_work() as session:
        await remove_segment(session, segment)
    await save(crowd, "อบรม")
    async with crowd.database.unit_of_work() as session:
        with pytest.raises(NotFoundError):
            await remove_segment(session, segment)
        with pytest.raises(NotFoundError):
            await read_segment(session, new_id())


@pytest.mark.parametrize("name", ["", " \n", "ก" * 61, "a\0b"])
async def test_a_name_out_of_bounds_is_refused(crowd: Crowd, name: str) -> None:
    with pytest.raises(SegmentNameError):
        await save(crowd, name)


async def test_an_audience_that_cannot_be_looked_up_is_not_saved(crowd: Crowd) -> None:
    with pytest.raises(AudienceError):
        await save(crowd, "x", Audience(include=(SeenRule(days=0),)))


async def test_a_rule_of_an_older_form_hides_no_other_segment(crowd: Crowd) -> None:
    old = await save(crowd, "เก่า")
    await save(crowd, "ใหม่")
    await crowd.run(
        'UPDATE segment SET rule = \'{"include": [{"type": "horoscope"}]}\' WHERE id = :id', id=old
    )
    async with crowd.database.unit_of_work() as session:
        assert [(one.name, one.audience) for one in await list_segments(session)] == [
            ("เก่า", None), ("ใหม่", TRAINED),
        ]  # fmt: skip
