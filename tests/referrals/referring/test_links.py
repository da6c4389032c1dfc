import asyncio
from uuid import UUID

import pytest
import sqlalchemy as sa

from core.clock import utc_now
from core.errors import NotFoundError
from core.ids import new_id
from referrals.packets.sealing import PasswordError, new_password
from referrals.referring.answering import decline
from referrals.referring.errors import OverError
from referrals.referring.finding import ByHotline
from referrals.referring.links import (
    MOST_BYTES,
    MOST_TRIES,
    LinkHoursError,
    MadeLink,
    Opened,
    PacketSizeError,
    end_due_links,
    make_link,
    open_link,
    read_links,
    withdraw,
)
from referrals.referring.models import PacketLink
from referrals.referring.sending import recall
from tests.conftest import MovableClock
from tests.referrals.referring.conftest import Scene

PDF = b"%PDF-1.7 sealed by the code"
CODE = "abcd-efgh-jkmn-pqrs-tuvw"


async def _make(scene: Scene, request_id: UUID, **more: object) -> MadeLink:
    return await scene.do(make_link, request_id, scene.staff, **{"packet": PDF, "code": CODE} | more)  # type: ignore[return-value]


async def _open(scene: Scene, link: MadeLink | str, code: str = CODE) -> Opened:
    address = link if isinstance(link, str) else link.address
    return await scene.do(open_link, address, code)  # type: ignore[return-value]


async def _standing(scene: Scene, request_id: UUID) -> list[tuple[str | None, int]]:
    async with scene.database.unit_of_work() as session:
        return [(one.ended_for, one.tries) for one in await read_links(session, request_id, scene.staff)]


@pytest.fixture
async def request_id(scene: Scene) -> UUID:
    return await scene.send()


async def test_the_code_opens_it_once_and_staff_see_that_it_was_read(
    scene: Scene, request_id: UUID, standing_clock: MovableClock
) -> None:
    link = await _make(scene, request_id)
    assert (await _open(scene, link, " ABCD efgh-jkmnpqrs tuvw ")).packet == PDF
    assert await _open(scene, link) == Opened()
    assert (await scene.row(request_id)).read_at == standing_clock.moment
    assert await _standing(scene, request_id) == [("opened", 0)]
    assert await scene.told(scene.anong) == [("packet_opened", scene.case)]
    async with scene.database.unit_of_work() as session:
        assert (await session.scalars(sa.select(PacketLink.content))).all() == [None]


async def test_of_two_who_open_at_once_one_gets_it(scene: Scene, request_id: UUID) -> None:
    link = await _make(scene, request_id)
    found = await asyncio.gather(*(_open(scene, link) for _ in range(2)))
    assert sorted(one.packet is not None for one in found) == [False, True]


async def test_neither_address_nor_code_nor_packet_can_be_read_in_the_database(
    scene: Scene, request_id: UUID
) -> None:
    link = await _make(scene, request_id)
    assert len(link.address) >= 32
    async with scene.database.unit_of_work() as session:
        row = (await session.execute(sa.text("SELECT packet_link::text FROM packet_link"))).scalar_one()
    for secret in (link.address, CODE, PDF.hex()):
        assert secret not in row


async def test_wrong_codes_make_the_next_wait_and_end_it_at_last(
    scene: Scene, request_id: UUID, standing_clock: MovableClock
) -> None:
    link = await _make(scene, request_id)
    for _ in range(3):
        assert await _open(scene, link, new_password()) == Opened()
    waits = await _open(scene, link)
    assert (waits.packet, waits.wait > 0) == (None, True)
    for _ in range(MOST_TRIES - 3):
        standing_clock.advance(minutes=16)
        assert await _open(scene, link, new_password()) == Opened()
    standing_clock.advance(minutes=16)
    assert await _open(scene, link) == Opened()
    assert await _standing(scene, request_id) == [("guessed", MOST_TRIES)]
    assert ("packet_guessed", scene.case) in await scene.told(scene.anong)


async def test_a_guesser_at_one_address_slows_no_other(scene: Scene, request_id: UUID) -> None:
    first = await _make(scene, request_id)
    for _ in range(3):
        await _open(scene, first, new_password())
        await _open(scene, "nobodys-address", new_password())
    second = await _make(scene, request_id)
    assert (await _open(scene, second)).packet == PDF


async def test_it_expires_and_its_packet_goes(
    scene: Scene, request_id: UUID, standing_clock: MovableClock
) -> None:
    late = await _make(scene, request_id, hours=1)
    standing_clock.advance(hours=1)
    assert await _open(scene, late) == Opened()
    assert await _standing(scene, request_id) == [("expired", 0)]
    await _make(scene, request_id, hours=1)
    standing_clock.advance(hours=1)
    async with scene.database.unit_of_work() as session:
        assert await end_due_links(session, now=standing_clock.moment) == 1
        assert await end_due_links(session, now=standing_clock.moment) == 0
        assert set(await session.scalars(sa.select(PacketLink.content))) == {None}


async def test_it_is_withdrawn_by_hand_and_by_a_new_one(scene: Scene, request_id: UUID) -> None:
    first, second = await _make(scene, request_id), await _make(scene, request_id)
    assert await _open(scene, first) == Opened()
    async with scene.database.unit_of_work() as session:
        await withdraw(session, request_id, scene.staff, now=utc_now())
    assert await _open(scene, second) == Opened()
    assert await _standing(scene, request_id) == [("withdrawn", 0), ("withdrawn", 0)]


async def test_it_is_made_for_a_request_that_stands_by_who_works_on_the_case(
    scene: Scene, request_id: UUID
) -> None:
    for wrong, refused in (
        ({"code": "1234"}, PasswordError), ({"hours": 0}, LinkHoursError), ({"hours": 169}, LinkHoursError),
        ({"packet": bytes(MOST_BYTES + 1)}, PacketSizeError),
    ):  # fmt: skip
        with pytest.raises(refused):
            await _make(scene, request_id, **wrong)
    stranger = ByHotline(scene.case, new_id())
    with pytest.raises(NotFoundError):
        await scene.do(make_link, request_id, stranger, packet=PDF, code=CODE)
    await scene.do(decline, request_id, scene.officer("police"), reason="not_ours")
    with pytest.raises(OverError):
        await _make(scene, request_id)


async def test_it_opens_no_more_once_the_request_was_recalled_or_the_consent_taken_back(
    scene: Scene, request_id: UUID
) -> None:
    link = await _make(scene, request_id)
    await scene.agree("police", granted=False)
    assert await _open(scene, link) == Opened()
    with pytest.raises(OverError):
        await _make(scene, request_id)
    await scene.agree("police")
    await scene.do(recall, request_id, scene.staff, reason="not_needed")
    assert await _open(scene, link) == Opened()
    assert (await scene.row(request_id)).read_at is None
