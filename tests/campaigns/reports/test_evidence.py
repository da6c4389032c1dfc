"""The test behind trials: rarely wrong however often it is looked at, and right in the end."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.reports.evidence import ERROR, Block, Seen, find_better, interval, log_evidence, sum_up

RNG = np.random.default_rng(20261123)
HOURS = 24


def block(people: dict[str, int], shares: dict[str, float]) -> Block:
    return {name: Seen(n, int(RNG.binomial(n, shares[name]))) for name, n in people.items()}


def stream(shares: list[dict[str, float]], people: dict[str, int]) -> list[Block]:
    return [block(people, each) for each in shares]


def highest(blocks: list[Block]) -> float:
    return max(log_evidence(blocks[:seen], "a", "b") for seen in range(1, len(blocks) + 1, 2))


@pytest.mark.parametrize("share", [0.02, 0.4])
def test_of_equal_wordings_one_is_called_better_no_oftener_than_promised_however_often_one_looks(
    share: float,
) -> None:
    alike = [{"a": share, "b": share}] * 16
    wrong = sum(highest(stream(alike, {"a": 60, "b": 60})) >= math.log(1 / ERROR) for _ in range(120))
    # Of 120 a true chance of a twentieth gives more than 14 once in a thousand times.
    assert wrong <= 14


def test_hours_at_which_everybody_answers_more_are_evidence_for_neither() -> None:
    """Wording a goes out mostly in the evening, when people answer three times as often."""
    wrong = 0
    for _ in range(120):
        blocks = [block({"a": 20, "b": 100}, {"a": 0.1, "b": 0.1}) for _ in range(8)]
        blocks += [block({"a": 100, "b": 20}, {"a": 0.3, "b": 0.3}) for _ in range(8)]
        wrong += highest(blocks) >= math.log(1 / ERROR)
    assert wrong <= 14
    sums = sum_up(blocks, ["a", "b"])
    assert sums["a"].did > 1.5 * sums["b"].did


def test_hours_in_which_only_one_went_out_tell_nothing() -> None:
    apart = [{"a": Seen(5_000, 2_500)}, {"b": Seen(5_000, 500)}]
    assert log_evidence(apart, "a", "b") == pytest.approx(0.0)


@pytest.mark.parametrize(("one", "other"), [(0.14, 0.1), (0.03, 0.015), (0.6, 0.5)])
def test_a_better_wording_is_found(one: float, other: float) -> None:
    for _ in range(20):
        blocks = stream([{"a": one, "b": other}] * HOURS, {"a": 250, "b": 250})
        if find_better(blocks, ["a", "b"]) == ("a", True):
            break
    else:
        raise AssertionError("never found")
    found = [
        find_better(stream([{"a": other, "b": one}] * HOURS, {"a": 250, "b": 250}), ["a", "b"])
        for _ in range(40)
    ]
    assert found.count(("b", True)) >= 32
    assert found.count(("a", True)) <= 1


def test_of_three_the_best_must_beat_each_of_the_others() -> None:
    shares = {"a": 0.1, "b": 0.2, "c": 0.2}
    blocks = stream([shares] * HOURS, dict.fromkeys(shares, 200))
    leads, is_sure = find_better(blocks, ["a", "b", "c"])
    assert leads in {"b", "c"}
    assert not is_sure or log_evidence(blocks, "b", "c") >= math.log(3 / ERROR)
    clear = stream([{**shares, "c": 0.3}] * HOURS, dict.fromkeys(shares, 200))
    assert find_better(clear, ["a", "b", "c"]) == ("c", True)


def test_a_million_people_are_weighed_without_losing_figures() -> None:
    blocks: list[Block] = [{"a": Seen(500_000, 50_000), "b": Seen(500_000, 52_000)}]
    assert 10 < log_evidence(blocks, "a", "b") < 500
    assert find_better(blocks, ["a", "b"]) == ("b", True)
    same: list[Block] = [{"a": Seen(500_000, 50_000), "b": Seen(500_000, 50_000)}]
    assert log_evidence(same, "a", "b") < 0
    assert find_better(same, ["a", "b"]) == (None, False)


def test_nothing_seen_is_nothing_known() -> None:
    assert find_better([], ["a", "b"]) == (None, False)
    assert log_evidence([], "a", "b") == 0
    assert interval(Seen(0, 0), 0, 0) == (0.0, 1.0)


@settings(max_examples=60)
@given(st.integers(1, 5_000), st.integers(0, 5_000), st.integers(1, 5_000), st.integers(0, 5_000))
def test_which_one_is_named_first_changes_nothing(people: int, did: int, others: int, too: int) -> None:
    blocks: list[Block] = [{"a": Seen(people, min(did, people)), "b": Seen(others, min(too, others))}]
    assert log_evidence(blocks, "a", "b") == pytest.approx(log_evidence(blocks, "b", "a"), abs=1e-6)


def test_the_true_share_leaves_the_interval_no_oftener_than_promised() -> None:
    left = 0
    for _ in range(200):
        answered = np.cumsum(RNG.binomial(40, 0.12, size=25))
        edges = [interval(Seen(40 * (i + 1), int(n)), 40 * (i + 1), int(n)) for i, n in enumerate(answered)]
        left += any(not low <= 0.12 <= high for low, high in edges)
    assert left <= 20


@settings(max_examples=60)
@given(st.integers(1, 100_000), st.floats(0, 1))
def test_the_interval_holds_what_was_seen(people: int, share: float) -> None:
    did = round(share * people)
    low, high = interval(Seen(people, did), people, did)
    assert 0 <= low <= did / people <= high <= 1
    wider = interval(Seen(people, did), people + 9, min(did + 9, people))
    assert wider[0] <= low + 1e-9
    assert wider[1] >= high - 1e-9
