"""What must hold in the books after a shift. Each check returns one line for each thing that is wrong."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from core.crypto.data_keys import DataKeys
from core.crypto.sealing import context
from core.db.database import Database
from referrals.models import Referral, ReferralEntry
from referrals.teams.clocks import due_at
from referrals.teams.days import load_calendar
from referrals.teams.models import ClockMiss
from tests.shift.officers import Diary

_GIVEN_UP = ("released", "closed", "reopened")


@dataclass(slots=True)
class Book:
    """The threads of all reports, opened, with who held each when."""

    referrals: dict[UUID, Referral]
    entries: dict[UUID, list[ReferralEntry]]
    words: dict[UUID, str]


async def read_book(database: Database, keys: DataKeys) -> Book:
    async with database.unit_of_work() as session:
        referrals = {one.id: one for one in await session.scalars(sa.select(Referral))}
        entries: dict[UUID, list[ReferralEntry]] = {key: [] for key in referrals}
        words = {}
        for entry in await session.scalars(
            sa.select(ReferralEntry).order_by(ReferralEntry.at, ReferralEntry.id)
        ):
            entries[entry.referral_id].append(entry)
            if entry.body is not None:
                key = await keys.load(session, referrals[entry.referral_id].data_key_id)
                words[entry.id] = entry.body.open(key, context("referral_entry", "body", entry.id)).decode()
        session.expunge_all()
    return Book(referrals, entries, words)


def check_holders(book: Book) -> list[str]:
    """Nobody takes what is held, and only the holder's words stand in a thread."""
    wrong = []
    for referral_id, entries in book.entries.items():
        holder: UUID | None = None
        for entry in entries:
            if entry.mark == "claimed":
                wrong += [f"{referral_id} was taken while it was held"] * (holder is not None)
                holder = entry.account_id
            elif entry.author == "staff" and entry.account_id != holder:
                wrong.append(f"{referral_id} was answered by somebody who did not hold it")
            elif entry.mark in _GIVEN_UP:
                holder = None
    return wrong


def check_answers(book: Book, diary: Diary) -> list[str]:
    """Every answer that the console took stands once, where and by whom it was written; no other does."""
    stands = Counter(words for key, words in book.words.items() if words in diary.answers)
    wrong = [f"an answer stands {stands[text]} times" for text in diary.answers if stands[text] != 1]
    for referral_id, entries in book.entries.items():
        for entry in entries:
            words = book.words.get(entry.id, "")
            if words in diary.answers and diary.answers[words] != (referral_id, entry.account_id):
                wrong.append("an answer stands in another report, or under another name")
            if words == "แทรก":
                wrong.append(f"{referral_id} holds what somebody meddled with")
    return wrong


def check_phones(diary: Diary, shown: dict[str, int], states: dict[str, str]) -> list[str]:
    """What is booked as sent was seen once, or lies behind the neutral line; what waits was not;
    twice only if marked, and of what nobody knows staff are asked."""
    wrong = []
    for text in diary.answers:
        state, seen = states.get(text, "missing"), shown.get(text, 0)
        # At the pace of a shift a sender's claim may run out in the call; then staff are asked (invariant 4).
        fits = seen <= 1 if state in ("sent", "unknown") else seen >= 1 if state == "resent" else seen == 0
        if not fits or state not in ("sent", "resent", "pending", "skipped", "unknown"):
            wrong.append(f"an answer that is {state} was seen {seen} times")
    return wrong


_UNHEARD = """
SELECT count(*) FROM inbound_event e
JOIN channel_identity i ON i.channel = e.channel AND i.address_key = e.address_key
JOIN referral r ON r.identity_id = i.id
WHERE e.received_at > r.opened_at AND (r.closed_at IS NULL OR e.handled_at < r.closed_at)
  AND NOT EXISTS (SELECT 1 FROM referral_entry x WHERE x.referral_id = r.id AND x.event_id = e.id)
"""


async def check_heard(database: Database) -> list[str]:
    """Every event was handled, and what was said while a report was open stands in its thread."""
    async with database.unit_of_work() as session:
        open_events = await session.scalar(
            sa.text("SELECT count(*) FROM inbound_event WHERE handled_at IS NULL")
        )
        unheard = await session.scalar(sa.text(_UNHEARD))
    return [f"{open_events} events were not handled"] * bool(open_events) + [
        f"{unheard} messages stand in no thread"
    ] * bool(unheard)


async def check_clocks(database: Database, book: Book, until: datetime, slack: timedelta) -> list[str]:
    """Whenever nobody took a report in time, somebody was told."""
    async with database.unit_of_work() as session:
        calendar = await load_calendar(session)
        told = {(miss.referral_id, miss.clock) for miss in await session.scalars(sa.select(ClockMiss))}
    wrong = []
    for referral_id, entries in book.entries.items():
        referral = book.referrals[referral_id]
        for since, taken in _waits(referral, entries, until):
            if taken > due_at("claim", referral.priority, since, calendar) + slack:
                wrong += [f"{referral_id} waited and nobody was told"] * ((referral_id, "claim") not in told)
    return wrong


def _waits(
    referral: Referral, entries: list[ReferralEntry], until: datetime
) -> list[tuple[datetime, datetime]]:
    """From when to when nobody held it."""
    found: list[tuple[datetime, datetime]] = []
    since: datetime | None = referral.opened_at
    for entry in entries:
        if entry.mark == "claimed" and since is not None:
            found.append((since, entry.at))
            since = None
        elif entry.mark == "released":
            since = entry.at
        elif entry.mark == "closed":
            since = None
    return [*found, (since, until)] if since is not None and referral.state == "open" else found


def all_of(*lines: Any) -> list[str]:
    """One list of all that is wrong, short enough to read."""
    return [line for some in lines for line in some][:20]
