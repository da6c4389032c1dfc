"""Where members of staff are told of missed clocks: their own addresses, proven by a code, sealed under their own key.

Mail is proven by a code that is sent there and typed into the console; a chat by a code of the console that is sent to
our bot from there. Nothing of it touches the tables of citizens.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.models import Account, StaffAddress
from core.accounts.roster import normal_email
from core.clock import utc_now
from core.crypto.boxed import Box
from core.crypto.data_keys import DataKeys
from core.crypto.sealing import context, seal
from core.errors import InvalidInputError, NotFoundError
from core.ids import new_id
from referrals.teams.alerts import raise_alerts
from referrals.teams.models import AddressProof
from referrals.teams.wording import PROVEN

Kind = Literal["mail", "telegram", "line"]
KINDS: tuple[Kind, ...] = get_args(Kind)
CHATS: tuple[Kind, ...] = ("telegram", "line")
VALID = timedelta(minutes=10)
MOST_TRIES = 5
# What a chat's code begins with, so that our bot need not look for codes in every message.
PREFIX = "STAFF-"
# Without letters that look like figures.
_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE_LETTERS = 8


class WrongCodeError(InvalidInputError):
    """The code is wrong or too old, or was tried too often."""

    code = "address_code"


@dataclass(frozen=True, slots=True)
class Address:
    """One of somebody's own addresses, mostly covered."""

    kind: str
    shown: str
    proven_at: datetime | None


async def list_addresses(session: AsyncSession, keys: DataKeys, account_id: UUID) -> list[Address]:
    """Return somebody's proven addresses."""
    rows = await session.execute(
        sa.select(StaffAddress, Account.data_key_id)
        .join(Account, Account.id == StaffAddress.account_id)
        .where(StaffAddress.account_id == account_id, StaffAddress.proven_at.is_not(None))
        .order_by(StaffAddress.kind)
    )
    found = []
    for row, data_key_id in rows:
        key = await keys.load(session, data_key_id)
        clear = row.address.open(key, context("staff_address", "address", row.id)).decode()
        found.append(Address(row.kind, cover(row.kind, clear), row.proven_at))
    return found


def cover(kind: str, address: str) -> str:
    """Show as much of an address as its owner needs to know it again."""
    if kind == "mail":
        name, _, host = address.partition("@")
        return f"{name[:2]}…@{host}"
    return f"…{address[-4:]}"


async def begin_mail_proof(
    session: AsyncSession, keys: DataKeys, account_id: UUID, address: str
) -> tuple[str, str]:
    """Remember a mail address until its code comes back; return the address in its one spelling, and the code.

    Raises InvalidInputError for what is no address.
    """
    normal, code = normal_email(address), f"{secrets.randbelow(1_000_000):06}"
    key = await _key_of(session, keys, account_id)
    box = Box(seal(key, normal.encode(), _bound(account_id, "mail")))
    await _begin(session, account_id, "mail", _mail_code(keys, account_id, code), box)
    return normal, code


async def begin_chat_proof(session: AsyncSession, keys: DataKeys, account_id: UUID, kind: Kind) -> str:
    """Return the code that is to be sent to our bot from the chat to be proven."""
    code = "".join(secrets.choice(_LETTERS) for _ in range(_CODE_LETTERS))
    await _begin(session, account_id, kind, _chat_code(keys, kind, code), None)
    return f"{PREFIX}{code[:4]}-{code[4:]}"


async def _begin(
    session: AsyncSession, account_id: UUID, kind: Kind, code_key: bytes, address: Box | None
) -> None:
    now = utc_now()
    await session.execute(sa.delete(AddressProof).where(AddressProof.expires_at < now))
    row = {"address": address, "code_key": code_key, "tries": 0, "expires_at": now + VALID}
    await session.execute(
        insert(AddressProof)
        .values(account_id=account_id, kind=kind, **row)
        .on_conflict_do_update(index_elements=["account_id", "kind"], set_=row)
    )


