"""How a case goes on, as an agency of a kind may know it, and which steps it may tell next."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal, cast
from uuid import UUID

from app.console.case_money_words import say_baht
from app.console.case_tracks_words import say_detail, say_fund, say_item, say_outcome, say_step
from app.console.portal_desk import Desk
from app.console.texts import say
from app.runtime import Runtime
from core.clock import bangkok
from referrals.agencies.kinds import AgencyKind
from referrals.referring.finding import Found
from referrals.tracks.deciding import holding
from referrals.tracks.errors import StepError
from referrals.tracks.events import By, Event, NewStep
from referrals.tracks.ordering import place
from referrals.tracks.partners import PARTNER_TRACKS
from referrals.tracks.reading import read_events
from referrals.tracks.steps import TRACKS, Step, Track, steps
from referrals.tracks.visibility import Level, group_of, sees

# States of a request in which its agency tells how the case goes on: a court does long after a service was done.
TELLING = ("accepted", "in_service", "done")


# What became of a step: taken back, told otherwise by another, or not what the hotline decided for.
Becomes = Literal["", "undone", "disputed", "overruled"]


@dataclass(frozen=True, slots=True)
class Shown:
    """A step as its reader may know it: of the others' "state" alone, only what happened and on which day."""

    id: UUID
    track: str
    step: str
    on: date
    clock: str
    maker: str
    more: tuple[str, ...]
    note: str
    became: Becomes
    names_somebody: bool
    may_correct: bool

    @property
    def says(self) -> str:
        return say_step(self.track, self.step)


@dataclass(frozen=True, slots=True)
class Strand:
    """One track with what may be seen of it; `is_bare` where others' steps show no more than their days."""

    name: str
    steps: tuple[Shown, ...]
    is_bare: bool


@dataclass(frozen=True, slots=True)
class Next:
    """A step that the agency may tell now; `is_told` where another told it already, so that it confirms or differs."""

    track: str
    step: str
    is_told: bool


@dataclass(frozen=True, slots=True)
class Tracks:
    strands: tuple[Strand, ...]
    nexts: tuple[Next, ...]


async def read_tracks(desk: Desk, runtime: Runtime, found: Found, *, now: datetime) -> Tracks:
    """Read what the desk's agency may know of a case, and what it may tell."""
    events = await read_events(desk.session, runtime.keys, found.referral.id)
    tells = found.row.state in TELLING
    return Tracks(
        tuple(_strands(desk, found, events)), tuple(_nexts(desk, found, events, now=now)) if tells else ()
    )


def level_of(desk: Desk, found: Found, event: Event) -> Level:
    """Say how much of an event the agency may know; its own steps always, of others' requests nothing."""
    if event.track == "referral" and event.agency_referral_id != found.row.id:
        return "none"
    if event.agency_id == desk.agency.id:
        return "full"
    return sees(cast("AgencyKind", desk.agency.kind), group_of(event.rule.track, event.step))


def _strands(desk: Desk, found: Found, events: list[Event]) -> Iterator[Strand]:
    becomes = _standings(events)
    known = [
        (event, level) for event in sorted(events, key=lambda event: (event.happened_on, event.id))
        if _is_told(desk, event) and (level := level_of(desk, found, event)) != "none"
    ]  # fmt: skip
    for name in TRACKS:
        here = [(event, level) for event, level in known if event.track == name]
        if here:
            yield Strand(
                name,
                tuple(_shown(desk, event, level, becomes(event)) for event, level in here),
                is_bare=any(level == "state" for _, level in here),
            )


def _is_told(desk: Desk, event: Event) -> bool:
    """Whether it stands on the page: corrections show at what they correct, and of what was told twice one's own."""
    return event.reverses_id is None and (event.same_as_id is None or event.agency_id == desk.agency.id)


def _standings(events: Sequence[Event]) -> Callable[[Event], Becomes]:
    """Return what says of an event what became of it."""
    held = holding(events)
    undone = {event.reverses_id for event in events}
    disputed = {side.id for decision in held.disputes for side in decision.sides}
    holds = {event.id for event in held.events}

    def becomes(event: Event) -> Becomes:
        if event.id in undone:
            return "undone"
        if event.id in disputed:
            return "disputed"
        return "" if event.id in holds or event.same_as_id else "overruled"

    return becomes


