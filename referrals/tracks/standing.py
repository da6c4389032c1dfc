"""Where a case stands, derived from its events and nothing else: the same events, the same standing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from referrals.compensation.books import Figures
from referrals.compensation.ledger import entries_of, figures
from referrals.tracks.deciding import Holding, holding
from referrals.tracks.events import Event
from referrals.tracks.steps import BEGINNING, FURTHEST, rank, steps

Unit = UUID | int | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where each track stands, as codes of steps ("none" before the first), and what was ordered and paid.

    `victims` by the number of the person, `referrals` by the id of the request; `victim` is the newest of the persons.
    """

    event_id: UUID | None
    report: str
    victims: Mapping[int, str]
    referrals: Mapping[UUID, str]
    prosecution: str
    compensation: str
    disputes: int
    money: Figures
    # The last step of each track, whoever it was about.
    victim: str
    # Tracks for whose sake the law keeps the report.
    holding_tracks: frozenset[str]
    # Events that figures count.
    stands: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Turn:
    """A state that a track came to."""

    state: str
    on: date
    event: Event


def derive(events: Sequence[Event]) -> Standing:
    """Derive the standing; `events` in the order of recording."""
    held = holding(events)
    turns = turns_of(held)
    last = {key: states[-1].state for key, states in turns.items()}
    victims = [turn for (track, _), states in turns.items() if track == "victim" for turn in states[-1:]]
    return Standing(
        event_id=events[-1].id if events else None,
        report=last.get(("report", None), BEGINNING),
        victims={unit: state for (track, unit), state in last.items() if track == "victim" and isinstance(unit, int)},
        referrals={
            unit: state for (track, unit), state in last.items() if track == "referral" and isinstance(unit, UUID)
        },
        prosecution=last.get(("prosecution", None), BEGINNING),
        compensation=last.get(("compensation", None), BEGINNING),
        disputes=len(held.disputes),
        money=figures(entries_of(held.events)),
        victim=max(victims, key=lambda turn: (turn.on, turn.event.id)).state if victims else BEGINNING,
        holding_tracks=frozenset(
            track for track in ("prosecution", "compensation") if _holds(track, last.get((track, None), BEGINNING))
        ),
        stands=frozenset(event.id for event in held.events),
    )  # fmt: skip


def _holds(track: str, state: str) -> bool:
    return state != BEGINNING and steps()[track, state].holds


def turns_of(held: Holding) -> dict[tuple[str, Unit], list[Turn]]:
    """Return the states that each track went through, by track and unit, in the order of recording."""
    turns: dict[tuple[str, Unit], list[Turn]] = {}
    for event, to in _moves(held):
        states = turns.setdefault((event.track, event.unit), [])
        if event.track != FURTHEST or not states or rank(FURTHEST, to) > rank(FURTHEST, states[-1].state):
            states.append(Turn(to, event.happened_on, event))
    return turns


def _moves(held: Holding) -> Iterator[tuple[Event, str]]:
    for event in held.events:
        if event.rule.to:
            yield event, event.rule.to
