"""A case's events as one viewer reads them: each step once, with what was said against it and what took it back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.console.case_money_words import say_baht
from app.console.case_tracks_words import say_detail, say_fund, say_item, say_outcome, say_step
from app.console.texts import say
from referrals.tracks import timeline
from referrals.tracks.deciding import holding
from referrals.tracks.events import Event
from referrals.tracks.visibility import Viewer


@dataclass(frozen=True, slots=True)
class Names:
    """Who tells: agencies and members of staff by id."""

    agencies: Mapping[UUID, str]
    staff: Mapping[UUID, str]

    def of(self, line: timeline.Line) -> str:
        """Say who told a line: an agency as such, of the hotline a person; "" where that is not shown."""
        writer = self.staff.get(line.account_id, "") if line.account_id else ""
        match line.teller:
            case "":
                return ""
            case "citizen" | "clock":
                return say(f"track.by_{line.teller}")
            case "hotline":
                return " · ".join(part for part in (say("track.by_hotline"), writer) if part)
            case _:
                name = self.agencies.get(UUID(str(line.teller)), say("office.kind.other"))
                # What an agency told by telephone was written down by one of ours.
                return f"{name} ({writer})" if writer and line.source == "manual" else name


@dataclass(frozen=True, slots=True)
class TakenBack:
    """That a step was taken back: by whom, when, why (None once erased)."""

    who: str
    at: datetime
    why: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """One step on the timeline. Where the viewer sees its state alone, everything behind `standing` is empty.

    `standing` is as in `referrals.tracks.timeline`; `facts` are what it tells, as (name, words).
    """

    id: UUID
    track: str
    what: str
    on: date
    standing: str
    is_own: bool = False
    is_full: bool = False
    at: datetime | None = None
    person: int | None = None
    who: str = ""
    source: str = ""
    told_at: datetime | None = None
    facts: tuple[tuple[str, str], ...] = ()
    note: str | None = None
    names_somebody: bool = False
    echoes: tuple[str, ...] = ()
    taken_back: TakenBack | None = None
    is_settled: bool = False

    @property
    def is_gone(self) -> bool:
        """Whether it does not count: taken back, or another telling holds."""
        return self.standing in ("taken_back", "overruled")

    @property
    def may_correct(self) -> bool:
        """By whom it is read in full, or who wrote it; what follows from work here is not taken back by hand."""
        return (
            self.standing != "taken_back"
            and (self.is_full or self.is_own)
            and self.track not in ("report", "referral")
        )


@dataclass(frozen=True, slots=True)
class Dispute:
    """One thing that several tell otherwise."""

    what: str
    sides: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The lines, the newest day first, and what is disputed and read in full."""

    lines: tuple[Line, ...]
    disputes: tuple[Dispute, ...]


def timeline_of(events: Sequence[Event], names: Names, viewer: Viewer, viewer_id: UUID) -> Timeline:
    """Draw up the timeline for a member of staff; `events` in the order of recording."""
    told = timeline.lines(events, viewer)
    beside: dict[UUID, list[timeline.Line]] = {}
    for one in told:
        if one.of_id is not None:
            beside.setdefault(one.of_id, []).append(one)
    own = {event.id for event in events if event.account_id == viewer_id}
    lines = {
        one.id: _line(one, names, beside.get(one.id, []), is_own=one.id in own)
        for one in told
        if one.standing not in ("takes_back", "settles", "same")
    }
    disputes = [
        Dispute(say_step(one.sides[0].track, one.sides[0].step), tuple(lines[side.id] for side in one.sides))
        for one in holding(events).disputes
        if all(side.id in lines and lines[side.id].is_full for side in one.sides)
    ]
    # Ids grow with time: of one day the one recorded later stands first.
    ordered = sorted(lines.values(), key=lambda line: (line.on, line.id), reverse=True)
    return Timeline(tuple(ordered), tuple(disputes))


def _line(one: timeline.Line, names: Names, beside: Sequence[timeline.Line], *, is_own: bool) -> Line:
    what = say_step(one.track, one.step)
    if not one.is_full:
        return Line(one.id, one.track, what, one.on, one.standing, is_own=is_own)
    reversal = next((other for other in beside if other.standing == "takes_back"), None)
    return Line(
        one.id, one.track, what, one.on, one.standing, is_own=is_own, is_full=True, at=one.happened_at,
        person=one.person, who=names.of(one), source=say(f"track.source.{one.source}"), told_at=one.recorded_at,
        facts=tuple(_facts(one)), note=one.note, names_somebody=one.names_somebody,
        echoes=tuple(names.of(other) for other in beside if other.standing == "same"),
        taken_back=_taken_back(reversal, names), is_settled=any(other.standing == "settles" for other in beside),
    )  # fmt: skip


def _taken_back(reversal: timeline.Line | None, names: Names) -> TakenBack | None:
    if reversal is None or reversal.recorded_at is None:
        return None
    return TakenBack(names.of(reversal), reversal.recorded_at, reversal.note)


def _facts(one: timeline.Line) -> list[tuple[str, str]]:
    """What a step tells beside its day, in words."""
    told = [
        (say("step_form.outcome"), say_outcome(one.track, one.outcome) if one.outcome else ""),
        (say("step_form.amount"), say_baht(one.amount) if one.amount is not None else ""),
        (say("step_form.fund"), say_fund(one.fund) if one.fund else ""),
        (say("step_form.item"), say_item(one.item) if one.item else ""),
        (say("step_form.people"), str(one.people) if one.people is not None else ""),
        (say("step_form.months"), str(one.months) if one.months is not None else ""),
        *(say_detail(name, value) for name, value in (one.details or {}).items()),
    ]
    return [(name, words) for name, words in told if words]
