"""Events that entities raise beside words, named with "@" in patterns: a pay that is high, an age under 18, a contact."""

from nlp.entities.age import gender_limits
from nlp.findings import Entity
from nlp.lexicon import Events
from nlp.prepared import Prepared

# Unskilled work pays about 400 baht a day and 10,000 to 15,000 a month; "high" starts at about twice that.
_HIGH = {"day": 1_000, "week": 5_000, "month": 25_000, "hour": 150, "year": 400_000}
_CURRENCIES_IN_BAHT = {"THB": 1.0, "USD": 33.0, "AUD": 21.5, "EUR": 37.0, "AED": 9.0, "MYR": 7.5, "HKD": 4.2, "TWD": 1.05, "CNY": 4.6, "MOP": 4.1, "BND": 25.0, "SAR": 8.8, "ILS": 9.0, "JPY": 0.22, "KRW": 0.024}  # fmt: skip
_ADULT = 18
_PLAIN = frozenset({"line_id", "telegram", "fee", "licence", "employer"})
_LINKS = {
    "official": "@official_url",
    "shortener": "@shortener",
    "lookalike": "@lookalike_url",
    "punycode": "@punycode_url",
}
_LANDLINE_LENGTH = 11  # "+66" and eight digits


def entity_events(prepared: Prepared, entities: dict[str, tuple[Entity, ...]]) -> Events:
    """Event name → squeezed spans."""
    found: Events = {}
    for key, of_kind in entities.items():
        for entity in of_kind:
            for name in _events_of(key, entity):
                found.setdefault(name, []).append(prepared.squeezed_span(entity.start, entity.end))
    for limit in gender_limits(prepared):
        name = "@women_only" if limit.value == "female" else "@men_only"
        found.setdefault(name, []).append(prepared.squeezed_span(limit.start, limit.end))
    return found


def _events_of(key: str, entity: Entity) -> list[str]:
    if key in _PLAIN:
        return ["@" + key]
    if key == "money":
        return ["@money", *_pay_events(entity)]
    if key == "age":
        return ["@age_minor"] if _asks_for_minors(entity) else []
    if key == "url":
        return [_LINKS[str(entity.detail["kind"])]] if "kind" in entity.detail else []
    landline = key == "phone" and len(entity.value) == _LANDLINE_LENGTH and entity.value.startswith("+66")
    return ["@landline"] if landline else []


def _asks_for_minors(age: Entity) -> bool:
    return age.detail["kind"] == "asked" and 0 < float(age.detail.get("low", 0)) < _ADULT


def _pay_events(money: Entity) -> list[str]:
    period = str(money.detail.get("period", ""))
    amount = float(money.detail.get("amount_to", money.detail["amount"]))
    amount *= _CURRENCIES_IN_BAHT.get(str(money.detail["currency"]), 1.0)
    names = ["@pay"] if period or amount >= 3_000 else []
    if period in {"day", "week", "month", "piece"}:
        names.append(f"@pay_{period}")
    if amount >= _HIGH.get(period, _HIGH["month"]):
        names.append("@pay_high")
        if period in {"day", "week"}:
            names.append(f"@pay_{period}_high")
    return names
