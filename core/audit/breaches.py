"""Leaks of personal data, real or as a drill: the clock of 72 hours, who did what when; never what leaked of whom."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib import resources
from typing import Literal
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from core.clock import utc_now
from core.db.base import Base, Id
from core.errors import ConflictError, InvalidInputError, NotFoundError

Kind = Literal["drill", "real"]
Risk = Literal["high", "not_high"]
RISKS: tuple[Risk, ...] = ("high", "not_high")
# Somebody may have noticed it days before it was written down.
_OLDEST = timedelta(days=365)
PAGE = 100


class LeftToDoError(ConflictError):
    """Something that a real leak needs was not done yet."""

    code = "breach_left"


class BreachEndedError(ConflictError):
    """Nothing is added to what has ended."""

    code = "breach_ended"


class BreachTimeError(InvalidInputError):
    """A time in the future, or more than a year ago."""

    code = "breach_time"


class BreachRow(Base):
    """One leak or drill; `what` and `risk` are codes."""

    __tablename__ = "breach"

    id: Mapped[Id]
    kind: Mapped[str]
    what: Mapped[str]
    # When somebody of the house knew of it: the clock runs from then.
    noticed_at: Mapped[datetime]
    started_by: Mapped[UUID]
    started_at: Mapped[datetime]
    risk: Mapped[str | None]
    risk_by: Mapped[UUID | None]
    risk_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        sa.CheckConstraint("kind IN ('drill', 'real')", name="known_kind"),
        sa.CheckConstraint("risk IN ('high', 'not_high')", name="known_risk"),
    )


class BreachStep(Base):
    """One thing that was done."""

    __tablename__ = "breach_step"

    breach_id: Mapped[UUID] = mapped_column(sa.ForeignKey("breach.id"), primary_key=True)
    step: Mapped[str] = mapped_column(primary_key=True)
    by: Mapped[UUID]
    at: Mapped[datetime]


class Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What has to be done, as data: see breach.toml."""

    hours: int
    steps: tuple[str, ...]
    only_if_high: tuple[str, ...]
    what: tuple[str, ...]


@cache
def plan() -> Plan:
    """Return the plan; raises msgspec.ValidationError for a wrong file."""
    text = resources.files("core.audit").joinpath("breach.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), Plan)


@dataclass(frozen=True, slots=True)
class Done:
    by: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Breach:
    """A leak or drill with what was done of it."""

    id: UUID
    kind: str
    what: str
    noticed_at: datetime
    started: Done
    risk: str | None
    judged: Done | None
    ended: Done | None
    steps: Mapping[str, Done]

    @property
    def due_at(self) -> datetime:
        return self.noticed_at + timedelta(hours=plan().hours)

    @property
    def wanted(self) -> tuple[str, ...]:
        """The steps that it takes at its risk."""
        return tuple(one for one in plan().steps if self.risk == "high" or one not in plan().only_if_high)

    @property
    def left(self) -> tuple[str, ...]:
        """What was not done; with "risk" where nobody judged it."""
        open_steps = tuple(one for one in self.wanted if one not in self.steps)
        return (*open_steps, *(() if self.risk else ("risk",)))

    @property
    def in_time(self) -> bool | None:
        """Tell whether the authority was told within the time; None while that may still be."""
        told = self.steps.get("tell_authority")
        if told is not None:
            return told.at <= self.due_at
        return False if self.ended is not None or utc_now() > self.due_at else None


async def start_breach(
    session: AsyncSession, breach_id: UUID, *, kind: Kind, what: str, noticed_at: datetime | None, by: UUID
) -> None:
    """Start the clock, from now or from when it was noticed. The same id starts once.

    Raises InvalidInputError, BreachTimeError.
    """
    now = utc_now()
    noticed = noticed_at or now
    if what not in plan().what:
        raise InvalidInputError("choose what happened")
    if not now - _OLDEST < noticed <= now:
        raise BreachTimeError("noticed: not in the future, nor more than a year ago")
    await session.execute(
        insert(BreachRow)
        .values(id=breach_id, kind=kind, what=what, noticed_at=noticed, started_by=by, started_at=now)
        .on_conflict_do_nothing(index_elements=["id"])
    )


async def tick_step(session: AsyncSession, breach_id: UUID, step: str, *, by: UUID) -> None:
    """Note that something was done; the first time counts. Raises InvalidInputError, BreachEndedError, NotFoundError."""
    if step not in plan().steps:
        raise InvalidInputError("not a step of the plan")
    await _running(session, breach_id)
    await session.execute(
        insert(BreachStep)
        .values(breach_id=breach_id, step=step, by=by, at=utc_now())
        .on_conflict_do_nothing(index_elements=["breach_id", "step"])
    )


async def judge_risk(session: AsyncSession, breach_id: UUID, risk: str, *, by: UUID) -> None:
    """Note how high the risk for the persons is. Raises InvalidInputError, BreachEndedError, NotFoundError."""
    if risk not in RISKS:
        raise InvalidInputError("choose how high the risk is")
    row = await _running(session, breach_id)
    if row.risk != risk:
        row.risk, row.risk_by, row.risk_at = risk, by, utc_now()


async def end_breach(session: AsyncSession, breach_id: UUID, *, by: UUID) -> None:
    """End it; a drill at any time, a real leak once everything was done.

    Raises LeftToDoError, BreachEndedError, NotFoundError.
    """
    row = await _running(session, breach_id)
    await session.flush()
    if row.kind == "real" and (await read_breach(session, breach_id)).left:
        raise LeftToDoError("something is left to do")
    row.ended_by, row.ended_at = by, utc_now()


async def _running(session: AsyncSession, breach_id: UUID) -> BreachRow:
    row = await session.get(BreachRow, breach_id, with_for_update=True)
    if row is None:
        raise NotFoundError("no such leak or drill")
    if row.ended_at is not None:
        raise BreachEndedError("it has ended")
    return row


async def read_breach(session: AsyncSession, breach_id: UUID) -> Breach:
    """Return one with its steps; raises NotFoundError."""
    found = await _read(session, sa.select(BreachRow).where(BreachRow.id == breach_id))
    if not found:
        raise NotFoundError("no such leak or drill")
    return found[0]


async def list_breaches(session: AsyncSession) -> list[Breach]:
    """Return leaks and drills, the newest first."""
    return await _read(session, sa.select(BreachRow).order_by(BreachRow.started_at.desc()).limit(PAGE))


async def _read(session: AsyncSession, chosen: sa.Select[BreachRow]) -> list[Breach]:
    rows = (await session.scalars(chosen)).all()
    steps: dict[UUID, dict[str, Done]] = {row.id: {} for row in rows}
    for step in await session.scalars(sa.select(BreachStep).where(BreachStep.breach_id.in_(steps))):
        steps[step.breach_id][step.step] = Done(step.by, step.at)
    return [
        Breach(
            row.id, row.kind, row.what, row.noticed_at, Done(row.started_by, row.started_at), row.risk,
            _done(row.risk_by, row.risk_at), _done(row.ended_by, row.ended_at), steps[row.id],
        )
        for row in rows
    ]  # fmt: skip


def _done(by: UUID | None, at: datetime | None) -> Done | None:
    return Done(by, at) if by is not None and at is not None else None
