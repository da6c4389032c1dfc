import pytest

from nlp.classifier import NO_OFFER, OfferBlend, logistic, rule_odds, score_offer
from nlp.findings import Indicator
from nlp.signs import CREDITS

BLEND = OfferBlend(bias=0.0, wording=1.0, rules=0.2, offer=0.0, signs=0.3)


def sign(weight: float) -> Indicator:
    return Indicator("code", "ชื่อ", "เหตุผล", weight, 0, 1, "ก")


def test_more_signs_never_lower_the_odds() -> None:
    odds = [rule_odds([sign(0.7)] * count, []) for count in range(12)]
    assert odds == sorted(odds)
    assert odds[0] < odds[-1]


def test_the_order_of_signs_does_not_matter() -> None:
    assert rule_odds([sign(0.2), sign(2.0)], []) == rule_odds([sign(2.0), sign(0.2)], [])


def test_all_credits_together_do_not_clear_a_loud_offer() -> None:
    loud = [sign(2.4), sign(2.0), sign(1.7), sign(1.4), sign(1.4)]
    assert logistic(rule_odds(loud, CREDITS)) > 0.72


def test_a_text_that_is_no_offer_lies_below_every_offer() -> None:
    assert rule_odds([], []) > NO_OFFER


def test_wording_and_rules_both_raise_the_score() -> None:
    quiet = score_offer(0.0, 0.0, offer=True, signs=False, blend=BLEND)
    assert score_offer(1.0, 0.0, offer=True, signs=False, blend=BLEND) > quiet
    assert score_offer(0.0, 1.0, offer=True, signs=False, blend=BLEND) > quiet
    assert score_offer(0.0, 0.0, offer=True, signs=True, blend=BLEND) > quiet


@pytest.mark.parametrize("odds", [-1e9, -50.0, 0.0, 50.0, 1e9])
def test_a_probability_lies_between_0_and_1(odds: float) -> None:
    assert 0.0 <= logistic(odds) <= 1.0
