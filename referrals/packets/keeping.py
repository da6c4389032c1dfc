"""What is kept of a packet: that it was made, for whom and why; its hash, by which one that turns up is known again."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.models import Account
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.errors import ConflictError
from referrals.desk.sealed import key_or_none, open_words, seal_words
from referrals.live import announce_change
from referrals.models import Referral
from referrals.packets.gate import Ground
from referrals.packets.models import PacketExport

_TABLE = "packet_export"


class PacketMadeError(ConflictError):
    """This form has made its packet; another one needs another password."""

    code = "packet_made"


@dataclass(frozen=True, slots=True)
class Made:
    """A packet that was made; `reason` is None once the case is erased."""

    agency: str
    who: str
    with_identity: bool
    override: str | None
    form: str
    reason: str | None
    at: datetime


async def note_packet(
    session: AsyncSession,
    keys: DataKeys,
    referral: Referral,
    *,
    packet_id: UUID,
    account_id: UUID,
    agency: str,
    with_identity: bool,
    override: Ground | None,
    form: str,
    parts: Sequence[str],
    redactions: int,
    reason: str,
    sealed: bytes,
) -> None:
    """Write down that a packet was made; raises KeyDestroyedError, PacketMadeError."""
    if await session.get(PacketExport, packet_id) is not None:
        raise PacketMadeError("this form made its packet already")
    key = await keys.load(session, referral.data_key_id)
    session.add(
        PacketExport(
            id=packet_id, referral_id=referral.id, account_id=account_id, agency=agency, with_identity=with_identity,
            override=override, form=form, parts=list(parts), redactions=redactions,
            reason=seal_words(reason, key, _TABLE, "reason", packet_id), file_hash=hashlib.sha256(sealed).digest(),
            at=utc_now(),
        )
    )  # fmt: skip
    await session.flush()
    await announce_change(session, referral.id)


async def read_made(session: AsyncSession, keys: DataKeys, referral: Referral) -> list[Made]:
    """Return the packets of a report that were made, the newest first."""
    rows = (
        await session.execute(
            sa.select(PacketExport, Account.name)
            .join(Account, Account.id == PacketExport.account_id)
            .where(PacketExport.referral_id == referral.id)
            .order_by(PacketExport.at.desc())
        )
    ).all()
    key = await key_or_none(session, keys, referral) if rows else None
    return [
        Made(
            row.agency, who, row.with_identity, row.override, row.form,
            open_words(row.reason, key, _TABLE, "reason", row.id), row.at,
        )
        for row, who in rows
    ]  # fmt: skip
