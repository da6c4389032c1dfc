"""One-time links: for new staff, and for a lost second factor."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.models import Account, OneTimeLink, RecoveryCode
from core.accounts.roster import find_account, known_role, normal_email
from core.accounts.sessions import end_all_sessions
from core.audit.chain import record_audit
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.errors import ConflictError, InvalidInputError, NotFoundError
from core.ids import new_id

VALID = timedelta(hours=72)
INVITATION = "invitation"
NEW_SECOND_FACTOR = "new_second_factor"


class DeadLinkError(NotFoundError):
    """Unknown, used, replaced or out of date: all look the same."""

    code = "dead_link"


@dataclass(frozen=True, slots=True)
class Welcome:
    """Whose link it is. A link for a lost second factor asks for the password that stands."""

    link_id: UUID
    account: Account

    @property
    def sets_password(self) -> bool:
        return self.account.password_hash is None


async def add_account(
    session: AsyncSession, keys: DataKeys, *, email: str, name: str, role: str, is_demo: bool = False
) -> Account:
    """Write an account that cannot sign in yet; raises InvalidInputError, ConflictError for a known address."""
    email = normal_email(email)
    if await session.scalar(sa.select(Account.id).where(Account.email == email)) is not None:
        raise ConflictError("this address has an account")
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

    Raises InvalidInputError, ConflictError when the account is in use.
    """
    account = await find_account(session, normal_email(email))
    if account is None:
        account = await add_account(session, keys, email=email, name=name, role=role)
    elif account.password_hash is not None or account.role != known_role(role):
        raise ConflictError("this address has an account already")
    await record_audit(
        session, actor_id=by, action="account.invite", object_kind="account", object_id=account.id
    )
    return await _new_link(session, keys, account.id, INVITATION)


async def reset_second_factor(
    session: AsyncSession, keys: DataKeys, email: str, *, by: UUID | None = None
) -> str:
    """Forget a lost second factor and sign the person out everywhere; return the token of a one-time link.

    The link asks for the password, so that who made it cannot enter with it. Raises NotFoundError.
    """
    account = await find_account(session, normal_email(email))
    if account is None:
        raise NotFoundError("no account has this address")
    account.totp_secret = account.totp_pending = None
    await session.execute(sa.delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    await end_all_sessions(session, account.id)
    await record_audit(
        session,
        actor_id=by,
        action="account.reset_second_factor",
        object_kind="account",
        object_id=account.id,
    )
    return await _new_link(session, keys, account.id, NEW_SECOND_FACTOR)


async def _new_link(session: AsyncSession, keys: DataKeys, account_id: UUID, purpose: str) -> str:
    now, token = utc_now(), secrets.token_urlsafe(32)
    await session.execute(
        sa.update(OneTimeLink)
        .where(OneTimeLink.account_id == account_id, OneTimeLink.used_at.is_(None))
        .values(used_at=now)
    )
    session.add(
        OneTimeLink(
            id=new_id(), account_id=account_id, purpose=purpose, token_hash=_hash(keys, token), expires_at=now + VALID
        )
    )  # fmt: skip
    await session.flush()
    return token


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
    return Welcome(found[0].id, found[1])


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
