from typing import Any
from uuid import uuid4

import pytest

from referrals.compensation.interest import Terms
from referrals.compensation.ledger import LedgerError, figures
from referrals.compensation.persons_view import persons_view
from tests.referrals.compensation.history import BAHT, History, day, ordered


def refused(history: History, step: str, on: str, **said: Any) -> str:
    """Return the code of the refusal, after which the books are as they were."""
    before = list(history.entries)
    with pytest.raises(LedgerError) as caught:
        history.add(step, on, **said)
    assert history.entries == before
    return str(caught.value.code)


def paid_by_others(history: History, on: str, amount: int, fund: str = "wage_claim") -> None:
    history.add("paid", on, amount=amount * BAHT, fund=fund)


def test_two_payments_that_the_person_confirms_pay_an_order_to_the_last_baht() -> None:
    history, _ = ordered(850_000)
    first = history.add("paid", "2026-08-01", amount=350_000 * BAHT)
    second = history.add("paid", "2026-09-01", amount=500_000 * BAHT)
    for payment in (first, second):
        history.add("receipt_confirmed", "2026-09-02", about_id=payment)
    books = history.as_of("2026-09-02")
    assert (books.ordered, books.paid, books.confirmed, books.owed) == (85_000_000, 85_000_000, 85_000_000, 0)
    history.add("closed", "2026-09-03", outcome="paid_full")
    assert figures(history.entries).owed == 0


# --- orders and appeals


def test_an_appeal_changes_the_order_and_is_never_added_to_it() -> None:
    history, first = ordered(850_000)
    history.add("ordered", "2027-02-01", amount=600_000 * BAHT, about_id=first)
    assert history.as_of("2027-01-31").ordered == 850_000 * BAHT
    books = history.as_of("2027-02-01")
    assert (books.ordered, len(books.orders), len(books.orders[0].versions)) == (600_000 * BAHT, 1, 2)


def test_interest_runs_on_through_an_appeal_on_what_was_ordered_in_the_end() -> None:
    history, first = ordered(100_000, interest=Terms("statutory"))
    last = history.add("ordered", "2027-06-01", amount=200_000 * BAHT, about_id=first)
    history.add("order_final", "2027-07-01", about_id=last)
    books = history.as_of("2027-06-01")
    assert books.interest == 10_000 * BAHT
    assert (books.orders[0].first_on, books.orders[0].is_final) == (day("2026-06-01"), False)
    assert history.as_of("2027-07-01").orders[0].is_final


def test_finality_is_of_the_courts_orders_alone() -> None:
    history, _ = ordered(100_000)
    history.add("side_ordered", "2026-06-02", amount=BAHT, fund="fund")
    history.add("order_final", "2026-07-01")
    books = history.as_of("2026-07-01")
    assert {order.fund: order.is_final for order in books.orders} == {"court": True, "fund": False}
    assert persons_view(books).is_final


def test_an_acquittal_on_appeal_leaves_what_was_paid_standing_as_over() -> None:
    history, first = ordered(100_000)
    history.add("paid", "2026-08-01", amount=30_000 * BAHT)
    history.add("ordered", "2027-02-01", amount=0, about_id=first)
    books = history.as_of("2027-02-01")
    assert (books.ordered, books.paid, books.owed, books.over) == (0, 30_000 * BAHT, 0, 30_000 * BAHT)
    assert refused(history, "paid", "2027-02-02", amount=1) == "amount_over"


def test_a_second_order_says_whether_it_changes_or_adds() -> None:
    history, first = ordered(100_000)
    assert refused(history, "ordered", "2026-07-01", amount=50_000 * BAHT) == "missing_field"
    history.add("ordered", "2026-07-01", amount=50_000 * BAHT, adds=True)
    assert history.as_of("2026-07-01").ordered == 150_000 * BAHT
    assert refused(history, "ordered", "2026-05-01", amount=1, about_id=first) == "out_of_order"


def test_each_item_and_each_person_has_an_order_of_their_own() -> None:
    history, _ = ordered(100_000, item="wages", person=1)
    history.add("ordered", "2026-06-01", amount=20_000 * BAHT, item="medical", person=1)
    history.add("ordered", "2026-06-01", amount=70_000 * BAHT, item="wages", person=2)
    assert refused(history, "paid", "2026-07-01", amount=70_001 * BAHT, person=2) == "amount_over"
    assert refused(history, "paid", "2026-07-01", amount=1, person=3) == "out_of_order"
    history.add("paid", "2026-07-01", amount=70_000 * BAHT, person=2)
    history.add("paid", "2026-07-01", amount=110_000 * BAHT, person=1)
    assert [order.owed for order in history.as_of("2026-07-01").orders] == [0, 10_000 * BAHT, 0]


