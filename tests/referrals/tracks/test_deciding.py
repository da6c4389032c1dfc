"""Which events hold: once each, not taken back, and of several that differ the one that staff chose."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from core.ids import new_id
from referrals.tracks.deciding import holding
from referrals.tracks.events import Event

DAY, AT = date(2026, 11, 23), datetime(2026, 11, 23, 3, tzinfo=UTC)
POLICE, COURT, PROSECUTOR = new_id(), new_id(), new_id()


def told(outcome: str, agency_id: UUID | None = None, **more: Any) -> Event:
    return Event(
        new_id(), "prosecution", "final", DAY, AT, "manual", agency_id=agency_id, outcome=outcome, **more
    )


def back(event: Event) -> Event:
    return told("convicted", reverses_id=event.id)


def holds(*events: Event) -> tuple[list[UUID], int]:
    held = holding(events)
    return [event.id for event in held.events], len(held.disputes)


FIRST = told("convicted", COURT)
OTHER = told("acquitted", PROSECUTOR, is_disputed=True)
WORD = told("acquitted", same_as_id=OTHER.id)


def test_of_two_that_differ_the_first_holds_until_staff_decide() -> None:
    assert holds(FIRST, OTHER) == ([FIRST.id], 1)
    assert holds(FIRST, OTHER, WORD) == ([OTHER.id], 0)
    assert holds(FIRST, OTHER, WORD, told("convicted", same_as_id=FIRST.id)) == ([FIRST.id], 0)


def test_an_agency_that_says_the_same_decides_nothing_and_counts_nothing() -> None:
    echo = told("acquitted", POLICE, same_as_id=OTHER.id)
    assert holds(FIRST, OTHER, echo) == ([FIRST.id], 1)


def test_a_third_who_differs_opens_the_question_again_and_staffs_last_word_holds_meanwhile() -> None:
    third = told("acquitted", POLICE, is_disputed=True, people=3)
    assert holds(FIRST, OTHER, WORD, third) == ([OTHER.id], 1)
    assert holds(FIRST, OTHER, WORD, third, told("acquitted", same_as_id=third.id)) == ([third.id], 0)


def test_what_remains_after_one_is_taken_back_holds() -> None:
    assert holds(FIRST, OTHER, back(FIRST)) == ([OTHER.id], 0)
    assert holds(FIRST, OTHER, back(OTHER)) == ([FIRST.id], 0)
    # Staff's word goes with the event that it was about.
    assert holds(FIRST, OTHER, WORD, back(OTHER)) == ([FIRST.id], 0)
    assert holds(FIRST, OTHER, WORD, back(WORD)) == ([FIRST.id], 1)
    echo = told("convicted", POLICE, same_as_id=FIRST.id)
    assert holds(FIRST, echo, back(FIRST)) == ([echo.id], 0)
