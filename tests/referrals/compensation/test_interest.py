from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from referrals.compensation.interest import Terms, grains, interest_rules, whole
from tests.referrals.compensation.history import History, day, ordered

STATUTORY = Terms("statutory")
DAYS = st.dates(date(2019, 1, 1), date(2027, 12, 31))


def test_a_year_at_the_statutory_rate_is_five_per_cent_since_april_2021_and_seven_and_a_half_before() -> None:
    assert grains(100_000, STATUTORY, day("2026-01-01"), day("2027-01-01")) == 5_000 * whole()
    assert grains(100_000, STATUTORY, day("2019-01-01"), day("2020-01-01")) == 7_500 * whole()


def test_the_new_rate_is_that_of_its_first_day() -> None:
    one_day = grains(1, STATUTORY, day("2021-04-10"), day("2021-04-11"))
    assert (one_day, grains(1, STATUTORY, day("2021-04-09"), day("2021-04-10"))) == (500, 750)


@given(st.integers(0, 10**13), DAYS, DAYS, DAYS)
def test_interest_of_a_span_is_that_of_its_parts(principal: int, a: date, b: date, c: date) -> None:
    a, b, c = sorted((a, b, c))
    parts = grains(principal, STATUTORY, a, b) + grains(principal, STATUTORY, b, c)
    assert parts == grains(principal, STATUTORY, a, c)


@given(
    st.integers(1, 10**11),
    st.lists(st.tuples(st.integers(0, 1_500), st.integers(1, 10**10)), max_size=6),
    st.integers(0, 1_500),
)
def test_the_books_say_what_counting_day_by_day_in_fractions_says(
    amount: int, offers: list[tuple[int, int]], last: int
) -> None:
    first = day("2020-06-01")
    history = History()
    history.add("claim_filed", "2020-06-01")
    history.add("ordered", "2020-06-01", amount=amount, interest=STATUTORY)
    owed, grown, paid = amount, Fraction(), 0
    payments = sorted(offers)
    for gone in range(last + 1):
        today = first + timedelta(days=gone)
        if gone:
            rate = 750 if today < day("2021-04-11") else 500
            grown += Fraction(owed * rate, 10_000 * 365)
        for offered in [sum_ for on, sum_ in payments if on == gone]:
            sum_ = min(offered, owed + int(grown))
            if not sum_:
                continue
            history.add("paid", today.isoformat(), amount=sum_)
            to_interest = min(sum_, int(grown))
            grown -= to_interest
            owed -= sum_ - to_interest
            paid += sum_
    books = history.as_of((first + timedelta(days=last)).isoformat())
    assert (books.paid, books.owed, books.over) == (paid, owed + int(grown), 0)
    assert books.interest == books.owed + books.paid - amount


def test_the_order_says_its_own_rate_and_day() -> None:
    terms = Terms("stated", day("2026-01-01"), 1_000)
    history, _ = ordered(1_000, "2026-06-01", interest=terms)
    assert history.as_of("2027-01-01").interest == 100_00
    assert history.as_of("2026-06-01").interest == 1_000_00 * 1_000 * 151 // (10_000 * 365)


def test_every_rule_says_where_it_was_read() -> None:
    rules = interest_rules()
    every = [rules.order_of_payment, rules.joint_debtors, *rules.rule.values()]
    assert all(one.source and one.mark == "V" for one in every)
    assert all(rate.basis_points > 0 for rule in rules.rule.values() for rate in rule.rates)
