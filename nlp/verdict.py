"""What a text is, and from its score to a band; no band says that an offer is fine."""

import msgspec

from nlp.classifier import BLEND, NO_OFFER, rule_odds, score_offer
from nlp.contexts import Frame, read_frame
from nlp.entities.everything import find_entities
from nlp.facts import entity_events
from nlp.findings import Band, Entity, Indicator
from nlp.indicators import find_credits, find_indicators, wording_sign
from nlp.lexicon import Events
from nlp.prepared import Prepared
from nlp.wording import Wording

# Set on the authored texts in cross-validation: caution where about one in ten genuine or other texts passes,
# danger where one in twenty-five does.
DANGER = 0.75
CAUTION = 0.42
# Rules that loud (0.8) are right nine times in ten on texts of others; no mild wording may silence them.
_LOUD = 1.4
# Log-odds by wording that a text offers work: below the last one nothing is an offer, however it sounds (that spares a
# third of the everyday messages flagged, and cost no lure of the hold-out).
_SURELY, _HARDLY, _NO_WORK = 0.0, -1.6, -1.0
_BELOW_CAUTION = CAUTION - 0.01
_WORTH_QUOTING = 0.4
_ENOUGH_SIGNS = 3  # as many as a card tells


class Study(msgspec.Struct, frozen=True):
    """Everything found in one text; signs are kept only when the text is an offer."""

    prepared: Prepared
    wording: Wording
    entities: dict[str, tuple[Entity, ...]]
    facts: Events
    frame: Frame
    indicators: tuple[Indicator, ...]
    score: float
    is_offer: bool


class RuleView(msgspec.Struct, frozen=True):
    """What the rules alone say: signs found, whether it is an offer, and the log-odds."""

    indicators: tuple[Indicator, ...]
    is_offer: bool
    odds: float


def study_text(prepared: Prepared) -> Study:
    entities = find_entities(prepared)
    facts = entity_events(prepared, entities)
    frame = read_frame(prepared, entities)
    rules = ask_rules(prepared, facts, frame)
    wording = Wording(prepared)
    says = wording.offer
    score = score_offer(says["deceptive"], rules.odds, offer=rules.is_offer, signs=bool(rules.indicators))
    if rules.odds >= _LOUD:
        score = max(score, CAUTION)
    elif says["offer"] < _NO_WORK and not rules.indicators:
        score = min(score, _BELOW_CAUTION)
    likely = says["offer"] >= (_HARDLY if rules.is_offer else _SURELY)
    offer = score >= CAUTION or likely or bool(rules.indicators)
    indicators = _shown(prepared, wording, rules, score) if offer else ()
    return Study(prepared, wording, entities, facts, frame, indicators, score, is_offer=offer)


def ask_rules(prepared: Prepared, facts: Events, frame: Frame) -> RuleView:
    if frame.speaks_about_offers:
        return RuleView((), is_offer=False, odds=NO_OFFER)
    indicators = find_indicators(prepared, facts)
    if not (indicators or _offers_work(prepared, frame, names_pay="@pay" in facts)):
        return RuleView((), is_offer=False, odds=NO_OFFER)
    return RuleView(indicators, is_offer=True, odds=rule_odds(indicators, find_credits(prepared, facts)))


def choose_band(score: float, *, offer: bool) -> Band:
    if not offer:
        return "not_an_offer"
    if score >= DANGER:
        return "danger"
    return "caution" if score >= CAUTION else "unclear"


def _shown(prepared: Prepared, wording: Wording, rules: RuleView, score: float) -> tuple[Indicator, ...]:
    """The rules' signs; where a flagged text has few, also the stretch that moved the model, last: words say more."""
    signs = rules.indicators
    moved = BLEND.offers.wording * wording.offer["deceptive"]
    if score < CAUTION or len(signs) >= _ENOUGH_SIGNS or (signs and moved < _WORTH_QUOTING):
        return signs
    span = wording.stretch()
    return signs if span is None else (*signs, wording_sign(prepared, span, round(moved, 4)))


def _offers_work(prepared: Prepared, frame: Frame, *, names_pay: bool) -> bool:
    """Whether a text without signs calls for people, names pay for work, or asks about work it describes."""
    if _calls_for_people(prepared) or (prepared.has("going_to_work") and frame.doubts):
        return True
    return (prepared.has("work") or prepared.has("recruit")) and (names_pay or frame.doubts)


def _calls_for_people(prepared: Prepared) -> bool:
    """Whether a word of recruiting stands that people don't also use of looking for work themselves."""
    spans = prepared.spans("recruit")
    weak = prepared.spans("weak_recruit")
    return len(spans) > len(weak) or (bool(spans) and prepared.has("own_voice") and prepared.has("work"))
