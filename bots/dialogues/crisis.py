"""When words say that somebody may be in danger: staff first, neutral words, numbers, no lecture."""

from typing import Literal

import msgspec

from bots.dialogues import money_sent, offer
from bots.dialogues.lesson_finding import button_of, plainly_asked
from bots.dialogues.numbers import freezing_bubble, is_abroad, may_have_paid, numbers_bubble
from bots.dialogues.numbers import known_kinds as known_kinds
from bots.dialogues.speech import LEAVE, content, move, text
from bots.dialogues.staff import in_fours, receipt_bubble
from bots.dialogues.what_now import ALONE, COMPANY, DO, now_bubble
from bots.dialogues.words import is_reply
from bots.engine.events import Event
from bots.engine.steps import CancelReferralEffect, Facts, Language, OpenReferralEffect, State, Step
from core.messages.content import Bubble, Content
from nlp.findings import Crisis

# The question whether one can write freely, or whether one is alone; then the way out, whom to call, and the way to
# take it back.
_CHOICES = {
    "urgent": ("c1:free", "c1:watched", LEAVE, DO, "c1:numbers", "c1:cancel"),
    "suicide": (ALONE, COMPANY, LEAVE, "c1:numbers", "c1:cancel"),
}
# In `data`: the receipt of a report that was opened for somebody in despair, to be told when they have answered.
_OWED = "owed"


def answer(state: State, event: Event, facts: Facts) -> Step | None:
    """Asked before anybody else, in every state."""
    crisis, standing = facts.crisis, facts.open_referral
    if crisis.level == "urgent":
        return _tell_staff(state, facts, "P0")
    if crisis.level != "concern" or event.kind not in {"text", "reading"} or is_reply(event.text):
        return None
    if standing is None:
        return offer_help(state, event, facts, crisis)
    # Staff are there already: they learn of it without being asked for again.
    return _tell_staff(state, facts, "P0" if standing.priority == "P0" else "P1")


def _tell_staff(state: State, facts: Facts, priority: Literal["P0", "P1"]) -> Step:
    """Open or raise where staff don't know yet: no referral, lower in the queue, or another kind of danger."""
    standing, known = facts.open_referral, known_kinds(state, facts)
    if standing is None or standing.priority > priority:
        return _call_staff(state, facts, priority)
    if known and known.issuperset(facts.crisis.kinds):
        return _still_there(state, facts)
    if standing.claimed:
        # In the midst of talking with somebody the whole script again would only stand between them.
        return msgspec.structs.replace(
            _still_there(state, facts), effects=(_telling(state, facts, priority),)
        )
    return _call_staff(state, facts, priority)


def _telling(state: State, facts: Facts, priority: Literal["P0", "P1"]) -> OpenReferralEffect:
    kinds = known_kinds(state, facts) | frozenset(facts.crisis.kinds)
    reason = "crisis_words" if facts.crisis.level == "urgent" else "concern_words"
    return OpenReferralEffect(
        priority, "crisis", kinds=tuple(sorted(kinds)), reasons=(reason,), receipt=facts.receipt
    )


def _call_staff(state: State, facts: Facts, priority: Literal["P0", "P1"]) -> Step:
    effect = _telling(state, facts, priority)
    abroad = is_abroad(facts.judgement) or bool(state.data.get("abroad"))
    script = "suicide" if "suicide" in facts.crisis.kinds else "urgent"
    language, later = state.language, script == "suicide"
    bubbles: list[Bubble] = [
        text(language, f"crisis.{script}.first" if facts.open_referral is None else f"crisis.{script}.more"),
        now_bubble(language, facts.crisis.kinds),
        numbers_bubble(
            language, f"crisis.{script}.numbers", facts.crisis.kinds or {"danger"}, facts, abroad=abroad
        ),
        *(() if later else receipt_bubble(state, facts)),
        text(language, f"crisis.{script}.ask"),
    ]
    owed = {_OWED: facts.receipt} if later and facts.receipt and facts.open_referral is None else {}
    told = move(state, "crisis", "told", kinds=sorted(effect.kinds), abroad=abroad, **owed)
    reply = content(language, *bubbles, choices=_CHOICES[script], sensitive=True)
    return Step(told, reply, effects=(effect,), crisis=True)


