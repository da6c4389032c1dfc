"""The judgement of one text: what it is, what it names, what speaks against it, and whether somebody needs help."""

from nlp.classifier import MODEL, RULES
from nlp.distress import hear_crisis
from nlp.findings import Band as Band
from nlp.findings import Crisis as Crisis
from nlp.findings import CrisisLevel as CrisisLevel
from nlp.findings import Entity as Entity
from nlp.findings import Indicator as Indicator
from nlp.findings import Judgement as Judgement
from nlp.intents import intent_of
from nlp.prepared import prepare
from nlp.verdict import choose_band, study_text


def judge(text: str) -> Judgement:
    """Any text gets a judgement; the first 4,000 code points are looked at closely."""
    study = study_text(prepare(text))
    crisis = hear_crisis(study.prepared, study.wording)
    return Judgement(
        band=choose_band(study.score, offer=study.is_offer),
        score=study.score,
        indicators=study.indicators,
        entities=study.entities,
        crisis=crisis,
        intent=intent_of(study, crisis),
        rules=RULES,
        model=MODEL,
        squeezed=study.prepared.squeezed.text,
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
