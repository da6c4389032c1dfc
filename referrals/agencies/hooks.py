"""Where agencies want to be told that something changed: addresses, what is to be told there, and how that went.

What is told says what kind of thing changed of which case, and nothing of what; a program then reads it with its token.
"""

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.crypto.boxed import Box
from core.crypto.data_keys import DataKeys, destroy_data_key
from core.crypto.sealing import context, seal
from core.errors import ConflictError, NotFoundError
from core.ids import new_id
from referrals.agencies.hook_addresses import check_address
from referrals.agencies.models import AgencyHook, HookCall

HookKind = Literal[
    "referral.changed", "victim.changed", "prosecution.changed", "compensation.changed", "message.written",
    "file.given", "identity.answered", "ping",
]  # fmt: skip
HOOK_KINDS: tuple[HookKind, ...] = get_args(HookKind)
MOST_HOOKS = 5
# After each try that failed: then the address is taken for gone and nothing more is sent there.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 1440))
MOST_TRIES = len(WAITS) + 1
# For so long a call that was taken up is left to whoever took it.
LEASE = timedelta(minutes=2)
_GONE = 410
_SECRET_PREFIX, _SECRET_BYTES = "whsec_", 32
StopReason = Literal["failing", "gone", "private_address"]


class TooManyHooksError(ConflictError):
    code = "too_many_hooks"


@dataclass(frozen=True, slots=True)
class NewHook:
    """A hook that was made; its secret is shown this once."""

    id: UUID
    secret: str


@dataclass(frozen=True, slots=True)
class Hook:
    """A hook as its agency sees it."""

    id: UUID
    address: str
    is_sandbox: bool
    created_at: datetime
    stopped_at: datetime | None
    stopped_for: str | None
    waiting: int


@dataclass(frozen=True, slots=True)
class DueCall:
    """One telling that is to go out now."""

    id: UUID
    hook_id: UUID
    address: str
    secret: bytes
    told: Mapping[str, str]


async def add_hook(
    session: AsyncSession,
    keys: DataKeys,
    agency_id: UUID,
    address: str,
    *,
    is_sandbox: bool = False,
    by_account: UUID | None = None,
    now: datetime,
) -> NewHook:
    """Tell an agency at this address from now on; raises HookAddressError, TooManyHooksError."""
    check_address(address)
    await session.execute(sa.select(sa.func.pg_advisory_xact_lock(agency_id.int & 0x7FFF_FFFF_FFFF_FFFF)))
    count = await session.scalar(
        sa.select(sa.func.count()).where(*_of(agency_id), AgencyHook.is_sandbox == is_sandbox)
    )
    if (count or 0) >= MOST_HOOKS:
        raise TooManyHooksError("end an address that is not used any more")
    secret = secrets.token_bytes(_SECRET_BYTES)
    data_key, key = keys.row("hook")
    session.add(data_key)
    await session.flush()
    hook_id = new_id()
    session.add(
        AgencyHook(
            id=hook_id, agency_id=agency_id, data_key_id=data_key.id, is_sandbox=is_sandbox, created_at=now,
            created_by=by_account, address=Box(seal(key, address.encode(), context("agency_hook", "address", hook_id))),
            secret=Box(seal(key, secret, context("agency_hook", "secret", hook_id))),
        )
    )  # fmt: skip
    await session.flush()
    return NewHook(hook_id, _SECRET_PREFIX + base64.b64encode(secret).decode())


def _of(agency_id: UUID) -> tuple[sa.ColumnElement[bool], ...]:
    return (AgencyHook.agency_id == agency_id, AgencyHook.ended_at.is_(None))


async def list_hooks(
    session: AsyncSession, keys: DataKeys, agency_id: UUID, *, is_sandbox: bool | None = None
) -> list[Hook]:
    """Return the addresses at which an agency is told, the newest first; of one kind where it matters."""
    which = sa.true() if is_sandbox is None else AgencyHook.is_sandbox == is_sandbox
    waiting = (
        sa.select(sa.func.count())
        .where(HookCall.hook_id == AgencyHook.id, HookCall.state == "waiting")
        .scalar_subquery()
    )
    rows = await session.execute(
        sa.select(AgencyHook, waiting).where(*_of(agency_id), which).order_by(AgencyHook.id.desc())
    )
    return [
        Hook(
            row.id, (await _open(session, keys, row, "address")).decode(), row.is_sandbox, row.created_at,
            row.stopped_at, row.stopped_for, count,
        )
        for row, count in rows.all()
    ]  # fmt: skip


async def _open(
    session: AsyncSession, keys: DataKeys, row: AgencyHook, column: Literal["address", "secret"]
) -> bytes:
    key = await keys.load(session, row.data_key_id)
    box: Box = getattr(row, column)
    return box.open(key, context("agency_hook", column, row.id))


async def end_hook(session: AsyncSession, agency_id: UUID, hook_id: UUID, *, now: datetime) -> None:
    """Tell nothing there any more and make address and secret unreadable; raises NotFoundError."""
    hook = await _own(session, agency_id, hook_id)
    hook.ended_at = now
    await session.execute(sa.delete(HookCall).where(HookCall.hook_id == hook_id, HookCall.state == "waiting"))
    await destroy_data_key(session, hook.data_key_id)
    await session.flush()


