"""One debt: what an order says is owed, what grows on it, and what was paid of it."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from referrals.compensation.interest import FREE, Terms, grains, whole
from referrals.compensation.sources import fund_rules
from referrals.compensation.standing import Lineage, agree, fund_of


@dataclass(slots=True)
class Debt:
    """An order's debt while the books are added up; amounts are satang."""

    lineage: Lineage
    terms: Terms
    # Where interest was last reckoned to, and what has grown and is not paid, in grains.
    reckoned_on: date
    principal: int
    grown: int = 0
    interest_paid: int = 0
    paid: int = 0
    # What other sources paid of it.
    met_elsewhere: int = 0
    paid_by: dict[str, int] = field(default_factory=dict)
    # The part that a court's orders are about as well, by root of the order: owed there, and not a second time here.
    shared: dict[UUID, int] = field(default_factory=dict)
    overlap: int = 0
    # Of a court's order: how much of it each other source is about as well.
    shared_with: dict[str, int] = field(default_factory=dict)

    @property
    def root(self) -> UUID:
        return self.lineage.root

    @property
    def fund(self) -> str:
        return fund_of(self.lineage.newest)

    @property
    def amount(self) -> int:
        return self.lineage.amount

    @property
    def item(self) -> str | None:
        """What it is for, as the order says, else as all money of its source is."""
        rule = next((rule for fund, rule in fund_rules().items() if fund == self.fund), None)
        return self.lineage.item or (rule.item if rule else None)

    @property
    def interest(self) -> int:
        """Return all that has grown, paid or not."""
        return self.interest_paid + self.grown // whole()

    @property
    def owed_apart(self) -> int:
        """Return what is owed here and by no other order."""
        return self.principal + self.grown // whole()

    def reckon(self, day: date) -> None:
        """Let interest grow to a day."""
        if day > self.reckoned_on:
            self.grown += grains(self.principal, self.terms, self.reckoned_on, day)
            self.reckoned_on = day

    def take(self, amount: int, day: date) -> int:
        """Take a payment, interest first, and return what was not owed."""
        self.reckon(day)
        to_interest = min(amount, self.grown // whole())
        to_principal = min(amount - to_interest, self.principal)
        self.grown -= to_interest * whole()
        self.interest_paid += to_interest
        self.principal -= to_principal
        return amount - to_interest - to_principal

    def fits(self, person: int | None, item: str | None) -> bool:
        """Tell whether money for a person and an item may be of this debt."""
        return agree(self.lineage.person, person) and agree(self.item, item)


def open_debt(lineage: Lineage, *, with_interest: bool) -> Debt:
    """Return the debt of an order on the day it was first ordered, at the amount and terms of its newest version."""
    terms = lineage.terms if with_interest else FREE
    return Debt(lineage, terms, terms.since or lineage.first.on, lineage.amount)
