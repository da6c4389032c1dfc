"""What the person may see of the books: what is theirs, and nothing of those who owe it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from referrals.compensation.books import Ledger
from referrals.compensation.standing import COURT

# Steps that tell what debtors own, or that it is being looked for.
OF_ASSETS = frozenset({"assets_traced", "seized", "sold"})


@dataclass(frozen=True, slots=True)
class PersonsPayment:
    """One payment in satang, and what the person said of it ("confirmed", "denied", "none")."""

    id: UUID
    on: date
    amount: int
    fund: str
    word: str


@dataclass(frozen=True, slots=True)
class PersonsView:
    """Satang: what was asked for, ordered and paid, and what is still owed with interest, as of a day."""

    as_of: date
    assessed: int
    claimed: int
    ordered: int
    interest: int
    paid: int
    confirmed: int
    denied: int
    owed: int
    # Ordered and paid by source of money.
    by_fund: dict[str, tuple[int, int]]
    payments: tuple[PersonsPayment, ...]
    is_final: bool
    in_execution: bool
    reached: frozenset[str]
    closed: str | None


def persons_view(ledger: Ledger) -> PersonsView:
    """Return the person's side of the books: no assets, no debtor, no attempt to find any."""
    of_court = [order for order in ledger.orders if order.fund == COURT]
    return PersonsView(
        as_of=ledger.as_of,
        assessed=ledger.assessed,
        claimed=ledger.claimed,
        ordered=ledger.ordered,
        interest=ledger.interest,
        paid=ledger.paid,
        confirmed=ledger.confirmed,
        denied=ledger.denied,
        owed=ledger.owed,
        by_fund={fund: (sums.ordered, sums.paid) for fund, sums in ledger.by_fund.items()},
        payments=tuple(
            PersonsPayment(one.id, one.on, one.amount, one.fund, one.word) for one in ledger.payments
        ),
        is_final=bool(of_court) and all(order.is_final for order in of_court),
        in_execution=ledger.execution.opened_on is not None,
        reached=ledger.reached - OF_ASSETS,
        closed=ledger.closed,
    )
