"""A case under its lock, and adding an event to it with all that follows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import bangkok
from core.crypto.boxed import Box
from core.crypto.data_keys import DataKeys
from core.crypto.sealing import context, seal
from core.errors import KeyDestroyedError
from core.ids import new_id
from core.jobs.queue import enqueue
from referrals.agencies.naming import names_somebody
from referrals.live import announce_change
from referrals.models import Referral
from referrals.tracks.consequences import draw_consequences
from referrals.tracks.errors import StepError, UnknownCaseError
from referrals.tracks.events import By, Event
from referrals.tracks.models import CaseEvent
from referrals.tracks.news import note_news
from referrals.tracks.reading import read_events

# The job that looks at a note with the lexicons; its argument is the event's id.
LOOK_AT_NOTE = "look_at_note"


@dataclass(frozen=True, slots=True)
class Case:
    """A case, locked until the transaction ends, with its events in the order of recording."""

    referral: Referral
    key: bytes
    events: tuple[Event, ...]


async def lock_case(session: AsyncSession, keys: DataKeys, referral_id: UUID) -> Case:
    """Lock a case and read it; raises UnknownCaseError where there is none, or it was erased."""
    referral = await session.get(Referral, referral_id, with_for_update=True, populate_existing=True)
    if referral is None or referral.words_gone_at is not None:
        raise UnknownCaseError
    try:
        key = await keys.load(session, referral.data_key_id)
    except KeyDestroyedError:
        raise UnknownCaseError from None
    return Case(referral, key, tuple(await read_events(session, keys, referral_id)))


def find_event(case: Case, event_id: UUID) -> Event:
    """Return an event of this case; raises StepError for one of another case, or none."""
    found = next((event for event in case.events if event.id == event_id), None)
    if found is None:
        raise StepError("unknown_event", "no such event in this case")
    return found


def next_id(events: Sequence[Event]) -> UUID:
    """Return an id behind all of a case, also where another host's clock ran ahead."""
    return UUID(int=max(new_id().int, events[-1].id.int + 1)) if events else new_id()


def beside(
    case: Case,
    event: Event,
    by: By,
    now: datetime,
    *,
    reverses_id: UUID | None = None,
    same_as_id: UUID | None = None,
    note: str | None = None,
) -> Event:
    """Return an event that speaks of another one; it says again only by what that one is found."""
    return Event(
        id=next_id(case.events), track=event.track, step=event.step, happened_on=bangkok(now).date(), recorded_at=now,
        source=by.source, person=event.person, agency_id=by.agency_id,
        agency_referral_id=event.agency_referral_id if event.rule.per == "referral" else by.agency_referral_id,
        account_id=by.account_id, program_id=by.program_id, reverses_id=reverses_id, same_as_id=same_as_id, note=note,
        fund=event.fund, item=event.item, about_id=event.about_id if same_as_id else None, stands=False,
    )  # fmt: skip


async def add_event(
    session: AsyncSession, case: Case, event: Event, outside_key: bytes | None, now: datetime
) -> None:
    """Write an event, and what follows from it: standing, clocks, hold."""
    names = _names_somebody(event)
    session.add(
        CaseEvent(
            id=event.id, referral_id=case.referral.id, track=event.track, step=event.step, person=event.person,
            happened_on=event.happened_on, happened_at=event.happened_at, recorded_at=event.recorded_at,
            agency_id=event.agency_id, agency_referral_id=event.agency_referral_id, account_id=event.account_id,
            program_id=event.program_id, source=event.source, outside_key=outside_key, reverses_id=event.reverses_id,
            about_id=event.about_id, same_as_id=event.same_as_id, is_disputed=event.is_disputed, stands=event.stands,
            amount=event.amount, fund=event.fund, item=event.item, outcome=event.outcome, people=event.people,
            months=event.months, details=_sealed_details(case, event), note=_sealed(case, event, "note", event.note),
            names_somebody=names,
        )
    )  # fmt: skip
    await session.flush()
    if event.note and not names:
        await enqueue(session, LOOK_AT_NOTE, [event.id])
    await draw_consequences(session, case.referral, [*case.events, event], now)
    if event.reverses_id is None and event.same_as_id is None:
        await note_news(session, event.id, track=event.track, step=event.step, source=event.source)
    await announce_change(session, case.referral.id)


def _names_somebody(event: Event) -> bool:
    """Tell at once whether what was typed freely seems to say who somebody is; the job looks closer."""
    typed = [event.note or "", str((event.details or {}).get("reason", ""))]
    return any(names_somebody(words) for words in typed)


def _sealed_details(case: Case, event: Event) -> Box | None:
    words = orjson.dumps(event.details, option=orjson.OPT_SORT_KEYS).decode() if event.details else None
    return _sealed(case, event, "details", words)


def _sealed(case: Case, event: Event, column: str, words: str | None) -> Box | None:
    if not words:
        return None
    return Box(
        seal(case.key, words.encode("utf-8", "replace"), context(CaseEvent.__tablename__, column, event.id))
    )
