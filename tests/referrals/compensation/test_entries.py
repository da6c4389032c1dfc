from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from referrals.compensation.entries import entries_of
from referrals.compensation.interest import Terms
from referrals.compensation.ledger import LedgerError
from tests.referrals.compensation.history import day


@dataclass(frozen=True)
class Event:
    step: str
    track: str = "compensation"
    details: Mapping[str, Any] | None = None
    reverses_id: UUID | None = None
    id: UUID = field(default_factory=uuid4)
    happened_on: date = date(2026, 6, 1)
    person: int | None = None
    amount: int | None = 100
    fund: str | None = None
    item: str | None = None
    outcome: str | None = None
    about_id: UUID | None = None


def test_an_order_tells_its_interest_its_debtors_and_how_it_stands_to_others() -> None:
    said = {
        "interest": "stated", "interest_from": "2026-01-31", "interest_rate": 650, "debtors": ["1", " 2 ", "1"],
        "adds": True, "apart": False,
    }  # fmt: skip
    (entry,) = entries_of([Event("ordered", details=said)])
    assert entry.interest == Terms("stated", day("2026-01-31"), 650)
    assert (entry.debtors, entry.adds, entry.apart) == (("1", "2"), True, False)


def test_only_the_steps_that_money_hangs_on_come_in() -> None:
    events = [
        Event("claimed", "report"),
        Event("judgment_1", "prosecution"),
        Event("inquiry", "prosecution"),
        Event("inquiry", "prosecution", reverses_id=uuid4()),
        Event("paid", details={"payer": "2"}),
    ]
    entries = entries_of(events)
    assert [(one.step, one.payer) for one in entries] == [
        ("judgment_1", None),
        ("inquiry", None),
        ("paid", "2"),
    ]


def test_words_that_were_erased_leave_the_amounts() -> None:
    (entry,) = entries_of([Event("ordered", details=None)])
    assert (entry.amount, entry.interest, entry.debtors) == (100, None, ())


@pytest.mark.parametrize(
    ("details", "code"),
    [
        ({"interest": "compound"}, "missing_field"),
        ({"interest": "stated"}, "missing_field"),
        ({"interest": "stated", "interest_rate": True}, "missing_field"),
        ({"interest": "stated", "interest_rate": 20_000}, "missing_field"),
        ({"interest": "statutory", "interest_from": "31/01/2026"}, "missing_field"),
        ({"interest": "statutory", "interest_from": 2026}, "missing_field"),
        ({"interest": "statutory", "interest_from": "2569-01-31"}, "date_buddhist_era"),
        ({"debtors": "1"}, "missing_field"),
        ({"debtors": [""]}, "missing_field"),
        ({"payer": 1}, "missing_field"),
        ({"adds": "yes"}, "missing_field"),
    ],
)
def test_details_that_nobody_can_read_are_refused(details: dict[str, Any], code: str) -> None:
    with pytest.raises(LedgerError) as caught:
        entries_of([Event("ordered", details=details)])
    assert caught.value.code == code
