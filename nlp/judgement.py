"""The judgement of one text: what it is, what it names, what speaks against it, and whether somebody needs help."""

from nlp.classifier import MODEL, RULES, score_offer, score_other
from nlp.contexts import read_frame
from nlp.crisis import crisis_in
from nlp.entities.everything import find_entities
from nlp.facts import entity_events
from nlp.findings import Band as Band
from nlp.findings import Crisis as Crisis
from nlp.findings import CrisisLevel as CrisisLevel
from nlp.findings import Entity as Entity
from nlp.findings import Indicator as Indicator
from nlp.findings import Judgement as Judgement
from nlp.indicators import find_credits, find_indicators
from nlp.intents import intent_of
from nlp.prepared import prepare
from nlp.verdict import choose_band, is_offer


def judge(text: str) -> Judgement:
    """Any text gets a judgement; the first 4,000 code points are looked at closely."""
    prepared = prepare(text)
    entities = find_entities(prepared)
    events = prepared.events | entity_events(prepared, entities)
    frame = read_frame(prepared, entities)
    indicators = () if frame.speaks_about_offers else find_indicators(prepared, events)
    offer = is_offer(prepared, frame, indicators, names_pay="@pay" in events)
    crisis = crisis_in(prepared)
    score = score_offer(indicators, find_credits(events)) if offer else score_other()
    return Judgement(
        band=choose_band(score, offer=offer),
        score=score,
        indicators=indicators if offer else (),
        entities=entities,
        crisis=crisis,
        intent=intent_of(prepared, frame, crisis, offer=offer),
        rules=RULES,
        model=MODEL,
    )


def to_jsonable(text_id: str, judgement: Judgement) -> dict[str, object]:
    """The line that `rootan screen --jsonl` writes for one text."""
    return {
        "id": text_id,
        "band": judgement.band,
        "score": judgement.score,
        "indicators": [
            {
                "code": sign.code,
                "weight": sign.weight,
                "start": sign.start,
                "end": sign.end,
                "evidence": sign.evidence,
            }
            for sign in judgement.indicators
        ],
        "entities": {key: [_entity(entity) for entity in found] for key, found in judgement.entities.items()},
        "crisis": {
            "level": judgement.crisis.level,
            "kinds": list(judgement.crisis.kinds),
            "score": judgement.crisis.score,
        },
        "intent": judgement.intent,
        "rules": judgement.rules,
        "model": judgement.model,
    }


def _entity(entity: Entity) -> dict[str, object]:
    return {"value": entity.value, "start": entity.start, "end": entity.end, **entity.detail}