async def finish_mail_proof(session: AsyncSession, keys: DataKeys, account_id: UUID, code: str) -> bool:
    """Keep the mail address whose code this is; False for a wrong code, which counts as a try.

    Raises WrongCodeError where there is nothing to prove any more: too old, or too many tries.
    """
    proof = await session.get(AddressProof, (account_id, "mail"), with_for_update=True)
    if proof is None or proof.address is None or proof.expires_at <= utc_now() or proof.tries >= MOST_TRIES:
        raise WrongCodeError("ask for a new code")
    if not secrets.compare_digest(proof.code_key, _mail_code(keys, account_id, code.strip())):
        proof.tries += 1
        await session.flush()
        return False
    key = await _key_of(session, keys, account_id)
    clear = proof.address.open(key, _bound(account_id, "mail")).decode()
    await session.delete(proof)
    await _keep(session, keys, account_id, "mail", clear)
    return True


def code_in(text: str) -> str | None:
    """Return the letters of a chat's code where a message is one and nothing else."""
    letters = text.strip().upper()
    if not letters.startswith(PREFIX):
        return None
    letters = letters.removeprefix(PREFIX).replace("-", "").replace(" ", "")
    is_code = len(letters) == _CODE_LETTERS and set(letters) <= set(_LETTERS)
    return letters if is_code else None


async def finish_chat_proof(
    session: AsyncSession, keys: DataKeys, kind: Kind, letters: str, address: str
) -> bool:
    """Keep the chat that a code came from; False where nobody waits for this code from there.

    The same code from the same chat once more is taken again and changes nothing: platforms deliver twice.
    """
    proof = await session.scalar(
        sa.select(AddressProof)
        .where(
            AddressProof.kind == kind,
            AddressProof.code_key == _chat_code(keys, kind, letters),
            AddressProof.expires_at > utc_now(),
        )
        .with_for_update()
    )
    if proof is None:
        return False
    key = await _key_of(session, keys, proof.account_id)
    bound = _bound(proof.account_id, kind)
    if proof.address is not None:
        return proof.address.open(key, bound).decode() == address
    proof.address = Box(seal(key, address.encode(), bound))
    await session.flush()
    await _keep(session, keys, proof.account_id, kind, address)
    return True


async def _keep(session: AsyncSession, keys: DataKeys, account_id: UUID, kind: Kind, address: str) -> None:
    """Put the proven address in place of an earlier one, and tell it so."""
    row_id, now = new_id(), utc_now()
    key = await _key_of(session, keys, account_id)
    await session.execute(
        sa.delete(StaffAddress).where(StaffAddress.account_id == account_id, StaffAddress.kind == kind)
    )
    box = Box(seal(key, address.encode(), context("staff_address", "address", row_id)))
    session.add(
        StaffAddress(id=row_id, account_id=account_id, kind=kind, address=box, proven_at=now, created_at=now)
    )
    await session.flush()
    await raise_alerts(session, [account_id], PROVEN, outside=True)


async def drop_address(session: AsyncSession, account_id: UUID, kind: Kind) -> None:
    """Forget one of somebody's own addresses; raises NotFoundError."""
    gone = await session.scalar(
        sa.delete(StaffAddress)
        .where(StaffAddress.account_id == account_id, StaffAddress.kind == kind)
        .returning(StaffAddress.id)
    )
    if gone is None:
        raise NotFoundError("there is no such address")


def _bound(account_id: UUID, kind: Kind) -> bytes:
    return context("address_proof", "address", f"{account_id}:{kind}")


async def _key_of(session: AsyncSession, keys: DataKeys, account_id: UUID) -> bytes:
    account = await session.get_one(Account, account_id)
    return await keys.load(session, account.data_key_id)


def _mail_code(keys: DataKeys, account_id: UUID, code: str) -> bytes:
    return keys.keyset.index("staff-mail-code", f"{account_id}:{code}")


def _chat_code(keys: DataKeys, kind: Kind, letters: str) -> bytes:
    return keys.keyset.index("staff-chat-code", f"{kind}:{letters}")