def test_a_wrong_order_is_put_right_by_a_new_one_about_it_before_it_is_taken_back() -> None:
    history, wrong = ordered(85_000)
    history.add("paid", "2026-08-01", amount=85_000 * BAHT)
    with pytest.raises(LedgerError, match="record the order first") as caught:
        history.take_back(wrong)
    assert caught.value.code == "out_of_order"
    history.add("ordered", "2026-06-01", amount=850_000 * BAHT, about_id=wrong)
    history.take_back(wrong)
    books = history.as_of("2026-08-01")
    assert (books.ordered, books.owed) == (850_000 * BAHT, 765_000 * BAHT)


def test_a_payment_on_an_order_keeps_it_from_being_taken_back_though_others_stand() -> None:
    history, _ = ordered(100_000)
    grant = history.add("side_ordered", "2026-06-01", amount=BAHT, fund="fund")
    history.add("paid", "2026-07-01", amount=BAHT, about_id=grant)
    with pytest.raises(LedgerError) as caught:
        history.take_back(grant)
    assert caught.value.code == "out_of_order"


# --- what must come before


def test_a_court_orders_only_what_was_claimed() -> None:
    history = History()
    assert refused(history, "ordered", "2026-06-01", amount=1) == "out_of_order"
    claim = history.add("claim_filed", "2026-06-02")
    assert refused(history, "ordered", "2026-06-01", amount=1) == "out_of_order"
    history.add("ordered", "2026-06-02", amount=1)
    with pytest.raises(LedgerError, match="record the claim first"):
        history.take_back(claim)


def test_a_claim_after_the_trial_of_first_instance_comes_too_late() -> None:
    history = History()
    history.add("judgment_1", "2026-06-01", track="prosecution")
    history.add("claim_filed", "2026-06-01")
    assert refused(history, "claim_filed", "2026-06-02") == "out_of_order"


def test_a_judgment_is_recorded_though_a_claim_of_a_later_day_stands() -> None:
    history = History()
    history.add("claim_filed", "2026-07-01", amount=1)
    history.add("judgment_1", "2026-06-01", track="prosecution")
    history.add("ordered", "2026-07-02", amount=1)
    assert history.as_of("2026-07-02").ordered == 1


def test_a_judgment_that_was_taken_back_closes_no_trial() -> None:
    history = History()
    history.take_back(history.add("judgment_1", "2026-06-01", track="prosecution"))
    history.add("claim_filed", "2026-07-01")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({}, "amount_missing"),
        ({"amount": 0}, "amount_missing"),
        ({"amount": -1}, "amount_negative"),
        ({"amount": 10**15}, "amount_over"),
        ({"amount": 100_000 * BAHT + 1}, "amount_over"),
        ({"amount": 1, "fund": "fund"}, "out_of_order"),
        ({"amount": 1, "about_id": uuid4()}, "out_of_order"),
        ({"amount": 1, "payer": "3"}, "unknown_person"),
    ],
)
def test_a_payment_that_the_books_cannot_bear_says_why(said: dict[str, Any], code: str) -> None:
    history, _ = ordered(100_000, debtors=("1", "2"))
    assert refused(history, "paid", "2026-07-01", **said) == code


def test_a_payment_before_its_order_is_out_of_order() -> None:
    history, _ = ordered(100_000)
    assert refused(history, "paid", "2026-05-31", amount=1) == "out_of_order"


def test_a_payment_found_later_may_not_make_another_too_large() -> None:
    history, _ = ordered(100)
    history.add("paid", "2026-09-01", amount=60 * BAHT)
    assert refused(history, "paid", "2026-08-01", amount=41 * BAHT) == "amount_over"
    history.add("paid", "2026-08-01", amount=40 * BAHT)


# --- joint debtors


def test_joint_debtors_owe_one_debt_and_the_books_tell_who_paid_how_much() -> None:
    history, _ = ordered(300, debtors=("1", "2", "3"))
    history.add("paid", "2026-07-01", amount=100 * BAHT, payer="1")
    history.add("paid", "2026-07-02", amount=150 * BAHT, payer="3")
    assert refused(history, "paid", "2026-07-03", amount=51 * BAHT, payer="2") == "amount_over"
    (order,) = history.as_of("2026-07-03").orders
    assert (order.amount, order.owed, order.paid_by) == (30_000, 5_000, {"1": 10_000, "3": 15_000})


