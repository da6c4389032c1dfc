"""Random histories of a case over a real database: what stands follows its rules, a refusal leaves nothing, and the
standing, the clocks and the hold are always what a fresh look at the events says.
"""

import asyncio
from collections import Counter
from collections.abc import Coroutine
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from core.clock import bangkok, utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.ids import new_id
from referrals.intake import open_referral
from referrals.models import Referral
from referrals.teams.calendar import Calendar
from referrals.teams.clocks import duty_hours
from referrals.tracks.clocks import due
from referrals.tracks.deciding import holding
from referrals.tracks.errors import STEP_CODES, StepError
from referrals.tracks.events import By, Event, NewStep
from referrals.tracks.fields import fit
from referrals.tracks.models import CaseStanding
from referrals.tracks.ordering import place
from referrals.tracks.reading import read_events
from referrals.tracks.standing import derive
from referrals.tracks.steps import BEGINNING, FURTHEST, Step, steps
from tests.conftest import MovableClock
from tests.referrals.tracks.office import HOTLINE, Office
from tests.support.cast import make_person

TRACKS = ("victim", "prosecution", "compensation")
TOLD = [step for (track, _), step in steps().items() if track in TRACKS]
# How far the hotline brought it before others tell.
STORY = [
    ("victim", "possible"), ("prosecution", "inquiry"), ("prosecution", "to_prosecutor"), ("victim", "mdt_screening"),
    ("compensation", "claim_filed"), ("prosecution", "indicted"), ("prosecution", "judgment_1"), ("victim", "identified"),
    ("compensation", "ordered"), ("compensation", "order_final"), ("compensation", "execution_opened"),
    ("compensation", "paid"),
]  # fmt: skip
CITIZEN = By(maker="citizen", source="chat")


