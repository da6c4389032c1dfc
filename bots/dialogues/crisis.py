"""When words say that somebody may be in danger: staff first, neutral words, numbers, no lecture."""

from collections.abc import Mapping
from typing import Literal

from bots.copy import whole_messages
from bots.dialogues import offer
from bots.dialogues.numbers import is_abroad, numbers_bubble
from bots.dialogues.speech import content, move, tell, text
from bots.dialogues.staff import open_for_asking, receipt_bubble
from bots.dialogues.words import as_whole_message
from bots.engine.advance import Answer
from bots.engine.events import Event
from bots.engine.steps import CancelReferralEffect, Facts, OpenReferralEffect, State, Step
from core.messages.content import Bubble
from nlp.judgement import Crisis

# Shown to somebody who asks for numbers without having said what for.
GENERAL_KINDS = frozenset({"danger", "trafficking", "suicide", "money_sent"})
_YES, _NO = frozenset({"answer.yes", "answer.agree"}), frozenset({"answer.no"})
_CALLS_FOR_STAFF = ("c1:free", "c1:watched", "c1:numbers", "c1:cancel")


def answer(state: State, event: Event, facts: Facts) -> Step | None:
    """Asked before anybody else, in every state."""
    crisis, standing = facts.crisis, facts.open_referral
    if crisis.level == "urgent":
        return _tell_staff(state, facts, "P0")
    if crisis.level != "concern" or event.kind not in {"text", "reading"}:
        return None
    if standing is None:
        return offer_help(state, event, facts, crisis)
    # Staff are there already: they learn of it without being asked for again.
    return _tell_staff(state, facts, "P0" if standing.priority == "P0" else "P1")


def _tell_staff(state: State, facts: Facts, priority: Literal["P0", "P1"]) -> Step:
    """Open or raise where staff don't know yet: no referral, lower in the queue, or another kind of danger."""
    standing, known = facts.open_referral, _known_kinds(state, facts)
    if standing and standing.priority <= priority and known and known.issuperset(facts.crisis.kinds):
        return _still_there(state, facts)
    return _call_staff(state, facts, priority)


def _known_kinds(state: State, facts: Facts) -> frozenset[str]:
    remembered = state.data.get("kinds", ()) if state.dialogue in {"crisis", "staff"} else ()
    standing = facts.open_referral
    return frozenset(str(kind) for kind in remembered) | frozenset(standing.kinds if standing else ())


def _call_staff(state: State, facts: Facts, priority: Literal["P0", "P1"]) -> Step:
    kinds = _known_kinds(state, facts) | frozenset(facts.crisis.kinds)
    abroad = is_abroad(facts.judgement) or bool(state.data.get("abroad"))
    reason = "crisis_words" if facts.crisis.level == "urgent" else "concern_words"
    effect = OpenReferralEffect(
        priority, "crisis", kinds=tuple(sorted(kinds)), reasons=(reason,), receipt=facts.receipt
    )
    script = "suicide" if "suicide" in facts.crisis.kinds else "urgent"
    language = state.language
    bubbles: list[Bubble] = [
        text(language, f"crisis.{script}.first" if facts.open_referral is None else f"crisis.{script}.more"),
        numbers_bubble(language, f"crisis.{script}.numbers", kinds or {"danger"}, facts, abroad=abroad),
        *receipt_bubble(state, facts),
    ]
    told = move(state, "crisis", "told", kinds=sorted(kinds), abroad=abroad)
    reply = content(language, *bubbles, choices=_CALLS_FOR_STAFF, sensitive=True)
    return Step(told, reply, effects=(effect,), crisis=True)


def _still_there(state: State, facts: Facts) -> Step:
    """Staff have it already: a short word, not the whole again."""
    claimed = facts.open_referral is not None and facts.open_referral.claimed
    script = "suicide" if "suicide" in facts.crisis.kinds else "urgent"
    keys = [f"crisis.{script}.again", "crisis.claimed" if claimed else "crisis.waiting"]
    reply = content(
        state.language,
        *(text(state.language, key) for key in keys),
        choices=("c1:numbers", "c1:cancel"),
        sensitive=True,
    )
    return Step(state, reply, crisis=True)


