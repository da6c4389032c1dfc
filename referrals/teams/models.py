"""Who works on what: teams, shifts, the rules that send reports to them, and what happens when a clock is missed."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from core.crypto.boxed import Box, Sealed
from core.db.base import Base, Id


class Team(Base):
    """People who share a queue."""

    __tablename__ = "team"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(unique=True)
    # Takes what no rule sends elsewhere; exactly one open team does.
    is_fallback: Mapped[bool] = mapped_column(server_default=sa.false())
    # Minutes from a missed clock's first alert until whoever is on call is told too.
    on_call_after: Mapped[int] = mapped_column(server_default="10")
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    __table_args__ = (
        sa.Index(
            "uq_team_fallback",
            "is_fallback",
            unique=True,
            postgresql_where=sa.text("is_fallback AND closed_at IS NULL"),
        ),
    )


class TeamMember(Base):
    """Who belongs to a team; whoever leads it is told of missed clocks first."""

    __tablename__ = "team_member"

    team_id: Mapped[UUID] = mapped_column(sa.ForeignKey("team.id"), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(sa.ForeignKey("account.id"), primary_key=True, index=True)
    leads: Mapped[bool] = mapped_column(server_default=sa.false())


class Shift(Base):
    """When somebody is on duty for a team, or on call: to be called when nobody on duty answers."""

    __tablename__ = "shift"

    id: Mapped[Id]
    team_id: Mapped[UUID] = mapped_column(sa.ForeignKey("team.id"))
    account_id: Mapped[UUID] = mapped_column(sa.ForeignKey("account.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    on_call: Mapped[bool] = mapped_column(server_default=sa.false())

    __table_args__ = (
        sa.CheckConstraint("starts_at < ends_at", name="shift_in_order"),
        sa.Index("ix_shift_team", "team_id", "ends_at"),
    )


class RoutingRule(Base):
    """Sends a report to a team when all that it names fits; empty means any. The first that fits decides."""

    __tablename__ = "routing_rule"

    id: Mapped[Id]
    position: Mapped[int]
    team_id: Mapped[UUID] = mapped_column(sa.ForeignKey("team.id"))
    kinds: Mapped[list[str]] = mapped_column(ARRAY(sa.Text), server_default="{}")
    places: Mapped[list[str]] = mapped_column(ARRAY(sa.Text), server_default="{}")
    languages: Mapped[list[str]] = mapped_column(ARRAY(sa.Text), server_default="{}")
    priorities: Mapped[list[str]] = mapped_column(ARRAY(sa.Text), server_default="{}")
    created_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("account.id"))
    created_at: Mapped[datetime]
    dropped_at: Mapped[datetime | None]


class ClockMiss(Base):
    """A clock of a report that ran out, once for each person-level that was told of it."""

    __tablename__ = "clock_miss"

    id: Mapped[Id]
    referral_id: Mapped[UUID] = mapped_column(sa.ForeignKey("referral.id", ondelete="CASCADE"))
    # "claim" or "answer".
    clock: Mapped[str]
    due_at: Mapped[datetime]
    # "first" (who leads on duty), then "on_call".
    told: Mapped[str]
    at: Mapped[datetime]

    __table_args__ = (sa.UniqueConstraint("referral_id", "clock", "due_at", "told"),)


class StaffAlert(Base):
    """Something that a member of staff should look at; says where, never what."""

    __tablename__ = "staff_alert"

    id: Mapped[Id]
    account_id: Mapped[UUID] = mapped_column(sa.ForeignKey("account.id"))
    # As a code: "clock_missed", "handed_over", "task_due", "closing_waits", "hotline_expires", …
    kind: Mapped[str]
    referral_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("referral.id", ondelete="CASCADE"))
    # How it goes out beside the console, as `alerts.Outside`.
    outside: Mapped[str] = mapped_column(server_default="none")
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]

    __table_args__ = (
        sa.Index("ix_staff_alert_unread", "account_id", "id", postgresql_where=sa.text("read_at IS NULL")),
        sa.Index("ix_staff_alert_account", "account_id", "id"),
        # They go with their report.
        sa.Index(
            "ix_staff_alert_referral", "referral_id", postgresql_where=sa.text("referral_id IS NOT NULL")
        ),
    )


class AlertPost(Base):
    """One way of an alert out of the house: a row before the call, so that nothing sent twice goes unmarked."""

    __tablename__ = "alert_post"

    alert_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("staff_alert.id", ondelete="CASCADE"), primary_key=True
    )
    # As the address: "line", "telegram" or "mail".
    kind: Mapped[str] = mapped_column(primary_key=True)
    # "pending", "sending", "sent", "resent" (perhaps a second time) or "failed", with the reason as a code.
    state: Mapped[str] = mapped_column(server_default="pending")
    reason: Mapped[str | None]
    tries: Mapped[int] = mapped_column(server_default="0")
    # When it may be sent, then when it was begun.
    at: Mapped[datetime]

    __table_args__ = (
        sa.Index("ix_alert_post_open", "at", postgresql_where=sa.text("state IN ('pending', 'sending')")),
        sa.Index("ix_alert_post_at", "at"),
    )


class AddressProof(Base):
    """An address that a member of staff wants alerts at, until the code shows that it is theirs."""

    __tablename__ = "address_proof"

    account_id: Mapped[UUID] = mapped_column(sa.ForeignKey("account.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    # For mail, where the code was sent; for chats it is known only once the code comes from there.
    address: Mapped[Box | None] = mapped_column(Sealed)
    code_key: Mapped[bytes] = mapped_column(unique=True)
    # Wrong codes typed so far.
    tries: Mapped[int] = mapped_column(server_default="0")
    expires_at: Mapped[datetime]


class CalendarDay(Base):
    """A day that supervisors made free, or a duty day, against week and holidays."""

    __tablename__ = "calendar_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    is_duty: Mapped[bool]
    name: Mapped[str]
    by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("account.id"))
    at: Mapped[datetime]
