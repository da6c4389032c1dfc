"""A row of any table, with something of the right kind in every column that must hold something."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import METADATA
from core.clock import utc_now
from core.ids import new_id


def table_of(parameter: str) -> sa.Table | None:
    """Return the table whose rows an address names by this parameter: `note_id` → `referral_note`."""
    name = parameter.removesuffix("_id")
    known = [t for n, t in METADATA.tables.items() if n == name or n.endswith(f"_{name}")]
    return min(known, key=lambda table: len(table.name), default=None)


async def sow(session: AsyncSession, table: sa.Table, **given: object) -> UUID:
    """Write one row and return its id; `given` are values of columns, of which the table's own are taken."""
    row = {name: value for name, value in given.items() if name in table.c} | {"id": new_id()}
    for column in table.c:
        if column.name not in row and not column.nullable and column.server_default is None:
            row[column.name] = _something(column)
    names = [name for name in row if name in table.c]
    await session.execute(
        sa.text(
            f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join(f':{n}' for n in names)})"
        ).bindparams(*(sa.bindparam(n, type_=_plain(table.c[n])) for n in names)),
        {name: row[name] for name in names},
    )
    return UUID(str(row["id"]))


def _plain(column: sa.Column[Any]) -> Any:
    """Sealed columns take bytes as they are."""
    kind = column.type
    return kind.impl_instance if isinstance(kind, sa.types.TypeDecorator) else kind


_KINDS: tuple[tuple[tuple[type[Any], ...], Callable[[], object]], ...] = (
    ((sa.Uuid,), new_id),
    ((sa.Date,), lambda: utc_now().date()),
    ((sa.DateTime,), utc_now),
    ((sa.Boolean,), lambda: False),
    ((sa.Integer, sa.Float, sa.Numeric), lambda: 1),
    ((sa.LargeBinary,), lambda: new_id().bytes),
    ((JSONB, sa.JSON), dict),
    ((ARRAY,), list),
)


def _something(column: sa.Column[Any]) -> object:
    kind = _plain(column)
    for kinds, make in _KINDS:
        if isinstance(kind, kinds):
            return make()
    return _allowed(column) or f"x{new_id().hex[:8]}"


def _allowed(column: sa.Column[Any]) -> str:
    """Return the first word that a check of the table names for this column."""
    for constraint in column.table.constraints:
        if isinstance(constraint, sa.CheckConstraint):
            found = re.search(
                rf"\b{column.name}\s+IN\s*\(\s*'([^']*)'", str(constraint.sqltext), re.IGNORECASE
            )
            if found:
                return found[1]
    return ""
