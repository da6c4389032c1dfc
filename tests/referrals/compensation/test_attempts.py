from referrals.compensation.attempts import retries
from tests.referrals.compensation.history import BAHT, day, ordered


def test_assets_are_looked_for_again_every_ninety_days_until_all_is_paid() -> None:
    history, _ = ordered(100)
    assert history.as_of("2026-07-01").execution.next_on is None
    history.add("execution_opened", "2026-07-01")
    history.add("assets_traced", "2026-08-01", outcome="none_found")
    history.add("assets_traced", "2026-10-30", outcome="found", amount=500 * BAHT)
    execution = history.as_of("2026-11-01").execution
    assert [(one.found, one.worth) for one in execution.attempts] == [(False, None), (True, 500 * BAHT)]
    assert execution.next_on == day("2027-01-28")
    seized = history.add("seized", "2026-11-10", amount=400 * BAHT)
    history.add("sold", "2026-12-10", amount=300 * BAHT, about_id=seized)
    history.add("paid", "2026-12-20", amount=100 * BAHT)
    execution = history.as_of("2026-12-20").execution
    assert (execution.seized, execution.sold, execution.next_on) == (400 * BAHT, 300 * BAHT, None)


def test_a_closed_case_is_tried_no_more() -> None:
    history, _ = ordered(100)
    history.add("execution_opened", "2026-07-01")
    history.add("closed", "2026-08-01", outcome="time_barred")
    assert history.as_of("2026-08-01").execution.next_on is None


def test_the_span_names_its_source() -> None:
    assert retries().every_days == 90
    assert retries().source
