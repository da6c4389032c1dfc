"""What a person wants of the service, in the vocabulary of the contracts."""

from collections.abc import Mapping
from functools import cache

import msgspec

from nlp.distress import hear_crisis
from nlp.findings import Crisis
from nlp.linear import LinearModel, load_model
from nlp.patterns import Rules, matches, needed, parse
from nlp.pieces import Pieces
from nlp.prepared import Prepared, prepare
from nlp.retrieval import rank_entries
from nlp.tables import read_table
from nlp.unreadable import is_unreadable
from nlp.verdict import CAUTION, Study, study_text
from nlp.whole_messages import intent_of_whole

# Squeezed characters: a longer text is something passed on, not a wish in one's own words.
_HEARD, _HEARD_OF_OFFERS = 400, 150
_ASKED = 100  # a question about the service is shorter
_SURE = 5.5  # weight of signs that outweighs what a long text is
# Weights of the voices beside the signs, chosen on the authored messages with a model that had not seen them.
_MODEL = 0.4
_GUIDE, _UNLIKE = 3.0, 0.4  # of a likeness to the guide above this one
_OFFER, _MOST = 0.8, 1.5  # of the log-odds that the wording offers work, cut at this
_SUSPECT = 3.0  # where a verdict is due and something is named that only an offer names
_OF_OFFERS = ("money", "fee", "line_id", "telegram", "phone", "url", "bank_account", "promptpay")
_CONCERN = 4.0  # times the probability of a plea


class IntentSign(msgspec.Struct, frozen=True):
    """One `sign` of `lexicons/intents.toml`."""

    intent: str
    weight: float
    patterns: tuple[str, ...]


SIGNS = msgspec.convert(read_table("intents.toml")["sign"], tuple[IntentSign, ...])
_RULES = Rules((number, parse(source)) for number, sign in enumerate(SIGNS) for source in sign.patterns)


def recognise_intent(text: str) -> str:
    study = study_text(prepare(text))
    return intent_of(study, hear_crisis(study.prepared, study.wording))


def intent_of(study: Study, crisis: Crisis) -> str:
    """Whole-message words first, then danger, then what words, wording and the service guide together speak for."""
    prepared = study.prepared
    text = prepared.squeezed.text
    whole = intent_of_whole(text)
    if whole is not None:
        return whole
    if is_unreadable(prepared):
        return "unreadable"
    if crisis.level == "urgent":
        return "need_help"
    if len(text) > (_HEARD_OF_OFFERS if study.is_offer else _HEARD):
        return _of_long_text(study, crisis)
    odds = weigh(study, crisis)
    return max(odds, key=odds.__getitem__)


def weigh(study: Study, crisis: Crisis) -> dict[str, float]:
    """Intent → log-odds, from everything that speaks for it."""
    prepared = study.prepared
    odds = {intent: _MODEL * said for intent, said in intents_model().weigh(Pieces(prepared)).items()}
    for intent, weight in signs_in(prepared).items():
        odds[intent] += weight
    asks = len(prepared.squeezed.text) <= _ASKED
    if asks and (matched := rank_entries(prepared)):
        odds["service_question"] += _GUIDE * max(0.0, matched[0].likeness - _UNLIKE)
    odds["check_offer"] += _OFFER * max(-_MOST, min(study.wording.offer["offer"], _MOST))
    if study.score >= CAUTION and any(map(study.entities.get, _OF_OFFERS)):
        odds["check_offer"] += _SUSPECT
    if crisis.level == "concern":
        odds["need_help"] += _CONCERN * crisis.score
    return odds


def signs_in(prepared: Prepared) -> Mapping[str, float]:
    """Intent → the sum of the weights of its signs that stand in the text."""
    possible = _RULES.possible(prepared.names)
    events = prepared.events_of(needed(possible))
    found = {number for number, pattern in possible if next(matches(pattern, events), None)}
    total: dict[str, float] = {}
    for number in sorted(found):
        total[SIGNS[number].intent] = total.get(SIGNS[number].intent, 0.0) + SIGNS[number].weight
    return total


def _of_long_text(study: Study, crisis: Crisis) -> str:
    """A text that somebody passes on is asked about, unless it plainly tells on somebody or asks for help."""
    if signs_in(study.prepared).get("report", 0.0) >= _SURE and not study.frame.doubts:
        return "report"
    if study.is_offer:
        return "check_offer"
    if crisis.level != "none":
        return "need_help"
    return "check_offer" if study.frame.doubts or study.prepared.has("work") else "small_talk"


@cache
def intents_model() -> LinearModel:
    return load_model("intents")
