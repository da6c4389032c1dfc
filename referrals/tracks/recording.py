"""Recording a step, taking one back, and deciding between two: each whole, with all that follows from it, or not at all.

Everything happens under the lock of the case's row: the rules are asked about the events as they are, the event is
added, and the standing, the clocks and the hold are derived anew in the same transaction.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import bangkok
from core.crypto.data_keys import DataKeys
from referrals.tracks.deciding import holding
from referrals.tracks.errors import OtherContentError, StepError
from referrals.tracks.events import By, Event, NewStep
from referrals.tracks.fields import LONGEST_NOTE, fit, rule_of
from referrals.tracks.models import CaseEvent
from referrals.tracks.ordering import breaks, check_about, check_books, place
from referrals.tracks.partaking import check_agency
from referrals.tracks.people import check_person, keep_first_person
from referrals.tracks.reading import MOST_EVENTS
from referrals.tracks.reporting import note_work
from referrals.tracks.steps import Step
from referrals.tracks.storing import Case, add_event, beside, find_event, lock_case, next_id

__all__ = ["By", "NewStep", "correct", "record", "settle"]

# What a step told again under the maker's own name is compared by, beside its words.
_TOLD = (
    "track", "step", "happened_on", "happened_at", "person", "amount", "fund", "item", "outcome", "people", "months",
    "about_id",
)  # fmt: skip

# Another's clock may run a little ahead of ours.
_CLOCKS_DIFFER = timedelta(minutes=5)


async def record(
    session: AsyncSession, keys: DataKeys, referral_id: UUID, new: NewStep, by: By, *, now: datetime
) -> UUID:
    """Add a step to a case; the same again under the maker's own name (`outside_id`) returns the event that it was.

    Raises StepError (`UnknownCaseError`, `OtherContentError`) with a code of `errors.STEP_CODES`; then nothing changed.
    """
    rule = rule_of(new)
    if by.maker not in rule.makers:
        raise StepError("wrong_maker", f"{rule.track}.{rule.code} is made by {', '.join(rule.makers)}")
    case = await lock_case(session, keys, referral_id)
    fitted = fit(new, rule, today=bangkok(now).date(), opened_on=bangkok(case.referral.opened_at).date())
    if fitted.happened_at is not None and fitted.happened_at > now + _CLOCKS_DIFFER:
        raise StepError("date_future", "this moment has not come yet", "happened_at")
    await check_agency(session, referral_id, rule, by)
    name = fitted.outside_id
    outside = keys.keyset.index("case_event", f"{by.teller}\0{name}") if name else None
    told = await _told_before(session, outside) if outside else None
    if told is not None:
        return _told_again(case, told, fitted)
    await check_person(session, referral_id, fitted.person)
    event = _judged(case.events, fitted, rule, by, now)
    await keep_first_person(session, referral_id, fitted.person, now)
    await add_event(session, case, event, outside, now)
    if (event.track, event.step) == ("referral", "sent"):
        await note_work(session, case.referral, "referred", account_id=by.account_id, now=now)
    return event.id


async def _told_before(session: AsyncSession, outside_key: bytes) -> UUID | None:
    found: UUID | None = await session.scalar(
        sa.select(CaseEvent.id).where(CaseEvent.outside_key == outside_key)
    )
    return found


def _told_again(case: Case, event_id: UUID, new: NewStep) -> UUID:
    """Return the event that was told under this name; raises OtherContentError where it said something else."""
    event = next((one for one in case.events if one.id == event_id), None)
    if (
        event is None
        or any(getattr(event, name) != getattr(new, name) for name in _TOLD)
        or (dict(event.details or {}), event.note or "") != (dict(new.details), new.note)
    ):
        raise OtherContentError
    return event_id


def _judged(events: Sequence[Event], new: NewStep, rule: Step, by: By, now: datetime) -> Event:
    """Return the event that a fitted step becomes; raises StepError where the rules refuse it."""
    if len(events) >= MOST_EVENTS:
        raise StepError("track_closed", f"a case has at most {MOST_EVENTS} events")
    check_about(events, new, rule)
    verdict = place(events, new, rule, by)
    event = Event(
        id=next_id(events), track=new.track, step=new.step, happened_on=new.happened_on, recorded_at=now, source=by.source,
        person=new.person, happened_at=new.happened_at, agency_id=by.agency_id,
        agency_referral_id=by.agency_referral_id, account_id=by.account_id, program_id=by.program_id,
        about_id=new.about_id, same_as_id=verdict.same_as_id, is_disputed=verdict.kind == "rival", amount=new.amount,
        fund=new.fund, item=new.item, outcome=new.outcome, people=new.people, months=new.months, details=new.details,
        note=new.note or None,
    )  # fmt: skip
    if verdict.kind == "new":
        check_books(events, event)
    return event


async def correct(
    session: AsyncSession,
    keys: DataKeys,
    referral_id: UUID,
    event_id: UUID,
    by: By,
    *,
    reason: str,
    now: datetime,
) -> UUID:
    """Take an event back by one that reverses it, with the reason; its own maker or the hotline may. Returns the new event.

    Raises StepError: `already_reversed`, `wrong_maker`, `missing_field`, `unknown_event`, and `out_of_order` where later
    steps rest on it.
    """
    words = reason.replace("\0", "").strip()
    if not 1 <= len(words) <= LONGEST_NOTE:
        raise StepError("missing_field", f"say why, in 1 to {LONGEST_NOTE} characters", "reason")
    case = await lock_case(session, keys, referral_id)
    event = find_event(case, event_id)
    if event.reverses_id is not None or any(one.reverses_id == event_id for one in case.events):
        raise StepError("already_reversed", "this event was taken back, or takes one back itself")
    await check_agency(session, referral_id, event.rule, by)
    if by.maker != "hotline" and by.teller != event.teller:
        raise StepError("wrong_maker", "only who told it, or the hotline, takes it back")
    reversal = beside(case, event, by, now, reverses_id=event.id, note=words)
    if breaks(case.events, [*case.events, reversal]):
        raise StepError("out_of_order", "later steps rest on this one; correct these first")
    await add_event(session, case, reversal, None, now)
    return reversal.id


async def settle(
    session: AsyncSession, keys: DataKeys, referral_id: UUID, event_id: UUID, by: By, *, now: datetime
) -> UUID:
    """Decide that this one of several that say otherwise holds; the others stay as they were told. Returns the new event.

    Raises StepError: `wrong_maker` for anybody but the hotline, `unknown_event`, `out_of_order` where nothing is disputed
    or what follows would no longer fit.
    """
    if by.maker != "hotline":
        raise StepError("wrong_maker", "the hotline decides between agencies")
    case = await lock_case(session, keys, referral_id)
    event = find_event(case, event_id)
    decision = holding(case.events).decision_of(event_id)
    if decision is None or len(decision.sides) == 1:
        raise StepError("out_of_order", "nobody says otherwise than this event")
    word = decision.settled_by
    if word is not None and word.same_as_id == event_id:
        return word.id
    word = beside(case, event, by, now, same_as_id=event.id)
    if breaks(case.events, [*case.events, word]):
        raise StepError("out_of_order", "later steps rest on the other one; correct these first")
    await add_event(session, case, word, None, now)
    return word.id