def offer_help(state: State, event: Event, facts: Facts, crisis: Crisis) -> Step:
    """Worrying words: offer, open nothing. An offer sent with them still gets its verdict."""
    script = "suicide" if "suicide" in crisis.kinds else "concern"
    first = text(state.language, f"crisis.{script}.offer")
    if offer.is_offer(facts):
        return offer.judge(state, event, facts, first)
    worried = move(state, "crisis", "concern", kinds=sorted(crisis.kinds), abroad=is_abroad(facts.judgement))
    reply = content(state.language, first, choices=("m1:staff", "c1:numbers", "c1:fine"), sensitive=True)
    return Step(worried, reply, crisis=True)


def follow_up(state: State, event: Event, facts: Facts) -> Step | None:
    """Yes and no to what we asked; and after a plea without a crisis word, what is told leads to a person."""
    if event.kind != "text":
        return None
    said = whole_messages().get(as_whole_message(event.text), "")
    if state.step == "cancelling" and said in _YES | _NO:
        return (cancel if said in _YES else keep)(state, event, facts)
    if facts.open_referral is not None or state.step not in {"asked", "concern"} or offer.is_offer(facts):
        return None
    if state.step == "concern" and said in _YES | _NO:
        return (open_for_asking if said in _YES else accept_no)(state, event, facts)
    if said:
        return None
    if facts.intent in {"thanks", "talk_to_staff", "case_status", "stop", "service_question", "check_offer"}:
        return None
    return tell(state, "crisis.told", choices=("m1:staff", "c1:numbers"), sensitive=True)


def ask_what_happened(state: State, _event: Event, facts: Facts) -> Step:
    """Somebody asks for help and hasn't said what for."""
    if facts.open_referral is not None:
        key = "crisis.claimed" if facts.open_referral.claimed else "crisis.waiting"
        return tell(state, key, choices=("c1:numbers", "c1:cancel"), sensitive=True)
    asked = move(state, "crisis", "asked", kinds=sorted(facts.crisis.kinds))
    return tell(asked, "crisis.ask", choices=("m1:staff", "c1:numbers"), sensitive=True)


def show_numbers(state: State, _event: Event, facts: Facts) -> Step:
    kinds = _known_kinds(state, facts) or GENERAL_KINDS
    abroad = bool(state.data.get("abroad"))
    bubble = numbers_bubble(state.language, "crisis.numbers", kinds, facts, abroad=abroad)
    return Step(state, content(state.language, bubble, sensitive=True))


def talk_on(state: State, _event: Event, facts: Facts) -> Step:
    key = "crisis.free" if facts.open_referral is not None else "crisis.ask"
    return tell(state, key, choices=("c1:numbers",), sensitive=True)


def leave_alone(state: State, _event: Event, facts: Facts) -> Step:
    key = "crisis.watched" if facts.open_referral is not None else "crisis.fine"
    return tell(state, key)


def accept_no(state: State, _event: Event, _facts: Facts) -> Step:
    return tell(move(state), "crisis.fine")


def confirm_cancelling(state: State, _event: Event, facts: Facts) -> Step:
    if facts.open_referral is None:
        return tell(move(state), "crisis.nothing_to_cancel")
    asked = move(state, "crisis", "cancelling", kinds=sorted(_known_kinds(state, facts)))
    return tell(asked, "crisis.confirm_cancel", choices=("c1:cancel.yes", "c1:keep"), sensitive=True)


def cancel(state: State, event: Event, facts: Facts) -> Step:
    """Cancel once confirmed; an old button pressed out of turn is asked about first."""
    if facts.open_referral is None or (state.dialogue, state.step) != ("crisis", "cancelling"):
        return confirm_cancelling(state, event, facts)
    key = "crisis.cancel_told" if facts.open_referral.claimed else "crisis.cancelled"
    return tell(move(state), key, effects=(CancelReferralEffect(),), sensitive=True)


def keep(state: State, _event: Event, facts: Facts) -> Step:
    if facts.open_referral is None:
        return tell(move(state), "crisis.nothing_to_cancel")
    kept = move(state, "crisis", "told", kinds=sorted(_known_kinds(state, facts)))
    return tell(kept, "crisis.kept", choices=("c1:numbers",), sensitive=True)


PRESSES: Mapping[str, Answer] = {
    "m1:need": ask_what_happened,
    "c1:numbers": show_numbers,
    "c1:free": talk_on,
    "c1:watched": leave_alone,
    "c1:fine": accept_no,
    "c1:cancel": confirm_cancelling,
    "c1:cancel.yes": cancel,
    "c1:keep": keep,
}
