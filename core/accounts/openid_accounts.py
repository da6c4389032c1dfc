"""Whose account it is that the provider vouches for: by the bound subject, the first time by a verified address.

Nobody gets an account by this: who was never invited is refused.
"""

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.invitations import end_links
from core.accounts.models import Account
from core.accounts.openid import OpenIdPerson
from core.accounts.roster import find_account, normal_email
from core.audit.chain import record_audit
from core.errors import ForbiddenError, InvalidInputError


class OpenIdUnknownError(ForbiddenError):
    """Nobody was invited under this address, the account is closed, or it belongs to another subject."""

    code = "openid_unknown"


async def account_of(session: AsyncSession, person: OpenIdPerson) -> Account:
    """Return the account, bound to the subject from the first time on; raises OpenIdUnknownError."""
    bound = await session.scalar(sa.select(Account).where(Account.openid_subject == person.subject))
    if bound is not None:
        if bound.disabled_at is not None:
            raise OpenIdUnknownError("the account is closed")
        return bound
    account = await _invited(session, person)
    # Whoever holds an unused link must not choose a password for an account that is in use now.
    await end_links(session, account.id)
    account.openid_subject = person.subject
    await record_audit(
        session,
        actor_id=account.id,
        action="account.bind_openid",
        object_kind="account",
        object_id=account.id,
    )
    return account


async def _invited(session: AsyncSession, person: OpenIdPerson) -> Account:
    if not person.email_is_verified:
        raise OpenIdUnknownError("the provider does not vouch for the address")
    try:
        found = await find_account(session, normal_email(person.email))
    except InvalidInputError:
        found = None
    if found is None:
        raise OpenIdUnknownError("nobody was invited under this address")
    await session.refresh(found, with_for_update=True)
    if found.is_demo or found.openid_subject is not None:
        raise OpenIdUnknownError("the account belongs to another subject")
    return found
