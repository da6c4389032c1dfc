"""The verdict card of an offer: what to do first, then why, in the person's own words."""

from datetime import date
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

# An offer may name a dozen companies; the card shows what stands first.
MOST_FACTS = 4

OfferBand = Literal["danger", "caution", "unclear"]


def verdict_card(language: Language, event: Event, facts: Facts, judgement: Judgement) -> Card:
    """The card for a judged offer; `event.text` is the text that the spans count in."""
    band: OfferBand = judgement.band if judgement.band != "not_an_offer" else "unclear"
    return Card(
        band=band,
        title=copy().say(language, f"offer.{band}.title"),
        lead=copy().say(language, f"offer.{band}.lead"),
        quotes=quote_signs(event.text, judgement.indicators),
        facts=_known(language, event, facts),
        steps=advice(language, band, facts, money=asks_money(judgement), abroad=is_abroad(judgement)),
        buttons=buttons(language, *OFFER_BUTTONS),
    )


def _known(language: Language, event: Event, facts: Facts) -> tuple[str, ...]:
    """What the service knows beside the words: likes sent by others, confirmed handles, the licence register."""
    say, similar, known = copy().say, facts.similar or 0, facts.standing
    lines = [say(language, "offer.similar", count=similar)] if similar >= FEWEST_SIMILAR else []
    lines += [say(language, "offer.handle", handle=event.text[h.start : h.end]) for h in known.handles]
    for match in known.licences:
        key = "licence_expired" if match.expired else f"licence_{match.how}"
        lines.append(
            say(
                language,
                f"offer.{key}",
                number=match.number or match.claimed,
                company=match.company,
                day=_day(language, match.as_of),
            )
        )
    return tuple(lines[:MOST_FACTS])


def _day(language: Language, day: date) -> str:
    return f"{day.day}/{day.month}/{day.year + 543}" if language == "th" else f"{day:%d %b %Y}"


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