def with_receipt(before: State, facts: Facts, step: Step) -> Step:
    """Tell the receipt that nobody in despair was troubled with at once, behind the first answer to what they answered."""
    code = before.data.get(_OWED)
    over = facts.open_referral is None or any(isinstance(one, CancelReferralEffect) for one in step.effects)
    if not isinstance(code, str) or over or step.wanted or before.decoy or step.state.decoy:
        return step
    opened = before.data.get("opened", {})
    same_turn = isinstance(opened, dict) and opened.get("at") == facts.now.timestamp()
    reply, rest = step.reply, {name: value for name, value in step.state.data.items() if name != _OWED}
    if reply is None or same_turn or facts.crisis.level != "none" or step.state.dialogue == "cancelling":
        kept = msgspec.structs.replace(step.state, data={**rest, _OWED: code})
        return msgspec.structs.replace(step, state=kept)
    # A question stays the last thing said.
    *first, last = reply.bubbles
    number = text(before.language, "crisis.suicide.receipt", code=in_fours(code))
    bubbles = (*first, number, last) if step.state.dialogue == "intake" else (*first, last, number)
    told = msgspec.structs.replace(reply, bubbles=bubbles, sensitive=True)
    return msgspec.structs.replace(step, state=msgspec.structs.replace(step.state, data=rest), reply=told)


def _still_there(state: State, facts: Facts) -> Step:
    """Staff have it already: a short word, not the whole again."""
    claimed = facts.open_referral is not None and facts.open_referral.claimed
    script = "suicide" if "suicide" in facts.crisis.kinds else "urgent"
    keys = [f"crisis.{script}.again", "crisis.claimed" if claimed else "crisis.waiting"]
    reply = content(
        state.language,
        *(text(state.language, key) for key in keys),
        choices=(DO, "c1:numbers", "c1:cancel"),
        sensitive=True,
    )
    return Step(state, reply, crisis=True)


def offer_help(state: State, event: Event, facts: Facts, crisis: Crisis) -> Step:
    """Worrying words: offer, open nothing. An offer sent with them still gets its verdict."""
    language, abroad = state.language, is_abroad(facts.judgement)
    first: list[Bubble] = [text(language, "crisis.concern.offer")]
    if "suicide" in crisis.kinds:
        first = [
            text(language, "crisis.suicide.offer"),
            numbers_bubble(language, "crisis.suicide.numbers", {"suicide"}, facts, abroad=abroad),
        ]
    elif money_sent.is_all(event):
        first.insert(0, money_sent.whom_to_call(language, event, facts))
    elif may_have_paid(facts) or money_sent.is_told(event):
        first.insert(0, freezing_bubble(language, facts))
    answered = offer.follow_up(state, event, facts) if state.dialogue == "offer" else None
    if answered is not None and answered.reply is not None:
        return _behind(first, answered, answered.reply, crisis)
    if offer.is_offer(facts) and not money_sent.is_all(event):
        return offer.judge(state, event, facts, *first)
    worried = move(state, "plea", "concern", kinds=sorted(crisis.kinds), abroad=abroad)
    reply = content(language, *first, choices=("m1:staff", DO, "c1:numbers", "c1:fine"), sensitive=True)
    return Step(worried, _with_lesson(reply, language, event), crisis=True)


def _with_lesson(reply: Content, language: Language, event: Event) -> Content:
    """Words of worry may be a question that a lesson answers; it is offered behind the offer of help."""
    entry = plainly_asked(event)
    if not entry:
        return reply
    return msgspec.structs.replace(reply, choices=(*reply.choices, button_of(entry, language)))


def _behind(first: list[Bubble], answered: Step, reply: Content, crisis: Crisis) -> Step:
    """The advice that an answer to our question changes, behind the offer of help."""
    state = msgspec.structs.replace(
        answered.state, data={**answered.state.data, "kinds": sorted(crisis.kinds)}
    )
    told = msgspec.structs.replace(reply, bubbles=(*first, *reply.bubbles))
    return msgspec.structs.replace(answered, state=state, reply=told, crisis=True)
