"""The verdict card of an offer: what to do first, then why, in the person's own words."""

from typing import Literal

from bots.copy import copy
from bots.dialogues.numbers import is_abroad, say_number
from bots.dialogues.quoting import quote_signs
from bots.dialogues.speech import buttons
from bots.engine.events import Event
from bots.engine.steps import Facts, Language
from core.messages.content import Card
from nlp.judgement import Judgement
from referrals.directory.hotlines import hotline

OFFER_BUTTONS = ("o1:report", "m1:staff", "o1:warn", "o1:wrong")
# Fewer people than this are not told of: a small number could point at somebody.
FEWEST_SIMILAR = 3

OfferBand = Literal["danger", "caution", "unclear"]


def verdict_card(language: Language, event: Event, facts: Facts, judgement: Judgement) -> Card:
    """The card for a judged offer; `event.text` is the text that the spans count in."""
    band: OfferBand = judgement.band if judgement.band != "not_an_offer" else "unclear"
    similar = facts.similar or 0
    return Card(
        band=band,
        title=copy().say(language, f"offer.{band}.title"),
        lead=copy().say(language, f"offer.{band}.lead"),
        quotes=quote_signs(event.text, judgement.indicators),
        facts=(copy().say(language, "offer.similar", count=similar),) if similar >= FEWEST_SIMILAR else (),
        steps=advice(language, band, facts, money=asks_money(judgement), abroad=is_abroad(judgement)),
        buttons=buttons(language, *OFFER_BUTTONS),
    )


def advice(
    language: Language, band: OfferBand, facts: Facts, *, money: bool, abroad: bool
) -> tuple[str, ...]:
    """What to do next and whom to ask, by context and hour."""
    steps = list(copy().lines(language, f"offer.{band}.steps"))
    if money:
        steps.append(
            copy().say(language, "offer.money_sent", number=say_number(language, hotline("1441"), facts))
        )
    if abroad:
        consul = hotline("02-572-8442")
        steps.append(copy().say(language, "offer.gone_abroad", number=say_number(language, consul, facts)))
    elif band == "danger":
        steps.append(
            copy().say(language, "offer.in_trouble", number=say_number(language, hotline("1300"), facts))
        )
    steps.append(copy().say(language, "offer.official", number=say_number(language, hotline("1694"), facts)))
    return tuple(steps)


def asks_money(judgement: Judgement) -> bool:
    """Whether the offer speaks of money to be paid or names an account."""
    return any(judgement.entities.get(key) for key in ("fee", "bank_account", "promptpay"))
