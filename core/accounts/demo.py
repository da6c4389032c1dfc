"""Accounts for trying the service out; production refuses them."""

import base64
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.invitations import add_account
from core.accounts.models import Account
from core.accounts.passwords import hash_password
from core.accounts.roster import find_account
from core.accounts.second_factor import set_secret
from core.crypto.data_keys import DataKeys
from core.crypto.keyset import Keyset
from core.permissions import Role

_CAST: tuple[tuple[str, str, Role], ...] = (
    ("anong@rootan.test", "Anong", "hotline_officer"),
    ("boon@rootan.test", "Boon", "supervisor"),
    ("malee@rootan.test", "Malee", "campaign_manager"),
    ("chai@rootan.test", "Chai", "campaign_approver"),
    ("somchai@rootan.test", "Somchai", "administrator"),
    ("pim@rootan.test", "Pim", "partner_officer"),
    ("krit@rootan.test", "Krit", "partner_officer"),
    ("nop@rootan.test", "Nop", "partner_officer"),
    ("lek@rootan.test", "Lek", "partner_officer"),
)


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """What is printed at each start; password and secret follow from the keyset and are stored nowhere in plain."""

    email: str
    password: str
    totp_secret: str
    role: Role


async def ensure_demo_accounts(session: AsyncSession, keys: DataKeys) -> list[DemoAccount]:
    """Make the demo accounts that are missing and return all; only for ROOTAN_ENV=demo."""
    # Two processes that start at once would both find none.
    await session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext("demo accounts"))))
    accounts = {}
    for email, name, role in _CAST:
        accounts[email] = await find_account(session, email) or await _make(session, keys, email, name, role)
    officer, supervisor, *_ = accounts.values()
    supervisor.role_confirmed_by = officer.id
    for account in (officer, *(one for one in accounts.values() if one.role == "partner_officer")):
        account.role_confirmed_by = supervisor.id
    await session.flush()
    return [
        DemoAccount(email, _password(keys.keyset, email), _secret(keys.keyset, email), role)
        for email, _, role in _CAST
    ]


async def _make(session: AsyncSession, keys: DataKeys, email: str, name: str, role: Role) -> Account:
    account = await add_account(session, keys, email=email, name=name, role=role, is_demo=True)
    account.password_hash = await hash_password(_password(keys.keyset, email))
    await set_secret(session, keys, account, _secret(keys.keyset, email))
    return account


async def has_demo_accounts(session: AsyncSession) -> bool:
    """Tell whether production must refuse to start."""
    return bool(await session.scalar(sa.select(sa.exists().where(Account.is_demo))))


def _password(keyset: Keyset, email: str) -> str:
    letters = base64.b32encode(keyset.index("demo-password", email)).decode().lower()
    return "-".join((letters[:5], letters[5:10], letters[10:15]))


def _secret(keyset: Keyset, email: str) -> str:
    raw = keyset.index("demo-secret", email) + keyset.index("demo-secret-more", email)
    return base64.b32encode(raw[:20]).decode()
