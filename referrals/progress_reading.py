"""Reading how a case goes on for its person: agencies, tracks and money, out of the events that hold."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import bangkok
from core.crypto.data_keys import DataKeys
from referrals.agencies.models import Agency
from referrals.compensation.ledger import book, entries_of
from referrals.compensation.persons_view import persons_view
from referrals.desk.sealed import key_or_none, open_words
from referrals.models import Referral, ReportAnswer
from referrals.progress import TRACKS, AgencyTold, Answer, Money, Payment, Progress, Stop
from referrals.referring.models import AgencyReferral
from referrals.tracks.deciding import Holding, holding
from referrals.tracks.events import Event
from referrals.tracks.models import CaseEvent
from referrals.tracks.reading import read_events
from referrals.tracks.standing import turns_of
from referrals.tracks.visibility import ASSET_STEPS

# Who reported is person 1 of the case unless they said that it is somebody else's matter.
_TELLER = 1
_WHOSE, _OWN = "G2", "self"
# What who told of somebody else's matter may know of it: how the court case goes, which is nobody's secret help or money.
_FOR_ANYBODY = frozenset({"prosecution"})
_ANSWERS: dict[str, Answer] = {"confirmed": "confirmed", "denied": "denied"}
_codes = msgspec.json.Decoder(tuple[str, ...])


async def read_progress(session: AsyncSession, keys: DataKeys, referral_id: UUID, today: date) -> Progress:
    """Read what the person of a report may know of its case on a Bangkok day; nothing of an erased one."""
    referral = await session.get_one(Referral, referral_id)
    key = await key_or_none(session, keys, referral)
    if key is None:
        return Progress()
    events = [
        event for event in await read_events(session, keys, referral_id) if event.person in (None, _TELLER)
    ]
    is_own = await _is_own(session, key, referral_id)
    money = _money(events, today) if is_own else None
    stops = [stop for stop in _stops(events, money) if is_own or stop.track in _FOR_ANYBODY]
    return Progress(await _agencies(session, key, referral_id), tuple(stops), money)


async def read_steps(session: AsyncSession, keys: DataKeys, referral_id: UUID) -> tuple[Stop, ...]:
    """Read every step of a case that holds and that its person may know of, the oldest first; nothing of an erased one."""
    referral = await session.get_one(Referral, referral_id)
    key = await key_or_none(session, keys, referral)
    if key is None:
        return ()
    held = holding(
        [event for event in await read_events(session, keys, referral_id) if event.person in (None, _TELLER)]
    )
    told = TRACKS if await _is_own(session, key, referral_id) else _FOR_ANYBODY
    disputed = {side.id for dispute in held.disputes for side in dispute.sides}
    shown = sorted(
        (one for one in held.events if one.track in told), key=lambda one: (one.happened_on, one.id)
    )
    last_look = next((one.id for one in reversed(shown) if one.step in ASSET_STEPS), None)
    return tuple(
        Stop(one.track, one.step, one.happened_on, is_disputed=one.id in disputed)
        for one in shown
        if one.step not in ASSET_STEPS or one.id == last_look
    )


async def is_told(session: AsyncSession, keys: DataKeys, event_id: UUID) -> bool:
    """Whether the teller of a report may read what an event changed, so that a line about news leads to some."""
    event = await session.get(CaseEvent, event_id)
    referral = await session.get(Referral, event.referral_id) if event else None
    key = await key_or_none(session, keys, referral) if referral else None
    if event is None or key is None or event.person not in (None, _TELLER):
        return False
    return event.track in {"referral", *_FOR_ANYBODY} or await _is_own(session, key, event.referral_id)


async def _is_own(session: AsyncSession, key: bytes, referral_id: UUID) -> bool:
    """Whether the report is the teller's own matter, by their last word; who was never asked is taken at it."""
    rows = await session.scalars(
        sa.select(ReportAnswer)
        .where(
            ReportAnswer.referral_id == referral_id, ReportAnswer.question == _WHOSE,
            ReportAnswer.answer.is_not(None),
        )
        .order_by(ReportAnswer.id.desc())
        .limit(1)
    )  # fmt: skip
    row = rows.one_or_none()
    said = open_words(row.answer, key, "report_answer", "answer", row.id) if row else None
    return said is None or _codes.decode(said) == (_OWN,)


def _stops(events: Sequence[Event], money: Money | None) -> Iterable[Stop]:
    held = holding(events)
    turns = turns_of(held)
    for track in TRACKS:
        states = [states[-1] for (name, _), states in turns.items() if name == track]
        if not states:
            continue
        last = max(states, key=lambda turn: (turn.on, turn.event.id))
        step, on = last.state, _last_day(held, track, last.state)
        disputed = any(one.track == track for dispute in held.disputes for one in dispute.sides)
        yield Stop(track, _word_on_money(money) or step if step == "paid" else step, on, is_disputed=disputed)


def _last_day(held: Holding, track: str, state: str) -> date:
    """When a state was last come to; of looking for property all steps are one to the person."""
    alike = ASSET_STEPS if state in ASSET_STEPS else {state}
    return max(event.happened_on for event in held.events if event.track == track and event.step in alike)


def _word_on_money(money: Money | None) -> str:
    """What the person said of all that was paid, as a step; "" while they were not asked of everything."""
    answers = {one.answer for one in money.payments} if money else {""}
    if "" in answers:
        return ""
    if "denied" in answers:
        return "receipt_denied"
    return "part_confirmed" if money and money.left else "receipt_confirmed"


def _money(events: Sequence[Event], today: date) -> Money:
    books = persons_view(book(entries_of(holding(events).events), today))
    return Money(
        ordered=books.ordered,
        interest=books.interest,
        paid=books.paid,
        confirmed=books.confirmed,
        left=books.owed + books.denied,
        payments=tuple(
            Payment(one.id, one.amount, one.on, _ANSWERS.get(one.word, "")) for one in books.payments
        ),
        is_closed=books.closed is not None,
        is_of_court="ordered" in books.reached,
    )


async def _agencies(session: AsyncSession, key: bytes, referral_id: UUID) -> tuple[AgencyTold, ...]:
    rows = (
        await session.execute(
            sa.select(AgencyReferral, Agency)
            .join(Agency, Agency.id == AgencyReferral.agency_id)
            .where(AgencyReferral.referral_id == referral_id)
            .order_by(AgencyReferral.id)
        )
    ).all()
    followed = {row.after_id: _names(agency) for row, agency in rows if row.after_id}
    return tuple(_agency(row, agency, key, followed.get(row.id)) for row, agency in rows)


def _names(agency: Agency) -> dict[str, str]:
    return {"th": agency.name_th, "en": agency.name_en}


def _agency(row: AgencyReferral, agency: Agency, key: bytes, next_name: dict[str, str] | None) -> AgencyTold:
    text = open_words(row.citizen_text, key, "agency_referral", "citizen_text", row.id) or ""
    was_read = row.state == "sent" and row.read_at is not None
    return AgencyTold(
        name=_names(agency),
        state="read" if was_read else row.state,  # type: ignore[arg-type]
        on=bangkok(_since(row)).date(),
        next_name=next_name,
        text=text,
    )


def _since(row: AgencyReferral) -> datetime:
    """When the request came to be as it is."""
    moments = (row.sent_at, row.read_at, row.acknowledged_at, row.answered_at, row.ended_at)
    return max(moment for moment in moments if moment is not None)
