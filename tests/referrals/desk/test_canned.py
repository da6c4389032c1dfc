from uuid import UUID

import pytest

from core.db.database import Database
from core.errors import InvalidInputError, NotFoundError
from core.messages.wording import never_said
from referrals.cases import LONGEST_ANSWER
from referrals.desk.canned import (
    LONGEST_BODY,
    CannedPlaceError,
    CannedTextError,
    drop_canned,
    list_canned,
    places,
    places_in,
    starter_set,
    write_canned,
)


def test_the_starter_set_uses_named_places_fits_an_answer_and_promises_nothing() -> None:
    answers = starter_set().answer
    assert {one.language for one in answers} == {"th", "en"}
    assert len({(one.language, one.title) for one in answers}) == len(answers)
    for one in answers:
        assert set(places_in(one.body)) <= set(starter_set().places[one.language]), one.title
        assert len(one.body) <= LONGEST_BODY <= LONGEST_ANSWER
        assert not never_said(one.body), one.title
        assert not any(word in one.body for word in ("ค้ามนุษย์", "แน่นอน", "รับรอง", "traffick")), one.title


async def test_staff_write_over_the_starter_set_and_take_from_it(database: Database, boon: UUID) -> None:
    title = starter_set().answer[0].title
    async with database.unit_of_work() as session:
        before = await list_canned(session)
        assert all(one.id is None for one in before)
        for body in ("แบบแรก", "แบบที่สอง {เวลา}"):
            await write_canned(session, boon, title=title, language="th", body=body)
        found = {one.title: one for one in await list_canned(session)}
        assert found[title].body == "แบบที่สอง {เวลา}"
        assert len(found) == len(before)
        await drop_canned(session, boon, title=title, language="th")
        untouched = before[1]
        await drop_canned(session, boon, title=untouched.title, language=untouched.language)
        left = {one.title for one in await list_canned(session)}
        assert {title, untouched.title}.isdisjoint(left)
        with pytest.raises(NotFoundError):
            await drop_canned(session, boon, title=title, language="th")
        await write_canned(session, boon, title=title, language="th", body="กลับมา")
        assert title in {one.title for one in await list_canned(session)}


@pytest.mark.parametrize(
    ("title", "language", "body", "error"),
    [
        ("", "th", "x", CannedTextError),
        ("ชื่อ", "th", " ", CannedTextError),
        ("ชื่อ", "th", "ก" * (LONGEST_BODY + 1), CannedTextError),
        ("ชื่อ", "th", "โทร {เบอร์ลับ}", CannedPlaceError),
        ("ชื่อ", "th", "โทร {เวลา", CannedPlaceError),
        ("ชื่อ", "my", "x", InvalidInputError),
    ],
)
async def test_what_could_not_be_filled_or_read_is_refused(
    database: Database, boon: UUID, title: str, language: str, body: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        async with database.unit_of_work() as session:
            await write_canned(session, boon, title=title, language=language, body=body)
    assert "เวลา" in places()
