"""The ledger of a case: its books as of a day, and what they can't bear."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from referrals.compensation.attempts import execution_of
from referrals.compensation.books import Figures, FundBook, Ledger, Order, Payment
from referrals.compensation.debts import Debt
from referrals.compensation.entries import COMPENSATION, Entry, entries_of
from referrals.compensation.errors import LedgerError
from referrals.compensation.reckoning import Reckoning, reckon
from referrals.compensation.rules import Fault, faults
from referrals.compensation.sources import FUNDS
from referrals.compensation.standing import (
    COURT,
    ORDERS,
    RECEIPTS,
    Lineage,
    fund_of,
    lineages,
    standing,
    taken_back,
)

__all__ = [
    "Entry", "Figures", "FundBook", "Ledger", "LedgerError", "Order", "Payment", "book", "check", "entries_of", "figures",
]  # fmt: skip


def book(entries: Sequence[Entry], as_of: date, *, with_interest: bool = True) -> Ledger:
    """Add up the books as of the end of a day. `entries` come in the order in which they were recorded."""
    sums = reckon(entries, as_of, with_interest=with_interest)
    known = [one for one in standing(entries) if one.track == COMPENSATION and one.on <= as_of]
    payments = tuple(_payment(one, sums, known) for one in sums.payments)
    claims = lineages(entries, ["claim_filed", "side_opened"], until=as_of)
    by_fund: dict[str, FundBook] = {fund: _fund_book(fund, sums, payments, claims) for fund in FUNDS}
    return Ledger(
        as_of=as_of,
        assessed=_total(lineages(entries, ["assessed"], until=as_of)),
        claimed=by_fund[COURT].claimed,
        ordered=sum(debt.amount - debt.overlap for debt in sums.debts),
        interest=sum(debt.interest for debt in sums.debts),
        paid=sum(one.amount for one in payments),
        confirmed=sum(one.confirmed for one in payments),
        denied=sum(one.amount for one in payments if one.word == "denied"),
        owed=sum(debt.owed_apart for debt in sums.debts),
        over=sum(one.beyond for one in payments),
        by_fund={fund: one for fund, one in by_fund.items() if one.is_used},
        orders=tuple(_order(debt, sums, known) for debt in sums.debts),
        payments=payments,
        execution=execution_of(known, owes=any(debt.owed_apart for debt in sums.of_court())),
        reached=frozenset(one.step for one in known),
        closed=next((one.outcome or "" for one in reversed(known) if one.step == "closed"), None),
    )


def check(entries: Sequence[Entry], new: Entry) -> None:
    """Refuse an entry that the books can't bear; raises LedgerError.

    The books with it are held against the books without it, so that what was wrong already stops nobody. What a court
    orders is never refused for what was paid before: the rest stands as `over`.
    """
    if new.reverses_id is not None:
        _check_reversal(entries, new.reverses_id)
    elif new.step in RECEIPTS:
        _check_receipt(entries, new)
    if new.track != COMPENSATION:
        return
    before = {(fault.code, fault.entry_id) for fault in faults(entries)}
    for fault in faults([*entries, new]):
        if (fault.code, fault.entry_id) not in before and not _is_of_the_court(fault, new):
            raise LedgerError(fault.code, fault.words)


def figures(entries: Sequence[Entry]) -> Figures:
    """Return the figures that a case's standing keeps, from all its entries."""
    books = book(entries, date.max, with_interest=False)
    finals = [one.on for one in standing(entries) if one.step == "order_final"]
    unpaid = [order.first_on for order in books.orders if order.owed]
    return Figures(
        ordered=books.ordered,
        paid=books.paid,
        confirmed=books.confirmed,
        owed=0 if books.closed is not None else min(books.ordered, books.owed + books.denied),
        ordered_on=min(unpaid or [order.first_on for order in books.orders], default=None),
        final_on=max(finals, default=None),
        last_paid_on=max((payment.on for payment in books.payments), default=None),
    )


def _check_reversal(entries: Sequence[Entry], reverses_id: UUID) -> None:
    if not any(entry.id == reverses_id for entry in entries):
        raise LedgerError("out_of_order", "what it takes back is not in this case")
    if reverses_id in taken_back(entries):
        raise LedgerError("already_reversed", "that was taken back already")


def _check_receipt(entries: Sequence[Entry], receipt: Entry) -> None:
    if receipt.about_id is None:
        raise LedgerError("missing_field", "about: the payment that the person speaks of")
    if not any(entry.id == receipt.about_id and entry.step == "paid" for entry in standing(entries)):
        raise LedgerError("out_of_order", "there is no such payment, or it was taken back")


def _is_of_the_court(fault: Fault, new: Entry) -> bool:
    """Tell whether an order only shows that more was paid than it leaves owed: that is for people to settle."""
    is_order = new.step in ORDERS and new.reverses_id is None
    return is_order and fault.code == "amount_over" and fault.entry_id != new.id


def _payment(payment: Entry, sums: Reckoning, known: Sequence[Entry]) -> Payment:
    words = [one for one in known if one.step in RECEIPTS and one.about_id == payment.id]
    # Of one day the one recorded later is the last.
    last = max(reversed(words), key=lambda one: one.on, default=None)
    amount, order = payment.amount or 0, sums.named(payment)
    confirms = last is not None and last.step == "receipt_confirmed"
    return Payment(
        id=payment.id, on=payment.on, amount=amount, fund=order.fund if order else fund_of(payment),
        person=payment.person, item=payment.item, payer=payment.payer,
        order_id=order.lineage.newest.id if order else None,
        word="none" if last is None else "confirmed" if confirms else "denied",
        confirmed=min(amount, last.amount or amount) if last is not None and confirms else 0,
        beyond=sums.beyond[payment.id],
    )  # fmt: skip


def _order(debt: Debt, sums: Reckoning, known: Sequence[Entry]) -> Order:
    line, owed = debt.lineage, sums.owed(debt)
    finals = [one for one in known if one.step == "order_final"]
    return Order(
        id=line.newest.id, versions=tuple(one.id for one in line.versions), fund=debt.fund, person=line.person,
        item=line.item, amount=debt.amount, first_on=line.first.on, changed_on=line.newest.on,
        # What names no order is of the court's: other sources have no finality of which a period of execution runs.
        is_final=debt.fund == COURT
        and any(one.about_id is None or line.is_version(one.about_id) for one in finals),
        interest_rule=line.terms.rule, interest=debt.interest, paid=debt.paid,
        met=debt.amount + debt.interest - debt.paid - owed, owed=owed, shared=debt.overlap,
        debtors=line.debtors, paid_by=dict(debt.paid_by),
    )  # fmt: skip


def _fund_book(
    fund: str, sums: Reckoning, payments: Sequence[Payment], claims: Sequence[Lineage]
) -> FundBook:
    debts = [debt for debt in sums.debts if debt.fund == fund]
    own = [payment for payment in payments if payment.fund == fund]
    ordered, interest = sum(debt.amount for debt in debts), sum(debt.interest for debt in debts)
    paid, over = sum(one.amount for one in own), sum(one.beyond for one in own)
    owed = sum(sums.owed(debt) for debt in debts)
    return FundBook(
        fund=fund,
        claimed=_total([line for line in claims if fund_of(line.newest) == fund]),
        ordered=ordered,
        interest=interest,
        paid=paid,
        confirmed=sum(one.confirmed for one in own),
        denied=sum(one.amount for one in own if one.word == "denied"),
        met=ordered + interest - (paid - over) - owed,
        owed=owed,
        over=over,
    )


def _total(lines: Sequence[Lineage]) -> int:
    return sum(line.amount for line in lines)
