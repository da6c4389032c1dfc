"""What the page answers to one text: the chat's own card and question, help first where somebody may need it.

Pure, as the dialogues are. Unlike the chat nobody is told: there is no account here that staff could answer.
"""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from app.public.dialling import Call, calls_for, calls_named
from app.public.languages import other_script
from app.public.marking import Piece, mark_signs
from app.public.words import say
from bots.copy import copy
from bots.dialogues import offer, offer_question, picture
from bots.dialogues.numbers import is_abroad, may_have_paid
from bots.dialogues.plea import GENERAL_KINDS
from bots.dialogues.quoting import clean
from bots.dialogues.verdict import verdict_card
from bots.engine.events import Event
from bots.engine.steps import Facts, Language, State, Step
from core.messages.content import Bubble, Card, Text
from nlp.findings import Crisis, Indicator, Judgement
from nlp.normalize import LIMIT
from screening.standing import Standing

# For readers of other scripts: 1694 has interpreters, 1155 speaks English.
_FOR_OTHER_READERS = ("1694", "1155", "1300")
_NO_CRISIS = Crisis("none", (), 0.0)
_NO_EVENT = Event(kind="press")
_HELP_INTROS = {"suicide": "crisis.suicide.numbers", "urgent": "crisis.urgent.numbers"}


class Numbers(msgspec.Struct, frozen=True):
    """Whom to call, and what for."""

    intro: str
    calls: tuple[Call, ...]


class Help(msgspec.Struct, frozen=True):
    """What somebody reads first who may be in danger."""

    lead: str
    numbers: tuple[Numbers, ...]


class Question(msgspec.Struct, frozen=True):
    """The one question that would decide; `choices` are codes and labels."""

    saying: str
    choices: tuple[tuple[str, str], ...]
    abroad: bool
    money: bool


class Result(msgspec.Struct, frozen=True):
    """All that the page shows of one text, in this order."""

    help: Help | None = None
    bubbles: tuple[Bubble, ...] = ()
    question: Question | None = None
    numbers: Numbers | None = None
    pieces: tuple[Piece, ...] = ()
    only_beginning: bool = False
    # To be passed on to the family.
    warning: str = ""
    # The script of a text that we don't read.
    script: str = ""
    notes: tuple[str, ...] = ()


def answer_text(
    language: Language,
    text: str,
    judgement: Judgement,
    *,
    now: datetime,
    standing: Standing | None,
    in_picture: bool = False,
    notes: tuple[str, ...] = (),
) -> Result:
    """Answer one judged text; `in_picture` where all of it was read there. `now` in Bangkok.

    `standing` is what the service knows of the offer beside its words; None where it was not looked up.
    """
    facts = Facts(
        now=now,
        crisis=judgement.crisis,
        intent=judgement.intent,
        judgement=judgement,
        similar=None if standing is None else standing.similar,
        standing=standing or Standing(),
        fetched=frozenset({"similar"}),
    )
    event = Event(kind="reading" if in_picture else "text", text=text)
    shown = Result(notes=notes, help=_help(language, facts, judgement))
    if judgement.crisis.level != "none" and not _is_offer_with_worry(facts, judgement):
        return shown
    step = _step(language, event, facts, judgement)
    if step is not None:
        return _with_step(shown, step, language, event, facts, judgement)
    return _without_offer(shown, text, language, facts)


def _is_offer_with_worry(facts: Facts, judgement: Judgement) -> bool:
    """As in the chat: what may be urgent is answered with help alone."""
    return judgement.crisis.level == "concern" and offer.is_offer(facts)


def _help(language: Language, facts: Facts, judgement: Judgement) -> Help | None:
    crisis = judgement.crisis
    if crisis.level == "none":
        return None
    kinds = frozenset(crisis.kinds) or frozenset({"danger"})
    script = "suicide" if "suicide" in kinds else crisis.level
    intro = _HELP_INTROS.get(script, "crisis.numbers")
    numbers = [_numbers(language, copy().say(language, intro), kinds, facts)]
    if crisis.level == "concern" and may_have_paid(facts):
        # An account can be frozen only while the money is still there.
        numbers.insert(0, _to_freeze(language, facts))
    return Help(say(language, f"help.{script}"), tuple(numbers))


