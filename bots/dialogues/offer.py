"""Checking an offer: the verdict, one question where the words don't decide, and what each button leads to."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import msgspec

from bots.copy import copy, whole_messages
from bots.dialogues import money_sent
from bots.dialogues.numbers import freezing_bubble, is_abroad
from bots.dialogues.offer_advice import Matter, advice, matters_of
from bots.dialogues.offer_question import (
    QUESTIONS,
    REPLIES,
    Question,
    Reply,
    Weighed,
    answer_in,
    matters_told,
    open_question,
    rejudge,
    weigh_as,
)
from bots.dialogues.quoting import LEARNED
from bots.dialogues.speech import buttons, content, move, tell, text
from bots.dialogues.verdict import OFFER_BUTTONS, verdict_card
from bots.dialogues.words import as_whole_message
from bots.engine.advance import Answer
from bots.engine.events import Event
from bots.engine.steps import DoubtEffect, Facts, ScreeningEffect, State, Step
from core.languages import in_language
from core.messages.content import Bubble, Button, Card
from nlp.findings import Judgement
from nlp.prepared import prepare
from referrals.directory.hotlines import hotline

# The score of an offer about which nothing is known, where a question is answered without one before it.
_UNKNOWN = 0.2
_OFFICIAL = "1694"
_FEW_WORDS = 40  # characters
_LONGEST_ANSWER = 120  # characters


def is_offer(facts: Facts) -> bool:
    """Whether what was sent is an offer that deserves a verdict, whatever else was meant by it."""
    return facts.judgement is not None and facts.judgement.band in {"danger", "caution"}


def only_looks_like_one(event: Event, facts: Facts) -> bool:
    """A word or two that no rule knows for an offer, only because they looked familiar to a model."""
    signs = facts.judgement.indicators if facts.judgement else ()
    return len(event.text) <= _FEW_WORDS and {sign.code for sign in signs} == {LEARNED}


def judge(state: State, event: Event, facts: Facts, *first: Bubble) -> Step:
    """The verdict on an offer, after what `first` says; where the words don't decide, one question."""
    judgement = facts.judgement
    if judgement is None:
        return invite(state, event, facts)
    if facts.similar is None and "similar" not in facts.fetched:
        return Step(state, wanted=frozenset({"similar"}))
    paid = money_sent.is_told(event)
    if paid and not first:
        first = (money_sent.call_first(state.language, facts),)
    effects = (ScreeningEffect(judgement),)
    card = verdict_card(state.language, event, facts, judgement, paid=paid)
    known = _known(event, facts, judgement)
    if judgement.band in {"danger", "caution"}:
        worries = sorted(facts.crisis.kinds) if facts.crisis.level == "concern" else []
        told = move(state, "offer", "told", band=judgement.band, kinds=worries, **known)
        reply = content(state.language, *first, card, notice="verdict", sensitive=True)
        return Step(told, reply, effects=effects)
    question = open_question(event.text, judgement)
    asked = move(state, "offer", "asked", question=question, **known)
    # What to do comes with the answer to the question.
    undecided = msgspec.structs.replace(card, steps=())
    reply = content(
        state.language,
        *first,
        undecided,
        text(state.language, f"offer.ask.{question}"),
        choices=tuple(f"o1:{question}.{reply}" for reply in REPLIES),
        notice="verdict",
        sensitive=True,
    )
    return Step(asked, reply, effects=effects)


def _known(event: Event, facts: Facts, judgement: Judgement) -> dict[str, Any]:
    """What the conversation remembers of an offer; of its words nothing."""
    matters = matters_of(judgement)
    known: dict[str, Any] = {
        "abroad": "abroad" in matters,
        "money": "money" in matters,
        "score": round(judgement.score, 3),
    }
    if facts.open_referral is None or event.kind != "text":
        # Staff don't have it: what is typed to them while a referral is open stands in its thread by itself.
        known["judged_at"] = facts.now.timestamp() if event.kind == "text" else 0.0
    return known


def invite(state: State, _event: Event, _facts: Facts) -> Step:
    return tell(move(state), "offer.invite", choices=("m1:need", "m1:help"))


def tell_none_found(state: State, _event: Event, _facts: Facts) -> Step:
    """There is no offer in it: said plainly, with what we can do instead."""
    return tell(move(state), "offer.none_found", choices=("m1:check", "m1:need"))


def follow_up(state: State, event: Event, facts: Facts) -> Step | None:
    """The answer to our question, typed instead of pressed; anything else is not for this dialogue."""
    if event.kind != "text" or _is_another(event, facts) or money_sent.is_told(event):
        return None
    answered = _typed_answer(state, event, facts) if state.step == "asked" else None
    if answered is None and _names_place_abroad(state, event, facts):
        answered = "country", "no"
    return None if answered is None else answer_question(*answered, state, event, facts)


