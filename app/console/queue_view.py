"""The queue as its page shows it: rail, rows, and what stands in each of their two lines."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth import Caller
from app.console.queue_asked import Asked, address_of
from app.console.texts import say, spoken
from app.console.thai_time import span
from core.accounts.models import Account
from core.audit.several import record_each
from core.crypto.data_keys import DataKeys
from core.permissions import ROLES, scopes_of
from referrals.desk.handing_over import Offer, offers_to
from referrals.desk.saved_views import list_saved
from referrals.listing.counting import Count, count_each
from referrals.listing.filters import VIEWS, FilterError, Filters, from_stored
from referrals.listing.last_words import LastWords, read_last_words
from referrals.listing.reading import Page, QueueRow, read_page, read_rows, see
from referrals.questionnaires.places import say_place
from referrals.teams.models import Team


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the rail."""

    name: str
    address: str
    count: Count
    is_current: bool
    saved_id: UUID | None = None
    is_own: bool = False
    is_shared: bool = False


@dataclass(frozen=True, slots=True)
class Offered:
    """A referral that somebody offers to the viewer."""

    row: QueueRow
    offer: Offer


@dataclass(frozen=True, slots=True)
class Queue:
    """Everything that is drawn anew when something changed."""

    page: Page
    rail: list[Entry]
    saved: list[Entry]
    offered: list[Offered]
    words: Mapping[UUID, LastWords]
    # The newest words shown, so that only newer ones count as read when the page is drawn anew.
    seen: UUID | None
    next: str | None
    first: str | None


async def read_queue(session: AsyncSession, keys: DataKeys, caller: Caller, asked: Asked) -> Queue:
    """Read what the page shows; words of people are audited one by one, once each."""
    viewer, calendar = await see(session, caller.account_id)
    page = await read_page(session, asked.filters, viewer, calendar, asked.after)
    offers = await offers_to(session, caller.account_id)
    rows = {row.id: row for row in await read_rows(session, [one.referral_id for one in offers], calendar)}
    saved = await _kept(session, caller.account_id, asked)
    views = [Filters(view=view) for view in VIEWS]
    counts = await count_each(session, [*views, *(filters for _, filters in saved)], viewer)
    words = await read_last_words(session, keys, caller.account_id, [row.id for row in page.rows])
    await _note_read(session, caller, words, asked.seen)
    return Queue(
        page=page,
        rail=_rail(views, counts, asked),
        saved=[
            _saved_entry(entry, filters, count)
            for (entry, filters), count in zip(saved, counts[len(views) :], strict=True)
        ],
        offered=[Offered(rows[one.referral_id], one) for one in offers if one.referral_id in rows],
        words=words,
        seen=max((one.entry_id for one in words.values()), default=None),
        next=address_of(asked.filters, after=page.next, saved=asked.saved) if page.next else None,
        first=address_of(asked.filters, saved=asked.saved) if asked.after else None,
    )


@dataclass(frozen=True, slots=True)
class _Kept:
    id: UUID
    name: str
    is_own: bool
    is_shared: bool
    is_current: bool


async def _kept(session: AsyncSession, account_id: UUID, asked: Asked) -> list[tuple[_Kept, Filters]]:
    """Saved views that can still be read; one that names what is gone is left out."""
    found = []
    for view in await list_saved(session, account_id):
        try:
            filters = from_stored(view.filters)
        except FilterError:
            continue
        own = view.account_id == account_id
        found.append((_Kept(view.id, view.name, own, view.is_shared, view.id == asked.saved), filters))
    return found


def _saved_entry(kept: _Kept, filters: Filters, count: Count) -> Entry:
    address = address_of(filters, saved=kept.id)
    return Entry(kept.name, address, count, kept.is_current, kept.id, kept.is_own, kept.is_shared)


def _rail(views: list[Filters], counts: list[Count], asked: Asked) -> list[Entry]:
    return [
        Entry(
            say(f"queue.view.{one.view}"), address_of(one), count,
            is_current=asked.saved is None and one.view == asked.filters.view,
        )
        for one, count in zip(views, counts, strict=False)
    ]  # fmt: skip


async def _note_read(
    session: AsyncSession, caller: Caller, words: Mapping[UUID, LastWords], seen: UUID | None
) -> None:
    """Every reading of a person's words leaves its row; drawing the same anew reads nothing."""
    newer = [referral_id for referral_id, last in words.items() if seen is None or last.entry_id > seen]
    await record_each(
        session, actor_id=caller.account_id, action="referral.last_words", object_kind="referral", object_ids=newer
    )  # fmt: skip


def clock_words(row: QueueRow, now: datetime) -> str:
    """Say what is left of the clock that runs, or by how much it was missed."""
    if row.due is None:
        return ""
    left = (row.due - now).total_seconds()
    return say(f"queue.clock.{row.clock}_{'left' if left > 0 else 'over'}", span=span(abs(left)))


def place_words(code: str | None) -> str:
    """Say a place; one that is no longer in the directory is left out."""
    if code is None:
        return ""
    try:
        return say_place(code, spoken.get())
    except KeyError:
        return ""


@dataclass(frozen=True, slots=True)
class Named:
    """Something to choose by its name."""

    id: UUID
    name: str


async def list_colleagues(session: AsyncSession) -> list[Named]:
    """Return everybody whose role works on referrals."""
    roles = [role for role in ROLES if "referrals.write" in scopes_of(role)]
    found = await session.execute(
        sa.select(Account.id, Account.name)
        .where(Account.role.in_(roles), Account.disabled_at.is_(None), Account.role_confirmed_by.is_not(None))
        .order_by(Account.name, Account.id)
    )
    return [Named(*one) for one in found]


async def list_teams(session: AsyncSession) -> list[Named]:
    found = await session.execute(
        sa.select(Team.id, Team.name).where(Team.closed_at.is_(None)).order_by(Team.name)
    )
    return [Named(*one) for one in found]
