"""Whether somebody may be in danger: what the lexicon finds and what the wording sounds like, weighed together.

The thresholds were set on authored pleas against everyday talk in cross-validation. Missing a plea is far worse than
asking once too often, so `CONCERN` lies where about one in thirty everyday messages would be asked (docs/decisions/0014).
"""

from nlp.classifier import BLEND, logistic
from nlp.crisis import crisis_in
from nlp.findings import Crisis, CrisisLevel
from nlp.prepared import Prepared
from nlp.wording import Wording

CONCERN = 0.25
_URGENT = 0.6
_URGENT_BY_SIGNS = 0.45  # where the lexicon says urgent by itself
_NOT_HARMLESS = -2.5  # log-odds by wording, above which an urgent sign of the lexicon is never passed over
_PLAIN, _PLAIN_SUICIDE = 40, 60  # squeezed characters; cost 4 of 3,000 everyday messages
# Squeezed characters; "เขามาแล้ว" may be a whisper or nothing at all: help is offered, and nobody is called unasked.
_TOO_SHORT_TO_BE_SURE = 20
_LIKELY_KIND = -0.4  # log-odds of a kind, given a plea
_NONE = Crisis("none", (), 0.0)


def hear_crisis(prepared: Prepared, wording: Wording) -> Crisis:
    """Level, kinds and the probability that it is a plea; below `CONCERN` nothing is said of kinds."""
    signs = crisis_in(prepared)
    score = score_plea(wording.crisis["plea"], signs)
    if signs.level != "none" and _says_it_plainly(prepared, signs):
        score = max(score, signs.score)
    elif signs.level == "urgent" and wording.crisis["plea"] >= _NOT_HARMLESS:
        score = max(score, CONCERN)
    if score < CONCERN:
        return _NONE if score == 0 else Crisis("none", (), score)
    level = _level(score, signs, wording)
    if signs.level == "none" and len(prepared.squeezed.text) <= _TOO_SHORT_TO_BE_SURE:
        level = "concern"
    return Crisis(level, _kinds(signs, wording), score)


def _says_it_plainly(prepared: Prepared, signs: Crisis) -> bool:
    """Whether the text is so short that the words found are nearly all of it: then no wording talks them away."""
    length = len(prepared.squeezed.text)
    return length <= _PLAIN or ("suicide" in signs.kinds and length <= _PLAIN_SUICIDE)


def score_plea(wording: float, signs: Crisis) -> float:
    """Probability of a plea from the log-odds of the wording and what the lexicon found."""
    blend = BLEND.crisis
    odds = blend.bias + blend.wording * wording + blend.score * signs.score
    odds += blend.concern * (signs.level == "concern") + blend.urgent * (signs.level == "urgent")
    return logistic(odds)


def _level(score: float, signs: Crisis, wording: Wording) -> CrisisLevel:
    if signs.level == "urgent" and score >= _URGENT_BY_SIGNS:
        return "urgent"
    return "urgent" if score >= _URGENT and wording.crisis["urgent"] >= 0 else "concern"


def _kinds(signs: Crisis, wording: Wording) -> tuple[str, ...]:
    """The lexicon's kinds, then those the wording makes likely; at least one."""
    ranked = sorted(wording.kinds.items(), key=lambda pair: -pair[1])
    likely = [kind for kind, odds in ranked if odds >= _LIKELY_KIND]
    return tuple(dict.fromkeys((*signs.kinds, *likely))) or (ranked[0][0],)
