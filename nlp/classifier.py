"""The score: probability that a text is a deceptive or exploitative job offer, by rules and trained model together.

How much each speaks was learnt from texts that the model had not seen (`nlp/models/blend.toml`, made by
`python -m nlp.training`), so that the score is a calibrated probability.
"""

import math
import tomllib
from collections.abc import Iterable
from importlib import resources

import msgspec

from nlp.findings import Indicator
from nlp.signs import Credit

_BIAS = -2.3  # an offer without any sign: about one in ten that people send in turns out bad
NO_OFFER = -4.0  # log-odds by rules of a text that is no offer
_FADING = (1.0, 1.0, 0.9, 0.8, 0.7, 0.6)  # signs overlap, so each further one adds less
_LAST_FADING = 0.5


class OfferBlend(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Log-odds of the score: `bias`, and a factor for each of what wording and rules say."""

    bias: float
    wording: float
    rules: float
    offer: float
    signs: float


class CrisisBlend(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Log-odds of a plea: `bias`, a factor for the wording, and what the lexicon's level and score add."""

    bias: float
    wording: float
    concern: float
    urgent: float
    score: float


class Blend(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The constants that training writes, with the versions that they were learnt for."""

    rules: str
    model: str
    offers: OfferBlend
    crisis: CrisisBlend


BLEND = msgspec.convert(
    tomllib.loads(resources.files("nlp.models").joinpath("blend.toml").read_text("utf-8")), Blend
)
RULES = BLEND.rules
MODEL = BLEND.model


def rule_odds(indicators: Iterable[Indicator], credit: Iterable[Credit]) -> float:
    """Log-odds by the rules alone: the weights of the signs, strongest first and fading, less the credits."""
    weights = sorted((indicator.weight for indicator in indicators), reverse=True)
    total = _BIAS + sum(part.weight for part in credit)
    for position, weight in enumerate(weights):
        total += weight * (_FADING[position] if position < len(_FADING) else _LAST_FADING)
    return total


def score_offer(
    wording: float, rules: float, *, offer: bool, signs: bool, blend: OfferBlend = BLEND.offers
) -> float:
    """`wording` and `rules` are log-odds; `offer`: the rules take it for an offer; `signs`: they found any."""
    odds = (
        blend.bias + blend.wording * wording + blend.rules * rules + blend.offer * offer + blend.signs * signs
    )
    return logistic(odds)


def logistic(log_odds: float) -> float:
    """Probability, to four places."""
    return round(1.0 / (1.0 + math.exp(-max(-40.0, min(40.0, log_odds)))), 4)
