"""Staff accounts, their second factor, sessions and one-time links."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.crypto.boxed import Box, Sealed
from core.db.base import Base, Id


class Account(Base):
    """A member of staff. The address is staff data, needed to sign in; the second factor's secret is sealed."""

    __tablename__ = "account"

    id: Mapped[Id]
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    # A role that reads case content counts only once a second person has confirmed it (invariant 12).
    role_confirmed_by: Mapped[UUID | None]
    password_hash: Mapped[str | None]
    totp_secret: Mapped[Box | None] = mapped_column(Sealed)
    # Shown as a QR code, not yet proven by a first code.
    totp_pending: Mapped[Box | None] = mapped_column(Sealed)
    data_key_id: Mapped[UUID] = mapped_column(sa.ForeignKey("data_key.id"))
    # The last TOTP time step that was accepted: a code works once.
    totp_step: Mapped[int | None] = mapped_column(sa.BigInteger)
    is_demo: Mapped[bool] = mapped_column(server_default=sa.false())
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class AccountSession(Base):
    """One signed-in device; only the hash of its token is stored."""

    __tablename__ = "account_session"

    id: Mapped[Id]
    account_id: Mapped[UUID] = mapped_column(sa.ForeignKey("account.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    # Password given, second factor still missing: such a session reaches only the second step.
    confirmed: Mapped[bool] = mapped_column(server_default=sa.false())
    csrf: Mapped[str]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class OneTimeLink(Base):
    """An invitation or reset, used once; only its hash is stored."""

    __tablename__ = "one_time_link"

    id: Mapped[Id]
    account_id: Mapped[UUID] = mapped_column(sa.ForeignKey("account.id"), index=True)
    purpose: Mapped[str]
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """A spare second factor, used once."""

    __tablename__ = "recovery_code"

    id: Mapped[Id]
    account_id: Mapped[UUID] = mapped_column(sa.ForeignKey("account.id"), index=True)
    code_hash: Mapped[str]
    used_at: Mapped[datetime | None]


class SignInAttempt(Base):
    """A sign-in not known to be right, by keyed hashes, so that guessing is slowed without locking anybody out."""

    __tablename__ = "sign_in_attempt"

    id: Mapped[Id]
    who_key: Mapped[bytes]
    where_key: Mapped[bytes]
    at: Mapped[datetime]

    __table_args__ = (
        sa.Index("ix_sign_in_attempt_who", "who_key", "at"),
        sa.Index("ix_sign_in_attempt_where", "where_key", "at"),
    )
