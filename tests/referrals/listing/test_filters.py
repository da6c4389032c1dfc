import pytest

from core.ids import new_id
from referrals.listing.filters import FilterError, Filters, from_stored, read_filters, to_address, to_store


def test_it_reads_what_it_wrote_into_an_address() -> None:
    every = Filters(
        view="held", priority=("P0", "P2"), kind="detention", place="province:TH-27", channel="telegram",
        team=new_id(), holder=new_id(), age="week", flag="due", language="other",
    )  # fmt: skip
    assert read_filters(to_address(every)) == every
    assert from_stored(to_store(every)) == every
    assert all(getattr(every, name) for name in Filters.__struct_fields__)


def test_nothing_asked_for_is_the_waiting_list() -> None:
    assert read_filters([("kind", ""), ("priority", "")]) == Filters(view="waiting")
    assert to_address(Filters()) == []
    assert not Filters(view="ended", priority=("P0",)).narrows
    assert Filters(kind="danger").narrows


def test_priorities_come_in_their_order_and_once() -> None:
    assert read_filters([("priority", "P2"), ("priority", "P0"), ("priority", "P2")]).priority == ("P0", "P2")


@pytest.mark.parametrize(
    "pair",
    [
        ("view", "everything"),
        ("colour", "red"),
        ("priority", "P9"),
        ("place", "province:TH-99"),
        ("place", "ปอยเปต"),
        ("team", "ours"),
        ("kind", "'; DROP TABLE referral; --"),
        ("q", "0812345678"),
    ],
)
def test_what_does_not_exist_is_refused(pair: tuple[str, str]) -> None:
    with pytest.raises(FilterError):
        read_filters([pair])


def test_a_filter_given_twice_is_refused() -> None:
    with pytest.raises(FilterError):
        read_filters([("kind", "danger"), ("kind", "detention")])
