from datetime import timedelta
from uuid import UUID

import pytest

from core.accounts.guessing import SlowDownError
from core.clock import utc_now
from core.db.database import Database
from core.errors import NotFoundError
from core.ids import new_id
from referrals.agencies.models import Agency, AgencyProgram
from referrals.agencies.programs import (
    LONGEST_NAME,
    MOST_PROGRAMS,
    PROGRAM_SCOPES,
    ProgramNameError,
    ProgramScopesError,
    TooManyProgramsError,
    find_program,
    is_secret_of,
    list_programs,
    make_program,
    revoke_program,
)
from referrals.agencies.tokens import BURST, LIFE, PER_MINUTE, keep_pace, keep_token, new_token, read_token
from tests.conftest import MovableClock


@pytest.fixture
async def agency_id(database: Database, standing_clock: MovableClock) -> UUID:
    agency_id, now = new_id(), utc_now()
    async with database.unit_of_work() as session:
        session.add(
            Agency(
                id=agency_id, code="court", kind="court", name_th="ศาล", name_en="Court", template="court", basis="MOU",
                created_at=now, changed_at=now,
            )
        )  # fmt: skip
    return agency_id


async def test_a_program_is_found_by_its_name_and_known_by_its_secret(
    database: Database, agency_id: UUID
) -> None:
    async with database.unit_of_work() as session:
        made = await make_program(
            session, agency_id, name="  e-Court \n", scopes=["messages.write", "cases.read"], by_account=None, now=utc_now()
        )  # fmt: skip
        program = await find_program(session, made.client_id)
    assert program is not None
    assert (program.name, program.scopes, program.is_sandbox) == (
        "e-Court",
        ["cases.read", "messages.write"],
        False,
    )
    assert is_secret_of(program, made.secret)
    assert not is_secret_of(program, made.secret + "x")
    assert not is_secret_of(program, "\ud800")
    async with database.unit_of_work() as session:
        assert await find_program(session, made.client_id + "x") is None
        assert await find_program(session, "rootan-\0") is None


async def test_what_makes_no_program_is_refused(database: Database, agency_id: UUID) -> None:
    now = utc_now()
    async with database.unit_of_work() as session:
        for name in ("", " ", "x" * (LONGEST_NAME + 1), "a\u202eb"):
            with pytest.raises(ProgramNameError):
                await make_program(
                    session, agency_id, name=name, scopes=["cases.read"], by_account=None, now=now
                )
        for scopes in ([], ["everything"], ["cases.read", "audit.read"]):
            with pytest.raises(ProgramScopesError):
                await make_program(session, agency_id, name="a", scopes=scopes, by_account=None, now=now)
        with pytest.raises(NotFoundError):
            await make_program(session, new_id(), name="a", scopes=["cases.read"], by_account=None, now=now)
        for _ in range(MOST_PROGRAMS):
            await make_program(session, agency_id, name="a", scopes=["cases.read"], by_account=None, now=now)
        with pytest.raises(TooManyProgramsError):
            await make_program(session, agency_id, name="a", scopes=["cases.read"], by_account=None, now=now)


async def test_a_revoked_program_and_its_tokens_open_nothing(database: Database, agency_id: UUID) -> None:
    now, token = utc_now(), new_token()
    async with database.unit_of_work() as session:
        made = await make_program(
            session, agency_id, name="a", scopes=PROGRAM_SCOPES, by_account=None, now=now
        )
        program = await session.get_one(AgencyProgram, made.id)
        await keep_token(session, program, token, ["cases.read"], now=now)
        holder = await read_token(session, token, now=now)
        assert holder is not None
        assert (holder.agency_kind, holder.scopes) == ("court", {"cases.read"})
        assert await read_token(session, token, now=now + LIFE) is None
        assert await read_token(session, new_token(), now=now) is None
        with pytest.raises(NotFoundError):
            await revoke_program(session, new_id(), made.id, now=now)
        await revoke_program(session, agency_id, made.id, now=now)
        assert await read_token(session, token, now=now) is None
        assert await find_program(session, made.client_id) is None
        with pytest.raises(NotFoundError):
            await revoke_program(session, agency_id, made.id, now=now)
        assert await list_programs(session, agency_id) == []
        assert [one.id for one in await list_programs(session, agency_id, with_revoked=True)] == [made.id]


async def test_a_program_that_calls_too_often_is_told_when_to_come_back(
    database: Database, agency_id: UUID
) -> None:
    now = utc_now()
    async with database.unit_of_work() as session:
        made = await make_program(
            session, agency_id, name="a", scopes=["cases.read"], by_account=None, now=now
        )
        for _ in range(BURST):
            await keep_pace(session, made.id, now=now)
        with pytest.raises(SlowDownError) as slow:
            await keep_pace(session, made.id, now=now)
        assert slow.value.seconds == 1
        await keep_pace(session, made.id, now=now + timedelta(minutes=1) / PER_MINUTE)