# --- the person's word


def test_what_the_person_denies_is_still_owed_in_the_list_of_the_unpaid() -> None:
    history, _ = ordered(100)
    payment = history.add("paid", "2026-07-01", amount=100 * BAHT)
    history.add("receipt_denied", "2026-07-02", about_id=payment)
    books = history.as_of("2026-07-02")
    assert (books.paid, books.confirmed, books.denied, books.owed) == (10_000, 0, 10_000, 0)
    assert figures(history.entries).owed == 10_000
    history.add("receipt_confirmed", "2026-07-05", about_id=payment)
    assert (history.as_of("2026-07-05").confirmed, figures(history.entries).owed) == (10_000, 0)


def test_a_word_is_about_a_payment_that_stands() -> None:
    history, order = ordered(100)
    assert refused(history, "receipt_confirmed", "2026-07-01") == "missing_field"
    assert refused(history, "receipt_confirmed", "2026-07-01", about_id=order) == "out_of_order"
    payment = history.add("paid", "2026-07-02", amount=100)
    assert refused(history, "receipt_confirmed", "2026-07-01", about_id=payment) == "out_of_order"
    assert refused(history, "receipt_confirmed", "2026-07-03", about_id=payment, amount=101) == "amount_over"
    history.add("receipt_confirmed", "2026-07-03", about_id=payment, amount=60)
    assert history.as_of("2026-07-03").confirmed == 60
    history.take_back(payment)
    books = history.as_of("2027-12-01")
    assert (books.paid, books.confirmed, refused(history, "receipt_denied", "2026-07-04", about_id=payment)) == (
        0, 0, "out_of_order",
    )  # fmt: skip


# --- taking back


def test_nothing_is_taken_back_twice_and_a_taking_back_can_be_taken_back() -> None:
    history, _ = ordered(100)
    payment = history.add("paid", "2026-07-01", amount=100)
    back = history.take_back(payment)
    with pytest.raises(LedgerError) as caught:
        history.take_back(payment)
    assert caught.value.code == "already_reversed"
    history.take_back(back)
    assert history.as_of("2026-07-01").paid == 100
    with pytest.raises(LedgerError, match="not in this case"):
        history.record(type(history.entries[0])(uuid4(), "paid", day("2026-07-02"), reverses_id=uuid4()))


# --- other sources of money


def test_wages_that_the_inspector_orders_are_not_owed_twice() -> None:
    history, _ = ordered(850_000)
    history.add("side_ordered", "2026-07-01", amount=200_000 * BAHT, fund="wage_claim")
    assert history.as_of("2026-07-01").ordered == 850_000 * BAHT
    paid_by_others(history, "2026-08-01", 200_000)
    books = history.as_of("2026-08-01")
    assert (books.paid, books.owed) == (200_000 * BAHT, 650_000 * BAHT)
    court, wages = books.by_fund["court"], books.by_fund["wage_claim"]
    assert (court.paid, court.met, court.owed) == (0, 200_000 * BAHT, 650_000 * BAHT)
    assert (wages.paid, wages.owed) == (200_000 * BAHT, 0)
    assert refused(history, "paid", "2026-08-02", amount=650_001 * BAHT) == "amount_over"


def test_once_the_court_order_is_paid_the_wages_in_it_are_paid_too() -> None:
    history, _ = ordered(850_000)
    history.add("side_ordered", "2026-07-01", amount=200_000 * BAHT, fund="wage_claim")
    history.add("paid", "2026-08-01", amount=850_000 * BAHT)
    assert history.as_of("2026-08-01").by_fund["wage_claim"].owed == 0
    said = {"amount": BAHT, "fund": "wage_claim"}
    assert refused(history, "paid", "2026-08-02", **said) == "amount_over"


def test_what_was_paid_before_the_court_ordered_is_not_taken_off_its_order() -> None:
    history = History()
    history.add("claim_filed", "2026-01-10")
    history.add("side_ordered", "2026-02-01", amount=200_000 * BAHT, fund="wage_claim")
    paid_by_others(history, "2026-03-01", 50_000)
    history.add("ordered", "2026-06-01", amount=850_000 * BAHT)
    books = history.as_of("2026-06-01")
    # 50,000 came before; of what is left of the wages nothing is owed beside the court's order.
    assert (books.ordered, books.owed) == (900_000 * BAHT, 850_000 * BAHT)