def _is_another(event: Event, facts: Facts) -> bool:
    """The next offer names money and places too, and they answer nothing about the last one."""
    judgement = facts.judgement
    if judgement is None:
        return False
    if only_looks_like_one(event, facts):
        return False
    return is_offer(facts) or (judgement.band == "unclear" and judgement.intent == "check_offer")


def _typed_answer(state: State, event: Event, facts: Facts) -> tuple[Question, Reply] | None:
    question = state.data.get("question")
    if question not in QUESTIONS:
        return None
    code = whole_messages().get(as_whole_message(event.text), "")
    for reply in REPLIES:
        if code == f"answer.{reply}":
            return question, reply
    if facts.judgement is None or len(event.text) > _LONGEST_ANSWER:
        return None
    if question == "fee" and prepare(event.text).has("no_fee"):
        return question, "no"
    return answer_in(question, facts.judgement)


def _names_place_abroad(state: State, event: Event, facts: Facts) -> bool:
    """A place abroad, named only now, changes what was told before."""
    return (
        not state.data.get("abroad")
        and facts.open_referral is None
        and facts.intent in {"small_talk", "check_offer"}
        and len(event.text) <= _LONGEST_ANSWER
        and is_abroad(facts.judgement)
    )


def answer_question(question: Question, reply: Reply, state: State, _event: Event, facts: Facts) -> Step:
    """Judge again with the answer, and say what it changes; as the person told it, not as we found it."""
    language = state.language
    if state.dialogue != "offer":
        # An old button in the midst of something else, which remembers other things under the same names.
        state = move(state)
    answers = _answers(state) | {question: weigh_as(question, reply, facts.judgement)}
    band = rejudge(_score(state), answers)
    matters = _remembered(state) | matters_told(answers)
    card = Card(
        band=band,
        title=copy().say(language, f"offer.{band}.title"),
        lead=copy().say(language, f"offer.after.{question}.{reply}"),
        steps=advice(language, band, facts, matters),
        buttons=buttons(language, *OFFER_BUTTONS),
    )
    known: dict[str, Any] = {"abroad": "abroad" in matters, "money": "money" in matters, "answers": answers}
    known |= {key: state.data[key] for key in ("judged_at", "kinds", "score") if key in state.data}
    told = move(state, "offer", "told", band=band, **known)
    return Step(told, content(language, card, notice="verdict", sensitive=True))


def _answers(state: State) -> dict[Question, Weighed]:
    """What was answered about this offer so far."""
    found = state.data.get("answers")
    return dict(found) if isinstance(found, dict) else {}


def _score(state: State) -> float:
    score = state.data.get("score")
    return float(score) if isinstance(score, int | float) and 0 <= score <= 1 else _UNKNOWN


def _remembered(state: State) -> frozenset[Matter]:
    known: tuple[Matter, ...] = ("abroad", "money")
    return frozenset(matter for matter in known if state.data.get(matter))


def offer_report(state: State, _event: Event, _facts: Facts) -> Step:
    return tell(
        state, "offer.report_judged" if "judged_at" in state.data else "offer.report", choices=("s1:report",)
    )


def take_report(state: State, _event: Event, facts: Facts) -> Step:
    """Somebody tells of something that happened, money perhaps already gone."""
    bubble = freezing_bubble(state.language, facts)
    known = dict(state.data) if state.dialogue == "offer" else {}
    reported = text(state.language, "offer.report_judged" if "judged_at" in known else "offer.report")
    reply = content(state.language, reported, bubble, choices=("s1:report",), sensitive=True)
    known["abroad"] = bool(known.get("abroad")) or is_abroad(facts.judgement)
    return Step(move(state, "offer", "told", **known), reply)


def warn_family(state: State, _event: Event, _facts: Facts) -> Step:
    """A text to pass on, in a bubble of its own; it says nothing of who asked, and a press shares a short form."""
    language = state.language
    # Read by others on another day: nothing in it may hang on the hour.
    office = hotline(_OFFICIAL)
    number = copy().say(
        language, "numbers.without_hours", number=office.number, name=in_language(office.name, language)
    )
    bubbles = (text(language, "offer.warn_intro"), text(language, "offer.warn_text", number=number))
    said = content(language, *bubbles, choices=("m1:check",))
    about = next((matter for matter in ("abroad", "money") if state.data.get(matter)), "any")
    short = copy().say(language, f"offer.warn_short.{about}", number=_OFFICIAL)
    share = Button(copy().say(language, "offer.share"), share=short)
    return Step(state, msgspec.structs.replace(said, choices=(share, *said.choices)))


def take_doubt(state: State, _event: Event, _facts: Facts) -> Step:
    return tell(state, "offer.wrong", choices=("s1:report", "m1:check"), effects=(DoubtEffect(),))


PRESSES: Mapping[str, Answer] = {
    "m1:check": invite,
    "o1:report": offer_report,
    "o1:warn": warn_family,
    "o1:wrong": take_doubt,
    **{f"o1:{q}.{r}": partial(answer_question, q, r) for q in QUESTIONS for r in REPLIES},
}
