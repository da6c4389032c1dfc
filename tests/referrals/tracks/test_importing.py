"""Files of steps by the rules of single steps: what is tried out leaves nothing, what is wrong takes nothing in."""

import contextlib
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from core.clock import bangkok, utc_now
from core.errors import InvalidInputError
from referrals.tracks.importing import FileFaultsError, Importer, Report, apply_file, check_file
from referrals.tracks.recording import By, NewStep
from tests.referrals.tracks.office import Office


@pytest.fixture
async def court(office: Office) -> By:
    return await office.agency("court")


def _file(case_id: UUID | None, *steps: str) -> bytes:
    day = bangkok(utc_now()).date().isoformat()
    lines = [f"{number},{case_id},{step.replace('TODAY', day)}" for number, step in enumerate(steps)]
    return "\n".join(
        ["outside_id,case,track,step,happened_on,amount,fund,note", *lines, f"#end,{len(lines)}"]
    ).encode()


async def _check(office: Office, by: By, content: bytes) -> Report:
    async with office.database.unit_of_work() as session:
        assert by.agency_id is not None
        return await check_file(
            session, office.keys, content, "csv", Importer(by.agency_id, "court"), now=utc_now()
        )


async def _apply(office: Office, by: By, content: bytes) -> Report:
    async with office.database.unit_of_work() as session:
        assert by.agency_id is not None
        return await apply_file(
            session, office.keys, content, "csv", Importer(by.agency_id, "court"), now=utc_now()
        )


async def _jobs(office: Office) -> int:
    async with office.database.unit_of_work() as session:
        return await session.scalar(sa.text("SELECT count(*) FROM pgqueuer")) or 0


async def test_what_is_tried_out_leaves_neither_steps_nor_jobs(office: Office, court: By) -> None:
    content = _file(
        court.agency_referral_id, "victim,protection_extended,TODAY,,,", "prosecution,trial,TODAY,,,",
    )  # fmt: skip
    report = await _check(office, court, content)
    assert [fault.code for fault in report.faults] == ["out_of_order", "out_of_order"]
    noted = _file(court.agency_referral_id, "compensation,side_ordered,TODAY,5,fund,โทร 0812345678")
    assert [fault.code for fault in (await _check(office, court, noted)).faults] == ["out_of_order"]
    assert await office.events() == []
    assert await _jobs(office) == 0


async def test_a_later_line_may_rest_on_an_earlier_one_and_all_stands_or_none(
    office: Office, court: By
) -> None:
    prosecutor = await office.agency("prosecutor")
    day = bangkok(utc_now()).date()
    claim = NewStep(step="claim_filed", track="compensation", happened_on=day, amount=100, fund="court")
    await office.tells(claim, prosecutor)
    good = _file(
        court.agency_referral_id, "compensation,ordered,TODAY,100,court,", "compensation,paid,TODAY,60,court,"
    )
    bad = _file(
        court.agency_referral_id, "compensation,ordered,TODAY,100,court,", "compensation,paid,TODAY,60,court,",
        "compensation,paid,TODAY,60,court,",
    )  # fmt: skip
    assert [(fault.line, fault.code) for fault in (await _check(office, court, bad)).faults] == [
        (4, "amount_over")
    ]
    with pytest.raises(FileFaultsError):
        await _apply(office, court, bad)
    assert len(await office.events()) == 1
    assert await _apply(office, court, good) == Report(2, 0, ())
    assert await _apply(office, court, good) == Report(0, 2, ())
    assert [event.source for event in await office.events()] == ["api", "import", "import"]
    assert (await office.standing()).paid == 60


async def test_no_file_breaks_the_taking(office: Office, court: By) -> None:
    """Whatever stands in it, it is refused with a code or told line by line."""
    found: list[bytes] = []

    @given(st.lists(st.text(alphabet='a1,"\n-é๑', max_size=40), max_size=4))
    def collect(lines: list[str]) -> None:
        found.append(
            "\n".join([*_file(None).decode().split("\n")[:1], *lines, f"#end,{len(lines)}"]).encode()
        )

    collect()
    for content in found[:25]:
        with contextlib.suppress(InvalidInputError):
            await _check(office, court, content)
    assert await office.events() == []