def test_wages_beyond_what_the_court_ordered_for_wages_are_owed_apart() -> None:
    history, _ = ordered(100_000, item="wages")
    history.add("ordered", "2026-06-01", amount=50_000 * BAHT, item="medical")
    history.add("side_ordered", "2026-07-01", amount=130_000 * BAHT, fund="wage_claim")
    books = history.as_of("2026-07-01")
    assert (books.ordered, books.owed) == (180_000 * BAHT, 180_000 * BAHT)
    paid_by_others(history, "2026-07-02", 130_000)
    assert history.as_of("2026-07-02").owed == 50_000 * BAHT


def test_two_other_sources_may_be_about_the_same_part_of_a_court_order() -> None:
    history, _ = ordered(850_000)
    history.add("side_ordered", "2026-07-01", amount=200_000 * BAHT, fund="wage_claim")
    history.add("side_ordered", "2026-07-02", amount=850_000 * BAHT, fund="asset_forfeiture")
    assert history.as_of("2026-07-02").owed == 850_000 * BAHT
    paid_by_others(history, "2026-07-03", 800_000, "asset_forfeiture")
    books = history.as_of("2026-07-03")
    assert (books.owed, books.by_fund["wage_claim"].owed) == (50_000 * BAHT, 50_000 * BAHT)
    said = {"amount": 50_001 * BAHT, "fund": "wage_claim"}
    assert refused(history, "paid", "2026-07-04", **said) == "amount_over"
    paid_by_others(history, "2026-07-04", 50_000)
    assert history.as_of("2026-07-04").owed == 0


def test_two_orders_of_one_source_are_about_two_parts_of_a_court_order() -> None:
    history, _ = ordered(100_000)
    history.add("side_ordered", "2026-07-01", amount=80_000 * BAHT, fund="asset_forfeiture")
    history.add("side_ordered", "2026-07-02", amount=80_000 * BAHT, fund="asset_forfeiture", adds=True)
    assert history.as_of("2026-07-02").ordered == 160_000 * BAHT


def test_help_from_the_fund_lessens_no_order_and_comes_again() -> None:
    history, order = ordered(100_000)
    for on in ("2026-07-01", "2026-08-01"):
        history.add("side_ordered", on, amount=3_000 * BAHT, fund="fund")
        paid_by_others(history, on, 3_000, "fund")
    books = history.as_of("2026-08-01")
    assert (books.ordered, books.paid, books.owed) == (106_000 * BAHT, 6_000 * BAHT, 100_000 * BAHT)
    history.add("side_ordered", "2026-09-01", amount=1_000 * BAHT, fund="fund", about_id=order)
    assert history.as_of("2026-09-01").ordered == 106_000 * BAHT


def test_whoever_records_an_order_may_say_that_it_stands_apart() -> None:
    history, _ = ordered(100_000)
    history.add("side_ordered", "2026-07-01", amount=10_000 * BAHT, fund="asset_forfeiture", apart=True)
    assert history.as_of("2026-07-01").owed == 110_000 * BAHT


def test_each_source_has_its_own_step() -> None:
    history, _ = ordered(100_000)
    assert refused(history, "ordered", "2026-07-01", amount=1, fund="fund") == "missing_field"
    assert refused(history, "side_ordered", "2026-07-01", amount=1) == "missing_field"
    grant = history.add("side_ordered", "2026-07-01", amount=1, fund="fund")
    said = {"amount": 1, "fund": "court", "about_id": grant}
    assert refused(history, "paid", "2026-07-02", **said) == "missing_field"


# --- the end


def test_paid_in_full_is_said_only_when_nothing_is_owed() -> None:
    history, _ = ordered(100)
    assert refused(history, "closed", "2026-08-01", outcome="paid_full") == "out_of_order"
    history.add("closed", "2026-08-01", outcome="settled")
    assert (history.as_of("2026-08-01").closed, figures(history.entries).owed) == ("settled", 0)


def test_figures_are_the_same_on_every_day() -> None:
    history, first = ordered(100_000, interest=Terms("statutory"))
    history.add("paid", "2027-06-01", amount=40_000 * BAHT)
    history.add("order_final", "2027-01-01", about_id=first)
    kept = figures(history.entries)
    assert (kept.ordered, kept.paid, kept.owed) == (100_000 * BAHT, 40_000 * BAHT, 60_000 * BAHT)
    assert (kept.ordered_on, kept.final_on, kept.last_paid_on) == (
        day("2026-06-01"), day("2027-01-01"), day("2027-06-01"),
    )  # fmt: skip