class Histories(RuleBasedStateMachine):
    """One case, told by the hotline, the person and two agencies."""

    office: Office
    clock: MovableClock
    database: Database
    keys: DataKeys
    sender: UUID

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.Runner()
        self.seen: list[Event] = []
        self.before: dict[str, Any] = {}

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run(work)

    @initialize(far=st.integers(0, len(STORY)))
    def begin(self, far: int) -> None:
        self.tables = Database(self.database.address)
        referral_id = self.run(self._open())
        self.office = Office(self.tables, self.keys, referral_id, self.sender)
        self.tellers = [
            HOTLINE, CITIZEN, self.run(self.office.agency("police")), self.run(self.office.agency("prosecutor")),
        ]  # fmt: skip
        self.look()
        for name in STORY[:far]:
            self.tell(self._new(steps()[name], 0), HOTLINE)

    async def _open(self) -> UUID:
        async with self.tables.unit_of_work() as session:
            person = await make_person(session, self.keys, name=str(new_id()))
            return await open_referral(
                session, self.keys, contact_id=person.contact_id, identity_id=person.identity_id, channel="line",
                source="report", priority="P2", kinds=(), reasons=(), receipt=str(new_id()),
            )  # fmt: skip

    @rule(data=st.data())
    def go_on(self, data: st.DataObject) -> None:
        self._tell_one(data, "new")

    @rule(data=st.data())
    def tell_what_others_told(self, data: st.DataObject) -> None:
        self._tell_one(data, "same", "rival")

    def _tell_one(self, data: st.DataObject, *kinds: str) -> None:
        """Tell a step that is one of these beside what was told, of whichever track is the least told yet."""
        told = Counter(event.step for event in self.seen)
        may = [
            (new, by)
            for step in sorted(TOLD, key=lambda step: told[step.code])
            for by in self.tellers
            if by.maker in step.makers and self._kind(new := self._new(step, 0), by) in kinds
        ]
        if may:
            self.tell(*data.draw(st.sampled_from(may)))

    @rule(data=st.data(), days_ago=st.integers(-1, 20), amount=st.sampled_from([-1, 0, 1, 10**15]))
    def tell_anything(self, data: st.DataObject, days_ago: int, amount: int) -> None:
        new = self._new(data.draw(st.sampled_from(TOLD)), days_ago)
        new = replace(new, amount=new.amount and amount)
        self.tell(new, data.draw(st.sampled_from(self.tellers)))

    def _new(self, step: Step, days_ago: int) -> NewStep:
        """Return a step with what it must say; about the newest that it may be about, of a varying amount."""
        about = [event.id for event in self.seen if event.track == step.track and event.step in step.about]
        on = bangkok(utc_now()).date() - timedelta(days=days_ago)
        given: dict[str, Any] = {
            "amount": 100 * (1 + len(self.seen) % 3), "outcome": [*step.outcomes, None][0],
            "fund": [*step.funds, None][0], "item": "wages", "happened_at": utc_now() - timedelta(days=days_ago),
            "about_id": about[-1] if about else None,
        }  # fmt: skip
        says = {*step.must, *(["about_id"] if len(self.seen) % 2 else [])} & set(step.fields)
        return NewStep(step.code, step.track, on, **{name: given[name] for name in says & set(given)})

    def _kind(self, new: NewStep, by: By) -> str:
        today, step = bangkok(utc_now()).date(), steps()[new.track, new.step]
        try:
            return place(self.seen, fit(new, step, today=today, opened_on=today), step, by).kind
        except StepError:
            return ""

    def tell(self, new: NewStep, by: By) -> None:
        self._try(self.office.tells(new, by))

    @rule(data=st.data())
    def take_back(self, data: st.DataObject) -> None:
        event = data.draw(st.sampled_from(self.seen[-6:]))
        self._try(self.office.takes_back(event.id, data.draw(st.sampled_from(self.tellers))))

    @rule(data=st.data())
    def decide(self, data: st.DataObject) -> None:
        disputed = [
            side
            for one in holding(self.seen).decisions.values()
            for last in one
            for side in last.sides
            if len(last.sides) > 1
        ]
        if disputed:
            self._try(self.office.settles(data.draw(st.sampled_from(disputed)).id))

    @rule(days=st.integers(1, 40))
    def wait(self, days: int) -> None:
        self.clock.advance(days=days)

    def _try(self, work: Coroutine[Any, Any, UUID]) -> None:
        """Do it; what is refused has a code and changed nothing."""
        refused = ""
        try:
            self.run(work)
        except StepError as wrong:
            refused = wrong.code
        assert not refused or refused in STEP_CODES
        assert not refused or self.run(self._read()) == self.before
        self.look()

    def look(self) -> None:
        self.before = self.run(self._read())
        self.seen = self.before["events"]

    async def _read(self) -> dict[str, Any]:
        async with self.tables.unit_of_work() as session:
            referral = await session.get_one(Referral, self.office.referral_id)
            row = await session.get_one(CaseStanding, self.office.referral_id)
            return {
                "events": await read_events(session, self.keys, referral.id),
                "standing": {
                    column.name: getattr(row, column.name) for column in CaseStanding.__table__.columns
                },
                "held_for": referral.kept_for if referral.is_held else None,
            }

    @invariant()
    def the_standing_is_what_a_fresh_look_says(self) -> None:
        fresh, row = derive(self.seen), self.before["standing"]
        assert row["event_id"] == fresh.event_id == self.seen[-1].id
        states = {
            "victim": fresh.victim,
            "prosecution": fresh.prosecution,
            "compensation": fresh.compensation,
        }
        assert {track: row[track] or BEGINNING for track in states} == states
        assert row["disputes"] == fresh.disputes
        assert {name: row[name] for name in asdict(fresh.money)} == asdict(fresh.money)
        assert {event.id for event in self.seen if event.stands} == fresh.stands
        held_for = next((one for one in ("prosecution", "compensation") if one in fresh.holding_tracks), None)
        assert self.before["held_for"] == held_for

    @invariant()
    def the_next_clock_is_the_first_that_runs_out(self) -> None:
        running = due(self.seen, calendar=Calendar(duty_hours()), now=utc_now())
        first = running[0].due_at if running else None
        assert self.before["standing"]["next_due_at"] == first

    @invariant()
    def every_state_follows_one_that_it_may_follow(self) -> None:
        at: dict[tuple[str, object], str] = {}
        ended: set[tuple[str, object]] = set()
        for event in self._standing():
            unit, rule_of_it = (event.track, event.unit), event.rule
            assert unit not in ended or event.track == "report"
            if rule_of_it.begins_from and rule_of_it.to:
                assert at.get(unit, BEGINNING) in rule_of_it.begins_from
                at[unit] = rule_of_it.to
            if rule_of_it.ends and event.track == FURTHEST:
                ended.add(unit)

    @invariant()
    def what_a_step_needs_and_is_about_stands_before_it(self) -> None:
        standing = self._standing()
        ids = {event.id: event for event in self.seen}
        for event in standing:
            needs = [one for one in standing if f"{one.track}.{one.step}" in event.rule.needs]
            assert not event.rule.needs or any(one.happened_on <= event.happened_on for one in needs)
            about = ids[event.about_id] if event.about_id else None
            assert about is None or about.stands or about.step == event.step

    @invariant()
    def nothing_is_ever_changed_and_nothing_taken_back_twice(self) -> None:
        reversed_ids = Counter(event.reverses_id for event in self.seen if event.reverses_id)
        assert all(count == 1 for count in reversed_ids.values())
        assert not any(event.stands for event in self.seen if event.id in reversed_ids or event.reverses_id)
        told = [replace(event, stands=True) for event in self.seen]
        kept = getattr(self, "kept", [])
        assert told[: len(kept)] == kept
        self.kept = told

    def _standing(self) -> list[Event]:
        return [event for event in self.seen if event.stands]

    def teardown(self) -> None:
        self.run(self.tables.close())
        self.loop.close()


async def _walk(
    database: Database, keys: DataKeys, sender: UUID, clock: MovableClock, examples: int, steps_each: int
) -> None:
    begun = clock.moment

    class Here(Histories):
        def __init__(self) -> None:
            self.database, self.keys, self.sender, self.clock = database, keys, sender, clock
            clock.moment = begun
            super().__init__()

    form = settings(max_examples=examples, stateful_step_count=steps_each, deadline=None)
    await asyncio.to_thread(run_state_machine_as_test, Here, settings=form)


async def test_every_history_of_a_case_keeps_its_rules(
    database: Database, keys: DataKeys, boon: UUID, standing_clock: MovableClock
) -> None:
    await _walk(database, keys, boon, standing_clock, 8, 20)


@pytest.mark.soak
@pytest.mark.timeout(900)
async def test_every_long_history_of_a_case_keeps_its_rules(
    database: Database, keys: DataKeys, boon: UUID, standing_clock: MovableClock
) -> None:
    await _walk(database, keys, boon, standing_clock, 40, 40)
