"""The order of steps, over events in memory: what may follow, by day and by state, and what another said already."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from core.ids import new_id
from referrals.tracks.errors import StepError
from referrals.tracks.events import By, Event, NewStep
from referrals.tracks.fields import fit, rule_of
from referrals.tracks.ordering import Verdict, breaks, place

DAY = date(2026, 11, 23)
AT = datetime(2026, 11, 23, 3, tzinfo=UTC)
HOTLINE = By(maker="hotline", source="manual")
COURT = By(maker="court", source="api", agency_id=new_id())


def event(name: str, days: int = 0, **more: Any) -> Event:
    track, step = name.split(".")
    return Event(new_id(), track, step, DAY - timedelta(days=days), AT, "manual", **more)


def said(events: list[Event], name: str, days: int = 0, by: By = HOTLINE, **more: Any) -> Verdict | str:
    """Return what a step is after these events, or why it is none."""
    track, step = name.split(".")
    new = NewStep(step, track, DAY - timedelta(days=days), **more)
    rule = rule_of(new)
    try:
        return place(events, fit(new, rule, today=DAY, opened_on=DAY), rule, by)
    except StepError as wrong:
        return wrong.code


def kind(found: Verdict | str) -> str:
    return found if isinstance(found, str) else found.kind


CHARGED = [
    event("prosecution.inquiry", 40),
    event("prosecution.to_prosecutor", 30),
    event("prosecution.indicted", 20),
]
CONVICTED = [*CHARGED, event("prosecution.judgment_1", 10, outcome="convicted")]
ENDED = [*CONVICTED, event("prosecution.final", 5, outcome="convicted")]


@pytest.mark.parametrize(
    ("days", "wanted"), [(35, "new"), (20, "new"), (19, "out_of_order"), (41, "out_of_order")]
)
def test_early_testimony_is_told_late_but_of_a_day_before_the_charge(days: int, wanted: str) -> None:
    assert kind(said(CONVICTED, "prosecution.early_testimony", days)) == wanted


def test_a_state_does_not_begin_before_the_one_that_it_follows() -> None:
    assert kind(said(CHARGED, "prosecution.trial", 25)) == "out_of_order"
    assert kind(said(CHARGED, "prosecution.trial", 20)) == "new"


def test_who_told_it_tells_it_once_and_another_tells_the_same_or_otherwise_even_of_the_end() -> None:
    last = ENDED[-1].id
    assert said(ENDED, "prosecution.final", 5, COURT, outcome="convicted") == Verdict("same", last)
    assert said(ENDED, "prosecution.final", 5, COURT, outcome="acquitted") == Verdict("rival")
    assert said(ENDED, "prosecution.final", 5, outcome="acquitted") == "track_closed"
    assert said(CONVICTED, "prosecution.judgment_1", 10, outcome="acquitted") == "out_of_order"
    assert said(ENDED, "prosecution.appeal", 1, COURT) == "track_closed"


def test_a_round_that_begins_again_is_told_again() -> None:
    again = [*CHARGED[:2], event("prosecution.more_inquiry", 25)]
    assert kind(said(again, "prosecution.to_prosecutor", 22)) == "new"


def test_an_order_is_changed_or_added_to_and_not_told_twice() -> None:
    claim = event("compensation.claim_filed", 9, amount=100, fund="court")
    order = event("compensation.ordered", 8, amount=100, fund="court")
    told = [claim, order]
    assert said(told, "compensation.ordered", amount=90) == "out_of_order"
    assert kind(said(told, "compensation.ordered", amount=90, about_id=order.id)) == "new"
    assert kind(said(told, "compensation.ordered", amount=90, details={"adds": "true"})) == "new"
    assert said(told, "compensation.ordered", 8, COURT, amount=90) == Verdict("rival")
    assert kind(said(told, "compensation.paid", amount=10, fund="fund")) == "out_of_order"
    assert kind(said(told, "compensation.paid", 9, amount=10)) == "out_of_order"
    assert kind(said(told, "compensation.paid", 8, amount=10)) == "new"


def test_one_person_of_a_case_is_not_the_other() -> None:
    screened = [event("victim.mdt_screening", 3, person=1)]
    assert kind(said(screened, "victim.identified", outcome="s6")) == "new"
    assert kind(said(screened, "victim.identified", outcome="s6", person=2)) == "out_of_order"


def _without(events: list[Event], event_id: UUID) -> list[Event]:
    return [*events, event("prosecution.inquiry", reverses_id=event_id)]


def test_what_others_rest_on_is_not_taken_away() -> None:
    assert breaks(CONVICTED, _without(CONVICTED, CHARGED[1].id))
    assert not breaks(CONVICTED, _without(CONVICTED, CONVICTED[-1].id))
    paid = [
        event("compensation.claim_filed", 9, amount=100, fund="court"),
        event("compensation.ordered", 8, amount=100, fund="court"),
        event("compensation.paid", 7, amount=100, fund="court"),
    ]
    told = [*paid, event("compensation.receipt_confirmed", 6, about_id=paid[2].id)]
    assert breaks(told, _without(told, paid[1].id))
    assert breaks(told, _without(told, paid[2].id))
    assert not breaks(told, _without(told, told[3].id))
