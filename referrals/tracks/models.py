"""The five tracks of a case as events that are only ever added, and what follows from them."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from core.crypto.boxed import Box, Sealed
from core.db.base import Base, Id


class CaseEvent(Base):
    """One step on a track. Codes, days and satang stand in the clear (figures are made of them); words, numbers of
    courts and names are sealed under the case's key.
    """

    __tablename__ = "case_event"

    id: Mapped[Id]
    referral_id: Mapped[UUID] = mapped_column(sa.ForeignKey("referral.id", ondelete="CASCADE"))
    # "report", "referral", "victim", "prosecution" or "compensation", and the step's code in steps.toml.
    track: Mapped[str]
    step: Mapped[str]
    # Whom of the case it is about, as `CasePerson.number`; None for all.
    person: Mapped[int | None] = mapped_column(sa.SmallInteger)
    # When it happened (Bangkok day), to the minute where a clock of hours starts by it, and when we were told.
    happened_on: Mapped[date]
    happened_at: Mapped[datetime | None]
    recorded_at: Mapped[datetime]
    # Who made it; no agency is the hotline.
    agency_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("agency.id"))
    agency_referral_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("agency_referral.id", ondelete="SET NULL")
    )
    account_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("account.id"))
    program_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("agency_program.id"))
    # "manual", "api", "import", "chat" or "system".
    source: Mapped[str]
    # Keyed hash of the maker's own name for it, so that the same comes in once.
    outside_key: Mapped[bytes | None]
    # A correction: this event takes that one back. Nothing is ever changed or deleted.
    reverses_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("case_event.id"))
    # What it is about: the payment that a confirmation confirms, the order that a payment pays.
    about_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("case_event.id"))
    # Says the same as that one, which another told before; the hotline's is its word on which of several holds.
    same_as_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("case_event.id"))
    # Says otherwise than another agency did; both stand until staff decide (a later event settles it).
    is_disputed: Mapped[bool] = mapped_column(server_default=sa.false())
    # Whether figures count it: not taken back, not said a second time, not overruled. Derived with the standing.
    stands: Mapped[bool] = mapped_column(server_default=sa.true())
    # Satang.
    amount: Mapped[int | None] = mapped_column(sa.BigInteger)
    # Of what the money comes, as `compensation.sources.Fund`; of which item, as `Item`.
    fund: Mapped[str | None]
    item: Mapped[str | None]
    # A result as a code of the step; how many people (accused, convicted); months of a sentence.
    outcome: Mapped[str | None]
    people: Mapped[int | None] = mapped_column(sa.SmallInteger)
    months: Mapped[int | None] = mapped_column(sa.SmallInteger)
    # Numbers of courts and files, and what else the step asks for (JSON of words).
    details: Mapped[Box | None] = mapped_column(Sealed)
    # Words of its maker for colleagues, flagged where they seem to name somebody.
    note: Mapped[Box | None] = mapped_column(Sealed)
    names_somebody: Mapped[bool] = mapped_column(server_default=sa.false())

    __table_args__ = (
        sa.CheckConstraint("amount IS NULL OR amount >= 0", name="amount_not_negative"),
        sa.Index("ix_case_event_case", "referral_id", "id"),
        sa.Index("uq_case_event_outside", "outside_key", unique=True),
        sa.Index("uq_case_event_reverses", "reverses_id", unique=True),
        sa.Index("ix_case_event_about", "about_id", postgresql_where=sa.text("about_id IS NOT NULL")),
        sa.Index("ix_case_event_same_as", "same_as_id", postgresql_where=sa.text("same_as_id IS NOT NULL")),
        sa.Index(
            "ix_case_event_agency_referral", "agency_referral_id",
            postgresql_where=sa.text("agency_referral_id IS NOT NULL"),
        ),
        # As yearly figures are counted.
        sa.Index("ix_case_event_year", "track", "step", "happened_on"),
    )  # fmt: skip


class CasePerson(Base):
    """One person whom a case is about, as figures need it; no name stands here. Number 1 is who the report is about."""

    __tablename__ = "case_person"

    referral_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("referral.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True)
    # As codes of people.toml; "unknown" until somebody said.
    age_band: Mapped[str] = mapped_column(server_default="unknown")
    sex: Mapped[str] = mapped_column(server_default="unknown")
    # ISO 3166-1 alpha-2, "xx" stateless, "unknown".
    nationality: Mapped[str] = mapped_column(server_default="unknown")
    # Forms of exploitation.
    forms: Mapped[list[str]] = mapped_column(ARRAY(sa.Text), server_default="{}")
    changed_at: Mapped[datetime]


class CaseStanding(Base):
    """Where a case stands: derived from its events in the transaction that adds one, and always to be derived anew."""

    __tablename__ = "case_standing"

    referral_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("referral.id", ondelete="CASCADE"), primary_key=True
    )
    # The newest event that it follows from.
    event_id: Mapped[UUID]
    victim: Mapped[str | None]
    prosecution: Mapped[str | None]
    compensation: Mapped[str | None]
    disputes: Mapped[int] = mapped_column(server_default="0")
    # Satang: what courts ordered, what was paid and what of it the person confirmed, from all sources.
    ordered: Mapped[int] = mapped_column(sa.BigInteger, server_default="0")
    paid: Mapped[int] = mapped_column(sa.BigInteger, server_default="0")
    confirmed: Mapped[int] = mapped_column(sa.BigInteger, server_default="0")
    # What an order still owes without interest; 0 once it is closed.
    owed: Mapped[int] = mapped_column(sa.BigInteger, server_default="0")
    ordered_on: Mapped[date | None]
    final_on: Mapped[date | None]
    last_paid_on: Mapped[date | None]
    # The next clock that runs out, as a code of clocks.toml.
    next_clock: Mapped[str | None]
    next_due_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]

    __table_args__ = (
        # Ordered and not paid: oldest first, and largest first.
        sa.Index(
            "ix_case_standing_oldest", "ordered_on", "referral_id", postgresql_where=sa.text("owed > 0")
        ),
        sa.Index("ix_case_standing_largest", "owed", "referral_id", postgresql_where=sa.text("owed > 0")),
        sa.Index("ix_case_standing_due", "next_due_at", postgresql_where=sa.text("next_due_at IS NOT NULL")),
        sa.Index("ix_case_standing_disputes", "referral_id", postgresql_where=sa.text("disputes > 0")),
    )


class TrackAlarm(Base):
    """A clock of a track that ran out: once, with who was told, until the step is made or staff put it aside."""

    __tablename__ = "track_alarm"

    id: Mapped[Id]
    referral_id: Mapped[UUID] = mapped_column(sa.ForeignKey("referral.id", ondelete="CASCADE"))
    # As a code of clocks.toml, started by that event.
    clock: Mapped[str]
    event_id: Mapped[UUID] = mapped_column(sa.ForeignKey("case_event.id", ondelete="CASCADE"))
    due_at: Mapped[datetime]
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        sa.UniqueConstraint("referral_id", "clock", "event_id", "due_at"),
        sa.Index("ix_track_alarm_open", "due_at", "id", postgresql_where=sa.text("ended_at IS NULL")),
        sa.Index("ix_track_alarm_event", "event_id"),
    )
