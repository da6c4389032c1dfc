"""Checking an offer: the verdict, one question where the words don't decide, and what each button leads to."""

from collections.abc import Mapping
from functools import partial
from typing import Literal

from bots.copy import copy, whole_messages
from bots.dialogues.numbers import freezing_bubble, is_abroad, say_number
from bots.dialogues.speech import buttons, content, move, tell, text
from bots.dialogues.verdict import OFFER_BUTTONS, OfferBand, advice, asks_money, verdict_card
from bots.dialogues.words import as_whole_message
from bots.engine.advance import Answer
from bots.engine.events import Event
from bots.engine.steps import DoubtEffect, Facts, ScreeningEffect, State, Step
from core.messages.content import Bubble, Card
from nlp.judgement import Judgement
from referrals.directory.hotlines import hotline

Question = Literal["fee", "employer", "country"]
Reply = Literal["yes", "no", "unsure"]
QUESTIONS: tuple[Question, ...] = ("fee", "employer", "country")
REPLIES: tuple[Reply, ...] = ("yes", "no", "unsure")
# What the person answers about → the advice: the band that the answer speaks for.
_SPEAKS_FOR: Mapping[tuple[Question, Reply], OfferBand] = {
    ("fee", "yes"): "caution", ("fee", "no"): "unclear", ("fee", "unsure"): "caution",
    ("employer", "yes"): "unclear", ("employer", "no"): "caution", ("employer", "unsure"): "caution",
    ("country", "yes"): "unclear", ("country", "no"): "caution", ("country", "unsure"): "caution",
}  # fmt: skip


def is_offer(facts: Facts) -> bool:
    """Whether what was sent is an offer that deserves a verdict, whatever else was meant by it."""
    return facts.judgement is not None and facts.judgement.band in {"danger", "caution"}


def judge(state: State, event: Event, facts: Facts, *first: Bubble) -> Step:
    """The verdict on an offer, after what `first` says; where the words don't decide, one question."""
    judgement = facts.judgement
    if judgement is None:
        return invite(state, event, facts)
    if facts.similar is None and "similar" not in facts.fetched:
        return Step(state, wanted=frozenset({"similar"}))
    effects = (ScreeningEffect(judgement),)
    if judgement.band in {"danger", "caution"}:
        worries = sorted(facts.crisis.kinds) if facts.crisis.level == "concern" else []
        told = move(state, "offer", "told", band=judgement.band, abroad=is_abroad(judgement), kinds=worries)
        card = verdict_card(state.language, event, facts, judgement)
        return Step(
            told, content(state.language, *first, card, notice="verdict", sensitive=True), effects=effects
        )
    question = _open_question(judgement)
    asked = move(
        state, "offer", "asked", question=question, abroad=is_abroad(judgement), money=asks_money(judgement)
    )
    bubbles = (
        *first,
        *_undecided(state, event, facts, judgement),
        text(state.language, f"offer.ask.{question}"),
    )
    choices = tuple(f"o1:{question}.{reply}" for reply in REPLIES)
    return Step(
        asked,
        content(state.language, *bubbles, choices=choices, notice="verdict", sensitive=True),
        effects=effects,
    )


def _undecided(state: State, event: Event, facts: Facts, judgement: Judgement) -> tuple[Bubble, ...]:
    """A card where something can be quoted, else one line."""
    card = verdict_card(state.language, event, facts, judgement)
    return (card,) if card.quotes or card.facts else (text(state.language, "offer.cannot_tell"),)


def _open_question(judgement: Judgement) -> Question:
    """The first thing that the text leaves open."""
    said = judgement.entities
    if not said.get("fee"):
        return "fee"
    if not said.get("employer") and not said.get("licence"):
        return "employer"
    return "country"


def invite(state: State, _event: Event, _facts: Facts) -> Step:
    return tell(move(state), "offer.invite", choices=("m1:need", "m1:help"))


def follow_up(state: State, event: Event, facts: Facts) -> Step | None:
    """The answer to our question, typed instead of pressed; anything else is not for this dialogue."""
    question = state.data.get("question")
    if event.kind != "text" or state.step != "asked" or question not in QUESTIONS or _is_another(facts):
        return None
    reply = _typed_reply(question, event, facts)
    return None if reply is None else answer_question(question, reply, state, event, facts)


def _is_another(facts: Facts) -> bool:
    """The next offer names money and places too, and they answer nothing about the last one."""
    judgement = facts.judgement
    if judgement is None:
        return False
    return is_offer(facts) or (judgement.band == "unclear" and judgement.intent == "check_offer")


def _typed_reply(question: Question, event: Event, facts: Facts) -> Reply | None:
    code = whole_messages().get(as_whole_message(event.text), "")
    for reply in REPLIES:
        if code == f"answer.{reply}":
            return reply
    entities = facts.judgement.entities if facts.judgement else {}
    if question == "fee" and (entities.get("fee") or entities.get("money")):
        return "yes"
    if question == "employer" and entities.get("employer"):
        return "yes"
    if question == "country" and entities.get("place"):
        return "no" if is_abroad(facts.judgement) else "yes"
    return None


def answer_question(question: Question, reply: Reply, state: State, _event: Event, facts: Facts) -> Step:
    """Advice that the answer changes; as the person told it, not as we judged it."""
    language, band = state.language, _SPEAKS_FOR[question, reply]
    abroad = bool(state.data.get("abroad")) or (question == "country" and reply == "no")
    money = bool(state.data.get("money")) or (question == "fee" and reply == "yes")
    card = Card(
        band=band,
        title=copy().say(language, f"offer.{band}.title"),
        lead=copy().say(language, f"offer.after.{question}.{reply}"),
        steps=advice(language, band, facts, money=money, abroad=abroad),
        buttons=buttons(language, *OFFER_BUTTONS),
    )
    told = move(state, "offer", "told", band=band, abroad=abroad)
    return Step(told, content(language, card, notice="verdict", sensitive=True))


def offer_report(state: State, _event: Event, _facts: Facts) -> Step:
    return tell(state, "offer.report", choices=("s1:report",))


def take_report(state: State, _event: Event, facts: Facts) -> Step:
    """Somebody tells of something that happened, money perhaps already gone."""
    bubble = freezing_bubble(state.language, facts)
    reported = text(state.language, "offer.report")
    reply = content(state.language, reported, bubble, choices=("s1:report",), sensitive=True)
    return Step(move(state, "offer", "told", abroad=is_abroad(facts.judgement)), reply)


def warn_family(state: State, _event: Event, facts: Facts) -> Step:
    """A text to pass on, in a bubble of its own; it says nothing of who asked."""
    language = state.language
    number = say_number(language, hotline("1694"), facts)
    bubbles = (text(language, "offer.warn_intro"), text(language, "offer.warn_text", number=number))
    return Step(state, content(language, *bubbles, choices=("m1:check",)))


def take_doubt(state: State, _event: Event, _facts: Facts) -> Step:
    return tell(state, "offer.wrong", choices=("s1:report", "m1:check"), effects=(DoubtEffect(),))


PRESSES: Mapping[str, Answer] = {
    "m1:check": invite,
    "o1:report": offer_report,
    "o1:warn": warn_family,
    "o1:wrong": take_doubt,
    **{f"o1:{q}.{r}": partial(answer_question, q, r) for q in QUESTIONS for r in REPLIES},
}
