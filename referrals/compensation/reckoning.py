"""Adding up: every order and every payment in the order of their days, each satang on one debt."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from referrals.compensation.debts import Debt, open_debt
from referrals.compensation.entries import Entry
from referrals.compensation.sources import fund_rules
from referrals.compensation.standing import COURT, ORDERS, Lineage, fund_of, lineages, standing


@dataclass(slots=True)
class Reckoning:
    """The debts of a case on a day, in the order in which they began, and what of each payment nothing owed."""

    debts: list[Debt] = field(default_factory=list)
    payments: list[Entry] = field(default_factory=list)
    beyond: dict[UUID, int] = field(default_factory=dict)

    def of_court(self) -> list[Debt]:
        return [debt for debt in self.debts if debt.fund == COURT]

    def owed(self, debt: Debt) -> int:
        """Return what the person still lacks of a debt; a part that a court's order shares, at most while that is owed."""
        return debt.owed_apart + sum(self._open_shares(debt).values())

    def _open_shares(self, debt: Debt) -> dict[UUID, int]:
        owed_there = {one.root: one.owed_apart for one in self.of_court()}
        return {root: min(share, owed_there[root]) for root, share in debt.shared.items()}

    def begin(self, debt: Debt) -> None:
        """Let a debt begin, and see what of it another order is about already."""
        for earlier in self.debts:
            side, court = (earlier, debt) if debt.fund == COURT else (debt, earlier)
            if court.fund == COURT and side.fund != COURT and self._is_same_damage(side, court):
                _share(side, court)
        self.debts.append(debt)

    def _is_same_damage(self, side: Debt, court: Debt) -> bool:
        """Tell whether an order of another source and a court's are about the same damage."""
        if not court.fits(side.lineage.person, side.item):
            return False
        if side.lineage.stands_apart is not None:
            return not side.lineage.stands_apart
        if any(side.lineage.names(one.lineage) for one in [*self.of_court(), court]):
            return side.lineage.names(court.lineage)
        return court.lineage.names(side.lineage) or any(
            rule.same_damage for fund, rule in fund_rules().items() if fund == side.fund
        )

    def pay(self, payment: Entry) -> None:
        """Put a payment on the debts that it may be of, the oldest first."""
        rest = payment.amount or 0
        for debt in self.payable(payment):
            debt.reckon(payment.on)
            taken = rest - self._put(debt, rest, payment.on)
            debt.paid += taken
            if payment.payer and taken:
                debt.paid_by[payment.payer] = debt.paid_by.get(payment.payer, 0) + taken
            rest -= taken
        self.payments.append(payment)
        self.beyond[payment.id] = rest

    def _put(self, debt: Debt, amount: int, day: date) -> int:
        """Pay a debt, its shared part first, and return what was not owed."""
        for court in self.of_court():
            if court.root in debt.shared:
                court.reckon(day)
                part = min(amount, debt.shared[court.root], court.owed_apart)
                court.take(part, day)
                court.met_elsewhere += part
                debt.shared[court.root] -= part
                amount -= part
        return debt.take(amount, day)

    def payable(self, payment: Entry) -> Iterator[Debt]:
        """Yield the debts that a payment may be of: the one that it names, else all of its source, person and item."""
        if payment.about_id is not None:
            named = self.named(payment)
            yield from [named] if named else []
            return
        for debt in self.debts:
            if debt.fund == fund_of(payment) and debt.fits(payment.person, payment.item):
                yield debt

    def named(self, payment: Entry) -> Debt | None:
        """Return the debt whose order a payment names."""
        return next((debt for debt in self.debts if debt.lineage.is_version(payment.about_id)), None)


def reckon(entries: Sequence[Entry], as_of: date, *, with_interest: bool = True) -> Reckoning:
    """Add up a case as it stood at the end of a day, by all that is known of that day now.

    An order that was changed counts as it was last changed by then, from the day on which it was first ordered: what was
    paid before the change is paid on what it became.
    """
    known = lineages(entries, ORDERS, until=as_of)
    payments = [entry for entry in standing(entries) if entry.step == "paid" and entry.on <= as_of]
    happened: list[tuple[date, int, Lineage | Entry]] = [(line.first.on, 0, line) for line in known]
    happened += [(payment.on, 1, payment) for payment in payments]
    books = Reckoning()
    for _, _, one in sorted(happened, key=lambda each: each[:2]):
        if isinstance(one, Lineage):
            books.begin(open_debt(one, with_interest=with_interest))
        else:
            books.pay(one)
    for debt in books.debts:
        debt.reckon(as_of)
    return books


def _share(side: Debt, court: Debt) -> None:
    """Move what both orders are about off the side's own debt: it is owed once, on the court's order.

    Orders of one source are about parts of it, one beside the other; those of two sources may be about the same part.
    """
    both = min(side.principal, court.amount - court.shared_with.get(side.fund, 0))
    if both:
        side.principal -= both
        side.shared[court.root] = side.shared.get(court.root, 0) + both
        side.overlap += both
        court.shared_with[side.fund] = court.shared_with.get(side.fund, 0) + both
