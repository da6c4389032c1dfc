"""Files given along with a request: only in places of the agency's template, without metadata, under a neutral name."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.crypto.boxed import Box
from core.crypto.data_keys import DataKeys
from core.crypto.sealing import context, seal
from core.errors import InvalidInputError, NotFoundError
from core.ids import new_id
from referrals.agencies.templates import templates
from referrals.cleaning.apart import clean
from referrals.cleaning.kinds import Cleaned, Kind, Refused
from referrals.desk.sealed import key_or_none, open_words, plain, seal_words
from referrals.evidence import open_evidence
from referrals.referring.consents import is_closed_to
from referrals.referring.errors import FieldError
from referrals.referring.finding import ByAgency, ByHotline, Party, find
from referrals.referring.messages import refuse_one_way, side_of
from referrals.referring.models import AgencyFile
from referrals.referring.stepping import (
    PENDING,
    WORKING,
    announce,
    begins_from,
    tell_agency,
    tell_hotline,
)

TO_HOTLINE, TO_AGENCY = "agency_sent_file", "agency_file"
# Of one request, both sides together.
MOST_FILES = 40
LONGEST_NAME = 120
_TABLE = "agency_file"
_ENDINGS = {
    "image/jpeg": "jpg", "image/png": "png", "audio/ogg": "ogg", "audio/mpeg": "mp3", "audio/wav": "wav",
    "audio/amr": "amr", "audio/amr-wb": "awb", "audio/mp4": "m4a", "video/mp4": "mp4", "application/pdf": "pdf",
}  # fmt: skip


class FileError(InvalidInputError):
    """A file that can't be taken; `code` says why, as "file_" and a code of `cleaning.kinds.Refusal`, or "file_too_many"."""

    def __init__(self, why: str) -> None:
        super().__init__("send a picture, sound, film or PDF of at most 20 MB, whole and without a password")
        self.code = f"file_{why}"


@dataclass(frozen=True, slots=True)
class GivenFile:
    """What stands of a file without opening it; `size` in bytes as it is sealed, that is in steps."""

    id: UUID
    side: Literal["hotline", "agency"]
    slot: str
    name: str | None
    media_type: str
    size: int | None
    at: datetime


async def prepare(data: bytes) -> Cleaned:
    """Clean a file of metadata, in a process of its own, before the transaction that gives it. Raises FileError."""
    try:
        return await asyncio.to_thread(clean, data)
    except Refused as refused:
        raise FileError(refused.code) from refused


async def give(
    session: AsyncSession,
    keys: DataKeys,
    request_id: UUID,
    party: Party,
    *,
    slot: str,
    cleaned: Cleaned,
    name: str = "",
    now: datetime,
) -> UUID:
    """Give a file that `prepare` cleaned, in a place of the agency's template; return its id.

    From the hotline it goes under a neutral name. Raises NotFoundError, OverError, OneWayError, FieldError, FileError,
    KeyDestroyedError.
    """
    found = await find(session, request_id, party, lock=True)
    begins_from(found, (*PENDING, *WORKING) if isinstance(party, ByHotline) else WORKING)
    await refuse_one_way(session, found, party)
    template = templates().template[found.agency.template]
    allowed = template.gives if isinstance(party, ByHotline) else template.takes
    if slot not in allowed:
        raise FieldError("slot_unknown", slot, "choose what this file is")
    before = await _count(session, request_id)
    if before >= MOST_FILES:
        raise FileError("too_many")
    file_id, key = new_id(), await keys.load(session, found.referral.data_key_id)
    neutral = f"{slot}-{before + 1:02}.{_ENDINGS.get(cleaned.media_type, 'bin')}"
    called = neutral if isinstance(party, ByHotline) else _name_of(name) or neutral
    session.add(
        AgencyFile(
            id=file_id, agency_referral_id=request_id, referral_id=found.referral.id, side=side_of(party), slot=slot,
            account_id=party.account_id, name=seal_words(called, key, _TABLE, "name", file_id),
            media_type=cleaned.media_type, at=now,
            content=Box(seal(key, cleaned.content, context(_TABLE, "content", file_id))),
        )
    )  # fmt: skip
    await announce(session, found)
    if isinstance(party, ByAgency):
        await tell_hotline(session, found, TO_HOTLINE)
    else:
        await tell_agency(session, found, TO_AGENCY)
    return file_id


async def give_evidence(
    session: AsyncSession, keys: DataKeys, request_id: UUID, staff: ByHotline, evidence_id: UUID, *, slot: str, now: datetime
) -> UUID:  # fmt: skip
    """Give a piece of the case's own evidence along; return the file's id. Raises as `give`."""
    found = await find(session, request_id, staff)
    piece = await open_evidence(session, keys, found.referral, evidence_id)
    return await give(session, keys, request_id, staff, slot=slot, cleaned=piece, now=now)


async def list_files(
    session: AsyncSession, keys: DataKeys, request_id: UUID, party: Party
) -> list[GivenFile]:
    """Return the files of a request in their order; an agency reads none once it was declined, recalled or expired."""
    found = await find(session, request_id, party)
    if await is_closed_to(session, found, party):
        return []
    rows = (
        await session.execute(
            sa.select(
                AgencyFile.id, AgencyFile.side, AgencyFile.slot, AgencyFile.name, AgencyFile.media_type,
                sa.func.octet_length(AgencyFile.content).label("size"), AgencyFile.at,
            )
            .where(AgencyFile.agency_referral_id == request_id)
            .order_by(AgencyFile.id)
        )
    ).all()  # fmt: skip
    key = await key_or_none(session, keys, found.referral) if rows else None
    return [
        GivenFile(
            row.id, "agency" if row.side == "agency" else "hotline", row.slot,
            open_words(row.name, key, _TABLE, "name", row.id), row.media_type, row.size, row.at,
        )
        for row in rows
    ]  # fmt: skip


async def read(
    session: AsyncSession, keys: DataKeys, request_id: UUID, party: Party, file_id: UUID
) -> tuple[str, Cleaned]:
    """Open a file of this very request: its name and content. Raises NotFoundError, KeyDestroyedError."""
    found = await find(session, request_id, party)
    row = await session.scalar(
        sa.select(AgencyFile).where(AgencyFile.id == file_id, AgencyFile.agency_referral_id == request_id)
    )
    if row is None or row.content is None or await is_closed_to(session, found, party):
        raise NotFoundError("no such file")
    key = await keys.load(session, found.referral.data_key_id)
    content = row.content.open(key, context(_TABLE, "content", row.id))
    name = open_words(row.name, key, _TABLE, "name", row.id) or f"{row.slot}.bin"
    return name, Cleaned(cast("Kind", _kind_of(row.media_type)), row.media_type, content)


def _kind_of(media_type: str) -> str:
    families = {"image": "picture", "audio": "sound", "video": "film"}
    return families.get(media_type.partition("/")[0], "document")


def _name_of(typed: str) -> str:
    """The last part of a name, without what a header or a file system reads as something else."""
    last = plain(typed).replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable() and sign not in '"<>|:*?;%')[
        :LONGEST_NAME
    ].strip(". ")


async def _count(session: AsyncSession, request_id: UUID) -> int:
    asked = (
        sa.select(sa.func.count()).select_from(AgencyFile).where(AgencyFile.agency_referral_id == request_id)
    )
    return await session.scalar(asked) or 0
