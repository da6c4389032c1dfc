"""How a case ends: its outcome, what the person reads, a supervisor's word where it takes one, and beginning again."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Literal, get_args
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.models import Account
from core.clock import utc_now
from core.contacts.holds import hold_broadcasts
from core.crypto.data_keys import DataKeys
from core.errors import ConflictError, InvalidInputError, NotFoundError
from core.ids import new_id
from core.messages.content import Content, Text
from core.permissions import ROLES, scopes_of
from referrals.cases import add_staff_words, held, sendable, write_to_person
from referrals.desk.models import ReferralTask
from referrals.desk.sealed import open_words, plain, seal_words
from referrals.desk.tasks import check_day
from referrals.intake import hold_after_closing
from referrals.live import announce_change
from referrals.models import OPEN_STATES, Referral
from referrals.queue import EndedError
from referrals.reaching import PHONE, is_blocked
from referrals.teams.alerts import raise_alerts
from referrals.teams.models import TeamMember
from referrals.thread import add_mark
from referrals.tracks.reporting import note_work

Outcome = Literal[
    "helped", "advised", "other_protection", "duplicate", "unreachable", "withdrawn", "out_of_scope"
]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
LONGEST_REASON = 500
# The code of the alert that a closing waits for a supervisor.
WAITS = "closing_waits"
_OVERSEEING = tuple(role for role in ROLES if "referrals.assign" in scopes_of(role))


class ReasonError(InvalidInputError):
    """A reason that is empty or too long."""

    code = "reason_needed"


class OwnClosingError(ConflictError):
    """Whoever asked for a closing can't be the one who looks at it."""

    code = "own_closing"


class ClosingGoneError(ConflictError):
    """Nobody asks for this closing any more."""

    code = "closing_gone"


class ClosingWaitsError(ConflictError):
    """A supervisor is to look at a closing that was asked for before."""

    code = "closing_waits"


class AnotherOpenError(ConflictError):
    """The person has an open report already."""

    code = "another_open"


class NotEndedError(ConflictError):
    """Only what has ended can begin again."""

    code = "not_ended"