def _shown(desk: Desk, event: Event, level: Level, became: Becomes) -> Shown:
    is_own = event.agency_id == desk.agency.id
    whole = level == "full"
    return Shown(
        id=event.id, track=event.track, step=event.step, on=event.happened_on,
        clock=f"{bangkok(event.happened_at):%H:%M}" if whole and event.happened_at and event.track != "referral" else "",
        maker=_maker(event, is_own=is_own) if whole else "",
        more=tuple(say_more(event)) if whole else (),
        # Free words name people: an agency reads back its own alone.
        note=(event.note or "") if is_own else "",
        became=became,
        names_somebody=is_own and event.names_somebody,
        may_correct=is_own and became != "undone" and event.track in PARTNER_TRACKS,
    )  # fmt: skip


def _maker(event: Event, *, is_own: bool) -> str:
    if is_own:
        return say("portal_tracks.ours")
    if event.agency_id is not None:
        return say("portal_tracks.other")
    return say(f"portal_tracks.{event.teller}")


def say_more(event: Event) -> Iterator[str]:
    """Say what a step told beside its day: amounts in baht, codes in words, numbers of courts and files."""
    told = (
        say("money.baht", amount=say_baht(event.amount)) if event.amount is not None else "",
        say_fund(event.fund) if event.fund else "",
        say_item(event.item) if event.item else "",
        say_outcome(event.track, event.outcome) if event.outcome else "",
        say("portal_tracks.people", n=event.people) if event.people is not None else "",
        say("portal_tracks.months", n=event.months) if event.months is not None else "",
        # Of one person nobody needs to be told who it is about.
        say("track.person", n=event.person) if event.person not in {None, 1} else "",
        *(" ".join(say_detail(name, value)) for name, value in (event.details or {}).items()),
    )
    yield from filter(None, told)


def by_of(desk: Desk, request_id: UUID) -> By:
    """Return the agency as the maker of a step, of the case that it knows by this request."""
    return By(
        maker=cast("AgencyKind", desk.agency.kind), source="manual", agency_id=desk.agency.id,
        agency_referral_id=request_id, account_id=desk.party.account_id,
    )  # fmt: skip


def tells(kind: str, track: str, code: str) -> Step | None:
    """Return the rule of a step that agencies of a kind tell by the portal; None for any other."""
    rule = steps().get((track, code))
    return rule if rule and track in PARTNER_TRACKS and kind in rule.makers else None


def _nexts(desk: Desk, found: Found, events: list[Event], *, now: datetime) -> Iterator[Next]:
    """Ask the rules about every step that this kind may make, as if it were told today."""
    by = by_of(desk, found.row.id)
    for track, code in steps():
        rule = tells(desk.agency.kind, track, code)
        if rule is None:
            continue
        kinds = {kind for new in _tries(rule, bangkok(now).date()) if (kind := _ask(events, new, rule, by))}
        if kinds:
            yield Next(track, code, is_told="new" not in kinds)


def _tries(rule: Step, today: date) -> Iterator[NewStep]:
    """Yield a step as it might be told: of each source of money, where it names one; once more, where that is said apart."""
    new = NewStep(
        step=rule.code, track=rule.track, happened_on=today, person=1 if rule.per == "person" else None,
        details={"adds": True} if rule.versions else {},
    )  # fmt: skip
    yield from (replace(new, fund=fund) for fund in rule.funds) if rule.funds else (new,)


def _ask(events: list[Event], new: NewStep, rule: Step, by: By) -> str:
    try:
        return place(events, new, rule, by).kind
    except StepError:
        return ""


def by_track(nexts: Sequence[Next]) -> Mapping[Track, list[Next]]:
    """Return steps under their tracks, in the order of tracks."""
    return {name: here for name in TRACKS if (here := [one for one in nexts if one.track == name])}
