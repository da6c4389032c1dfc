"""Tasks with a day, on a referral or left by its end; what is to be done is sealed under the case's key."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.models import Account
from core.clock import bangkok, utc_now
from core.crypto.data_keys import DataKeys
from core.errors import InvalidInputError, NotFoundError
from referrals.desk.models import ReferralTask
from referrals.desk.sealed import key_or_none, open_words, own_form, plain, seal_words
from referrals.live import announce_change
from referrals.models import Referral
from referrals.teams.alerts import raise_alerts
from referrals.teams.models import StaffAlert

LONGEST_TASK = 500
LATEST = timedelta(days=366)
PAGE = 100
# The code of the alert that somebody's task is due.
DUE = "task_due"
_AT_ONCE = 200
# Nobody is called at midnight because a day began.
_FROM_HOUR = 8
# One worker at a time tells of tasks.
_LOCK = 7_461_001


class TaskLengthError(InvalidInputError):
    code = "task_length"


class TaskDayError(InvalidInputError):
    """A day that is over, or more than a year away."""

    code = "task_day"


@dataclass(frozen=True, slots=True)
class Task:
    """A task as its readers see it; `text` is None for following up after the end, and where it was erased."""

    id: UUID
    referral_id: UUID
    text: str | None
    is_follow_up: bool
    who: str
    is_mine: bool
    due_on: date
    done: bool
    is_overdue: bool


def owner() -> sa.ColumnElement[UUID]:
    """Whose a task is: of who holds its referral now, so that it goes along when the case does; else of whom it was
    given to.
    """
    return sa.case((Referral.state == "claimed", Referral.claimed_by), else_=ReferralTask.account_id)


def today() -> date:
    """The day in Bangkok."""
    return bangkok(utc_now()).date()


def check_day(day: date) -> date:
    """Raise TaskDayError for a day that is over or more than a year away."""
    if not today() <= day <= today() + LATEST:
        raise TaskDayError("choose a day from today on, within a year")
    return day


async def read_tasks(
    session: AsyncSession, keys: DataKeys, referral: Referral, viewer_id: UUID
) -> list[Task]:
    """Return a referral's tasks, open ones first, the earliest first. The caller has checked who may read them."""
    found = (
        await session.execute(
            sa.select(ReferralTask, Account.id, Account.name)
            .join(Referral, Referral.id == ReferralTask.referral_id)
            .join(Account, Account.id == owner())
            .where(ReferralTask.referral_id == referral.id)
            .order_by(ReferralTask.done_at.is_not(None), ReferralTask.due_on, ReferralTask.id)
            .limit(PAGE)
        )
    ).all()
    key = await key_or_none(session, keys, referral) if found else None
    return [_task(task, who, key, is_mine=whose == viewer_id) for task, whose, who in found]


async def read_own_tasks(
    session: AsyncSession, keys: DataKeys, account_id: UUID
) -> list[tuple[Task, Referral]]:
    """Return somebody's open tasks with their referrals, the earliest first; words only of what they hold or held."""
    found = (
        await session.execute(
            sa.select(ReferralTask, Referral, Account.name)
            .join(Referral, Referral.id == ReferralTask.referral_id)
            .join(Account, Account.id == owner())
            .where(owner() == account_id, ReferralTask.done_at.is_(None))
            .order_by(ReferralTask.due_on, ReferralTask.id)
            .limit(PAGE)
        )
    ).all()
    own: list[tuple[Task, Referral]] = []
    for task, referral, who in found:
        reads = referral.claimed_by == account_id
        key = await key_or_none(session, keys, referral) if reads else None
        own.append((_task(task, who, key, is_mine=True), referral))
    return own


def _task(task: ReferralTask, who: str, key: bytes | None, *, is_mine: bool) -> Task:
    return Task(
        id=task.id,
        referral_id=task.referral_id,
        text=open_words(task.what, key, "referral_task", "what", task.id),
        is_follow_up=task.what is None,
        who=who,
        is_mine=is_mine,
        due_on=task.due_on,
        done=task.done_at is not None,
        is_overdue=task.done_at is None and task.due_on < today(),
    )


async def add_task(
    session: AsyncSession,
    keys: DataKeys,
    referral: Referral,
    *,
    account_id: UUID,
    made_by: UUID,
    text: str,
    due_on: date,
    form_id: UUID,
) -> UUID:
    """Give somebody a task; the same form pressed twice gives one. The caller has checked who may.

    Raises TaskLengthError, TaskDayError, KeyDestroyedError.
    """
    words = plain(text)
    if not 1 <= len(words) <= LONGEST_TASK:
        raise TaskLengthError(f"a task has 1 to {LONGEST_TASK} characters")
    check_day(due_on)
    standing = await session.get(ReferralTask, form_id)
    if standing is not None:
        return own_form(standing.referral_id, standing.made_by, referral.id, made_by, form_id)
    key = await keys.load(session, referral.data_key_id)
    session.add(
        ReferralTask(
            id=form_id, referral_id=referral.id, account_id=account_id, made_by=made_by, due_on=due_on,
            what=seal_words(words, key, "referral_task", "what", form_id), made_at=utc_now(),
        )
    )  # fmt: skip
    await session.flush()
    await announce_change(session, referral.id)
    return form_id


async def finish_task(session: AsyncSession, referral_id: UUID, task_id: UUID, account_id: UUID) -> None:
    """Mark a task as done; twice is the same as once. Raises NotFoundError for one of another referral."""
    task = await session.scalar(
        sa.select(ReferralTask)
        .where(ReferralTask.id == task_id, ReferralTask.referral_id == referral_id)
        .with_for_update()
    )
    if task is None:
        raise NotFoundError("no such task in this referral")
    if task.done_at is None:
        task.done_at, task.done_by = utc_now(), account_id
        await session.flush()
        await announce_change(session, referral_id)


async def count_overdue(session: AsyncSession, account_id: UUID) -> int:
    """Return how many of somebody's tasks should have been done before today."""
    found = await session.scalar(
        sa.select(sa.func.count())
        .select_from(ReferralTask)
        .join(Referral, Referral.id == ReferralTask.referral_id)
        .where(
            owner() == account_id,
            ReferralTask.done_at.is_(None),
            ReferralTask.due_on < today(),
        )
    )
    return found or 0


async def tell_due_tasks(session: AsyncSession) -> int:
    """Alert whoever has a task that is due by today, in the morning and once; return how many alerts."""
    alone = await session.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(_LOCK)))
    if not alone or bangkok(utc_now()).hour < _FROM_HOUR:
        return 0
    told = sa.exists().where(
        StaffAlert.account_id == owner(),
        StaffAlert.referral_id == ReferralTask.referral_id,
        StaffAlert.kind == DUE,
        sa.func.timezone("Asia/Bangkok", StaffAlert.at) >= sa.cast(ReferralTask.due_on, sa.DateTime),
    )
    due = await session.execute(
        sa.select(owner(), ReferralTask.referral_id)
        .join(Referral, Referral.id == ReferralTask.referral_id)
        .where(ReferralTask.done_at.is_(None), ReferralTask.due_on <= today(), ~told)
        .distinct()
        .limit(_AT_ONCE)
    )
    count = 0
    for account_id, referral_id in due.all():
        count += len(await raise_alerts(session, [account_id], DUE, referral_id, outside=True))
    return count
