"""The order of steps: out of which state a step may be made, what it needs before it, and who told it already."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, cast
from uuid import UUID

from referrals.compensation.ledger import LedgerError, check, entries_of
from referrals.compensation.rules import faults
from referrals.compensation.sources import fund_rules
from referrals.tracks.deciding import Holding, holding, key_of, says_the_same
from referrals.tracks.errors import StepCode, StepError
from referrals.tracks.events import By, Event, NewStep, unit_of
from referrals.tracks.standing import Turn, Unit, turns_of
from referrals.tracks.steps import BEGINNING, Step, steps

# "new": it moves the case on; "same": another told it before; "rival": another told otherwise, and both are shown.
Kind = Literal["new", "same", "rival"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a step is beside what was told before; of the same, which event it repeats."""

    kind: Kind
    same_as_id: UUID | None = None


def place(events: Sequence[Event], new: NewStep, rule: Step, by: By) -> Verdict:
    """Decide what a fitted step is; raises StepError for one that the order of steps, or the books, refuse."""
    held = holding(events)
    unit = unit_of(rule, new.person, by.agency_referral_id)
    turns = turns_of(held).get((rule.track, unit), [])
    decision = None if rule.repeats else held.decision(key_of(rule, unit, new))
    fault = _fault(held, turns, new, rule, told_before=decision is not None)
    if fault is None:
        return Verdict("new")
    if decision is None or by.teller in {one.teller for one in decision.tellings}:
        raise fault
    same = next((one for one in decision.sides if says_the_same(one, new)), None)
    return Verdict("same", same.id) if same else Verdict("rival")


def _fault(
    held: Holding, turns: Sequence[Turn], new: NewStep, rule: Step, *, told_before: bool
) -> StepError | None:
    """Return why a step can't be the next one; None where it can."""
    if turns and steps()[rule.track, turns[-1].state].ends and turns[-1].state not in rule.begins_from:
        return StepError("track_closed", f"the {rule.track} track has ended; correct its end first")
    if rule.begins_from:
        fault = _out_of_state(turns, new, rule)
    elif told_before and not _is_version(new, rule):
        fault = _late(f"{rule.track}.{rule.code} was told before; correct that step first")
    else:
        fault = None
    return fault or _lacking(held, new.happened_on, new, rule)


def _out_of_state(turns: Sequence[Turn], new: NewStep, rule: Step) -> StepError | None:
    if not rule.to:
        states = _states_on(turns, new.happened_on)
    else:
        states = {turns[-1].state if turns else BEGINNING}
        if turns and new.happened_on < turns[-1].on:
            return _late(f"{turns[-1].state} was on a later day, {turns[-1].on}")
    if states & set(rule.begins_from):
        return None
    return _late(
        f"{rule.track}.{rule.code} follows {' or '.join(rule.begins_from)}, not {' or '.join(states)}"
    )


def _states_on(turns: Sequence[Turn], day: date) -> set[str]:
    """Return the states of a day: the one it began with, and those that came in it."""
    before = [turn.state for turn in turns if turn.on < day]
    return {before[-1] if before else BEGINNING, *(turn.state for turn in turns if turn.on == day)}


def _is_version(new: NewStep, rule: Step) -> bool:
    """Tell whether it says how it stands to what was told before; the books look whether that can be."""
    repeats = any(one.repeats for fund, one in fund_rules().items() if fund == new.fund)
    return rule.versions and (new.about_id is not None or new.details.get("adds") is True or repeats)


def _lacking(held: Holding, on: date, told: NewStep | Event, rule: Step) -> StepError | None:
    """Return what a step needs and does not find."""
    needed = [event for event in held.events if f"{event.track}.{event.step}" in rule.needs]
    wanted = [event for event in needed if all(getattr(event, n) == getattr(told, n) for n in rule.same)]
    if rule.needs and not any(event.happened_on <= on for event in wanted):
        return _late(
            f"{rule.track}.{rule.code} needs {' or '.join(rule.needs)} before it, of the same source"
        )
    return None


def _late(message: str) -> StepError:
    return StepError("out_of_order", message, "step")


def check_about(events: Sequence[Event], new: NewStep, rule: Step) -> None:
    """Refuse a step that is about what is not there, or about something else; raises StepError."""
    if new.about_id is None:
        return
    known = {event.id: event for event in holding(events).events}
    about = known.get(new.about_id)
    if about is None or about.track != rule.track or about.step not in rule.about:
        raise StepError(
            "unknown_event", f"about one of: {', '.join(rule.about)}, which still holds", "about_id"
        )


def check_books(events: Sequence[Event], new: Event) -> None:
    """Refuse what the books of compensation can't bear; raises StepError."""
    try:
        entries = entries_of([new])
        if entries:
            check(entries_of(holding(events).events), entries[0])
    except LedgerError as wrong:
        raise StepError(cast("StepCode", wrong.code), str(wrong)) from wrong


def breaks(events: Sequence[Event], without: Sequence[Event]) -> bool:
    """Tell whether what holds of a case would no longer follow its own order once events are as in `without`."""
    return bool(_loose(without) - _loose(events))


def _loose(events: Sequence[Event]) -> set[tuple[UUID, str]]:
    """Return the events that hold and whose state, need or object is not there, or that the books can't bear.

    More paid than is owed is no such thing: the books show it.
    """
    held = holding(events)
    ids = {event.id for event in held.events}
    steps_of_all = {event.id: event.step for event in events}
    states: dict[tuple[str, Unit], str] = {}
    books = faults(entries_of(held.events))
    loose: set[tuple[UUID, str]] = {(one.entry_id, one.code) for one in books if one.code != "amount_over"}
    for event in held.events:
        rule = event.rule
        # A version takes the place of one that was taken back.
        is_version = event.about_id is not None and steps_of_all.get(event.about_id) == event.step
        if event.about_id is not None and event.about_id not in ids and not is_version:
            loose.add((event.id, "about"))
        if _lacking(held, event.happened_on, event, rule):
            loose.add((event.id, "needs"))
        if rule.begins_from and rule.to:
            if states.get((event.track, event.unit), BEGINNING) not in rule.begins_from:
                loose.add((event.id, "from"))
            states[event.track, event.unit] = rule.to
    return loose
