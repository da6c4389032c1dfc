"""Staff accounts, their second factor, sessions and one-time links."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
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
    # Who gave the role; the second person is another one.
    role_given_by: Mapped[UUID | None]
    # A role that reads case content counts only once a second person has confirmed it (invariant 12).
    role_confirmed_by: Mapped[UUID | None]
    password_hash: Mapped[str | None]
    totp_secret: Mapped[Box | None] = mapped_column(Sealed)
    # Shown as a QR code, not yet proven by a first code.
    totp_pending: Mapped[Box | None] = mapped_column(Sealed)
    data_key_id: Mapped[UUID] = mapped_column(sa.ForeignKey("data_key.id"))
    # The last TOTP time step that was accepted: a code works once.
    totp_step: Mapped[int | None] = mapped_column(sa.BigInteger)
    # Who this is at the OpenID provider ("issuer subject"), where sign-in by one is switched on.
    openid_subject: Mapped[str | None] = mapped_column(unique=True)
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
    # Browser and system in words, for one's own list of devices.
    device: Mapped[str] = mapped_column(server_default="")
    # Keyed hash of the network and browser that it began in: a stolen token is of no use elsewhere.
    place_key: Mapped[bytes | None]
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
    # The account as guessed at by one known browser, or from one network.
    who_key: Mapped[bytes]
    # The account as guessed at by unknown browsers of anywhere; none for a known browser.
    account_key: Mapped[bytes | None]
    where_key: Mapped[bytes]
    at: Mapped[datetime]

    __table_args__ = (
        sa.Index("ix_sign_in_attempt_who", "who_key", "at"),
        sa.Index("ix_sign_in_attempt_account", "account_key", "at"),
        sa.Index("ix_sign_in_attempt_where", "where_key", "at"),
    )


class StaffAddress(Base):
    """Where a member of staff is called when a clock is missed; apart from everything that concerns citizens."""

    __tablename__ = "staff_address"

    id: Mapped[Id]
    account_id: Mapped[UUID] = mapped_column(sa.ForeignKey("account.id"), index=True)
    # "line", "telegram" or "mail".
    kind: Mapped[str]
    address: Mapped[Box] = mapped_column(Sealed)
    # A message that was sent there was answered with its code.
    proven_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    __table_args__ = (sa.UniqueConstraint("account_id", "kind"),)


class ApiToken(Base):
    """A program's key to the staff interface, shown once; only its hash is stored."""

    __tablename__ = "api_token"

    id: Mapped[Id]
    account_id: Mapped[UUID] = mapped_column(sa.ForeignKey("account.id"), index=True)
    name: Mapped[str]
    scopes: Mapped[list[str]] = mapped_column(ARRAY(sa.Text))
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    # Until when the calls so far keep it busy at its pace (see tokens.py).
    busy_until: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class IdempotentCall(Base):
    """A write that a program made under a key of its own: the same key answers the same, and does nothing again."""

    __tablename__ = "idempotent_call"

    token_id: Mapped[UUID] = mapped_column(sa.ForeignKey("api_token.id"), primary_key=True)
    key_hash: Mapped[bytes] = mapped_column(primary_key=True)
    request_hash: Mapped[bytes]
    status: Mapped[int | None]
    # What the call made, to be read anew by who may read it.
    object_id: Mapped[UUID | None]
    at: Mapped[datetime]
