"""Recent offers as staff look through them: newest first, by what was judged and by who has rated them.

Words are shown without ids, numbers, links and companies: they may be a third person's, and a rating hardly ever hangs on
them. Whoever calls leaves the audit row.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.models import Account
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import driver_connection
from core.errors import CryptoError, NotFoundError
from core.ids import first_id_of
from screening.desk import MAY_LABEL, MAY_READ, Mask, desk_key, require
from screening.offers import open_text
from screening.retention import TEXTS

PAGE = 20
# Two people rate an offer; a third is no use.
ENOUGH_RATERS = 2

Rated = Literal["", "none", "once", "mine", "doubted"]

_RATERS = """(SELECT count(DISTINCT l.account_id) FROM screening_label l
 WHERE l.screening_id = s.id AND l.author = 'staff')"""
_MINE = "EXISTS (SELECT FROM screening_label l WHERE l.screening_id = s.id AND l.author = 'staff' AND l.account_id = $1)"
_DOUBTED = "EXISTS (SELECT FROM screening_label l WHERE l.screening_id = s.id AND l.author = 'citizen')"
_BY_RATED: Mapping[str, str] = {
    "none": f"{_RATERS} = 0",
    "once": f"{_RATERS} = 1 AND NOT {_MINE}",
    "mine": _MINE,
    "doubted": f"{_DOUBTED} AND {_RATERS} = 0",
}
_IN_WAVE = "s.wave_id IN (SELECT id FROM wave WHERE id = ${n} OR merged_into = ${n})"
_COLUMNS = f"""
SELECT s.id, s.contact_id, s.channel, s.band, s.kind, s.indicators, s.province, s.wave_id, s.created_at, s.rules, s.model,
       t.text, k.id AS key_id, k.wrapped, {_RATERS} AS raters, {_MINE} AS mine, {_DOUBTED} AS doubted
FROM screening s LEFT JOIN screening_text t ON t.screening_id = s.id
LEFT JOIN contact c ON c.id = s.contact_id LEFT JOIN data_key k ON k.id = c.data_key_id
"""  # noqa: S608 - pieces of our own

_READABLE = """
SELECT s.id FROM screening s JOIN screening_text t ON t.screening_id = s.id
LEFT JOIN contact c ON c.id = s.contact_id LEFT JOIN data_key k ON k.id = c.data_key_id
WHERE (s.contact_id IS NULL OR k.wrapped IS NOT NULL)
"""
# Asked one after the other: each finds its first row by an index, where one order over all would read a month.
_WANTED = (
    "s.id IN (SELECT screening_id FROM screening_label WHERE author = 'citizen')",
    "s.id IN (SELECT screening_id FROM screening_label WHERE author = 'staff')",
    "true",
)


class Filters(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked for; empty means any. `wave_id` takes in the waves that were merged into it."""

    band: str = ""
    kind: str = ""
    sign: str = ""
    channel: str = ""
    province: str = ""
    wave_id: UUID | None = None
    rated: Rated = ""


class OfferOnDesk(msgspec.Struct, frozen=True):
    """One offer; `text` is masked, and empty where its time is over or nobody let us keep it."""

    id: UUID
    channel: str
    band: str
    kind: str
    signs: tuple[str, ...]
    province: str
    wave_id: UUID | None
    created_at: datetime
    text: str
    raters: int
    is_mine: bool
    is_doubted: bool
    rules: str
    model: str


