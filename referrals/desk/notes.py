"""Notes beside the thread, each for whom its level names; sealed under the case's key."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.models import Account
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.errors import InvalidInputError, NotFoundError
from referrals.desk.models import ReferralNote
from referrals.desk.sealed import key_or_none, open_words, own_form, plain, seal_words
from referrals.live import announce_change
from referrals.models import Referral
from referrals.teams.models import TeamMember

Level = Literal["citizen", "partners", "team", "me"]
# The widest first.
LEVELS: tuple[Level, ...] = get_args(Level)
# Besides the author, who reads all of their own: "person" opened the report by code and code word, "partner" works at
# an agency that it was referred to, "team" shares its queue, "case" may read its words.
Reader = Literal["person", "partner", "team", "case"]
READERS: Mapping[Level, frozenset[Reader]] = {
    "citizen": frozenset({"person", "partner", "team", "case"}),
    "partners": frozenset({"partner", "team", "case"}),
    "team": frozenset({"team", "case"}),
    "me": frozenset(),
}
LONGEST_NOTE = 4_000


class NoteLengthError(InvalidInputError):
    code = "note_length"


@dataclass(frozen=True, slots=True)
class Note:
    """A note as one reader sees it; `text` is None where it was withdrawn or erased."""

    id: UUID
    level: str
    text: str | None
    who: str
    is_own: bool
    at: datetime
    withdrawn_at: datetime | None


def levels_for(readers: frozenset[Reader]) -> tuple[Level, ...]:
    """Return the levels that somebody reads who is all of these."""
    return tuple(level for level in LEVELS if READERS[level] & readers)


async def reader_of(
    session: AsyncSession, referral: Referral, account_id: UUID, *, reads_words: bool
) -> frozenset[Reader]:
    """Return what this member of the hotline is to the referral."""
    shares = referral.team_id is not None and await session.scalar(
        sa.select(
            sa.exists().where(TeamMember.team_id == referral.team_id, TeamMember.account_id == account_id)
        )
    )
    found: set[Reader] = set()
    if shares:
        found.add("team")
    if reads_words:
        found.add("case")
    return frozenset(found)


async def read_notes(
    session: AsyncSession,
    keys: DataKeys,
    referral: Referral,
    account_id: UUID | None,
    readers: frozenset[Reader],
) -> list[Note]:
    """Return the notes that somebody may read, the newest first."""
    found = (
        await session.execute(
            sa.select(ReferralNote, Account.name)
            .join(Account, Account.id == ReferralNote.account_id)
            .where(
                ReferralNote.referral_id == referral.id,
                sa.or_(ReferralNote.level.in_(levels_for(readers)), ReferralNote.account_id == account_id),
            )
            .order_by(ReferralNote.at.desc(), ReferralNote.id)
        )
    ).all()
    key = await key_or_none(session, keys, referral) if found else None
    return [
        Note(
            id=note.id,
            level=note.level,
            text=open_words(note.body, key, "referral_note", "body", note.id),
            who=who,
            is_own=note.account_id == account_id,
            at=note.at,
            withdrawn_at=note.withdrawn_at,
        )
        for note, who in found
    ]


async def write_note(
    session: AsyncSession,
    keys: DataKeys,
    referral: Referral,
    *,
    account_id: UUID,
    level: str,
    text: str,
    form_id: UUID,
) -> UUID:
    """Add a note; the same form pressed twice adds one. The caller has checked that the writer may read the case.

    Raises NoteLengthError, InvalidInputError for an unknown level, KeyDestroyedError.
    """
    words = plain(text)
    if not 1 <= len(words) <= LONGEST_NOTE:
        raise NoteLengthError(f"a note has 1 to {LONGEST_NOTE} characters")
    if level not in LEVELS:
        raise InvalidInputError("choose who may read it")
    standing = await session.get(ReferralNote, form_id)
    if standing is not None:
        return own_form(standing.referral_id, standing.account_id, referral.id, account_id, standing.id)
    key = await keys.load(session, referral.data_key_id)
    session.add(
        ReferralNote(
            id=form_id, referral_id=referral.id, account_id=account_id, level=level,
            body=seal_words(words, key, "referral_note", "body", form_id), at=utc_now(),
        )
    )  # fmt: skip
    await session.flush()
    await announce_change(session, referral.id)
    return form_id


async def withdraw_note(session: AsyncSession, referral_id: UUID, note_id: UUID, account_id: UUID) -> None:
    """Take one's own note back: its words go, that there was one stays. Raises NotFoundError for another's."""
    note = await session.scalar(
        sa.select(ReferralNote)
        .where(
            ReferralNote.id == note_id,
            ReferralNote.referral_id == referral_id,
            ReferralNote.account_id == account_id,
        )
        .with_for_update()
    )
    if note is None:
        raise NotFoundError("no such note of yours in this referral")
    if note.withdrawn_at is None:
        note.body, note.withdrawn_at = None, utc_now()
        await session.flush()
        await announce_change(session, referral_id)
