"""What holds of the books whatever happens: histories that nobody thought of, held against sums made another way."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from referrals.compensation.interest import Terms
from referrals.compensation.ledger import Entry, Ledger, LedgerError, book, check, figures
from referrals.compensation.persons_view import persons_view

FIRST, LAST = date(2020, 1, 1), date(2028, 1, 1)
DAYS = st.integers(0, 2_500).map(lambda gone: FIRST + timedelta(days=gone))
AMOUNTS = st.sampled_from([-1, 0, 1, 7, 400, 1_000, 50_000, 50_000, 99_999, 100_000, 100_000, 10**9])
SIDES = st.sampled_from(["asset_forfeiture", "fund", "wage_claim", "crime_victim"])
FUNDS = st.one_of(st.none(), st.just("court"), SIDES)
ITEMS = st.sampled_from([None, None, "wages", "medical"])
PERSONS = st.sampled_from([None, None, 1, 2])
APART = st.sampled_from([None, None, True, False])
TERMS = st.sampled_from([None, Terms("none"), Terms("statutory"), Terms("statutory", date(2019, 5, 1)), Terms("stated", None, 1_500)])  # fmt: skip
PAYERS = st.sampled_from([None, "1", "2", "9"])
ORDERS = {"ordered", "side_ordered"}
OF_ASSETS = {"assets_traced", "seized", "sold"}


def standing(entries: list[Entry]) -> list[Entry]:
    """Say it as the law of reversing does: an entry stands unless a reversal of it stands."""
    reversals = {one.reverses_id: one for one in entries if one.reverses_id}

    def stands(entry: Entry) -> bool:
        reversal = reversals.get(entry.id)
        return reversal is None or not stands(reversal)

    return [one for one in entries if one.reverses_id is None and stands(one)]


class Histories(RuleBasedStateMachine):
    """People and programs record whatever comes to their minds; the books take it or refuse it whole."""

    def __init__(self) -> None:
        super().__init__()
        self.entries: list[Entry] = []
        self.books = book([], LAST)

    def record(self, entry: Entry) -> None:
        before, over = list(self.entries), self.books.over
        try:
            check(self.entries, entry)
        except LedgerError:
            assert self.entries == before
            return
        self._holds_when_taken(entry)
        self.entries.append(entry)
        self.books = book(self.entries, LAST)
        if self.books.over > over:
            # More than is owed was never taken: a court made less of what was paid by its order.
            assert any(one.step in ORDERS and one.about_id for one in self.entries) or entry.step in ORDERS

    def _holds_when_taken(self, entry: Entry) -> None:
        back = Entry(uuid4(), entry.step, entry.on, track=entry.track, reverses_id=entry.id)
        assert book([*self.entries, entry, back], LAST) == self.books
        if entry.reverses_id is not None or entry.track != "compensation":
            return
        assert (entry.amount or 0) >= 0
        if entry.step == "claim_filed":
            judgments = [one.on for one in standing(self.entries) if one.step == "judgment_1"]
            assert entry.on <= min(judgments, default=LAST)

    def pick(self, chance: int, wanted: Callable[[Entry], bool]) -> UUID | None:
        fitting = [one.id for one in self.entries if wanted(one)]
        return fitting[chance % len(fitting)] if fitting else None

    @initialize(is_claimed=st.sampled_from([True, True, True, False]))
    def begin(self, is_claimed: bool) -> None:  # noqa: FBT001
        if is_claimed:
            self.record(Entry(uuid4(), "claim_filed", FIRST, amount=100_000))

    @rule(on=DAYS, amount=AMOUNTS, person=PERSONS)
    def claim(self, on: date, amount: int, person: int | None) -> None:
        self.record(Entry(uuid4(), "claim_filed", on, amount=amount, person=person))

    @rule(on=DAYS)
    def judge(self, on: date) -> None:
        self.record(Entry(uuid4(), "judgment_1", on, track="prosecution"))

    @rule(
        on=DAYS, amount=AMOUNTS, person=PERSONS, item=ITEMS, terms=TERMS, adds=st.booleans(),
        changes=st.one_of(st.none(), st.integers(0, 50), st.integers(0, 50)),
    )  # fmt: skip
    def order(
        self,
        on: date,
        amount: int,
        person: int | None,
        item: str | None,
        terms: Terms | None,
        adds: bool,  # noqa: FBT001
        changes: int | None,
    ) -> None:
        about = None if changes is None else self.pick(changes, lambda one: one.step in ORDERS)
        self.record(
            Entry(
                uuid4(), "ordered", on, amount=amount, person=person, item=item, interest=terms, adds=adds,
                about_id=about, debtors=("1", "2"),
            )
        )  # fmt: skip

    @rule(on=DAYS, amount=AMOUNTS, fund=SIDES, apart=APART, names=st.one_of(st.none(), st.integers(0, 50)))
    def order_elsewhere(
        self,
        on: date,
        amount: int,
        fund: str,
        apart: bool | None,  # noqa: FBT001
        names: int | None,
    ) -> None:
        about = None if names is None else self.pick(names, lambda one: one.step in ORDERS)
        self.record(Entry(uuid4(), "side_ordered", on, amount=amount, fund=fund, apart=apart, about_id=about))

    @precondition(lambda self: self.books.orders)
    @rule(on=DAYS, amount=AMOUNTS, fund=FUNDS, person=PERSONS, item=ITEMS, payer=PAYERS)
    def pay(
        self, on: date, amount: int, fund: str | None, person: int | None, item: str | None, payer: str | None
    ) -> None:
        self.record(
            Entry(uuid4(), "paid", on, amount=amount, fund=fund, person=person, item=item, payer=payer)
        )

    @precondition(lambda self: self.books.orders)
    @rule(which=st.integers(0, 50), late=st.integers(0, 900), less=st.sampled_from([0, 0, 1, -1]))
    def pay_what_is_left(self, which: int, late: int, less: int) -> None:
        order = self.books.orders[which % len(self.books.orders)]
        on = min(order.changed_on + timedelta(days=late), LAST)
        left = {one.id: one.owed for one in book(self.entries, on).orders}.get(order.id, 0)
        self.record(Entry(uuid4(), "paid", on, amount=left - less, about_id=order.id))

    @precondition(lambda self: self.books.payments)
    @rule(
        which=st.integers(0, 50), late=st.integers(0, 60), says=st.sampled_from(["receipt_confirmed", "receipt_denied"]),
        amount=st.one_of(st.none(), AMOUNTS),
    )  # fmt: skip
    def answer(self, which: int, late: int, says: str, amount: int | None) -> None:
        about = self.pick(which, lambda one: one.step == "paid")
        payment = next(one for one in self.entries if one.id == about)
        on = min(payment.on + timedelta(late), LAST)
        self.record(Entry(uuid4(), says, on, amount=amount, about_id=about))

    @rule(on=DAYS, step=st.sampled_from(sorted(OF_ASSETS | {"execution_opened"})), amount=AMOUNTS)
    def execute(self, on: date, step: str, amount: int) -> None:
        self.record(Entry(uuid4(), step, on, amount=amount, outcome="none_found" if amount < 0 else "found"))

    @precondition(lambda self: self.entries)
    @rule(which=st.integers(0, 50))
    def take_back(self, which: int) -> None:
        wrong = self.entries[which % len(self.entries)]
        self.record(Entry(uuid4(), wrong.step, LAST, track=wrong.track, reverses_id=wrong.id))

    @invariant()
    def no_source_pays_more_than_its_orders_and_their_interest(self) -> None:
        for sums in self.books.by_fund.values():
            assert sums.paid - sums.over <= sums.ordered + sums.interest
            assert sums.ordered + sums.interest == sums.paid - sums.over + sums.met + sums.owed
            assert min(sums.owed, sums.over, sums.met, sums.interest) >= 0
            assert sums.confirmed + sums.denied <= sums.paid

    @invariant()
    def every_satang_is_counted_once(self) -> None:
        books = self.books
        assert books.ordered + books.interest == books.paid - books.over + books.owed
        assert books.paid == sum(one.amount or 0 for one in standing(self.entries) if one.step == "paid")
        each = [sums.ordered for sums in books.by_fund.values()]
        assert max(each, default=0) <= books.ordered <= sum(each)
        assert books.confirmed <= books.paid
        for order in books.orders:
            assert order.amount + order.interest == order.paid + order.met + order.owed
            assert min(order.paid, order.met, order.owed) >= 0
            assert sum(order.paid_by.values()) <= order.paid

    @invariant()
    def what_is_ordered_was_claimed_and_what_is_paid_was_ordered(self) -> None:
        stands = standing(self.entries)
        claims = [one.on for one in stands if one.step == "claim_filed"]
        orders = [(one.id, one.fund or "court", one.on) for one in stands if one.step in ORDERS]
        funds = {one.id: one.fund or "court" for one in self.entries if one.step in ORDERS}
        for entry in stands:
            if entry.step == "ordered":
                assert min(claims) <= entry.on
            if entry.step == "paid":
                fund = funds[entry.about_id] if entry.about_id else entry.fund or "court"
                assert any(one == fund and on <= entry.on for _, one, on in orders)

    @invariant()
    def figures_are_the_books_without_interest(self) -> None:
        kept = figures(self.entries)
        assert (kept.ordered, kept.paid, kept.confirmed) == (
            self.books.ordered, self.books.paid, self.books.confirmed,
        )  # fmt: skip
        assert 0 <= kept.owed <= kept.ordered

    @invariant()
    def the_person_sees_nothing_of_what_debtors_own(self) -> None:
        hidden = {one.id for one in self.entries if one.step in OF_ASSETS}
        told = [one for one in self.entries if not {one.id, one.reverses_id} & hidden]
        without = persons_view(book(told, LAST))
        assert persons_view(self.books) == without


Histories.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
TestHistories = Histories.TestCase

RAW = st.builds(
    Entry,
    id=st.integers(1, 12).map(lambda number: UUID(int=number)),
    step=st.sampled_from(
        ["claim_filed", "ordered", "side_ordered", "paid", "receipt_confirmed", "receipt_denied", "order_final", "closed"]
    ),
    on=DAYS,
    amount=st.one_of(st.none(), st.integers(0, 10**6)),
    fund=FUNDS,
    item=ITEMS,
    person=PERSONS,
    about_id=st.one_of(st.none(), st.integers(1, 12).map(lambda number: UUID(int=number))),
    reverses_id=st.one_of(st.none(), st.none(), st.integers(1, 12).map(lambda number: UUID(int=number))),
    interest=TERMS,
    adds=st.booleans(),
    apart=APART,
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(RAW, max_size=12, unique_by=lambda entry: entry.id), DAYS)
def test_books_that_nobody_checked_add_up_all_the_same(entries: list[Entry], as_of: date) -> None:
    books: Ledger = book(entries, as_of)
    assert books.ordered + books.interest == books.paid - books.over + books.owed
    assert min(books.owed, books.over, books.ordered) >= 0
    assert books.confirmed <= books.paid
    assert book(entries, as_of) == books
    assert 0 <= figures(entries).owed <= figures(entries).ordered


@settings(deadline=None)
@given(st.lists(RAW, max_size=10, unique_by=lambda entry: entry.id), DAYS)
def test_a_reversal_may_be_recorded_on_any_day(entries: list[Entry], other: date) -> None:
    moved = [replace(one, on=other) if one.reverses_id else one for one in entries]
    one, two = book(entries, LAST), book(moved, LAST)
    assert one == two
