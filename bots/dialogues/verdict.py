"""The verdict card of an offer: what to do first, then why, in the person's own words."""

from collections.abc import Iterator
from datetime import date

from bots.copy import copy
from bots.dialogues.offer_advice import OfferBand, advice, matters_of
from bots.dialogues.quoting import quote_signs
from bots.dialogues.speech import buttons
from bots.engine.events import Event
from bots.engine.steps import Facts, Language
from core.messages.content import Card
from nlp.findings import Judgement
from screening.standing import LicenceMatch

OFFER_BUTTONS = ("o1:report", "m1:staff", "o1:warn", "o1:wrong")
# Fewer people than this are not told of: a small number could point at somebody.
FEWEST_SIMILAR = 3

# An offer may name a dozen companies; the card shows what stands first.
MOST_FACTS = 4


def verdict_card(
    language: Language, event: Event, facts: Facts, judgement: Judgement, *, paid: bool = False
) -> Card:
    """The card for a judged offer; `event.text` is the text that the spans count in. `paid`: 1441 was told before."""
    band: OfferBand = judgement.band if judgement.band != "not_an_offer" else "unclear"
    quotes = quote_signs(event.text, judgement.indicators, copy().say(language, "offer.unnamed_reason"))
    known = tuple(_known(language, event, facts))[:MOST_FACTS]
    as_a_whole = () if quotes or known or band == "unclear" else (copy().say(language, "offer.as_a_whole"),)
    return Card(
        band=band,
        title=copy().say(language, f"offer.{band}.title"),
        lead=copy().say(language, f"offer.{band}.lead"),
        quotes=quotes,
        facts=(*as_a_whole, *known),
        steps=advice(language, band, facts, matters_of(judgement), paid=paid),
        buttons=buttons(language, *OFFER_BUTTONS),
    )


def _known(language: Language, event: Event, facts: Facts) -> Iterator[str]:
    """What the service knows beside the words: likes sent by others, confirmed handles, the licence register."""
    say, similar, known = copy().say, facts.similar or 0, facts.standing
    if similar >= FEWEST_SIMILAR:
        yield say(language, "offer.similar", count=similar)
    for named in known.handles:
        yield say(language, "offer.handle", handle=event.text[named.start : named.end])
    for match in known.licences:
        yield _of_register(language, match)


def _of_register(language: Language, match: LicenceMatch) -> str:
    key = "licence_expired" if match.expired else f"licence_{match.how}"
    number, day = match.number or match.claimed, _day(language, match.as_of)
    return copy().say(language, f"offer.{key}", number=number, company=match.company, day=day)


def _day(language: Language, day: date) -> str:
    return f"{day.day}/{day.month}/{day.year + 543}" if language == "th" else f"{day:%d %b %Y}"
