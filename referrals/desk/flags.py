"""Flags: somebody says that a referral is special, and until when; somebody says why it no longer is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
import sqlalchemy.orm
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.models import Account
from core.clock import bangkok, utc_now
from core.crypto.data_keys import DataKeys
from core.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from referrals.desk.models import ReferralFlag
from referrals.desk.sealed import key_or_none, open_words, own_form, plain, seal_words
from referrals.live import announce_change
from referrals.models import Referral
from referrals.thread import add_mark

LONGEST = 300
MOST_OPEN = 10
_FURTHEST = timedelta(days=366)
_TABLE = "referral_flag"


class FlagWordsError(InvalidInputError):
    code = "flag_words"


class FlagDateError(InvalidInputError):
    code = "flag_date"


class TooManyFlagsError(ConflictError):
    code = "too_many_flags"


@dataclass(frozen=True, slots=True)
class Flag:
    """A flag as it is read; words are None where the viewer may not read them or they were erased."""

    id: UUID
    message: str | None
    due_on: date | None
    by: str
    at: datetime
    resolved_by: str | None
    resolved_at: datetime | None
    resolution: str | None


async def put_flag(
    session: AsyncSession,
    keys: DataKeys,
    referral_id: UUID,
    account_id: UUID,
    *,
    message: str,
    due_on: date | None,
    oversees: bool,
    form_id: UUID,
) -> None:
    """Put a flag on a referral that one holds or oversees; the same form puts one.

    Raises FlagWordsError, FlagDateError, TooManyFlagsError, ForbiddenError, NotFoundError, KeyDestroyedError.
    """
    words = _words(message)
    today = bangkok(utc_now()).date()
    if due_on is not None and not today <= due_on <= today + _FURTHEST:
        raise FlagDateError("choose a day from today on, within a year")
    referral = await _writable(session, referral_id, account_id, oversees=oversees)
    twice = await session.get(ReferralFlag, form_id)
    if twice is not None:
        own_form(twice.referral_id, twice.by, referral_id, account_id, form_id)
        return
    if referral.open_flags >= MOST_OPEN:
        raise TooManyFlagsError("resolve a flag first")
    key = await keys.load(session, referral.data_key_id)
    session.add(
        ReferralFlag(
            id=form_id, referral_id=referral.id, due_on=due_on, by=account_id, at=utc_now(),
            message=seal_words(words, key, _TABLE, "message", form_id),
        )
    )  # fmt: skip
    referral.open_flags += 1
    await session.flush()
    await add_mark(session, referral.id, account_id, "flagged")
    await announce_change(session, referral.id)


async def resolve_flag(
    session: AsyncSession,
    keys: DataKeys,
    referral_id: UUID,
    flag_id: UUID,
    account_id: UUID,
    *,
    reason: str,
    oversees: bool,
) -> None:
    """Say why a flag no longer stands; doing it twice is the same as once. Raises as `put_flag`."""
    words = _words(reason)
    referral = await _writable(session, referral_id, account_id, oversees=oversees)
    flag = await session.get(ReferralFlag, flag_id, with_for_update=True)
    if flag is None or flag.referral_id != referral_id:
        raise NotFoundError("no such flag on this referral")
    if flag.resolved_at is not None:
        return
    key = await keys.load(session, referral.data_key_id)
    flag.resolved_by, flag.resolved_at = account_id, utc_now()
    flag.resolution = seal_words(words, key, _TABLE, "resolution", flag.id)
    referral.open_flags -= 1
    await session.flush()
    await add_mark(session, referral.id, account_id, "unflagged")
    await announce_change(session, referral.id)


async def list_flags(
    session: AsyncSession, keys: DataKeys, referral: Referral, *, with_words: bool
) -> Sequence[Flag]:
    """Return a referral's flags: those that stand first, the newest of each first."""
    resolver = sa.orm.aliased(Account)
    rows = await session.execute(
        sa.select(ReferralFlag, Account.name, resolver.name)
        .join(Account, Account.id == ReferralFlag.by)
        .outerjoin(resolver, resolver.id == ReferralFlag.resolved_by)
        .where(ReferralFlag.referral_id == referral.id)
        .order_by(ReferralFlag.resolved_at.is_not(None), ReferralFlag.id.desc())
    )
    key = await key_or_none(session, keys, referral) if with_words else None
    return [
        Flag(
            id=flag.id, message=open_words(flag.message, key, _TABLE, "message", flag.id), due_on=flag.due_on,
            by=by, at=flag.at, resolved_by=resolved_by, resolved_at=flag.resolved_at,
            resolution=open_words(flag.resolution, key, _TABLE, "resolution", flag.id),
        )
        for flag, by, resolved_by in rows
    ]  # fmt: skip


async def _writable(
    session: AsyncSession, referral_id: UUID, account_id: UUID, *, oversees: bool
) -> Referral:
    referral = await session.get(Referral, referral_id, with_for_update=True)
    if referral is None:
        raise NotFoundError("no such referral")
    if not oversees and referral.claimed_by != account_id:
        raise ForbiddenError("only its holder or a supervisor may do this")
    return referral


def _words(typed: str) -> str:
    words = plain(typed)
    if not 1 <= len(words) <= LONGEST:
        raise FlagWordsError(f"write 1 to {LONGEST} characters")
    return words
