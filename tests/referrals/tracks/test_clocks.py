"""Clocks: what runs, from when to when, and what ends it; holidays move own settings, never the law's."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from core.clock import BANGKOK
from core.ids import new_id
from referrals.teams.calendar import Calendar
from referrals.teams.clocks import duty_hours
from referrals.tracks.clocks import Due, clocks, due
from referrals.tracks.events import Event
from referrals.tracks.steps import steps

CALENDAR = Calendar(duty_hours())
# A Monday.
DAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)


def event(name: str, on: date = DAY, **more: object) -> Event:
    track, step = name.split(".")
    person = 1 if track == "victim" else None
    return Event(new_id(), track, step, on, NOW, "manual", person=person, **more)  # type: ignore[arg-type]


def running(*events: Event, now: datetime = NOW) -> dict[str, Due]:
    return {one.clock: one for one in due(events, calendar=CALENDAR, now=now)}


def end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), BANGKOK)


def test_protection_lasts_a_day_from_its_minute_and_seven_with_the_court() -> None:
    begun = datetime(2026, 11, 22, 18, 30, tzinfo=UTC)
    protected = event("victim.protected", happened_at=begun)
    found = running(protected)
    assert found["s29_protection"].due_at == begun + timedelta(hours=24)
    assert not found["s29_protection"].missed
    assert found["nrm_screening"].due_at == end_of(DAY + timedelta(days=15))
    later = running(protected, event("victim.protection_extended", DAY))
    assert "s29_protection" not in later
    assert later["s29_extended"].due_at == begun + timedelta(days=7)
    assert running(protected, now=begun + timedelta(hours=24))["s29_protection"].missed


def test_a_clock_of_one_person_is_not_ended_by_a_step_of_another() -> None:
    protected = event("victim.protected", happened_at=NOW)
    other = Event(new_id(), "victim", "mdt_screening", DAY, NOW, "manual", person=2)
    assert "nrm_screening" in running(protected, other)
    assert "nrm_screening" not in running(protected, event("victim.mdt_screening"))


def test_the_right_is_told_within_seven_days_and_a_free_day_moves_our_own_setting() -> None:
    # Seven days after a Saturday is a Saturday; Monday is the next day of duty.
    inquiry = event("prosecution.inquiry", date(2026, 11, 14))
    assert running(inquiry)["right_told"].due_at == end_of(DAY)
    assert "right_told" not in running(event("compensation.told_of_right", date(2026, 11, 1)), inquiry)


def test_who_wants_nothing_is_not_run_after() -> None:
    indicted = event("prosecution.indicted")
    assert "damage_assessed" in running(indicted)
    assert "damage_assessed" not in running(event("compensation.wish_stated", outcome="no"), indicted)


def test_assets_are_looked_for_again_while_something_is_owed() -> None:
    claim = event("compensation.claim_filed", amount=100, fund="court")
    order = event("compensation.ordered", amount=100, fund="court")
    final, opened = event("compensation.order_final"), event("compensation.execution_opened")
    assert running(claim, order, final)["execution"].due_at == end_of(DAY + timedelta(days=30))
    assert "execution" not in running(claim, order, final, opened)
    traced = event("compensation.assets_traced", outcome="none_found")
    assert running(claim, order, final, opened, traced)["search_again"].event_id == traced.id
    paid = event("compensation.paid", amount=100, fund="court")
    found = running(claim, order, final, opened, traced, paid)
    assert "search_again" not in found
    assert found["receipt"].event_id == paid.id
    assert "receipt" not in running(
        claim, order, paid, event("compensation.receipt_confirmed", about_id=paid.id)
    )
    denied = running(claim, order, paid, event("compensation.receipt_denied", about_id=paid.id))
    assert denied["receipt_denied"].due_at == end_of(DAY + timedelta(days=7))
    # Another payment, and another word on it, are no word on the one that never came.
    no, later = event("compensation.receipt_denied", about_id=paid.id), event("compensation.paid", amount=1)
    for ended, word in ((False, later), (True, paid)):
        said = event("compensation.receipt_confirmed", about_id=word.id)
        assert ("receipt_denied" not in running(claim, order, paid, no, later, said)) == ended


def test_what_was_taken_back_starts_and_ends_nothing() -> None:
    inquiry = event("prosecution.inquiry")
    told = event("compensation.told_of_right")
    back = event("compensation.told_of_right", reverses_id=told.id)
    assert "right_told" in running(inquiry, told, back)
    assert running(inquiry, event("prosecution.inquiry", reverses_id=inquiry.id)) == {}


@pytest.mark.parametrize("code", clocks())
def test_every_clock_names_steps_that_there_are_its_length_and_its_source(code: str) -> None:
    clock = clocks()[code]
    named = {*clock.starts, *clock.ends, *clock.over, *filter(None, [clock.counted_from])}
    assert named <= {f"{track}.{step}" for track, step in steps()}
    assert clock.starts
    assert clock.ends or clock.over
    assert bool(clock.hours) != bool(clock.days)
    assert clock.source
    # What a law says in days or hours is not moved by our calendar.
    assert clock.mark != "V" or not clock.duty
