"""The books of a case as they are read: orders, payments, and the sums of each source of money. Amounts are satang."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from referrals.compensation.attempts import Execution


@dataclass(frozen=True, slots=True)
class Order:
    """One order in its newest version, as of a day. Amounts are satang.

    `amount` and `interest` are `paid`, `met` from elsewhere, and `owed`. `shared` is the part that a court's order is about
    as well, which is owed but once.
    """

    id: UUID
    # All its versions, oldest first.
    versions: tuple[UUID, ...]
    fund: str
    person: int | None
    item: str | None
    amount: int
    first_on: date
    changed_on: date
    # Of a court's order alone.
    is_final: bool
    interest_rule: str
    interest: int
    paid: int
    met: int
    owed: int
    shared: int
    # Who owes it: each the whole, all together once; and who paid how much.
    debtors: tuple[str, ...]
    paid_by: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment and the person's own word on it, the last one; `beyond` is what no order owed any longer."""

    id: UUID
    on: date
    amount: int
    fund: str
    person: int | None
    item: str | None
    payer: str | None
    order_id: UUID | None
    word: Literal["confirmed", "denied", "none"]
    confirmed: int
    beyond: int


@dataclass(frozen=True, slots=True)
class FundBook:
    """The sums of one source of money in satang: ordered + interest = paid - over + met + owed."""

    fund: str
    claimed: int
    ordered: int
    interest: int
    paid: int
    confirmed: int
    denied: int
    met: int
    owed: int
    over: int

    @property
    def is_used(self) -> bool:
        """Whether anything was claimed, ordered or paid of this source."""
        return bool(self.claimed or self.ordered or self.paid)


@dataclass(frozen=True, slots=True)
class Ledger:
    """The books of a case as of a day; the sums count what two orders are about once."""

    as_of: date
    assessed: int
    # From the court.
    claimed: int
    ordered: int
    interest: int
    paid: int
    confirmed: int
    denied: int
    owed: int
    over: int
    by_fund: Mapping[str, FundBook]
    orders: tuple[Order, ...]
    payments: tuple[Payment, ...]
    execution: Execution
    # Steps of the track that were made and stand.
    reached: frozenset[str]
    # How it ended, as a code.
    closed: str | None


@dataclass(frozen=True, slots=True)
class Figures:
    """What `case_standing` keeps of the books: satang without interest, the same on every day.

    `owed` counts what the person says never came as not paid; nothing is owed once the track is closed.
    """

    ordered: int
    paid: int
    confirmed: int
    owed: int
    ordered_on: date | None
    final_on: date | None
    last_paid_on: date | None
