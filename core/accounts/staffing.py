"""What an administrator changes of somebody else's account: role, in use or not. Each change signs the person out."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.invitations import end_links
from core.accounts.models import Account
from core.accounts.roster import known_role, lock_account
from core.accounts.sessions import end_all_keys
from core.clock import utc_now
from core.errors import ConflictError, ForbiddenError


class OwnAccountError(ForbiddenError):
    """Nobody gives themselves a role, or takes the last administrator away."""

    code = "own_account"


async def change_role(session: AsyncSession, account_id: UUID, role: str, *, by: UUID) -> None:
    """Give another role; one that reads cases waits for its second person.

    Raises OwnAccountError, InvalidInputError, ConflictError for the same role or an account not in use, NotFoundError.
    """
    account = await _others(session, account_id, by)
    if account.disabled_at is not None or account.role == known_role(role):
        raise ConflictError("the account is not in use, or has this role")
    _give(account, role, by)
    await end_all_keys(session, account_id)


async def disable_account(session: AsyncSession, account_id: UUID, *, by: UUID) -> None:
    """Let the person in no more; what they hold stays theirs until a supervisor hands it over.

    Raises OwnAccountError, ConflictError when it is disabled already, NotFoundError.
    """
    account = await _others(session, account_id, by)
    if account.disabled_at is not None:
        raise ConflictError("the account is disabled already")
    account.disabled_at = utc_now()
    await end_links(session, account_id)
    await end_all_keys(session, account_id)


async def enable_account(session: AsyncSession, account_id: UUID, *, by: UUID) -> None:
    """Let the person in again, as if the role were given now.

    Raises OwnAccountError, ConflictError when it is in use, NotFoundError.
    """
    account = await _others(session, account_id, by)
    if account.disabled_at is None:
        raise ConflictError("the account is in use")
    account.disabled_at = None
    _give(account, account.role, by)


def _give(account: Account, role: str, by: UUID) -> None:
    account.role, account.role_given_by, account.role_confirmed_by = role, by, None


async def _others(session: AsyncSession, account_id: UUID, by: UUID) -> Account:
    if account_id == by:
        raise OwnAccountError("another administrator must do this")
    return await lock_account(session, account_id)
