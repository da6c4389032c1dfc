"""One-time links: for new staff, a lost second factor, a forgotten password.

Whoever makes a link on which a password is chosen could use it themselves, so the role counts anew only when a second
person has confirmed it.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.models import Account, OneTimeLink, RecoveryCode
from core.accounts.roster import find_account, has_begun, known_role, normal_email
from core.accounts.sessions import end_all_keys
from core.audit.chain import record_audit
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.errors import ConflictError, InvalidInputError, NotFoundError
from core.ids import new_id

VALID = timedelta(hours=72)
INVITATION = "invitation"
NEW_SECOND_FACTOR = "new_second_factor"
NEW_PASSWORD = "new_password"  # noqa: S105 - the name of a purpose


class DeadLinkError(NotFoundError):
    """Unknown, used, replaced or out of date: all look the same."""

    code = "dead_link"


class KnownAddressError(ConflictError):
    """Somebody works here under this address, or did, or is invited for another role."""

    code = "known_address"


@dataclass(frozen=True, slots=True)
class Welcome:
    """Whose link it is. A link for a lost second factor asks for the password that stands, where one does."""

    link_id: UUID
    account: Account
    purpose: str

    @property
    def sets_password(self) -> bool:
        return _chooses_password(self.account, self.purpose)


def _chooses_password(account: Account, purpose: str) -> bool:
    return purpose != NEW_SECOND_FACTOR or account.password_hash is None


async def add_account(
    session: AsyncSession, keys: DataKeys, *, email: str, name: str, role: str, is_demo: bool = False
) -> Account:
    """Write an account that cannot sign in yet; raises InvalidInputError, KnownAddressError."""
    email = normal_email(email)
    if await session.scalar(sa.select(Account.id).where(Account.email == email)) is not None:
        raise KnownAddressError("this address has an account")
    if not name.strip():
        raise InvalidInputError("give the person's name")
    key_row, _ = keys.row("account")
    session.add(key_row)
    await session.flush()
    account = Account(
        id=new_id(), email=email, name=name.strip()[:100], role=known_role(role), data_key_id=key_row.id,
        is_demo=is_demo, created_at=utc_now(),
    )  # fmt: skip
    session.add(account)
    await session.flush()
    return account


async def invite(
    session: AsyncSession,
    keys: DataKeys,
    *,
    email: str,
    name: str,
    role: str,
    by: UUID | None = None,
) -> str:
    """Add an account, or renew the link of one that never began; return the token of `/console/welcome/{token}`.

    Raises InvalidInputError, KnownAddressError.
    """
    account = await find_account(session, normal_email(email))
    if account is None:
        account = await add_account(session, keys, email=email, name=name, role=role)
    elif has_begun(account) or account.role != known_role(role):
        raise KnownAddressError("this address has an account already")
    return await _new_link(session, keys, account, INVITATION, by)


async def reset_second_factor(
    session: AsyncSession, keys: DataKeys, email: str, *, by: UUID | None = None
) -> str:
    """Forget a lost second factor and sign the person out everywhere; return the token of a one-time link.

    The link asks for the password, so that who made it cannot enter with it. Raises NotFoundError.
    """
    account = await find_account(session, normal_email(email))
    if account is None:
        raise NotFoundError("no account has this address")
    account.totp_secret = account.totp_pending = account.openid_subject = None
    await session.execute(sa.delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    await end_all_keys(session, account.id)
    return await _new_link(session, keys, account, NEW_SECOND_FACTOR, by)


async def reset_password(session: AsyncSession, keys: DataKeys, email: str, *, by: UUID | None = None) -> str:
    """Sign the person out everywhere and return the token of a link on which they choose a new password.

    The second factor stays. Raises NotFoundError.
    """
    account = await find_account(session, normal_email(email))
    if account is None:
        raise NotFoundError("no account has this address")
    account.password_hash = None
    await end_all_keys(session, account.id)
    return await _new_link(session, keys, account, NEW_PASSWORD, by)


_ACTIONS = {
    INVITATION: "account.invite",
    NEW_SECOND_FACTOR: "account.reset_second_factor",
    NEW_PASSWORD: "account.reset_password",
}


async def _new_link(
    session: AsyncSession, keys: DataKeys, account: Account, purpose: str, by: UUID | None
) -> str:
    now, token = utc_now(), secrets.token_urlsafe(32)
    if _chooses_password(account, purpose):
        account.role_given_by, account.role_confirmed_by = by, None
    await end_links(session, account.id)
    session.add(
        OneTimeLink(
            id=new_id(), account_id=account.id, purpose=purpose, token_hash=_hash(keys, token), expires_at=now + VALID
        )
    )  # fmt: skip
    await record_audit(
        session, actor_id=by, action=_ACTIONS[purpose], object_kind="account", object_id=account.id
    )
    return token


async def end_links(session: AsyncSession, account_id: UUID) -> None:
    """Let no link of this account work any more."""
    await session.execute(
        sa.update(OneTimeLink)
        .where(OneTimeLink.account_id == account_id, OneTimeLink.used_at.is_(None))
        .values(used_at=utc_now())
    )


async def read_link(session: AsyncSession, keys: DataKeys, token: str, *, lock: bool = False) -> Welcome:
    """Return whose link it is without using it up; raises DeadLinkError."""
    wanted = (
        sa.select(OneTimeLink, Account)
        .join(Account, Account.id == OneTimeLink.account_id)
        .where(
            OneTimeLink.token_hash == _hash(keys, token),
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > utc_now(),
            Account.disabled_at.is_(None),
        )
    )
    found = (await session.execute(wanted.with_for_update() if lock else wanted)).one_or_none()
    if found is None:
        raise DeadLinkError("this link is not in use")
    return Welcome(found[0].id, found[1], found[0].purpose)


async def use_link(session: AsyncSession, keys: DataKeys, token: str, password_hash: str | None) -> Account:
    """Use the link up; `password_hash` is set where the link sets a password. Raises DeadLinkError."""
    welcome = await read_link(session, keys, token, lock=True)
    if welcome.sets_password:
        if password_hash is None:
            raise InvalidInputError("this link sets a password")
        welcome.account.password_hash = password_hash
    await session.execute(
        sa.update(OneTimeLink).where(OneTimeLink.id == welcome.link_id).values(used_at=utc_now())
    )
    return welcome.account


def _hash(keys: DataKeys, token: str) -> bytes:
    return keys.keyset.index("one-time-link", token)
