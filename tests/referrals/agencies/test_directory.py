from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from core.db.database import Database
from core.errors import NotFoundError
from core.ids import new_id
from referrals.agencies.directory import (
    CodeTakenError,
    add_agency,
    change_agency,
    close_agency,
    read_agencies,
    read_agency,
)
from referrals.agencies.pairings import may_refer, pair
from referrals.agencies.particulars import ParticularsError
from tests.referrals.agencies.conftest import POLICE


async def test_it_keeps_what_staff_wrote_down_and_their_changes(database: Database, boon: UUID) -> None:
    said = replace(POLICE, province="province:TH-50", basis_until=date(2027, 9, 30), phone="0 2123 4567")
    async with database.unit_of_work() as session:
        agency_id = await add_agency(session, "police-cm", said, by=boon)
        assert (await read_agency(session, agency_id)).particulars == said
        changed = replace(said, name_en="Other", weekdays=(0, 5), answers_within=8)
        await change_agency(session, agency_id, changed)
    async with database.unit_of_work() as session:
        (one,) = await read_agencies(session, kind="police")
        assert (one.code, one.particulars, one.name("en"), one.name("th")) == (
            "police-cm", changed, "Other", "ตำรวจตัวอย่าง",
        )  # fmt: skip
        assert await read_agencies(session, kind="court") == []


async def test_a_code_is_of_one_agency_for_ever(database: Database, boon: UUID) -> None:
    async with database.unit_of_work() as session:
        agency_id = await add_agency(session, "police-cm", POLICE, by=boon)
        await close_agency(session, agency_id)
    with pytest.raises(CodeTakenError):
        async with database.unit_of_work() as session:
            await add_agency(session, "police-cm", POLICE, by=boon)


async def test_a_closed_agency_is_read_but_neither_listed_changed_nor_referred_to(
    database: Database, boon: UUID
) -> None:
    async with database.unit_of_work() as session:
        agency_id = await add_agency(session, "police-cm", POLICE, by=boon)
        await pair(session, None, agency_id, by=boon)
        await close_agency(session, agency_id)
        assert not await may_refer(session, None, agency_id)
        assert await read_agencies(session) == []
        assert [one.id for one in await read_agencies(session, with_closed=True)] == [agency_id]
        assert (await read_agency(session, agency_id)).closed_at is not None
        for change in (change_agency(session, agency_id, POLICE), close_agency(session, agency_id)):
            with pytest.raises(NotFoundError):
                await change
        with pytest.raises(NotFoundError):
            await read_agency(session, new_id())


@pytest.mark.parametrize(
    ("code", "said", "refused"),
    [
        ("X", POLICE, "agency_code"),
        ("police cm", POLICE, "agency_code"),
        ("ok", replace(POLICE, kind="army"), "agency_kind"),
        ("ok", replace(POLICE, name_th="  "), "agency_name"),
        ("ok", replace(POLICE, name_en="x" * 201), "agency_name"),
        ("ok", replace(POLICE, template="everything"), "agency_template"),
        ("ok", replace(POLICE, basis=""), "agency_basis"),
        ("ok", replace(POLICE, province="country:KH"), "agency_province"),
        ("ok", replace(POLICE, province="province:TH-99"), "agency_province"),
        ("ok", replace(POLICE, phone="call me"), "agency_phone"),
        ("ok", replace(POLICE, answers_within=0), "agency_answers_within"),
        ("ok", replace(POLICE, answers_within=241), "agency_answers_within"),
        ("ok", replace(POLICE, opens_minute=600, closes_minute=600), "agency_hours"),
        ("ok", replace(POLICE, closes_minute=1441), "agency_hours"),
        ("ok", replace(POLICE, weekdays=()), "agency_weekdays"),
        ("ok", replace(POLICE, weekdays=(7,)), "agency_weekdays"),
    ],
)
async def test_it_refuses_what_could_not_be_kept_and_names_the_field(
    database: Database, boon: UUID, code: str, said: object, refused: str
) -> None:
    async with database.unit_of_work() as session:
        with pytest.raises(ParticularsError) as error:
            await add_agency(session, code, said, by=boon)  # type: ignore[arg-type]
        assert error.value.code == refused
        assert await read_agencies(session) == []