def _numbers(language: Language, intro: str, kinds: frozenset[str], facts: Facts) -> Numbers:
    abroad = is_abroad(facts.judgement)
    return Numbers(intro, calls_for(kinds, abroad=abroad, now=facts.now, language=language))


def _to_freeze(language: Language, facts: Facts) -> Numbers:
    intro = copy().say(language, "offer.report_numbers")
    return _numbers(language, intro, frozenset({"money_sent"}), facts)


def _step(language: Language, event: Event, facts: Facts, judgement: Judgement) -> Step | None:
    """The chat's own step where it has something to say of an offer or of a picture."""
    state = State(language=language)
    if offer.is_offer(facts) or judgement.band == "unclear":
        return offer.judge(state, event, facts)
    if event.kind == "reading" and not other_script(event.text):
        return picture.answer_reading(state, event, facts)
    return None


def _with_step(
    shown: Result, step: Step, language: Language, event: Event, facts: Facts, judgement: Judgement
) -> Result:
    bubbles = step.reply.bubbles if step.reply else ()
    question = None
    if step.state.step == "asked" and isinstance(asked := bubbles[-1], Text):
        question = _question(step, asked)
        bubbles = (verdict_card(language, event, facts, judgement),)
    signs = _told_signs(bubbles, judgement)
    return msgspec.structs.replace(
        shown,
        bubbles=bubbles,
        question=question,
        pieces=mark_signs(event.text, signs) if signs else (),
        only_beginning=len(event.text) > LIMIT,
        warning=_warning(language, event, facts) if offer.is_offer(facts) else "",
        script=other_script(event.text),
    )


def _told_signs(bubbles: tuple[Bubble, ...], judgement: Judgement) -> list[Indicator]:
    """The signs of which the card tells: a marked word without its reason would only frighten.

    A sign that has no reason of its own is told where its words are quoted.
    """
    quotes = [quote for bubble in bubbles if isinstance(bubble, Card) for quote in bubble.quotes]
    reasons = {why for quote in quotes for why in quote.why.splitlines()}
    return [
        sign
        for sign in judgement.indicators
        if sign.reason in reasons
        or (not sign.reason and any(clean(sign.evidence) in quote.words for quote in quotes))
    ]


def _question(step: Step, asked: Text) -> Question:
    choices = step.reply.choices if step.reply else ()
    return Question(
        saying=asked.text,
        choices=tuple((c.data.partition(":")[2], c.label) for c in choices if c.data.startswith("o1:")),
        abroad=bool(step.state.data.get("abroad")),
        money=bool(step.state.data.get("money")),
    )


def _warning(language: Language, event: Event, facts: Facts) -> str:
    step = offer.warn_family(State(language=language), event, facts)
    last = step.reply.bubbles[-1] if step.reply else None
    return last.text if isinstance(last, Text) else ""


def _without_offer(shown: Result, text: str, language: Language, facts: Facts) -> Result:
    script = other_script(text)
    if script:
        calls = calls_named(_FOR_OTHER_READERS, now=facts.now, language=language)
        return msgspec.structs.replace(shown, script=script, numbers=Numbers("", calls))
    if may_have_paid(facts):
        return msgspec.structs.replace(shown, numbers=_to_freeze(language, facts))
    if facts.intent in {"report", "need_help"}:
        numbers = _numbers(language, say(language, "numbers_more"), GENERAL_KINDS, facts)
        return msgspec.structs.replace(shown, numbers=numbers)
    return msgspec.structs.replace(shown, bubbles=(Text(copy().say(language, "offer.none_found")),))


def answer_reply(
    language: Language,
    question: offer_question.Question,
    reply: offer_question.Reply,
    data: Mapping[str, bool],
    now: datetime,
) -> Result:
    """The advice after our question was answered; no text is needed for it."""
    state = State(language=language, data=dict(data))
    facts = Facts(now=now, crisis=_NO_CRISIS)
    step = offer.answer_question(question, reply, state, _NO_EVENT, facts)
    return Result(bubbles=step.reply.bubbles if step.reply else ())


def say_problem(language: Language, number: int, of: int, problem: str) -> str:
    """Why a picture could not be read, with its number where there are several."""
    why = copy().say(language, f"picture.{problem}")
    return why if of == 1 else f"{say(language, 'picture_number', number=number)}: {why}"
