"""Events that entities raise beside words, named with "@" in patterns: a pay that is high, an age under 18, a contact."""

from nlp.findings import Entity
from nlp.lexicon import Events
from nlp.prepared import Prepared

# Unskilled work pays about 400 baht a day and 10,000 to 15,000 a month; "high" starts at about twice that.
_HIGH = {"day": 1_000, "week": 5_000, "month": 25_000, "hour": 150, "year": 400_000}
_CURRENCIES_IN_BAHT = {"THB": 1.0, "USD": 33.0, "AUD": 21.5, "EUR": 37.0, "AED": 9.0, "MYR": 7.5, "HKD": 4.2, "TWD": 1.05, "CNY": 4.6, "MOP": 4.1, "BND": 25.0, "SAR": 8.8, "ILS": 9.0, "JPY": 0.22, "KRW": 0.024}  # fmt: skip
_ADULT = 18
_LANDLINE_LENGTH = 11  # "+66" and eight digits


def entity_events(prepared: Prepared, entities: dict[str, tuple[Entity, ...]]) -> Events:
    """Event name → squeezed spans."""
    found: Events = {}

    def note(name: str, entity: Entity) -> None:
        found.setdefault(name, []).append(prepared.squeezed_span(entity.start, entity.end))

    for key in ("line_id", "telegram", "fee", "money", "licence", "employer"):
        for entity in entities.get(key, ()):
            note("@" + key, entity)
    for entity in entities.get("money", ()):
        for name in _pay_events(entity):
            note(name, entity)
    for entity in entities.get("age", ()):
        if 0 < float(entity.detail.get("low", 0)) < _ADULT and entity.detail["kind"] == "asked":
            note("@age_minor", entity)
    for entity in entities.get("url", ()):
        if entity.detail.get("kind"):
            note("@official_url" if entity.detail["kind"] == "official" else "@shortener", entity)
    for entity in entities.get("phone", ()):
        if len(entity.value) == _LANDLINE_LENGTH and entity.value.startswith("+66"):
            note("@landline", entity)
    return found


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
