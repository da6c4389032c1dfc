import pytest

from campaigns.figures import floored, floored_of_run


@pytest.mark.parametrize(
    ("count", "shown"), [(0, None), (19, None), (20, 20), (29, 20), (30, 30), (1_009, 1_000)]
)
def test_counts_are_floored(count: int, shown: int | None) -> None:
    assert floored(count) == shown


@pytest.mark.parametrize(
    ("count", "people", "shown"), [(49, 49, None), (20, 50, 20), (50, 50, 50), (19, 500, None)]
)
def test_what_became_of_the_messages_of_few_is_not_said(count: int, people: int, shown: int | None) -> None:
    assert floored_of_run(count, people) == shown
