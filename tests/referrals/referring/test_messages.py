import asyncio
from uuid import UUID

import pytest
import sqlalchemy as sa

from core.errors import NotFoundError
from core.ids import new_id
from referrals.agencies.pairings import end_pairing, pair
from referrals.referring.answering import accept, decline, finish
from referrals.referring.errors import NamesSomebodyError, OneWayError, OverError, WordsLengthError
from referrals.referring.finding import Party
from referrals.referring.messages import Message, read_thread, write
from referrals.referring.models import AgencyMessage
from referrals.referring.reading import count_inbox, inbox, of_case
from tests.conftest import MovableClock
from tests.referrals.referring.conftest import Scene


@pytest.fixture
async def accepted(scene: Scene) -> UUID:
    """A request that the police took on, and may write back about."""
    async with scene.database.unit_of_work() as session:
        await pair(session, None, scene.agencies["police"], by=scene.boon)
    request_id = await scene.send()
    await scene.do(accept, request_id, scene.officer("police"))
    return request_id


async def _thread(scene: Scene, request_id: UUID, party: Party) -> list[Message]:
    return await scene.do(read_thread, request_id, party)  # type: ignore[return-value]


async def test_each_side_sees_its_own_people_and_when_the_other_read_it(
    scene: Scene, accepted: UUID, standing_clock: MovableClock
) -> None:
    krit = scene.officer("police")
    await scene.do(write, accepted, scene.staff, text="มีล่ามไหมคะ")
    await scene.do(write, accepted, krit, text="มีครับ พรุ่งนี้เช้า")
    async with scene.database.unit_of_work() as session:
        assert [line.unread for line in await inbox(session, krit.agency_id, box="working")] == [1]
        assert [one.unread for one in await of_case(session, scene.keys, scene.staff)] == [1]
    standing_clock.advance(minutes=3)
    seen = await _thread(scene, accepted, krit)
    assert [(one.side, one.is_own, one.who, one.text) for one in seen] == [
        ("hotline", False, "", "มีล่ามไหมคะ"), ("agency", True, "police", "มีครับ พรุ่งนี้เช้า"),
    ]  # fmt: skip
    mine = await _thread(scene, accepted, scene.staff)
    assert [(one.is_own, one.who) for one in mine] == [(True, "Anong"), (False, "")]
    assert mine[0].read_at == standing_clock.moment
    async with scene.database.unit_of_work() as session:
        assert [line.unread for line in await inbox(session, krit.agency_id, box="working")] == [0]
    assert ("agency_wrote", scene.case) in await scene.told(scene.anong)
    assert ("agency_message", None) in await scene.told(scene.officers["police"])


async def test_names_are_kept_out_going_and_marked_coming(scene: Scene, accepted: UUID) -> None:
    with pytest.raises(NamesSomebodyError):
        await scene.do(write, accepted, scene.staff, text="โทรหาเธอที่ 081-234-5678")
    await scene.do(write, accepted, scene.staff, text="เบอร์สถานี 0 2123 4567", looked_through=True)
    await scene.do(write, accepted, scene.officer("police"), text="พบ นางสาวมาลี แล้ว")
    assert [one.names_somebody for one in await _thread(scene, accepted, scene.staff)] == [True, True]


async def test_pressing_twice_writes_once(scene: Scene, accepted: UUID, standing_clock: MovableClock) -> None:
    form_id = new_id()
    krit = scene.officer("police")
    await asyncio.gather(*(scene.do(write, accepted, krit, text="รับทราบ", form_id=form_id) for _ in range(2)))
    assert len(await _thread(scene, accepted, krit)) == 1
    standing_clock.advance(minutes=5)
    await scene.do(write, accepted, krit, text="รับทราบ", form_id=form_id)
    assert len(await _thread(scene, accepted, krit)) == 1


async def test_a_form_that_lay_open_is_written_last(
    scene: Scene, accepted: UUID, standing_clock: MovableClock
) -> None:
    form_id = new_id()
    standing_clock.advance(minutes=5)
    await scene.do(write, accepted, scene.staff, text="ก่อน")
    standing_clock.advance(minutes=5)
    await scene.do(write, accepted, scene.staff, text="หลัง", form_id=form_id)
    assert [one.text for one in await _thread(scene, accepted, scene.staff)] == ["ก่อน", "หลัง"]


async def test_an_agency_paired_one_way_only_answers(scene: Scene, accepted: UUID) -> None:
    async with scene.database.unit_of_work() as session:
        await end_pairing(session, scene.agencies["police"], None, both=False)
    with pytest.raises(OneWayError):
        await scene.do(write, accepted, scene.officer("police"), text="รับทราบ")
    await scene.do(finish, accepted, scene.officer("police"), outcome="helped")
    # The question afterwards.
    await scene.do(write, accepted, scene.staff, text="ขอบคุณค่ะ")


async def test_what_is_over_is_neither_written_to_nor_read_by_the_agency(scene: Scene) -> None:
    request_id, krit = await scene.send(), scene.officer("police")
    await scene.do(write, request_id, scene.staff, text="ด่วนค่ะ")
    await scene.do(decline, request_id, krit, reason="no_capacity")
    for party in (krit, scene.staff):
        with pytest.raises(OverError):
            await scene.do(write, request_id, party, text="x")
    assert await _thread(scene, request_id, krit) == []
    assert len(await _thread(scene, request_id, scene.staff)) == 1


async def test_it_belongs_to_the_two_sides_alone_and_is_sealed(scene: Scene, accepted: UUID) -> None:
    await scene.do(write, accepted, scene.officer("police"), text="ความลับของเคส")
    for text in ("", " ", "ก" * 2001):
        with pytest.raises(WordsLengthError):
            await scene.do(write, accepted, scene.staff, text=text)
    with pytest.raises(NotFoundError):
        await _thread(scene, accepted, scene.officer("msdhs"))
    with pytest.raises(NotFoundError):
        await scene.do(write, accepted, scene.officer("msdhs"), text="x")
    async with scene.database.unit_of_work() as session:
        raw = await session.scalar(sa.select(sa.cast(AgencyMessage.body, sa.LargeBinary)))
        assert "ความลับ".encode() not in bytes(raw or b"")
        # Another agency's inbox knows nothing of it.
        assert await count_inbox(session, scene.agencies["msdhs"]) == {"waiting": 0, "working": 0, "ended": 0}
        assert await count_inbox(session, scene.agencies["police"]) == {
            "waiting": 0,
            "working": 1,
            "ended": 0,
        }
