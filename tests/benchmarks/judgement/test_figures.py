import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from benchmarks.judgement import figures
from benchmarks.judgement.figures import auc, calibration, difference, share, with_interval

TRUTH = np.array([True, True, True, True, False, False, False, False, False, False])
SCORE = np.array([0.9, 0.8, 0.4, 0.2, 0.6, 0.4, 0.3, 0.2, 0.1, 0.0])
FLAGGED = (SCORE > 0.5).astype(float)


def test_it_ranks_as_scikit_learn_does_ties_and_all() -> None:
    drawn = np.random.default_rng(7)
    for _ in range(50):
        truth = drawn.random(60) < 0.4
        score = np.round(drawn.random(60) + 0.3 * truth, 1)
        assert auc(truth, score) == pytest.approx(roc_auc_score(truth, score))


def test_what_is_flagged_is_counted_by_hand() -> None:
    assert figures.precision(TRUTH, FLAGGED) == pytest.approx(2 / 3)
    assert figures.recall(TRUTH, FLAGGED) == 0.5
    assert figures.f1(TRUTH, FLAGGED) == pytest.approx(4 / 7)
    assert figures.alarms(TRUTH, FLAGGED) == pytest.approx(1 / 6)
    assert figures.precision(TRUTH, np.zeros(10)) == 0


def test_recall_is_taken_where_three_of_a_hundred_others_pass() -> None:
    truth = np.repeat([True, False], [4, 100])
    score = np.concatenate(([0.995, 0.96, 0.9, 0.1], np.arange(100) / 100))
    assert figures.recall_at_false_alarms(truth, score) == 0.25
    assert figures.recall_at_false_alarms(truth, np.where(truth, 0.965, score)) == 1


def test_a_probability_is_right_when_it_says_what_happens() -> None:
    assert figures.brier(TRUTH, TRUTH.astype(float)) == 0
    assert figures.brier(TRUTH, np.full(10, 0.5)) == 0.25
    assert calibration(TRUTH, np.where(TRUTH, 0.9, 0.1)) == [
        (pytest.approx(0.1), 0.0, 6),
        (pytest.approx(0.9), 1.0, 4),
    ]


def test_an_interval_holds_its_figure_and_narrows_with_more_texts() -> None:
    few = with_interval(auc, TRUTH, SCORE)
    many = with_interval(auc, np.tile(TRUTH, 30), np.tile(SCORE, 30))
    assert few.low < few.value < few.high
    assert many.value == pytest.approx(few.value)
    assert many.high - many.low < (few.high - few.low) / 2
    assert few == with_interval(auc, TRUTH, SCORE)


def test_an_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    drawn, covered = np.random.default_rng(3), 0
    for _ in range(100):
        kept = (drawn.random(80) < 0.8).astype(float)
        found = share(kept, np.ones(80))
        covered += found.low <= 0.8 <= found.high
    assert covered >= 85


def test_tries_on_one_text_are_no_independent_news() -> None:
    by_text = share(np.array([10.0, 10.0, 0.0, 10.0]), np.full(4, 10.0))
    assert by_text.value == 0.75
    one_by_one = share(np.repeat([1.0, 0.0], [30, 10]), np.ones(40))
    assert by_text.high - by_text.low > one_by_one.high - one_by_one.low


def test_a_judgement_does_not_differ_from_itself() -> None:
    assert difference(auc, TRUTH, SCORE, SCORE) == (0, 0, 0)
    assert difference(auc, TRUTH, TRUTH.astype(float), SCORE).value == pytest.approx(1 - auc(TRUTH, SCORE))


def test_texts_of_one_kind_alone_can_not_be_told_apart() -> None:
    with pytest.raises(ValueError, match="both"):
        with_interval(auc, np.ones(4, bool), np.ones(4))
