"""The directory as staff see it: what came with the program, with their own changes standing before it."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from core.accounts.models import Account
from core.clock import bangkok, utc_now
from core.errors import NotFoundError
from referrals.directory.hotlines import WARNED_BEFORE, Directory, Hotline, lay_open, shipped_hotlines
from referrals.hotline_desk.models import HotlineVersion
from referrals.teams.calendar import public_holidays

Standing = Literal["current", "expiring", "expired"]


class Entry(msgspec.Struct, frozen=True):
    """An entry as it stands: `version` is 0 while it is as it came with the program."""

    hotline: Hotline
    version: int = 0
    owner_id: UUID | None = None
    owner: str = ""
    is_withdrawn: bool = False

    def standing(self, today: date) -> Standing:
        if self.hotline.is_old(today):
            return "expired"
        return "expiring" if today > self.hotline.holds_until - WARNED_BEFORE else "current"

    def is_told(self, today: date) -> bool:
        """Whether citizens are told of it on a day."""
        return not self.is_withdrawn and self.hotline.is_shown(today)


class Change(msgspec.Struct, frozen=True):
    """One line of an entry's history: what it said before and after, and which of its fields were new.

    `before` is None where staff added the entry.
    """

    number: int
    act: str
    by: str
    at: datetime
    hotline: Hotline
    before: Hotline | None
    owner: str
    fields: tuple[str, ...]


async def read_book(session: AsyncSession) -> list[Entry]:
    """Return every entry, withdrawn ones last; else in the order in which citizens see them."""
    newest = (
        sa.select(HotlineVersion, Account.name)
        .outerjoin(Account, Account.id == HotlineVersion.owner_id)
        .ext(distinct_on(HotlineVersion.key))
        .order_by(HotlineVersion.key, HotlineVersion.number.desc())
    )
    changed = {row.key: _entry(row, owner) for row, owner in await session.execute(newest)}
    shipped = [changed.pop(hotline.key, Entry(hotline)) for hotline in shipped_hotlines()]
    added = sorted(changed.values(), key=lambda entry: entry.hotline.key)
    return sorted([*shipped, *added], key=lambda entry: entry.is_withdrawn)


async def find_entry(session: AsyncSession, key: str) -> Entry:
    """Return one entry; raises NotFoundError."""
    for entry in await read_book(session):
        if entry.hotline.key == key:
            return entry
    raise NotFoundError("no such hotline")


async def history_of(session: AsyncSession, key: str) -> list[Change]:
    """Return every change of an entry, newest first; what came with the program is where it began."""
    owner, maker = aliased(Account), aliased(Account)
    rows = await session.execute(
        sa.select(HotlineVersion, maker.name, owner.name)
        .join(maker, maker.id == HotlineVersion.made_by)
        .outerjoin(owner, owner.id == HotlineVersion.owner_id)
        .where(HotlineVersion.key == key)
        .order_by(HotlineVersion.number)
    )
    before = next((hotline for hotline in shipped_hotlines() if hotline.key == key), None)
    changes = []
    for row, by, held in rows:
        now = read_content(row)
        changes.append(
            Change(
                row.number, row.act, by, row.made_at, now, before, held or "", tuple(_differing(before, now))
            )
        )
        before = now
    return changes[::-1]


def read_content(row: HotlineVersion) -> Hotline:
    return msgspec.convert(row.content, Hotline)


def _entry(row: HotlineVersion, owner: str | None) -> Entry:
    return Entry(read_content(row), row.number, row.owner_id, owner or "", row.act == "withdrawn")


def _differing(before: Hotline | None, now: Hotline) -> Iterable[str]:
    if before is None:
        return ()
    return (name for name in Hotline.__struct_fields__ if getattr(before, name) != getattr(now, name))


async def open_for_readers(session: AsyncSession) -> None:
    """Let this process's dialogues and pages read the directory as it stands today."""
    today = bangkok(utc_now()).date()
    entries = await read_book(session)
    free_days = frozenset({*public_holidays(today.year), *public_holidays(today.year + 1)})
    lay_open(Directory(tuple(entry.hotline for entry in entries if entry.is_told(today)), free_days))
