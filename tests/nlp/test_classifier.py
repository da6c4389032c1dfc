from nlp.classifier import score_offer, score_other
from nlp.findings import Indicator
from nlp.indicators import CREDITS


def sign(weight: float) -> Indicator:
    return Indicator("code", "ชื่อ", "เหตุผล", weight, 0, 1, "ก")


def test_more_signs_never_lower_the_score() -> None:
    scores = [score_offer([sign(0.7)] * count, []) for count in range(12)]
    assert scores == sorted(scores)
    assert 0 < scores[0] < scores[-1] < 1


def test_the_order_of_signs_does_not_matter() -> None:
    assert score_offer([sign(0.2), sign(2.0)], []) == score_offer([sign(2.0), sign(0.2)], [])


def test_all_credits_together_do_not_clear_a_loud_offer() -> None:
    loud = [sign(2.4), sign(2.0), sign(1.7), sign(1.4), sign(1.4)]
    assert score_offer(loud, CREDITS) > 0.72


def test_a_text_that_is_no_offer_scores_below_every_offer() -> None:
    assert score_other() < score_offer([], [])
