"""Entries of the ledger: the events of a case that money hangs on, in the order in which they were recorded."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, cast, get_args
from uuid import UUID

from referrals.compensation.errors import LedgerError
from referrals.compensation.interest import Rule, Terms

COMPENSATION, PROSECUTION = "compensation", "prosecution"
# The step of the prosecution that the ledger looks at: it ends the trial of first instance.
JUDGMENT = "judgment_1"
MOST_BASIS_POINTS = 10_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One event. With `reverses_id` it only takes that one back, whatever else it says."""

    id: UUID
    step: str
    # Bangkok day.
    on: date
    track: str = COMPENSATION
    # Satang.
    amount: int | None = None
    fund: str | None = None
    item: str | None = None
    person: int | None = None
    about_id: UUID | None = None
    reverses_id: UUID | None = None
    outcome: str | None = None
    # Of an order: its interest, and who owes it jointly; whether it adds to an order of the same kind instead of changing
    # it; whether it makes good other damage than the court's order (None: as its source does).
    interest: Terms | None = None
    debtors: tuple[str, ...] = ()
    adds: bool = False
    apart: bool | None = None
    # Of a payment: which debtor paid.
    payer: str | None = None


class Row(Protocol):
    """What an event of a case tells; its details are None once erased."""

    @property
    def id(self) -> UUID: ...
    @property
    def track(self) -> str: ...
    @property
    def step(self) -> str: ...
    @property
    def happened_on(self) -> date: ...
    @property
    def person(self) -> int | None: ...
    @property
    def amount(self) -> int | None: ...
    @property
    def fund(self) -> str | None: ...
    @property
    def item(self) -> str | None: ...
    @property
    def outcome(self) -> str | None: ...
    @property
    def about_id(self) -> UUID | None: ...
    @property
    def reverses_id(self) -> UUID | None: ...
    @property
    def details(self) -> Mapping[str, Any] | None: ...


def entries_of(rows: Iterable[Row]) -> list[Entry]:
    """Return the entries among a case's events; raises LedgerError for details that nobody can read."""
    return [_entry(row) for row in rows if row.track == COMPENSATION or _is_of_the_trial(row)]


def _is_of_the_trial(row: Row) -> bool:
    return row.track == PROSECUTION and (row.step == JUDGMENT or row.reverses_id is not None)


def _entry(row: Row) -> Entry:
    details = row.details or {}
    return Entry(
        id=row.id, step=row.step, on=row.happened_on, track=row.track, amount=row.amount, fund=row.fund,
        item=row.item, person=row.person, about_id=row.about_id, reverses_id=row.reverses_id, outcome=row.outcome,
        interest=terms_of(details), debtors=_debtors(details), adds=_said(details, "adds") is True,
        apart=_said(details, "apart"), payer=_payer(details),
    )  # fmt: skip


def terms_of(details: Mapping[str, Any]) -> Terms | None:
    """Read what an order's details say of interest: `interest`, `interest_from`, `interest_rate`; raises LedgerError."""
    rule = details.get("interest")
    if rule is None:
        return None
    if rule not in get_args(Rule):
        raise LedgerError("missing_field", f"interest: one of {', '.join(get_args(Rule))}")
    since, rate = _day(details.get("interest_from")), details.get("interest_rate")
    if rule == "stated" and not (type(rate) is int and 0 < rate <= MOST_BASIS_POINTS):
        raise LedgerError("missing_field", "interest_rate: hundredths of a percent a year, as a whole number")
    return Terms(cast("Rule", rule), since, rate if rule == "stated" else None)


def _day(said: Any) -> date | None:
    if said is None or said == "":
        return None
    try:
        day = date.fromisoformat(said)
    except (TypeError, ValueError):
        raise LedgerError("missing_field", "interest_from: a day such as 2026-01-31") from None
    if day.year >= 2400:
        raise LedgerError("date_buddhist_era", "interest_from: the year of the Christian era")
    return day


def _debtors(details: Mapping[str, Any]) -> tuple[str, ...]:
    said = details.get("debtors") or ()
    if not isinstance(said, list | tuple) or not all(isinstance(one, str) and one.strip() for one in said):
        raise LedgerError("missing_field", "debtors: a list of names or numbers as the order has them")
    return tuple(dict.fromkeys(one.strip() for one in said))


def _payer(details: Mapping[str, Any]) -> str | None:
    said = details.get("payer")
    if said is not None and not isinstance(said, str):
        raise LedgerError("missing_field", "payer: one of the debtors of the order")
    return (said or "").strip() or None


def _said(details: Mapping[str, Any], name: str) -> bool | None:
    said = details.get(name)
    if said is not None and not isinstance(said, bool):
        raise LedgerError("missing_field", f"{name}: true or false")
    return said
