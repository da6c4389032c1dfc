"""What an offer is told of the register: the number exactly, the name nearly, and as of which day."""

from datetime import date
from pathlib import Path

import pytest

from core.errors import InvalidInputError
from screening.licences.reading import read_register
from screening.licences.register import RegisterInForce, register_in_force, replace_register
from screening.standing import LicenceMatch
from tests.conftest import MovableClock
from tests.screening.conftest import Ground

SAMPLE = (Path(__file__).parents[3] / "docs" / "samples" / "licences-fictional.csv").read_bytes()
AS_OF = date(2026, 11, 1)
OFFER = "รับคนไปทำงานไต้หวัน เงินเดือน 30,000 บาท {} โทร 0891234567"


async def put(ground: Ground, data: bytes = SAMPLE, as_of: date = AS_OF) -> RegisterInForce:
    async with ground.database.unit_of_work() as session:
        return await replace_register(session, read_register(data), as_of=as_of)


async def told(ground: Ground, claim: str) -> tuple[LicenceMatch, ...]:
    return (await ground.ask(OFFER.format(claim))).standing.licences


@pytest.fixture(autouse=True)
def now(standing_clock: MovableClock) -> MovableClock:
    return standing_clock


async def test_without_a_register_nothing_is_said(ground: Ground) -> None:
    assert await told(ground, "ใบอนุญาตเลขที่ น.988/2543") == ()


async def test_a_number_is_found_exactly_with_company_and_day(ground: Ground) -> None:
    await put(ground)
    [match] = await told(ground, "ใบอนุญาตเลขที่ ตย.1/2599")
    assert (match.how, match.number, match.as_of) == ("number", "ตย.1/2599", AS_OF)
    assert (match.company, match.expired) == ("บริษัท จัดหางาน ตัวอย่างสมมติ หนึ่ง จำกัด", False)


async def test_a_number_without_its_letters_is_found_too(ground: Ground) -> None:
    await put(ground)
    [match] = await told(ground, "ใบอนุญาตเลขที่ 3/2599")
    assert (match.how, match.company) == ("number", "ห้างหุ้นส่วนจำกัด ฟ้าครามในนิทาน")


async def test_a_number_that_does_not_stand_there_is_said_to_be_unknown(ground: Ground) -> None:
    await put(ground)
    [match] = await told(ground, "ใบอนุญาตเลขที่ ตย.11/2599")
    assert (match.how, match.claimed, match.company) == ("unknown_number", "ตย.11/2599", "")


async def test_an_expired_licence_is_said_to_be(ground: Ground) -> None:
    await put(ground)
    [match] = await told(ground, "ใบอนุญาตเลขที่ ตย.4/2560")
    assert (match.how, match.expired) == ("number", True)


async def test_a_like_name_is_found_and_said_to_be_only_like(ground: Ground) -> None:
    await put(ground)
    [match] = await told(ground, "บริษัท นายหน้าสมมุตไม่มีจริง จำกัด")
    assert (match.how, match.number) == ("name", "ตย.2/2599")
    assert 0.7 <= match.likeness < 1


async def test_another_name_is_not_found(ground: Ground) -> None:
    await put(ground)
    assert await told(ground, "บริษัท รุ่งเรืองทรัพย์ทวี จำกัด") == ()


async def test_number_and_name_of_one_line_are_told_once(ground: Ground) -> None:
    await put(ground)
    both = "บริษัท นายหน้าสมมุติไม่มีจริง จำกัด ใบอนุญาตเลขที่ ตย.2/2599"
    assert [match.how for match in await told(ground, both)] == ["number"]


async def test_a_new_register_takes_the_place_of_the_old_one(ground: Ground) -> None:
    await put(ground)
    await put(ground, "number,company\nตย.9/2599,บริษัท ใหม่ในนิทาน จำกัด\n".encode(), date(2026, 11, 20))
    assert [m.how for m in await told(ground, "ใบอนุญาตเลขที่ ตย.1/2599")] == ["unknown_number"]
    [match] = await told(ground, "ใบอนุญาตเลขที่ ตย.9/2599")
    assert match.as_of == date(2026, 11, 20)
    async with ground.database.unit_of_work() as session:
        in_force = await register_in_force(session)
    assert in_force is not None
    assert (in_force.rows, in_force.as_of) == (1, date(2026, 11, 20))
    assert await ground.audited() == ["licences.import"] * 2


async def test_a_register_of_tomorrow_changes_nothing(ground: Ground) -> None:
    await put(ground)
    with pytest.raises(InvalidInputError, match="future"):
        await put(ground, as_of=date(2026, 11, 24))
    assert await ground.value("SELECT count(*) FROM licensed_recruiter") == 5
