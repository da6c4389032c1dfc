"""Staff's verdicts on reported handles: the list by how many people named one, proposing, confirming and clearing.

To confirm takes two: citizens are then told that people were deceived through this handle, which a mistake makes a slander.
One proposes and says why, another who answers for what citizens read decides. To clear takes one: it only ends what is told.
Whoever calls leaves the audit row.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Literal, get_args
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from core.accounts.models import Account
from core.clock import utc_now
from core.crypto.boxed import Box
from core.crypto.data_keys import DataKeys
from core.crypto.sealing import context, seal
from core.db.database import driver_connection
from core.errors import ConflictError, CryptoError, ForbiddenError, InvalidInputError, NotFoundError
from core.ids import new_id
from nlp.findings import Judgement
from screening.desk import MAY_LABEL, MAY_PUBLISH, MAY_READ, desk_key, require
from screening.handles import handles_in, print_of_handle
from screening.models import ReportedHandle
from screening.offers import open_text
from screening.standing import HandleKind

Verdict = Literal["open", "confirmed", "cleared"]
# What somebody saw that speaks against a handle.
Grounds = Literal["several_reports", "official_warning", "own_check", "report_of_ours"]
GROUNDS: tuple[Grounds, ...] = get_args(Grounds)
# `nlp.judgement.judge`, wherever its models are at hand.
Judges = Callable[[str], Judgement]
_PAGE = 200
# Reporters whose text is tried until one still opens.
_MOST_TRIED = 5


class SecondPersonError(ForbiddenError):
    """Whoever proposed a verdict is not the one who decides it."""

    code = "own_proposal"


class NotProposedError(ConflictError):
    """Nobody has said yet why the handle should be confirmed."""

    code = "not_proposed"


class HandleOnDesk(msgspec.Struct, frozen=True):
    """A reported handle as staff see it; `value` is empty until several people named it and one text still opened.

    `proposed_by` and `decided_by` are names; `mine` tells whether the reader proposed it.
    """

    id: UUID
    kind: str
    value: str
    senders: int
    verdict: str
    created_at: datetime
    proposed_by: str = ""
    grounds: str = ""
    is_mine: bool = False
    decided_by: str = ""
    decided_at: datetime | None = None


async def list_handles(
    session: AsyncSession, keys: DataKeys, *, by: Account, verdict: Verdict = "open"
) -> list[HandleOnDesk]:
    """Return handles of that verdict: proposed ones first, then those that most people named. Raises ForbiddenError."""
    require(by, MAY_READ)
    proposer, decider = aliased(Account), aliased(Account)
    rows = await session.execute(
        sa.select(ReportedHandle, proposer.name, decider.name)
        .outerjoin(proposer, proposer.id == ReportedHandle.proposed_by)
        .outerjoin(decider, decider.id == ReportedHandle.decided_by)
        .where(ReportedHandle.verdict == verdict)
        .order_by(ReportedHandle.proposed_by.is_(None), ReportedHandle.senders.desc(), ReportedHandle.id)
        .limit(_PAGE)
    )
    _, key = await desk_key(session, keys)
    return [
        HandleOnDesk(
            row.id, row.kind, _open(key, row), row.senders, row.verdict, row.created_at, proposed or "",
            row.grounds or "", row.proposed_by == by.id, decided or "", row.decided_at,
        )
        for row, proposed, decided in rows
    ]  # fmt: skip


async def enter_handle(
    session: AsyncSession, keys: DataKeys, *, kind: HandleKind, value: str, by: Account
) -> UUID:
    """Put a handle that staff know from elsewhere on the desk, proposed by them; one that is there already is returned.

    `value` is what `screening.handles.read_handle` made of it, "" for nothing. Raises ForbiddenError, InvalidInputError.
    """
    require(by, MAY_LABEL)
    if not value:
        raise InvalidInputError(f"this is not read as {kind}; write it as an offer would")
    print_ = print_of_handle(keys.keyset, kind, value)
    _, key = await desk_key(session, keys)
    row_id, now = new_id(), utc_now()
    await session.execute(
        insert(ReportedHandle)
        .values(
            id=row_id,
            print=print_,
            kind=kind,
            value=Box(_seal(key, row_id, value)),
            created_at=now,
            proposed_by=by.id,
            grounds="own_check",
            proposed_at=now,
        )
        .on_conflict_do_nothing(index_elements=["print"])
    )
    found = await session.scalar(sa.select(ReportedHandle.id).where(ReportedHandle.print == print_))
    if found is None:
        raise ConflictError("the handle was being changed; try again")
    return found


async def propose_handle(session: AsyncSession, handle_id: UUID, *, grounds: Grounds, by: Account) -> None:
    """Say why a handle should be confirmed; the newest proposal stands.

    Raises ForbiddenError, NotFoundError, ConflictError for one that is confirmed already, InvalidInputError.
    """
    require(by, MAY_LABEL)
    if grounds not in GROUNDS:
        raise InvalidInputError(f"grounds are {', '.join(GROUNDS)}")
    handle = await _find(session, handle_id)
    if handle.verdict == "confirmed":
        raise ConflictError("this handle is confirmed already")
    handle.verdict, handle.decided_by, handle.decided_at = "open", None, None
    handle.proposed_by, handle.grounds, handle.proposed_at = by.id, grounds, utc_now()
    await session.flush()


async def confirm_handle(session: AsyncSession, handle_id: UUID, *, by: Account) -> None:
    """Let citizens be told that this handle was used for deceiving people, on another person's proposal.

    Raises ForbiddenError, NotFoundError, NotProposedError, SecondPersonError for one's own proposal.
    """
    require(by, MAY_PUBLISH)
    handle = await _find(session, handle_id)
    if handle.proposed_by is None or handle.verdict == "cleared":
        raise NotProposedError("somebody must first say why")
    if handle.proposed_by == by.id:
        raise SecondPersonError("another person must decide on your proposal")
    await _decide(session, handle, "confirmed", by)


async def clear_handle(session: AsyncSession, handle_id: UUID, *, by: Account) -> None:
    """Find nothing against a handle, or take a confirmation back; citizens are told nothing of it from now on.

    Raises ForbiddenError, NotFoundError.
    """
    require(by, MAY_PUBLISH)
    await _decide(session, await _find(session, handle_id), "cleared", by)


async def _find(session: AsyncSession, handle_id: UUID) -> ReportedHandle:
    handle = await session.get(ReportedHandle, handle_id, with_for_update=True)
    if handle is None:
        raise NotFoundError("no such handle")
    return handle


async def _decide(session: AsyncSession, handle: ReportedHandle, verdict: Verdict, by: Account) -> None:
    handle.verdict, handle.decided_by, handle.decided_at = verdict, by.id, utc_now()
    await session.flush()


async def name_handles(session: AsyncSession, keys: DataKeys, judge: Judges) -> int:
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
        value = await _value_of(session, keys, row, judge)
        if value:
            row.value = Box(_seal(key, row.id, value))
            named += 1
    await session.flush()
    return named


async def _value_of(session: AsyncSession, keys: DataKeys, row: ReportedHandle, judge: Judges) -> str:
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
