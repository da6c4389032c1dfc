"""Which of a case's events hold: not taken back, not said twice, and one of those that say otherwise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from referrals.tracks.events import Event
from referrals.tracks.steps import Step

# In what two tellings of one thing may differ.
_TOLD = ("step", "happened_on", "amount", "outcome", "people", "months")
Key = tuple[Any, ...]


@dataclass(slots=True)
class Decision:
    """One thing that happens once: as it was told first, told again, and told otherwise."""

    sides: list[Event]
    echoes: list[Event] = field(default_factory=list)

    @property
    def tellings(self) -> list[Event]:
        return [*self.sides, *self.echoes]

    @property
    def word(self) -> Event | None:
        """The hotline's last word on which side holds."""
        words = [echo for echo in self.echoes if echo.teller == "hotline"]
        return words[-1] if words else None

    @property
    def settled_by(self) -> Event | None:
        """The hotline's word where it was given after every side was told."""
        is_last = self.word is not None and self.word.id > self.sides[-1].id
        return self.word if is_last and len(self.sides) > 1 else None

    @property
    def is_disputed(self) -> bool:
        return len(self.sides) > 1 and self.settled_by is None

    @property
    def holding(self) -> Event:
        """The side that holds: what staff decided for last, until then what was told first."""
        word = self.word
        return next((side for side in self.sides if word and side.id == word.same_as_id), self.sides[0])


@dataclass(frozen=True, slots=True)
class Holding:
    """What holds of a case's events, in the order of recording, and every decision by its key."""

    events: tuple[Event, ...]
    decisions: Mapping[Key, list[Decision]]

    @property
    def disputes(self) -> list[Decision]:
        return [one for many in self.decisions.values() for one in many if one.is_disputed]

    def decision(self, key: Key) -> Decision | None:
        """Return the latest decision of a key."""
        return self.decisions[key][-1] if key in self.decisions else None

    def decision_of(self, event_id: UUID) -> Decision | None:
        """Return the decision that an event is a side of."""
        every = (one for many in self.decisions.values() for one in many)
        return next((one for one in every if any(side.id == event_id for side in one.sides)), None)


def key_of(step: Step, unit: object, told: Any) -> Key:
    """Return what tells one thing that happens once from another; `told` is an event or a new step."""
    return (step.track, step.decision, unit, *(getattr(told, name) for name in step.once_by))


def says_the_same(one: Any, other: Any) -> bool:
    """Tell whether two tellings of one thing agree in everything that figures are made of."""
    return all(getattr(one, name) == getattr(other, name) for name in _TOLD)


def holding(events: Sequence[Event]) -> Holding:
    """Decide what holds; `events` in the order of recording."""
    taken_back = {event.reverses_id for event in events}
    live = [event for event in events if event.reverses_id is None and event.id not in taken_back]
    ids = {event.id for event in live}
    decisions: dict[Key, list[Decision]] = {}
    for event in live:
        if not event.rule.repeats:
            _place(event, decisions.setdefault(key_of(event.rule, event.unit, event), []), ids)
    chosen = {one.holding.id for many in decisions.values() for one in many}
    holds = tuple(event for event in live if event.rule.repeats or event.id in chosen)
    return Holding(holds, {key: many for key, many in decisions.items() if many})


def _place(event: Event, decisions: list[Decision], live: set[UUID]) -> None:
    if event.same_as_id is not None:
        of = next((one for one in decisions if any(s.id == event.same_as_id for s in one.sides)), None)
        if of is not None:
            of.echoes.append(event)
            return
        # What it repeated was taken back. An agency's word stands for itself, the hotline's went with the other's.
        if event.teller == "hotline" or event.same_as_id in live:
            return
    if event.is_disputed and decisions:
        decisions[-1].sides.append(event)
    else:
        decisions.append(Decision([event]))
