"""Slowing down guesses without locking staff out.

Every attempt is written down before it is judged, under keyed hashes of the account and of where it comes from, and
taken away again when it was right. After a few failures within a quarter of an hour the next attempt must wait, at most
half a minute; what comes earlier is refused unjudged and does not lengthen the wait. A browser that signed in before
carries a sign of that and is counted by itself; an unknown one is counted with its network. So whoever keeps guessing at
a colleague's account slows unknown browsers of their own network; only guesses from many networks at once slow all
unknown browsers. A one-time link passes all of this.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.models import SignInAttempt
from core.accounts.places import network_of
from core.clock import utc_now
from core.crypto.keyset import Keyset
from core.errors import AppError
from core.ids import new_id

WINDOW = timedelta(minutes=15)
# By one known browser, or from one network.
FREE_FOR_ACCOUNT = 5
# By unknown browsers of all networks together.
FREE_FROM_EVERYWHERE = 100
# An office may share one address.
FREE_FOR_ADDRESS = 30
WAITS = (1, 2, 4, 8, 16, 30)


class SlowDownError(AppError):
    """Too many guesses; `seconds` says how long to wait."""

    code = "slow_down"
    status = 429

    def __init__(self, seconds: int) -> None:
        super().__init__(f"wait {seconds} seconds")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Guess:
    """One attempt, by the keys it is counted under."""

    id: UUID
    who_key: bytes


async def reserve_guess(
    session: AsyncSession, keyset: Keyset, *, who: str, where: str, device: str | None
) -> Guess:
    """Write an attempt down before it is judged; commit before judging. Raises SlowDownError.

    `who` names the account and the step, `where` the network address, `device` the sign of a known browser or None.
    """
    who_key = keyset.index("guess-who", f"{who}\0{device or 'network ' + network_of(where)}")
    account_key = keyset.index("guess-account", who)
    where_key = keyset.index("guess-where", where)
    # One at a time for an account, so that a hundred guesses in the same instant count as a hundred.
    lock = int.from_bytes(account_key[:8], signed=True)
    await session.execute(sa.select(sa.func.pg_advisory_xact_lock(lock)))
    wait = await _wait(session, SignInAttempt.who_key == who_key, FREE_FOR_ACCOUNT)
    if device is None:
        wait = max(
            wait,
            await _wait(session, SignInAttempt.account_key == account_key, FREE_FROM_EVERYWHERE),
            await _wait(session, SignInAttempt.where_key == where_key, FREE_FOR_ADDRESS),
        )
    if wait > 0:
        raise SlowDownError(wait)
    guess = Guess(new_id(), who_key)
    session.add(
        SignInAttempt(
            id=guess.id, who_key=who_key, where_key=where_key, at=utc_now(),
            account_key=account_key if device is None else None,
        )
    )  # fmt: skip
    await session.flush()
    return guess


async def _wait(session: AsyncSession, of: sa.ColumnElement[bool], free: int) -> int:
    """Return the seconds still to wait."""
    now = utc_now()
    count, last = (
        await session.execute(
            sa.select(sa.func.count(), sa.func.max(SignInAttempt.at)).where(
                of, SignInAttempt.at > now - WINDOW
            )
        )
    ).one()
    if count < free:
        return 0
    pause = WAITS[min(count - free, len(WAITS) - 1)]
    return max(0, pause - int((now - last).total_seconds()))


async def forgive_guesses(session: AsyncSession, guess: Guess) -> None:
    """The attempt was right: what led up to it no longer counts."""
    await session.execute(sa.delete(SignInAttempt).where(SignInAttempt.who_key == guess.who_key))


async def forget_old_guesses(session: AsyncSession) -> None:
    """Delete what no longer counts; for a daily task."""
    await session.execute(sa.delete(SignInAttempt).where(SignInAttempt.at <= utc_now() - WINDOW))


def device_sign(keyset: Keyset, account_id: UUID) -> str:
    """Return the sign of a browser that signed in to this account, to be kept in a cookie."""
    nonce = secrets.token_hex(8)
    return f"{nonce}.{_device_mac(keyset, account_id, nonce)}"


def known_device(keyset: Keyset, account_id: UUID | None, sign: str) -> str | None:
    """Return the browser's name when the sign is ours for this account."""
    nonce, _, mac = sign.partition(".")
    if account_id is None or not mac.isascii():
        return None
    return nonce if hmac.compare_digest(mac, _device_mac(keyset, account_id, nonce)) else None


def _device_mac(keyset: Keyset, account_id: UUID, nonce: str) -> str:
    return keyset.index("device", f"{account_id}\0{nonce}").hex()