async def resume_hook(session: AsyncSession, agency_id: UUID, hook_id: UUID, *, now: datetime) -> None:
    """Try an address again that stopped by itself: what waits goes out now. Raises NotFoundError."""
    hook = await _own(session, agency_id, hook_id)
    hook.stopped_at = hook.stopped_for = None
    await _send_again(session, hook_id, HookCall.state == "waiting", now)


async def replay_calls(
    session: AsyncSession, agency_id: UUID, hook_id: UUID, since: datetime, *, now: datetime
) -> int:
    """Send again all that was told since then, each under its old id; return how many. Raises NotFoundError."""
    hook = await _own(session, agency_id, hook_id)
    return await _send_again(session, hook.id, HookCall.at >= since, now)


async def _send_again(
    session: AsyncSession, hook_id: UUID, which: sa.ColumnElement[bool], now: datetime
) -> int:
    again = await session.scalars(
        sa.update(HookCall)
        .where(HookCall.hook_id == hook_id, which)
        .values(state="waiting", tries=0, next_at=now)
        .returning(HookCall.id)
    )
    return len(again.all())


async def ping(session: AsyncSession, agency_id: UUID, hook_id: UUID, *, now: datetime) -> UUID:
    """Send a call that tells of nothing, so that a receiver can be tried; returns its id. Raises NotFoundError."""
    hook = await _own(session, agency_id, hook_id)
    call_id = new_id()
    session.add(HookCall(id=call_id, hook_id=hook.id, kind="ping", state="waiting", next_at=now, at=now))
    await session.flush()
    return call_id


async def _own(session: AsyncSession, agency_id: UUID, hook_id: UUID) -> AgencyHook:
    hook: AgencyHook | None = await session.scalar(
        sa.select(AgencyHook).where(AgencyHook.id == hook_id, *_of(agency_id)).with_for_update()
    )
    if hook is None:
        raise NotFoundError("no such address of yours")
    return hook


async def list_calls(session: AsyncSession, agency_id: UUID, hook_id: UUID, limit: int) -> list[HookCall]:
    """Return what was told there last and how it went; raises NotFoundError."""
    hook = await _own(session, agency_id, hook_id)
    rows = await session.scalars(
        sa.select(HookCall)
        .where(HookCall.hook_id == hook.id)
        .order_by(HookCall.at.desc(), HookCall.id)
        .limit(limit)
    )
    return list(rows)


async def take_due(session: AsyncSession, keys: DataKeys, limit: int, *, now: datetime) -> list[DueCall]:
    """Take up to `limit` calls whose time has come, for a while; commit before sending them."""
    rows = (
        await session.execute(
            sa.select(HookCall, AgencyHook)
            .join(AgencyHook, AgencyHook.id == HookCall.hook_id)
            .where(
                HookCall.state == "waiting",
                HookCall.next_at <= now,
                AgencyHook.stopped_at.is_(None),
                AgencyHook.ended_at.is_(None),
            )
            .order_by(HookCall.next_at, HookCall.at)
            .limit(limit)
            .with_for_update(of=HookCall, skip_locked=True)
        )
    ).all()
    due = []
    for call, hook in rows:
        call.tries += 1
        call.next_at = now + LEASE
        address = (await _open(session, keys, hook, "address")).decode()
        secret = await _open(session, keys, hook, "secret")
        due.append(DueCall(call.id, hook.id, address, secret, _told(call)))
    await session.flush()
    return due


def _told(call: HookCall) -> dict[str, str]:
    """Say what changed: ids and a code."""
    told = {"id": str(call.id), "kind": call.kind, "at": call.at.isoformat()}
    if call.agency_referral_id is not None:
        told["case"] = str(call.agency_referral_id)
    if call.event_id is not None:
        told["event"] = str(call.event_id)
    return told


async def note_answer(
    session: AsyncSession, call_id: UUID, status: int | None, *, is_private: bool = False, now: datetime
) -> None:
    """Write down how a try went; `status` is None where nobody answered."""
    call = await session.get(HookCall, call_id, with_for_update=True)
    if call is None or call.state != "waiting":
        return
    call.last_status = status
    if status is not None and 200 <= status < 300:
        call.state, call.told_at, call.next_at = "told", now, None
    elif status == _GONE or is_private:
        await _stop(session, call.hook_id, "gone" if status == _GONE else "private_address", now)
    elif call.tries >= MOST_TRIES:
        call.state, call.next_at = "failed", None
        await _stop(session, call.hook_id, "failing", now)
    else:
        call.next_at = now + WAITS[call.tries - 1]
    await session.flush()


async def _stop(session: AsyncSession, hook_id: UUID, reason: StopReason, now: datetime) -> None:
    await session.execute(
        sa.update(AgencyHook)
        .where(AgencyHook.id == hook_id, AgencyHook.stopped_at.is_(None))
        .values(stopped_at=now, stopped_for=reason)
    )
