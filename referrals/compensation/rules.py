"""What may not stand in the books, found in the whole of them: so that no order of recording and no taking back gets round it."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby
from uuid import UUID

from referrals.compensation.entries import JUDGMENT, Entry
from referrals.compensation.errors import Code
from referrals.compensation.reckoning import Reckoning, reckon
from referrals.compensation.sources import fund_rules
from referrals.compensation.standing import (
    COURT,
    ORDERS,
    RECEIPTS,
    Lineage,
    agree,
    fund_of,
    is_same_kind,
    lineages,
    standing,
)

# A trillion baht: what is more is a slip of the finger.
MOST_SATANG = 10**14


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one entry, and in words what to do."""

    code: Code
    entry_id: UUID
    words: str


def faults(entries: Sequence[Entry]) -> Iterator[Fault]:
    """Yield all that is wrong with the entries that stand, those of one entry in the order of weight."""
    stands = standing(entries)
    for entry in stands:
        yield from _of_amount(entry)
        yield from _of_source(entry)
    yield from _of_claims(stands)
    yield from _of_orders(entries, stands)
    yield from _of_payments(entries, stands)
    yield from _of_receipts(stands)
    yield from _of_assets(stands)
    yield from _of_end(entries, stands)


def _of_amount(entry: Entry) -> Iterator[Fault]:
    if entry.amount is None:
        if entry.step in ORDERS or entry.step == "paid":
            yield Fault("amount_missing", entry.id, "say the amount in satang")
    elif entry.amount < 0:
        yield Fault("amount_negative", entry.id, "an amount is never negative; take back what was wrong")
    elif entry.amount == 0 and entry.step == "paid":
        yield Fault("amount_missing", entry.id, "a payment is of more than nothing")
    elif entry.amount > MOST_SATANG:
        yield Fault("amount_over", entry.id, "the amount is in satang: is it too large?")


def _of_source(entry: Entry) -> Iterator[Fault]:
    if entry.step == "ordered" and fund_of(entry) != COURT:
        yield Fault("missing_field", entry.id, "ordered is of a court; use side_ordered for other sources")
    if entry.step in ("side_opened", "side_ordered") and fund_of(entry) == COURT:
        yield Fault("missing_field", entry.id, "say the source of the money: it is not the court's order")


def _of_claims(stands: Sequence[Entry]) -> Iterator[Fault]:
    """A claim comes in until the end of the trial of first instance (Anti-Trafficking in Persons Act s.35)."""
    ended = min((one.on for one in stands if one.step == JUDGMENT), default=None)
    for claim in stands:
        if ended is not None and claim.step == "claim_filed" and claim.on > ended:
            yield Fault("out_of_order", claim.id, "the trial of first instance had ended by that day")


def _of_orders(entries: Sequence[Entry], stands: Sequence[Entry]) -> Iterator[Fault]:
    claims = [entry for entry in stands if entry.step == "claim_filed" and fund_of(entry) == COURT]
    by_id = {entry.id: entry for entry in entries}
    for order in stands:
        if order.step == "ordered" and not any(_is_claimed(order, claim) for claim in claims):
            yield Fault(
                "out_of_order", order.id, "a court orders what was claimed before: record the claim first"
            )
        earlier = by_id.get(order.about_id) if order.step in ORDERS and order.about_id else None
        if earlier is not None and is_same_kind(earlier, order) and order.on < earlier.on:
            yield Fault("out_of_order", order.id, "the order that it changes is of a later day")
    for one, other in combinations(lineages(entries, ORDERS), 2):
        if _may_be_the_same(one, other):
            words = "say which order this one changes (about), or that it adds to it (adds)"
            yield Fault("missing_field", other.newest.id, words)


def _is_claimed(order: Entry, claim: Entry) -> bool:
    return claim.on <= order.on and agree(order.person, claim.person)


def _may_be_the_same(one: Lineage, other: Lineage) -> bool:
    fund = fund_of(one.newest)
    repeats = any(rule.repeats for name, rule in fund_rules().items() if name == fund)
    adds = any(version.adds for version in (*one.versions, *other.versions))
    return (
        fund == fund_of(other.newest)
        and not repeats
        and not adds
        and agree(one.person, other.person)
        and agree(one.item, other.item)
    )


def _of_payments(entries: Sequence[Entry], stands: Sequence[Entry]) -> Iterator[Fault]:
    """What was owed on the day of each payment, by the orders as they were then."""
    orders = {entry.id: entry for entry in entries if entry.step in ORDERS}
    for books, payments in _as_they_were(entries, stands):
        for payment in payments:
            named = orders.get(payment.about_id) if payment.about_id else None
            if payment.about_id is not None and named is None:
                yield Fault("out_of_order", payment.id, "about: the order that it pays")
            if named is not None and payment.fund is not None and payment.fund != fund_of(named):
                yield Fault(
                    "missing_field", payment.id, "the order that it pays is of another source of money"
                )
            yield from _of_payment(books, payment)


def _as_they_were(
    entries: Sequence[Entry], stands: Sequence[Entry]
) -> Iterator[tuple[Reckoning, list[Entry]]]:
    """Yield payments with the books of their time: the same for all between one order and the next."""
    days = sorted(entry.on for entry in stands if entry.step in ORDERS)
    payments = sorted((entry for entry in stands if entry.step == "paid"), key=lambda entry: entry.on)
    for _, time in groupby(payments, key=lambda payment: bisect_right(days, payment.on)):
        together = list(time)
        yield reckon(entries, together[-1].on), together


def _of_payment(books: Reckoning, payment: Entry) -> Iterator[Fault]:
    debts = list(books.payable(payment))
    if not debts:
        yield Fault("out_of_order", payment.id, "nothing was ordered of that source: record the order first")
        return
    if books.beyond[payment.id]:
        yield Fault("amount_over", payment.id, "more than the order and its interest left to pay on that day")
    debtors = {debtor for debt in debts for debtor in debt.lineage.debtors}
    if payment.payer is not None and debtors and payment.payer not in debtors:
        yield Fault("unknown_person", payment.id, "payer: one of the debtors of the order")


def _of_receipts(stands: Sequence[Entry]) -> Iterator[Fault]:
    payments = {entry.id: entry for entry in stands if entry.step == "paid"}
    for receipt in stands:
        if receipt.step in RECEIPTS and receipt.about_id is not None:
            payment = payments[receipt.about_id]
            if receipt.on < payment.on:
                yield Fault("out_of_order", receipt.id, "the payment is of a later day")
            if (receipt.amount or 0) > (payment.amount or 0):
                yield Fault("amount_over", receipt.id, "more than the payment was")


def _of_assets(stands: Sequence[Entry]) -> Iterator[Fault]:
    seized = {entry.id: entry.on for entry in stands if entry.step == "seized"}
    for sale in stands:
        if sale.step == "sold":
            days = [seized[sale.about_id]] if sale.about_id in seized else list(seized.values())
            if not any(day <= sale.on for day in days):
                yield Fault("out_of_order", sale.id, "what is sold was seized before: record that first")


def _of_end(entries: Sequence[Entry], stands: Sequence[Entry]) -> Iterator[Fault]:
    for end in stands:
        if end.step == "closed" and end.outcome == "paid_full":
            books = reckon(entries, end.on)
            if any(books.owed(debt) for debt in books.debts):
                yield Fault("out_of_order", end.id, "something is still owed: close it otherwise")
