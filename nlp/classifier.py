"""The score: probability that a text is a deceptive or exploitative job offer."""

import math
from collections.abc import Iterable

from nlp.findings import Indicator
from nlp.indicators import Credit

RULES = "2026.11.2"
MODEL = "rules-only"

_BIAS = -2.3  # an offer without any sign: about one in ten that people send in turns out bad
_NOT_AN_OFFER = -4.0
_FADING = (1.0, 1.0, 0.9, 0.8, 0.7, 0.6)  # signs overlap, so each further one adds less
_LAST_FADING = 0.5


def score_offer(indicators: Iterable[Indicator], credit: Iterable[Credit]) -> float:
    """Logistic combination of the weights, strongest first."""
    weights = sorted((indicator.weight for indicator in indicators), reverse=True)
    total = _BIAS + sum(part.weight for part in credit)
    for position, weight in enumerate(weights):
        total += weight * (_FADING[position] if position < len(_FADING) else _LAST_FADING)
    return _logistic(total)


def score_other() -> float:
    """The score of a text that is no offer."""
    return _logistic(_NOT_AN_OFFER)


def _logistic(log_odds: float) -> float:
    return round(1.0 / (1.0 + math.exp(-log_odds)), 4)
