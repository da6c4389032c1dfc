"""What to do about an offer and whom to ask, by what it speaks of and by the hour."""

from collections.abc import Iterator, Mapping
from typing import Literal

from bots.copy import copy
from bots.dialogues.numbers import is_abroad, say_number
from bots.engine.steps import Facts, Language
from nlp.findings import Judgement
from referrals.directory.hotlines import hotline

OfferBand = Literal["danger", "caution", "unclear"]
Matter = Literal["minor", "account", "task", "money", "papers", "borrowed_name", "abroad"]
# More than this is not read by somebody in a hurry.
MOST_TO_DO = 3

# Signs (nlp/lexicons/indicators.toml) that make an offer a matter of its own.
SIGNS: Mapping[Matter, frozenset[str]] = {
    "minor": frozenset({"minors_wanted"}),
    "account": frozenset({"mule_account", "asks_id_or_bank_book"}),
    "task": frozenset({"like_task", "flight_click", "advance_task_money", "investment_job"}),
    "money": frozenset(
        {"pay_before_work", "broker_fee", "advance_task_money", "investment_job", "like_task", "mule_account"}
    ),
    "papers": frozenset({"papers_kept", "debt_deducted", "leaving_fine", "confinement"}),
    "borrowed_name": frozenset({"airline_borrowed", "retailer_borrowed", "official_home_work"}),
    "abroad": frozenset(
        {
            "scam_hub_place", "neighbour_country_work", "chat_admin_abroad", "tourist_visa", "natural_crossing",
            "no_papers_needed", "illegal_worker", "visa_promise", "free_travel_abroad", "lodging_abroad",
            "massage_abroad", "entertainment_abroad", "seasonal_farm_abroad", "farm_abroad_lure",
        }
    ),
}  # fmt: skip
_GENERAL: Mapping[OfferBand, tuple[str, ...]] = {
    "danger": ("name_it", "keep_id"),
    "caution": ("name_it", "pay_nothing"),
    "unclear": ("name_it", "pay_nothing"),
}
_SAYS_IT: Mapping[str, frozenset[Matter]] = {
    "name_it": frozenset({"abroad"}),
    "keep_id": frozenset({"account"}),
    "pay_nothing": frozenset({"money", "task"}),
}
_MONEY = ("fee", "bank_account", "promptpay")


def matters_of(judgement: Judgement) -> frozenset[Matter]:
    """What an offer is about, by its signs and by what it names."""
    codes = {sign.code for sign in judgement.indicators if sign.weight > 0}
    matters = {matter for matter, signs in SIGNS.items() if not signs.isdisjoint(codes)}
    if any(judgement.entities.get(key) for key in _MONEY):
        matters.add("money")
    if is_abroad(judgement):
        matters.add("abroad")
    return frozenset(matters)


def advice(
    language: Language, band: OfferBand, facts: Facts, matters: frozenset[Matter], *, paid: bool = False
) -> tuple[str, ...]:
    """What to do now, then whom to call; where to check it officially stands last. `paid`: 1441 was told before."""
    calls = _calls(language, band, facts, matters - ({"money"} if paid else frozenset()))
    return (*_to_do(language, band, matters), *calls)


def _to_do(language: Language, band: OfferBand, matters: frozenset[Matter]) -> tuple[str, ...]:
    """What is special to this offer, then what goes for any, unless the former says it already."""
    special = [matter for matter in SIGNS if matter in matters][: MOST_TO_DO - 1]
    general = [step for step in _GENERAL[band] if _SAYS_IT[step].isdisjoint(special)]
    return tuple(copy().say(language, f"offer.do.{step}") for step in (*special, *general))[:MOST_TO_DO]


def _calls(language: Language, band: OfferBand, facts: Facts, matters: frozenset[Matter]) -> Iterator[str]:
    if "money" in matters:
        yield _call(language, "money_sent", "1441", facts)
    if "minor" in matters:
        yield _call(language, "minor", "1300", facts)
    if "abroad" in matters:
        yield _call(language, "gone_abroad", "02-572-8442", facts)
    elif band == "danger" and "minor" not in matters:
        yield _call(language, "in_trouble", "1300", facts)
    yield _call(language, "licensed" if "abroad" in matters else "official", "1694", facts)


def _call(language: Language, need: str, number: str, facts: Facts) -> str:
    return copy().say(language, f"offer.call.{need}", number=say_number(language, hotline(number), facts))
