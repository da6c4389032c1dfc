"""The second factor: time-based codes that work once, and recovery codes."""

import base64
import hmac
import secrets
from uuid import UUID

import pyotp
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.models import Account, RecoveryCode
from core.clock import utc_now
from core.crypto.boxed import Box
from core.crypto.data_keys import DataKeys
from core.crypto.keyset import Keyset
from core.crypto.sealing import context, seal
from core.errors import InvalidInputError
from core.ids import new_id

ISSUER = "RooTan"
STEP_SECONDS = 30
RECOVERY_CODES = 10


class WrongCodeError(InvalidInputError):
    """A wrong, late or already used code."""

    code = "wrong_code"


def current_step() -> int:
    return int(utc_now().timestamp()) // STEP_SECONDS


def code_at(secret: str, step: int) -> str:
    return pyotp.TOTP(secret).at(step * STEP_SECONDS)


def matching_step(secret: str, code: str, used: int | None) -> int | None:
    """Return the time step (this one, the last or the next) that `code` belongs to, if it is after `used`."""
    now = current_step()
    for step in (now - 1, now, now + 1):
        if (used is None or step > used) and hmac.compare_digest(code_at(secret, step), code):
            return step
    return None


async def pending_secret(session: AsyncSession, keys: DataKeys, account: Account) -> str:
    """Return the secret that is being enrolled, making it at the first look."""
    key, bound = await keys.load(session, account.data_key_id), _pending(account.id)
    if account.totp_pending is None:
        account.totp_pending = Box(seal(key, pyotp.random_base32(32).encode(), bound))
        await session.flush()
    return account.totp_pending.open(key, bound).decode()


def enrolment_uri(email: str, secret: str) -> str:
    """Return what an authenticator app reads from the QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


async def enrol(session: AsyncSession, keys: DataKeys, account: Account, code: str) -> list[str]:
    """Take the pending secret into use once its first code is right; return ten recovery codes, never shown again.

    Raises WrongCodeError.
    """
    secret = await pending_secret(session, keys, account)
    step = matching_step(secret, tidy_code(code), None)
    if step is None:
        raise WrongCodeError("the code does not belong to this secret now")
    await set_secret(session, keys, account, secret)
    account.totp_pending, account.totp_step = None, step
    return await renew_recovery_codes(session, keys.keyset, account.id)


async def set_secret(session: AsyncSession, keys: DataKeys, account: Account, secret: str) -> None:
    key = await keys.load(session, account.data_key_id)
    account.totp_secret = Box(seal(key, secret.encode(), _enrolled(account.id)))


async def open_secret(session: AsyncSession, keys: DataKeys, account: Account) -> str:
    """Return the enrolled secret; raises WrongCodeError where there is none."""
    if account.totp_secret is None:
        raise WrongCodeError("no second factor is enrolled")
    key = await keys.load(session, account.data_key_id)
    return account.totp_secret.open(key, _enrolled(account.id)).decode()


async def spend_code(session: AsyncSession, keys: DataKeys, account: Account, code: str) -> None:
    """Accept a time-based or recovery code, each once; raises WrongCodeError."""
    plain = tidy_code(code)
    if plain.isdecimal() and len(plain) == 6:
        await _spend_timed(session, keys, account, plain)
    else:
        await _spend_recovery(session, keys.keyset, account.id, plain)


async def _spend_timed(session: AsyncSession, keys: DataKeys, account: Account, code: str) -> None:
    step = matching_step(await open_secret(session, keys, account), code, account.totp_step)
    if step is None:
        raise WrongCodeError("wrong, late or used")
    # Compared and set in one statement: of two requests with the same code one wins.
    won = await session.execute(
        sa.update(Account)
        .where(Account.id == account.id, sa.or_(Account.totp_step.is_(None), Account.totp_step < step))
        .values(totp_step=step)
        .returning(Account.id)
    )
    if won.scalar_one_or_none() is None:
        raise WrongCodeError("used")


async def _spend_recovery(session: AsyncSession, keyset: Keyset, account_id: UUID, code: str) -> None:
    won = await session.execute(
        sa.update(RecoveryCode)
        .where(
            RecoveryCode.account_id == account_id,
            RecoveryCode.code_hash == _recovery_hash(keyset, account_id, code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=utc_now())
        .returning(RecoveryCode.id)
    )
    if won.scalar_one_or_none() is None:
        raise WrongCodeError("wrong or used")


async def renew_recovery_codes(session: AsyncSession, keyset: Keyset, account_id: UUID) -> list[str]:
    """Throw the old codes away and return ten new ones of 60 random bits each."""
    await session.execute(sa.delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    codes = [base64.b32encode(secrets.token_bytes(8)).decode().lower()[:12] for _ in range(RECOVERY_CODES)]
    session.add_all(
        RecoveryCode(id=new_id(), account_id=account_id, code_hash=_recovery_hash(keyset, account_id, code))
        for code in codes
    )
    await session.flush()
    return ["-".join((c[:4], c[4:8], c[8:])) for c in codes]


async def count_recovery_codes(session: AsyncSession, account_id: UUID) -> int:
    """Count the recovery codes that were not used yet."""
    left = await session.scalar(
        sa.select(sa.func.count())
        .select_from(RecoveryCode)
        .where(RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    )
    return left or 0


def tidy_code(code: str) -> str:
    """Take away the gaps and hyphens that people and apps put in."""
    return "".join(c for c in code.casefold() if c.isalnum())[:40]


def _recovery_hash(keyset: Keyset, account_id: UUID, code: str) -> str:
    # Sixty random bits under a keyed hash need no slow hash.
    return keyset.index("recovery-code", f"{account_id}:{code}").hex()


def _enrolled(account_id: UUID) -> bytes:
    return context("account", "totp_secret", account_id)


def _pending(account_id: UUID) -> bytes:
    return context("account", "totp_pending", account_id)
