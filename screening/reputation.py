"""Staff's verdicts on reported handles: the list by how many people named one, confirming and clearing, all audited."""

from typing import Literal
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.models import Account
from core.audit.chain import record_audit
from core.clock import utc_now
from core.crypto.boxed import Box
from core.crypto.data_keys import DataKeys
from core.crypto.sealing import context, seal
from core.db.database import driver_connection
from core.errors import ConflictError, CryptoError, NotFoundError
from core.ids import new_id
from nlp.judgement import judge
from screening.desk import MAY_LABEL, MAY_PUBLISH, desk_key, require
from screening.handles import handles_in, print_of_handle, read_handle
from screening.models import ReportedHandle
from screening.offers import open_text
from screening.standing import HandleKind

Verdict = Literal["open", "confirmed", "cleared"]
_PAGE = 200
# Reporters whose text is tried until one still opens.
_MOST_TRIED = 5


class HandleOnDesk(msgspec.Struct, frozen=True):
    """A reported handle as staff see it; `value` is empty until several people named it and one text still opened."""

    id: UUID
    kind: str
    value: str
    senders: int
    verdict: str


async def list_handles(
    session: AsyncSession, keys: DataKeys, *, by: Account, verdict: Verdict = "open"
) -> list[HandleOnDesk]:
    """Return handles of that verdict, most named first. Reading them is audited. Raises ForbiddenError."""
    require(by, MAY_LABEL)
    rows = await session.scalars(
        sa.select(ReportedHandle)
        .where(ReportedHandle.verdict == verdict)
        .order_by(ReportedHandle.senders.desc(), ReportedHandle.id)
        .limit(_PAGE)
    )
    _, key = await desk_key(session, keys)
    found = [HandleOnDesk(row.id, row.kind, _open(key, row), row.senders, row.verdict) for row in rows]
    await record_audit(session, actor_id=by.id, action="handles.list", object_kind="reported_handle")
    return found


async def enter_handle(
    session: AsyncSession, keys: DataKeys, *, kind: HandleKind, written: str, by: Account
) -> UUID:
    """Put a handle that staff know from elsewhere on the desk; one that is there already is returned.

    Raises ForbiddenError, InvalidInputError for what is not read as such a handle.
    """
    require(by, MAY_LABEL)
    value = read_handle(kind, written)
    print_ = print_of_handle(keys.keyset, kind, value)
    _, key = await desk_key(session, keys)
    row_id = new_id()
    await session.execute(
        insert(ReportedHandle)
        .values(
            id=row_id, print=print_, kind=kind, value=Box(_seal(key, row_id, value)), created_at=utc_now()
        )
        .on_conflict_do_nothing(index_elements=["print"])
    )
    found = await session.scalar(sa.select(ReportedHandle.id).where(ReportedHandle.print == print_))
    if found is None:
        raise ConflictError("the handle was being changed; try again")
    await record_audit(
        session, actor_id=by.id, action="handle.enter", object_kind="reported_handle", object_id=found
    )
    return found


async def confirm_handle(session: AsyncSession, handle_id: UUID, *, by: Account) -> None:
    """Let citizens be told that this handle was used for deceiving people. Raises ForbiddenError, NotFoundError."""
    await _decide(session, handle_id, "confirmed", by)


async def clear_handle(session: AsyncSession, handle_id: UUID, *, by: Account) -> None:
    """Find nothing against a handle, or take a confirmation back; citizens are told nothing of it from now on."""
    await _decide(session, handle_id, "cleared", by)


async def _decide(session: AsyncSession, handle_id: UUID, verdict: Verdict, by: Account) -> None:
    require(by, MAY_PUBLISH)
    changed = await session.scalar(
        sa.update(ReportedHandle)
        .where(ReportedHandle.id == handle_id)
        .values(verdict=verdict, decided_by=by.id, decided_at=utc_now())
        .returning(ReportedHandle.id)
    )
    if changed is None:
        raise NotFoundError("no such handle")
    await record_audit(
        session,
        actor_id=by.id,
        action=f"handle.{verdict}",
        object_kind="reported_handle",
        object_id=handle_id,
    )


async def name_handles(session: AsyncSession, keys: DataKeys) -> int:
    """Give handles that several people named their readable value, from a text that still opens; return how many.

    Before that many people named one, nobody can read it: it may be the number of somebody who asks for help.
    """
    nameless = (
        await session.scalars(sa.select(ReportedHandle).where(ReportedHandle.value.is_(None)).limit(_PAGE))
    ).all()
    if not nameless:
        return 0
    _, key = await desk_key(session, keys)
    named = 0
    for row in nameless:
        value = await _value_of(session, keys, row)
        if value:
            row.value = Box(_seal(key, row.id, value))
            named += 1
    await session.flush()
    return named


async def _value_of(session: AsyncSession, keys: DataKeys, row: ReportedHandle) -> str:
    connection = await driver_connection(session)
    texts = await connection.fetch(_TEXTS, row.print, _MOST_TRIED)
    for text in texts:
        try:
            key = keys.open(text["key_id"], text["wrapped"])
            judged = judge(open_text(key, text["id"], text["text"]))
        except CryptoError:
            continue
        for handle in handles_in(judged):
            if (
                handle.kind == row.kind
                and print_of_handle(keys.keyset, handle.kind, handle.value) == row.print
            ):
                return handle.value
    return ""


_TEXTS = """
SELECT s.id, t.text, k.id AS key_id, k.wrapped
FROM handle_report r JOIN screening s ON s.id = r.screening_id JOIN screening_text t ON t.screening_id = s.id
JOIN contact c ON c.id = s.contact_id JOIN data_key k ON k.id = c.data_key_id AND k.wrapped IS NOT NULL
WHERE r.print = $1 ORDER BY s.created_at DESC LIMIT $2
"""


def _seal(key: bytes, row_id: UUID, value: str) -> bytes:
    return seal(key, value.encode(), context("reported_handle", "value", row_id))


def _open(key: bytes, row: ReportedHandle) -> str:
    if row.value is None:
        return ""
    return row.value.open(key, context("reported_handle", "value", row.id)).decode()