class Ending(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One outcome as data: see closing.toml."""

    approval: bool
    th: str
    en: str
    follow_up: int | None = None


class _Endings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    approval_for: tuple[str, ...]
    outcome: dict[Outcome, Ending]


@dataclass(frozen=True, slots=True)
class Wish:
    """How somebody wants to close a case; without `text` the person is told nothing."""

    outcome: str
    text: str = ""
    follow_up_on: date | None = None


@cache
def _endings() -> _Endings:
    return msgspec.convert(
        tomllib.loads(resources.files("referrals").joinpath("closing.toml").read_text("utf-8")), _Endings
    )


def endings() -> Mapping[Outcome, Ending]:
    """Return every outcome; raises msgspec.ValidationError for a wrong file."""
    return _endings().outcome


def takes_approval(outcome: str, priority: str) -> bool:
    """Tell whether a supervisor looks before a case ends so."""
    return priority in _endings().approval_for or any(
        one == outcome and ending.approval for one, ending in endings().items()
    )


async def close_case(
    session: AsyncSession,
    keys: DataKeys,
    *,
    referral_id: UUID,
    account_id: UUID,
    wish: Wish,
    notice: str,
    form_id: UUID,
) -> bool:
    """Close a case that one holds, or ask a supervisor to; return whether it is closed.

    Raises InvalidInputError for an unknown outcome, AnswerLengthError, BlankError, TaskDayError, ClosingWaitsError,
    HeldError, NotClaimedError, EndedError, NotFoundError, KeyDestroyedError.
    """
    if wish.outcome not in OUTCOMES:
        raise InvalidInputError("choose how it ended")
    words = sendable(wish.text) if plain(wish.text) else ""
    if wish.follow_up_on is not None:
        check_day(wish.follow_up_on)
    referral = await held(session, referral_id, account_id)
    if referral.closing_as is not None:
        raise ClosingWaitsError("a supervisor has not looked yet")
    referral.follow_up_on = wish.follow_up_on
    if words:
        key = await keys.load(session, referral.data_key_id)
        referral.closing_text = seal_words(words, key, "referral", "closing_text", referral.id)
    if takes_approval(wish.outcome, referral.priority):
        await _ask(session, referral, account_id, wish.outcome)
        return False
    await _tell_person(session, keys, referral, words, account_id, notice, form_id)
    await end_case(session, referral, account_id, wish.outcome)
    return True


async def _ask(session: AsyncSession, referral: Referral, account_id: UUID, outcome: str) -> None:
    referral.closing_as, referral.closing_by, referral.closing_at = outcome, account_id, utc_now()
    await session.flush()
    await add_mark(session, referral.id, account_id, "closing_asked")
    await raise_alerts(session, await _supervisors(session, referral, account_id), WAITS, referral.id)
    await announce_change(session, referral.id)


async def _supervisors(session: AsyncSession, referral: Referral, asking: UUID) -> list[UUID]:
    """Those of the report's team; all where it has none."""
    all_of_them = sa.select(Account.id).where(
        Account.role.in_(_OVERSEEING), Account.disabled_at.is_(None), Account.id != asking
    )
    of_team = all_of_them.join(TeamMember, TeamMember.account_id == Account.id).where(
        TeamMember.team_id == referral.team_id
    )
    found = (await session.scalars(of_team)).all() if referral.team_id else []
    return list(found or (await session.scalars(all_of_them)).all())


async def approve_closing(
    session: AsyncSession, keys: DataKeys, *, referral_id: UUID, account_id: UUID, notice: str, form_id: UUID
) -> None:
    """Close what somebody else asked to close. The caller has checked that this is a supervisor.

    Raises OwnClosingError, ClosingGoneError, EndedError, NotFoundError.
    """
    referral = await _asked(session, referral_id, account_id)
    if referral.closing_as is None or referral.closing_by is None:
        raise ClosingGoneError("nobody asks for this closing any more")
    words = ""
    if referral.closing_text is not None:
        key = await keys.load(session, referral.data_key_id)
        words = open_words(referral.closing_text, key, "referral", "closing_text", referral.id) or ""
    await _tell_person(session, keys, referral, words, referral.closing_by, notice, form_id)
    await end_case(session, referral, account_id, referral.closing_as)


async def refuse_closing(
    session: AsyncSession, keys: DataKeys, *, referral_id: UUID, account_id: UUID, why: str
) -> None:
    """Let the case go on, with the reason in its thread. Raises as `approve_closing`, and ReasonError."""
    reason = reason_of(why)
    referral = await _asked(session, referral_id, account_id)
    asked_by = referral.closing_by
    referral.closing_as = referral.closing_by = referral.closing_at = None
    referral.closing_text, referral.follow_up_on = None, None
    key = await keys.load(session, referral.data_key_id)
    await add_mark(session, referral.id, account_id, "closing_refused", why=reason, key=key)
    if asked_by is not None:
        await raise_alerts(session, [asked_by], "closing_refused", referral.id)
    await announce_change(session, referral.id)


async def _asked(session: AsyncSession, referral_id: UUID, account_id: UUID) -> Referral:
    """The referral, locked, whose closing somebody else asked for."""
    referral = await session.get(Referral, referral_id, with_for_update=True)
    if referral is None:
        raise NotFoundError("no such referral")
    if referral.state not in OPEN_STATES:
        raise EndedError("this referral has ended")
    if referral.closing_as is None:
        raise ClosingGoneError("nobody asks for this closing any more")
    if referral.closing_by == account_id:
        raise OwnClosingError("another supervisor has to look")
    return referral


async def _tell_person(
    session: AsyncSession,
    keys: DataKeys,
    referral: Referral,
    words: str,
    account_id: UUID,
    notice: str,
    form_id: UUID,
) -> None:
    """Write to the chat where it can be reached, under the contact rule; else the receipt alone shows it."""
    if not words:
        return
    if referral.channel == PHONE or await is_blocked(session, referral):
        await add_staff_words(session, keys, referral, words, account_id=account_id, form_id=form_id)
        return
    content = Content((Text(words),), notice=notice, sensitive=True)
    await write_to_person(session, keys, referral, content, words, account_id=account_id, form_id=form_id)


async def end_case(session: AsyncSession, referral: Referral, account_id: UUID, outcome: str) -> None:
    """End an open referral; whoever held it gets a task for the day on which it should be looked at again."""
    now = utc_now()
    referral.state, referral.closed_at, referral.closed_as = "closed", now, outcome
    referral.closing_as = referral.closing_by = referral.closing_at = None
    referral.bot_dialogue = referral.snoozed_until = referral.snoozed_for = None
    await session.flush()
    await add_mark(session, referral.id, account_id, "closed")
    await note_work(session, referral, "closed", account_id=account_id, outcome=outcome, now=now)
    if referral.follow_up_on is not None:
        session.add(
            ReferralTask(
                id=new_id(), referral_id=referral.id, account_id=referral.claimed_by or account_id,
                made_by=account_id, what=None, due_on=referral.follow_up_on, made_at=now,
            )
        )  # fmt: skip
    await hold_after_closing(session, referral.contact_id)
    await announce_change(session, referral.id)


async def reopen_case(
    session: AsyncSession,
    keys: DataKeys,
    *,
    referral_id: UUID,
    account_id: UUID,
    why: str,
    oversees: bool,
) -> None:
    """Let an ended case go on, held by whoever reopens it: who held it last, or a supervisor.

    Raises ReasonError, NotEndedError, AnotherOpenError, NotFoundError, KeyDestroyedError once it was erased.
    """
    reason = reason_of(why)
    referral = await session.get(Referral, referral_id, with_for_update=True)
    if referral is None or not (oversees or referral.claimed_by == account_id):
        raise NotFoundError("no such referral of yours")
    if referral.state in OPEN_STATES:
        raise NotEndedError("it is open")
    key = await keys.load(session, referral.data_key_id)
    standing = sa.exists().where(
        Referral.identity_id == referral.identity_id, Referral.state.in_(OPEN_STATES)
    )
    if await session.scalar(sa.select(standing)):
        raise AnotherOpenError("this person has an open report")
    referral.state, referral.closed_at, referral.closed_as = "claimed", None, None
    referral.claimed_by, referral.claimed_at = account_id, utc_now()
    referral.closing_text, referral.follow_up_on = None, None
    await session.flush()
    await add_mark(session, referral.id, account_id, "reopened", why=reason, key=key)
    await note_work(session, referral, "reopened", account_id=account_id, now=utc_now())
    await _drop_follow_up(session, referral.id, account_id)
    await hold_broadcasts(session, referral.contact_id)
    await announce_change(session, referral.id)


async def _drop_follow_up(session: AsyncSession, referral_id: UUID, account_id: UUID) -> None:
    """What was to be looked at again is being looked at."""
    await session.execute(
        sa.update(ReferralTask)
        .where(
            ReferralTask.referral_id == referral_id,
            ReferralTask.what.is_(None),
            ReferralTask.done_at.is_(None),
        )
        .values(done_at=utc_now(), done_by=account_id)
    )


def reason_of(why: str) -> str:
    """Return a reason as it is kept; raises ReasonError."""
    reason = plain(why)
    if not 1 <= len(reason) <= LONGEST_REASON:
        raise ReasonError(f"a reason has 1 to {LONGEST_REASON} characters")
    return reason
