"""Who else works on a case: agencies, whom they are paired with, their officers, and their programs."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from core.crypto.boxed import Box, Sealed
from core.db.base import Base, Id


class Agency(Base):
    """One office that cases are referred to, or that tells how a case goes on."""

    __tablename__ = "agency"

    id: Mapped[Id]
    # A short name that never changes, as programs and files call it.
    code: Mapped[str] = mapped_column(unique=True)
    # As `kinds.AgencyKind`: what it may do on which track hangs on it.
    kind: Mapped[str]
    name_th: Mapped[str]
    name_en: Mapped[str]
    # Province that it works in, as a code of the directory of places; None for the whole country.
    province: Mapped[str | None]
    # Which fields it may be given, as a code of templates.toml.
    template: Mapped[str]
    # Hours of its duty time within which it answers a request.
    answers_within: Mapped[int] = mapped_column(server_default="24")
    # Its duty: minutes of the Bangkok day, and days of the week (Monday is 0); holidays are free unless round the clock.
    opens_minute: Mapped[int] = mapped_column(server_default="510")
    closes_minute: Mapped[int] = mapped_column(server_default="990")
    weekdays: Mapped[list[int]] = mapped_column(ARRAY(sa.SmallInteger), server_default="{0,1,2,3,4}")
    # The agreement under which data is shared, in words that staff can look up, and until when it holds.
    basis: Mapped[str]
    basis_until: Mapped[date | None]
    # Public number of its desk, to tell a code of a packet to.
    phone: Mapped[str | None]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("account.id"))
    changed_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    __table_args__ = (
        sa.CheckConstraint("opens_minute >= 0 AND closes_minute <= 1440", name="minutes_of_a_day"),
        sa.CheckConstraint("answers_within > 0", name="answers_within_some_time"),
    )


class AgencyPairing(Base):
    """Who may refer to whom; None stands for the hotline. Both ways are two rows."""

    __tablename__ = "agency_pairing"

    id: Mapped[Id]
    giver_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("agency.id"))
    taker_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("agency.id"))
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("account.id"))
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        sa.CheckConstraint("giver_id IS DISTINCT FROM taker_id", name="two_sides"),
        sa.Index(
            "uq_agency_pairing", "giver_id", "taker_id", unique=True,
            postgresql_nulls_not_distinct=True, postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )  # fmt: skip


class AgencyOfficer(Base):
    """Which agency a partner officer works for: one, so that what they see is never a mixture."""

    __tablename__ = "agency_officer"

    account_id: Mapped[UUID] = mapped_column(sa.ForeignKey("account.id"), primary_key=True)
    agency_id: Mapped[UUID] = mapped_column(sa.ForeignKey("agency.id"), index=True)
    since: Mapped[datetime]
    named_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("account.id"))


class AgencyProgram(Base):
    """A program of an agency (OAuth 2 client); its secret is kept as a hash alone."""

    __tablename__ = "agency_program"

    id: Mapped[Id]
    agency_id: Mapped[UUID] = mapped_column(sa.ForeignKey("agency.id"), index=True)
    name: Mapped[str]
    client_id: Mapped[str] = mapped_column(unique=True)
    secret_hash: Mapped[bytes]
    scopes: Mapped[list[str]] = mapped_column(ARRAY(sa.Text))
    # Works on made-up cases alone.
    is_sandbox: Mapped[bool] = mapped_column(server_default=sa.false())
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("account.id"))
    last_used_at: Mapped[datetime | None]
    # Until then its calls are spoken for, as `tokens.keep_pace` counts them.
    busy_until: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class ProgramToken(Base):
    """An access token of a program, by its hash."""

    __tablename__ = "program_token"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    program_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("agency_program.id", ondelete="CASCADE"), index=True
    )
    scopes: Mapped[list[str]] = mapped_column(ARRAY(sa.Text))
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class ProgramCall(Base):
    """A write that a program made, so that the same call again does nothing and answers the same."""

    __tablename__ = "program_call"

    program_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("agency_program.id", ondelete="CASCADE"), primary_key=True
    )
    # Keyed hash of the key that the program gave.
    key_hash: Mapped[bytes] = mapped_column(primary_key=True)
    request_hash: Mapped[bytes]
    status: Mapped[int]
    object_id: Mapped[UUID | None]
    at: Mapped[datetime] = mapped_column(index=True)


class AgencyHook(Base):
    """Where an agency wants to be told that something changed; the address and its secret are sealed."""

    __tablename__ = "agency_hook"

    id: Mapped[Id]
    agency_id: Mapped[UUID] = mapped_column(sa.ForeignKey("agency.id"), index=True)
    data_key_id: Mapped[UUID] = mapped_column(sa.ForeignKey("data_key.id"))
    address: Mapped[Box] = mapped_column(Sealed)
    secret: Mapped[Box] = mapped_column(Sealed)
    is_sandbox: Mapped[bool] = mapped_column(server_default=sa.false())
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("account.id"))
    # Stopped by itself after too many failures, with the reason as a code.
    stopped_at: Mapped[datetime | None]
    stopped_for: Mapped[str | None]
    ended_at: Mapped[datetime | None]


class HookCall(Base):
    """One telling of an agency, and how it went: what changed as a code and an id, never any content."""

    __tablename__ = "hook_call"

    id: Mapped[Id]
    hook_id: Mapped[UUID] = mapped_column(sa.ForeignKey("agency_hook.id", ondelete="CASCADE"))
    kind: Mapped[str]
    # The agency's own name of the case: the id of the referral to it.
    agency_referral_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("agency_referral.id", ondelete="CASCADE")
    )
    event_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("case_event.id", ondelete="CASCADE"))
    # "waiting", "told", "failed".
    state: Mapped[str]
    tries: Mapped[int] = mapped_column(server_default="0")
    last_status: Mapped[int | None]
    next_at: Mapped[datetime | None]
    at: Mapped[datetime]
    told_at: Mapped[datetime | None]

    __table_args__ = (
        sa.Index("ix_hook_call_due", "next_at", postgresql_where=sa.text("state = 'waiting'")),
        sa.Index("ix_hook_call_hook", "hook_id", "id"),
        sa.Index("ix_hook_call_referral", "agency_referral_id"),
        sa.Index("ix_hook_call_event", "event_id"),
    )