async def list_offers(
    session: AsyncSession,
    keys: DataKeys,
    filters: Filters,
    *,
    by: Account,
    mask: Mask,
    before: UUID | None = None,
) -> list[OfferOnDesk]:
    """Return a page of the offers whose words are kept, one more than `PAGE` where there are older.

    Of the others only figures are left, which the radar shows. Raises ForbiddenError.
    """
    require(by, MAY_READ)
    where, values = _conditions(filters, by)
    values.append(first_id_of(utc_now() - TEXTS))
    where += [f"s.id >= ${len(values)}", "t.screening_id IS NOT NULL"]
    if before is not None:
        values.append(before)
        where.append(f"s.id < ${len(values)}")
    query = f"{_COLUMNS} WHERE {' AND '.join(where)} ORDER BY s.id DESC LIMIT {PAGE + 1}"
    rows = await (await driver_connection(session)).fetch(query, *values)
    texts = await mask([await open_words(session, keys, row) for row in rows])
    return [_offer(row, text) for row, text in zip(rows, texts, strict=True)]


async def next_to_rate(
    session: AsyncSession, filters: Filters, *, by: Account, skipped: Sequence[UUID] = ()
) -> UUID | None:
    """Return the offer that wants this person's rating most: doubted by who sent it, rated by one other, then the newest.

    Those that they skipped wait. Raises ForbiddenError.
    """
    require(by, MAY_LABEL)
    where, values = _conditions(filters, by)
    values.append(first_id_of(utc_now() - TEXTS))
    where += [f"s.id >= ${len(values)}", f"NOT {_MINE}", f"{_RATERS} < {ENOUGH_RATERS}"]
    values.append(list(skipped))
    where.append(f"s.id <> ALL(${len(values)}::uuid[])")
    connection = await driver_connection(session)
    for wanted in _WANTED:
        query = f"{_READABLE} AND {wanted} AND {' AND '.join(where)} ORDER BY s.id DESC LIMIT 1"
        found: UUID | None = await connection.fetchval(query, *values)
        if found is not None:
            return found
    return None


async def read_offer(
    session: AsyncSession,
    keys: DataKeys,
    screening_id: UUID,
    *,
    by: Account,
    mask: Mask,
    whole: bool = False,
) -> OfferOnDesk:
    """Return one offer, `whole` with its ids and numbers; raises ForbiddenError, NotFoundError."""
    require(by, MAY_READ)
    connection = await driver_connection(session)
    row = await connection.fetchrow(f"{_COLUMNS} WHERE s.id = $2", by.id, screening_id)
    if row is None:
        raise NotFoundError("no such screening")
    text = await open_words(session, keys, row)
    return _offer(row, text if whole else (await mask([text]))[0])


def _conditions(filters: Filters, by: Account) -> tuple[list[str], list[Any]]:
    """The first value is always who asks."""
    values: list[Any] = [by.id]
    # Says the type of a value that no condition may use.
    where = ["$1::uuid IS NOT NULL"]
    for name in ("band", "kind", "channel", "province"):
        if value := getattr(filters, name):
            values.append(value)
            where.append(f"s.{name} = ${len(values)}")
    if filters.sign:
        values.append(filters.sign)
        where.append(f"${len(values)} = ANY(s.indicators)")
    if filters.wave_id is not None:
        values.append(filters.wave_id)
        where.append(_IN_WAVE.format(n=len(values)))
    if filters.rated:
        where.append(_BY_RATED[filters.rated])
    return where, values


def _offer(row: Any, text: str) -> OfferOnDesk:
    return OfferOnDesk(
        row["id"], row["channel"], row["band"], row["kind"], tuple(row["indicators"]), row["province"] or "",
        row["wave_id"], row["created_at"], text, row["raters"], row["mine"], row["doubted"], row["rules"], row["model"],
    )  # fmt: skip


async def open_words(session: AsyncSession, keys: DataKeys, row: Any) -> str:
    """Open the words of a row with `id`, `contact_id`, `text`, `key_id` and `wrapped`; "" where nothing opens any more."""
    if row["text"] is None or (row["contact_id"] is not None and row["wrapped"] is None):
        return ""
    try:
        if row["contact_id"] is None:
            _, key = await desk_key(session, keys)
        else:
            key = keys.open(row["key_id"], row["wrapped"])
        return open_text(key, row["id"], row["text"])
    except CryptoError:
        return ""
