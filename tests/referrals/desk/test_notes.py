from itertools import product
from uuid import UUID

import pytest
import sqlalchemy as sa

from core.clock import utc_now
from core.crypto.data_keys import DataKeys, destroy_data_key
from core.db.database import Database, driver_connection
from core.errors import InvalidInputError, NotFoundError
from core.ids import new_id
from referrals.desk.models import ReferralNote
from referrals.desk.notes import (
    LEVELS,
    LONGEST_NOTE,
    NoteLengthError,
    levels_for,
    read_notes,
    reader_of,
    withdraw_note,
    write_note,
)
from referrals.models import Referral
from referrals.receipts import track
from referrals.teams.models import Team, TeamMember
from tests.referrals.conftest import Refer

# Who reads which level, as the table of the issue says.
MATRIX = {
    "person": {"citizen"},
    "partner": {"citizen", "partners"},
    "team": {"citizen", "partners", "team"},
    "case": {"citizen", "partners", "team"},
    "nobody": set(),
}


@pytest.fixture
async def dao(refer: Refer) -> UUID:
    return await refer("Dao", words="ช่วยด้วย")


async def write(
    database: Database,
    keys: DataKeys,
    referral_id: UUID,
    account: UUID,
    level: str,
    text: str,
    form_id: UUID | None = None,
) -> UUID:
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, referral_id)
        return await write_note(
            session, keys, referral, account_id=account, level=level, text=text, form_id=form_id or new_id()
        )


async def texts(
    database: Database, keys: DataKeys, referral_id: UUID, account: UUID | None, readers: frozenset[str]
) -> list[str | None]:
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, referral_id)
        notes = await read_notes(session, keys, referral, account, readers)  # type: ignore[arg-type]
        return [note.text for note in notes]


@pytest.mark.parametrize(("reader", "level"), list(product(MATRIX, LEVELS)))
def test_each_level_is_read_by_those_it_names_and_nobody_else(reader: str, level: str) -> None:
    readers = frozenset() if reader == "nobody" else frozenset({reader})
    assert (level in levels_for(readers)) == (level in MATRIX[reader])  # type: ignore[arg-type]


async def test_of_stored_notes_each_reader_gets_theirs(
    database: Database, keys: DataKeys, dao: UUID, anong: UUID, boon: UUID
) -> None:
    for level in LEVELS:
        await write(database, keys, dao, anong, level, f"note {level}")
    for reader, levels in MATRIX.items():
        readers = frozenset() if reader == "nobody" else frozenset({reader})
        assert set(await texts(database, keys, dao, boon, readers)) == {f"note {level}" for level in levels}
    assert len(await texts(database, keys, dao, anong, frozenset())) == 4


async def test_the_team_of_the_report_and_whoever_may_read_it_are_readers(
    database: Database, keys: DataKeys, dao: UUID, anong: UUID, boon: UUID
) -> None:
    async with database.unit_of_work() as session:
        team = Team(id=new_id(), name="เหนือ", created_at=utc_now())
        session.add(team)
        await session.flush()
        session.add(TeamMember(team_id=team.id, account_id=boon))
        referral = await session.get_one(Referral, dao)
        referral.team_id = team.id
        await session.flush()
        assert await reader_of(session, referral, boon, reads_words=False) == {"team"}
        assert await reader_of(session, referral, anong, reads_words=False) == frozenset()
        assert await reader_of(session, referral, anong, reads_words=True) == {"case"}


async def test_a_form_pressed_twice_writes_one_note(
    database: Database, keys: DataKeys, dao: UUID, anong: UUID, boon: UUID
) -> None:
    form_id = new_id()
    for _ in range(2):
        await write(database, keys, dao, anong, "team", "ครั้งเดียว", form_id)
    assert await texts(database, keys, dao, anong, frozenset()) == ["ครั้งเดียว"]
    with pytest.raises(NotFoundError):
        await write(database, keys, dao, boon, "team", "ของคนอื่น", form_id)


@pytest.mark.parametrize(
    ("level", "text", "error"),
    [
        ("team", "  ", NoteLengthError),
        ("team", "ก" * (LONGEST_NOTE + 1), NoteLengthError),
        ("all", "x", InvalidInputError),
    ],
)
async def test_a_note_without_words_or_level_is_refused(
    database: Database, keys: DataKeys, dao: UUID, anong: UUID, level: str, text: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        await write(database, keys, dao, anong, level, text)
    assert await texts(database, keys, dao, anong, frozenset()) == []


async def test_a_withdrawn_note_leaves_no_words_and_only_its_writer_withdraws_it(
    database: Database, keys: DataKeys, refer: Refer, dao: UUID, anong: UUID, boon: UUID
) -> None:
    note = await write(database, keys, dao, anong, "citizen", "ขอเวลาสองวัน")
    elsewhere = await refer("Ek")
    for referral_id, account in ((dao, boon), (elsewhere, anong)):
        with pytest.raises(NotFoundError):
            async with database.unit_of_work() as session:
                await withdraw_note(session, referral_id, note, account)
    async with database.unit_of_work() as session:
        await withdraw_note(session, dao, note, anong)
    async with database.unit_of_work() as session:
        row = await session.get_one(ReferralNote, note)
        assert row.body is None
        assert row.withdrawn_at is not None
    assert await texts(database, keys, dao, boon, frozenset({"case"})) == [None]


async def test_the_person_reads_notes_meant_for_them_and_no_other(
    database: Database, keys: DataKeys, dao: UUID, anong: UUID
) -> None:
    for level in LEVELS:
        await write(database, keys, dao, anong, level, f"note {level}")
    gone = await write(database, keys, dao, anong, "citizen", "ถอนแล้ว")
    async with database.unit_of_work() as session:
        await withdraw_note(session, dao, gone, anong)
        referral = await session.get_one(Referral, dao)
        found = await track(
            await driver_connection(session), keys, source=b"source", code="Dao", identity_id=referral.identity_id,
            now=utc_now(),
        )  # fmt: skip
    assert [one.text for one in found.answers] == ["note citizen"]


async def test_notes_are_sealed_and_gone_with_the_case(
    database: Database, keys: DataKeys, dao: UUID, anong: UUID
) -> None:
    await write(database, keys, dao, anong, "team", "คานารี่ในบันทึก")
    async with database.unit_of_work() as session:
        raw = str((await session.execute(sa.text("SELECT n::text FROM referral_note n"))).all())
        assert "คานารี่ในบันทึก".encode().hex() not in raw
        referral = await session.get_one(Referral, dao)
        await destroy_data_key(session, referral.data_key_id)
    assert await texts(database, keys, dao, anong, frozenset({"case"})) == [None]
