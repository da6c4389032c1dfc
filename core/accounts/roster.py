"""Who works here: finding accounts, what their role lets them do, and the second person's confirmation."""

import unicodedata
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.models import Account
from core.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from core.permissions import READING_ROLES, ROLES, Role, Scope, scopes_of


class SecondPersonError(ForbiddenError):
    """Whoever holds a role, or gave it, asked to confirm it."""

    code = "second_person"


class NotBegunError(ConflictError):
    """Until the person came in, whoever made the link could use it in their stead."""

    code = "not_begun"


class MailAddressError(InvalidInputError):
    """What was typed as a mail address is none, or longer than one may be."""

    code = "mail_address"


def normal_email(email: str) -> str:
    """Return the one spelling under which an address is stored; raises MailAddressError."""
    normal = unicodedata.normalize("NFKC", email).strip().casefold()
    name, at, host = normal.partition("@")
    if not (name and at and host) or "@" in host or len(normal) > 254 or any(c.isspace() for c in normal):
        raise MailAddressError("give an address like name@example.org")
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


def has_begun(account: Account) -> bool:
    """Tell whether the person has come in by their link, or by the organisation's provider."""
    return account.password_hash is not None or account.openid_subject is not None


def needs_confirmation(account: Account) -> bool:
    """A role that reads cases counts only once a second person has confirmed it (invariant 12).

    So does an administrator made by another one in the console, or one person would be two.
    """
    given_here = account.role == "administrator" and account.role_given_by is not None
    return (account.role in READING_ROLES or given_here) and account.role_confirmed_by is None


def scopes_held(account: Account) -> frozenset[Scope]:
    return frozenset() if needs_confirmation(account) else scopes_of(known_role(account.role))


def may_confirm(account: Account, by: UUID) -> bool:
    """The second person is neither whose role it is nor who gave it."""
    return by not in {account.id, account.role_given_by}


async def read_account(session: AsyncSession, account_id: UUID) -> Account:
    """Return an account for looking at it; raises NotFoundError."""
    account = await session.get(Account, account_id)
    if account is None:
        raise NotFoundError("no such account")
    return account


async def lock_account(session: AsyncSession, account_id: UUID) -> Account:
    """Return an account for changing it; raises NotFoundError."""
    # Reading anew would overwrite what was changed and not written yet.
    await session.flush()
    account = await session.get(Account, account_id, with_for_update=True, populate_existing=True)
    if account is None:
        raise NotFoundError("no such account")
    return account


async def confirm_role(session: AsyncSession, account_id: UUID, *, by: UUID) -> None:
    """Let a role count that waits for its second person.

    Raises SecondPersonError, NotBegunError, ConflictError when nothing waits, NotFoundError.
    """
    account = await lock_account(session, account_id)
    if not may_confirm(account, by):
        raise SecondPersonError("a second person must confirm the role, not who holds or gave it")
    if account.disabled_at is not None:
        raise NotFoundError("no such account")
    if not needs_confirmation(account):
        raise ConflictError("this role needs no confirmation, or has it already")
    if not has_begun(account):
        raise NotBegunError("confirm once the person has come in by their link")
    account.role_confirmed_by = by
