"""Who works here: finding accounts, what their role lets them do, and the second person's confirmation."""

import unicodedata
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.models import Account
from core.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from core.permissions import READING_ROLES, ROLES, Role, Scope, scopes_of


def normal_email(email: str) -> str:
    """Return the one spelling under which an address is stored; raises InvalidInputError."""
    normal = unicodedata.normalize("NFKC", email).strip().casefold()
    name, at, host = normal.partition("@")
    if not (name and at and host) or len(normal) > 254 or any(c.isspace() for c in normal):
        raise InvalidInputError("give an address like name@example.org")
    return normal


async def find_account(session: AsyncSession, email: str) -> Account | None:
    """Return the account of that address when it may be used."""
    return await session.scalar(
        sa.select(Account).where(Account.email == email, Account.disabled_at.is_(None))
    )


async def list_accounts(session: AsyncSession) -> list[Account]:
    return list(await session.scalars(sa.select(Account).order_by(Account.name, Account.id).limit(500)))


def known_role(role: str) -> Role:
    """Narrow a stored or typed role; raises InvalidInputError."""
    for known in ROLES:
        if role == known:
            return known
    raise InvalidInputError(f"roles are {', '.join(ROLES)}")


def needs_confirmation(account: Account) -> bool:
    """A role that reads cases counts only once a second person has confirmed it (invariant 12)."""
    return account.role in READING_ROLES and account.role_confirmed_by is None


def scopes_held(account: Account) -> frozenset[Scope]:
    return frozenset() if needs_confirmation(account) else scopes_of(known_role(account.role))


async def confirm_role(session: AsyncSession, account_id: UUID, *, by: UUID) -> None:
    """Let a reading role count.

    Raises ForbiddenError for oneself, ConflictError when nothing waits, NotFoundError.
    """
    if account_id == by:
        raise ForbiddenError("a second person must confirm the role")
    account = await session.get(Account, account_id, with_for_update=True)
    if account is None or account.disabled_at is not None:
        raise NotFoundError("no such account")
    if not needs_confirmation(account):
        raise ConflictError("this role needs no confirmation, or has it already")
    account.role_confirmed_by = by
