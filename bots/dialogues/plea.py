"""Asking for help without a word of danger: a person is offered, numbers are shown, nothing is opened unasked."""

from collections.abc import Mapping

import msgspec

from bots.copy import whole_messages
from bots.dialogues import intake, money_sent, offer, other_language
from bots.dialogues.crisis import known_kinds
from bots.dialogues.numbers import GENERAL_KINDS as GENERAL_KINDS
from bots.dialogues.numbers import numbers_bubble
from bots.dialogues.speech import content, move, tell
from bots.dialogues.staff import open_for_asking
from bots.dialogues.words import NO, YES, as_whole_message
from bots.engine.advance import Answer
from bots.engine.events import Event
from bots.engine.steps import Facts, OpenReferral, OpenReferralEffect, State, Step

_ASKS_ELSE = frozenset({"thanks", "talk_to_staff", "case_status", "stop", "service_question", "check_offer"})


def follow_up(state: State, event: Event, facts: Facts) -> Step | None:
    """Yes and no to our offer of help; whatever else is told leads to a person."""
    if event.kind != "text" or facts.open_referral is not None:
        return None
    if offer.is_offer(facts) and not offer.only_looks_like_one(event, facts):
        return None
    if money_sent.is_told(event) or other_language.script_of(event.text):
        return None
    said = whole_messages().get(as_whole_message(event.text), "")
    if said in YES:
        return open_for_asking(state, event, facts)
    if said in NO:
        return accept_no(state, event, facts)
    if said or facts.intent in _ASKS_ELSE:
        return None
    return tell(state, "crisis.told", choices=("m1:staff", "c1:numbers"), sensitive=True)


def show_numbers(state: State, _event: Event, facts: Facts) -> Step:
    kinds = known_kinds(state, facts) or GENERAL_KINDS
    abroad = bool(state.data.get("abroad"))
    bubble = numbers_bubble(state.language, "crisis.numbers", kinds, facts, abroad=abroad)
    return Step(state, content(state.language, bubble, choices=("c1:checked",), sensitive=True))


def talk_on(state: State, event: Event, facts: Facts) -> Step:
    if facts.open_referral is None:
        return intake.begin(state, event, facts)
    told = _tell_staff("can_talk", facts.open_referral, facts)
    return tell(state, "crisis.free", choices=(intake.FREE, "c1:numbers"), effects=(told,), sensitive=True)


def leave_alone(state: State, _event: Event, facts: Facts) -> Step:
    if facts.open_referral is None:
        return tell(state, "crisis.fine")
    effects = (_tell_staff("cannot_talk", facts.open_referral, facts),)
    # As an answer to danger nothing is hung on it: somebody else may be reading.
    return msgspec.structs.replace(
        tell(state, "crisis.watched", effects=effects, sensitive=True), crisis=True
    )


def _tell_staff(reason: str, standing: OpenReferral, facts: Facts) -> OpenReferralEffect:
    """Whoever answers must know whether somebody may be watching; nothing else of the referral changes."""
    return OpenReferralEffect(standing.priority, "crisis", reasons=(reason,), receipt=facts.receipt)


def accept_no(state: State, _event: Event, _facts: Facts) -> Step:
    return tell(move(state), "crisis.fine")


PRESSES: Mapping[str, Answer] = {
    "c1:numbers": show_numbers,
    "c1:free": talk_on,
    "c1:watched": leave_alone,
    "c1:fine": accept_no,
}
