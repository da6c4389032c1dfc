"""All entities of a text, in the vocabulary of the contracts."""

from nlp.entities import (
    age,
    bank_account,
    email,
    employer,
    facebook,
    fee,
    licence,
    line_id,
    money,
    phone,
    place,
    promptpay,
    spoken_money,
    telegram,
    url,
)
from nlp.findings import Entity
from nlp.prepared import Prepared, prepare

_FINDERS = {
    "line_id": line_id.find,
    "telegram": telegram.find,
    "facebook": facebook.find,
    "phone": phone.find,
    "url": url.find,
    "email": email.find,
    "bank_account": bank_account.find,
    "promptpay": promptpay.find,
    "money": money.find,
    "place": place.find,
    "employer": employer.find,
    "licence": licence.find,
    "age": age.find,
}


def find_entities(prepared: Prepared) -> dict[str, tuple[Entity, ...]]:
    """Key → entities in order of appearance; keys without any are left out."""
    found = {key: find(prepared) for key, find in _FINDERS.items()}
    found["phone"] = _outside(found["phone"], [*found["bank_account"], *found["promptpay"]])
    found["url"] = _outside(found["url"], found["email"])
    found["bank_account"] = _outside(found["bank_account"], found["promptpay"])
    taken = [
        entity
        for key in ("phone", "bank_account", "promptpay", "line_id", "url", "licence", "age")
        for entity in found[key]
    ]
    found["money"] = _outside(found["money"] + spoken_money.find(prepared), taken)
    found["fee"] = fee.find(prepared, found["money"])
    return {key: _distinct(entities) for key, entities in found.items() if entities}


def _outside(entities: list[Entity], taken: list[Entity]) -> list[Entity]:
    return [
        entity
        for entity in entities
        if not any(entity.start < other.end and other.start < entity.end for other in taken)
    ]


def _distinct(entities: list[Entity]) -> tuple[Entity, ...]:
    """Ordered, one for each place in the text."""
    kept: list[Entity] = []
    for entity in sorted(entities, key=lambda entity: (entity.start, -entity.end)):
        if not kept or entity.start >= kept[-1].end:
            kept.append(entity)
    return tuple(kept)


def entities_in(text: str) -> dict[str, tuple[Entity, ...]]:
    """All entities of a text as given."""
    return find_entities(prepare(text))
