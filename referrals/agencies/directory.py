"""The directory of agencies: who they are, what they may be given, when they answer, and under which agreement."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import regex
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import utc_now
from core.errors import ConflictError, NotFoundError
from core.ids import new_id
from referrals.agencies.models import Agency, AgencyPairing
from referrals.agencies.particulars import Particulars, ParticularsError, check

_CODE = regex.compile(r"[a-z][a-z0-9-]{1,39}")


class CodeTakenError(ConflictError):
    """Another agency has this code, perhaps one that was closed: programs know it by that."""

    code = "agency_code_taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedAgency(Particulars):
    """An agency as it stands in the directory; `code` never changes."""

    id: UUID
    code: str
    changed_at: datetime
    closed_at: datetime | None

    @property
    def particulars(self) -> Particulars:
        return Particulars(**{name: getattr(self, name) for name in _FIELDS})

    def name(self, language: str) -> str:
        return self.name_th if language == "th" else self.name_en


_FIELDS = tuple(Particulars.__dataclass_fields__)


async def add_agency(session: AsyncSession, code: str, said: Particulars, *, by: UUID) -> UUID:
    """Put an agency into the directory; nothing can be referred to it before it is paired with the hotline.

    Raises ParticularsError, CodeTakenError.
    """
    if not _CODE.fullmatch(code):
        raise ParticularsError("code", "a code has 2 to 40 of a-z, 0-9 and -, and begins with a letter")
    check(said)
    if await session.scalar(sa.select(sa.exists().where(Agency.code == code))):
        raise CodeTakenError("another agency has this code")
    now, agency_id = utc_now(), new_id()
    session.add(
        Agency(id=agency_id, code=code, created_at=now, created_by=by, changed_at=now, **_columns(said))
    )
    await session.flush()
    return agency_id


async def change_agency(session: AsyncSession, agency_id: UUID, said: Particulars) -> None:
    """Write down anew what is known of an agency; what was sent keeps its clock. Raises NotFoundError, ParticularsError."""
    check(said)
    row = await _open(session, agency_id)
    for name, value in _columns(said).items():
        setattr(row, name, value)
    row.changed_at = utc_now()
    await session.flush()


async def close_agency(session: AsyncSession, agency_id: UUID) -> None:
    """Close an agency: its officers and programs see nothing any more, what waits for it expires, pairings end.

    Raises NotFoundError.
    """
    row = await _open(session, agency_id)
    row.closed_at = row.changed_at = utc_now()
    await session.execute(
        sa.update(AgencyPairing)
        .where(
            sa.or_(AgencyPairing.giver_id == agency_id, AgencyPairing.taker_id == agency_id),
            AgencyPairing.ended_at.is_(None),
        )
        .values(ended_at=row.closed_at)
    )
    await session.flush()


async def read_agency(session: AsyncSession, agency_id: UUID) -> ListedAgency:
    """Return one agency, also a closed one; raises NotFoundError."""
    row = await session.get(Agency, agency_id)
    if row is None:
        raise NotFoundError("no such agency")
    return listed(row)


async def read_agencies(
    session: AsyncSession, *, kind: str | None = None, with_closed: bool = False
) -> list[ListedAgency]:
    """Return the directory, by kind and name."""
    asked = sa.select(Agency).order_by(Agency.kind, Agency.name_th, Agency.id)
    if kind is not None:
        asked = asked.where(Agency.kind == kind)
    if not with_closed:
        asked = asked.where(Agency.closed_at.is_(None))
    return [listed(row) for row in await session.scalars(asked)]


def listed(row: Agency) -> ListedAgency:
    fields = {name: getattr(row, name) for name in _FIELDS} | {"weekdays": tuple(row.weekdays)}
    return ListedAgency(
        id=row.id, code=row.code, changed_at=row.changed_at, closed_at=row.closed_at, **fields
    )


def _columns(said: Particulars) -> dict[str, object]:
    columns = {name: getattr(said, name) for name in _FIELDS}
    words = {name: str(columns[name]).strip() for name in ("name_th", "name_en", "basis")}
    return columns | words | {"weekdays": sorted(set(said.weekdays))}


async def _open(session: AsyncSession, agency_id: UUID) -> Agency:
    row = await session.get(Agency, agency_id, with_for_update=True)
    if row is None or row.closed_at is not None:
        raise NotFoundError("no such agency")
    return row
