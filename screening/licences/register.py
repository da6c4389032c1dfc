"""Replacing the register of licensed recruiters in one transaction, and saying which one is in force."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.audit.chain import record_audit
from core.clock import bangkok, utc_now
from core.db.database import driver_connection
from core.errors import InvalidInputError
from core.ids import new_id
from screening.licences.names import grams_of
from screening.licences.reading import Line, RegisterFile
from screening.models import LicenceRegister

# Any constant will do; two imports at once wait for each other on it.
_LOCK = 0x4C6963656E6365


class RegisterInForce(msgspec.Struct, frozen=True):
    """The register that look-ups answer from."""

    as_of: date
    rows: int
    imported_at: datetime


async def replace_register(
    session: AsyncSession, register: RegisterFile, *, as_of: date, by: UUID | None = None
) -> RegisterInForce:
    """Put a register in force in the place of the one before; readers see the one or the other, never a mixture.

    Raises InvalidInputError for a date to come.
    """
    now = utc_now()
    if as_of > bangkok(now).date():
        raise InvalidInputError("the as-of date lies in the future")
    connection = await driver_connection(session)
    await connection.execute("SELECT pg_advisory_xact_lock($1)", _LOCK)
    await connection.execute("DELETE FROM licensed_recruiter")
    entry = LicenceRegister(
        id=new_id(), as_of=as_of, rows=len(register.lines), digest=register.digest, imported_at=now
    )
    session.add(entry)
    await session.flush()
    await _copy(connection, entry.id, register.lines)
    await record_audit(
        session, actor_id=by, action="licences.import", object_kind="licence_register", object_id=entry.id
    )
    return RegisterInForce(as_of, len(register.lines), now)


async def _copy(connection: Any, register_id: UUID, lines: list[Line]) -> None:
    named = [(new_id(), line, grams_of(line.company)) for line in lines]
    await connection.copy_records_to_table(
        "licensed_recruiter",
        records=[
            (i, register_id, x.number, x.key, x.company, len(grams), x.expires_on) for i, x, grams in named
        ],
        columns=["id", "register_id", "number", "number_key", "company", "name_grams", "expires_on"],
    )
    await connection.copy_records_to_table(
        "licence_gram",
        records=[(gram, i) for i, _, grams in named for gram in sorted(grams)],
        columns=["gram", "recruiter_id"],
    )


async def register_in_force(session: AsyncSession) -> RegisterInForce | None:
    row = await session.scalar(
        sa.select(LicenceRegister)
        .order_by(LicenceRegister.imported_at.desc(), LicenceRegister.id.desc())
        .limit(1)
    )
    return None if row is None else RegisterInForce(row.as_of, row.rows, row.imported_at)
