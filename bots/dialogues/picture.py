"""Pictures: read first without a word, then judged by what they say, or said plainly why not."""

import regex

from bots.copy import copy
from bots.dialogues import crisis, evidence, offer
from bots.dialogues.quoting import shorten
from bots.dialogues.speech import buttons, content, move, tell
from bots.engine.events import Event
from bots.engine.steps import Facts, ReadPictureEffect, State, Step, TypingEffect
from core.messages.content import Card, Quote

_LETTERS = regex.compile(r"\p{L}")
# Fewer letters than this beside the links are no announcement.
_FEWEST_LETTERS = 12
_MOST_LINKS = 3


def receive(state: State, event: Event, facts: Facts) -> Step:
    """Keep it where there is a report; else start reading, and the answer comes with the reading."""
    return evidence.receive(state, event, facts) or Step(state, effects=(TypingEffect(), ReadPictureEffect()))


def answer_reading(state: State, event: Event, facts: Facts) -> Step:
    """Judge what the picture says. `event.text` holds its words and what its QR codes carry."""
    if facts.open_referral is not None and not offer.is_offer(facts):
        # It was acknowledged when it came, and staff see it themselves.
        return Step(state)
    if event.problem:
        return tell(state, f"picture.{event.problem}", choices=("m1:check",))
    if facts.judgement is not None and facts.judgement.crisis.level != "none":
        # Whose words a picture shows is not known: help is offered, nothing opened.
        return crisis.offer_help(state, event, facts, facts.judgement.crisis)
    links = _links(facts)
    if links and _letters_beside_links(event, facts) < _FEWEST_LETTERS:
        return _tell_links(state, links)
    if len(_LETTERS.findall(event.text[:400])) < _FEWEST_LETTERS or facts.judgement is None:
        return tell(state, "picture.no_words", choices=("m1:check",))
    if facts.judgement.band == "not_an_offer":
        return tell(move(state), "picture.not_an_offer", choices=("m1:check", "m1:need"))
    return offer.judge(state, event, facts)


def _links(facts: Facts) -> tuple[str, ...]:
    found = facts.judgement.entities.get("url", ()) if facts.judgement else ()
    return tuple(dict.fromkeys(link.value for link in found))[:_MOST_LINKS]


def _letters_beside_links(event: Event, facts: Facts) -> int:
    text = event.text[:4_000]
    for link in facts.judgement.entities.get("url", ()) if facts.judgement else ():
        text = text[: link.start] + " " * (link.end - link.start) + text[link.end :]
    return len(_LETTERS.findall(text))


def _tell_links(state: State, links: tuple[str, ...]) -> Step:
    """On a card, where platforms don't make the link pressable."""
    language = state.language
    card = Card(
        band="neutral",
        title=copy().say(language, "picture.link_title"),
        lead=copy().say(language, "picture.link_lead"),
        quotes=tuple(Quote(shorten(link), copy().say(language, "picture.link_why")) for link in links),
        steps=copy().lines(language, "picture.link_steps"),
        buttons=buttons(language, "m1:check", "m1:staff"),
    )
    return Step(move(state), content(language, card, notice="verdict", sensitive=True))
