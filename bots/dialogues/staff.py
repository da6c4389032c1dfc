"""Talking to staff: opening a referral at once, passing on what is written, saying where it stands.

Priority rules of a referral that the person asks for, each stored as a reason code:
asked_for_staff P2 · reported_offer P2 · offer_danger P2 · needs_help P1 (a plea, or words of concern) ·
travelling P1 and already_there P1 after a verdict of danger, else P2.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any, Literal

import msgspec

from bots.dialogues.numbers import freezing_bubble, may_have_paid, numbers_bubble
from bots.dialogues.speech import LEAVE, STAFF, button, content, move, says, tell, text, without
from bots.engine.advance import Answer
from bots.engine.events import Event
from bots.engine.steps import (
    CancelReferralEffect,
    Effect,
    Facts,
    HandOverEffect,
    OpenReferralEffect,
    State,
    Step,
)
from core.messages.content import Bubble

# An acknowledgement is not repeated after every line.
QUIET_SECONDS = 600
Stage = Literal["not_yet", "travelling", "already_there"]
STAGES: tuple[Stage, ...] = ("not_yet", "travelling", "already_there")


def open_with(reason: str, state: State, _event: Event, facts: Facts) -> Step:
    """Open a referral now, ask at most one thing afterwards, and say that we don't write first."""
    standing, language = facts.open_referral, state.language
    effect = _request(reason, state, facts)
    handed = _hand_over(state, facts)
    if standing is not None:
        raised = effect.priority < standing.priority or reason != "asked_for_staff"
        return _tell_status(state, facts, effects=(*((effect,) if raised else ()), *handed))
    bubbles: list[Bubble] = [text(language, "staff.opened"), *receipt_bubble(state, facts)]
    if state.dialogue == "offer" and "judged_at" in state.data:
        bubbles.append(text(language, "offer.handed_over"))
    elif reason == "reported_offer" or state.dialogue in {"offer", "plea"}:
        bubbles.append(text(language, "staff.send_again"))
    band = state.data.get("band") if state.dialogue == "offer" else None
    asks = band in {"danger", "caution"}
    if asks:
        bubbles.append(text(language, "staff.ask_stage"))
    opened = move(state, "staff", "open", **_remembered(state))
    choices = (*(f"s1:{stage}" for stage in STAGES),) if asks else ("r1:begin", "c1:cancel")
    return Step(
        opened, content(language, *bubbles, choices=choices, sensitive=True), effects=(effect, *handed)
    )


def _hand_over(state: State, facts: Facts) -> tuple[Effect, ...]:
    """Staff read the offer that was judged, unless it was written in this very turn, which is theirs anyway."""
    judged_at = state.data.get("judged_at") if state.dialogue == "offer" else None
    return () if judged_at is None or judged_at == facts.now.timestamp() else (HandOverEffect(),)


def open_for_asking(state: State, event: Event, facts: Facts) -> Step:
    return open_with("asked_for_staff", state, event, facts)


def receipt_bubble(state: State, facts: Facts) -> tuple[Bubble, ...]:
    """The receipt code, grouped like a parcel number; nothing where this turn opens no new referral."""
    if not facts.receipt or facts.open_referral is not None:
        return ()
    return (text(state.language, "staff.receipt", code=in_fours(facts.receipt)),)


def in_fours(code: str) -> str:
    """A receipt as it is read out, like a parcel number."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def spared(step: Step, facts: Facts) -> Step:
    """Where staff have the matter already, not the offer of them but the way to their answers, unless the words offer them.

    Beside the questions of a report it stays until somebody has taken it: it is the way out of them.
    """
    reply, standing = step.reply, facts.open_referral
    cancelled = any(isinstance(effect, CancelReferralEffect) for effect in step.effects)
    opens = any(isinstance(effect, OpenReferralEffect) for effect in step.effects)
    if reply is None or step.wanted or cancelled or not (opens or standing is not None):
        return step
    if step.state.dialogue == "intake" and (standing is None or not standing.claimed):
        return step
    if says(reply, button(step.state.language, STAFF).label):
        return step
    status = button(step.state.language, "s1:status")
    known = any(choice.data == status.data for choice in reply.choices)
    choices = tuple(status if choice.data == STAFF else choice for choice in reply.choices)
    spared_of = without(reply, STAFF) if known else msgspec.structs.replace(reply, choices=choices)
    return msgspec.structs.replace(step, reply=spared_of)


def _request(reason: str, state: State, facts: Facts) -> OpenReferralEffect:
    reasons = {reason}
    priority: Literal["P1", "P2"] = "P2"
    kinds = tuple(str(kind) for kind in state.data.get("kinds", ()))
    if state.dialogue == "offer" and state.data.get("band") == "danger":
        reasons.add("offer_danger")
    if state.dialogue == "plea" or (state.dialogue == "offer" and kinds):
        reasons.add("needs_help")
        priority = "P1"
    return OpenReferralEffect(
        priority, "staff_request", kinds=kinds, reasons=tuple(sorted(reasons)), receipt=facts.receipt
    )


def tell_stage(stage: Stage, state: State, event: Event, facts: Facts) -> Step:
    """The one answer that decides how fast staff look."""
    if facts.open_referral is None:
        return open_with("asked_for_staff", state, event, facts)
    urgent = stage != "not_yet" and state.data.get("band") == "danger"
    effect = OpenReferralEffect("P1" if urgent else "P2", "staff_request", reasons=(stage,))
    bubbles: list[Bubble] = [text(state.language, f"staff.stage.{stage}")]
    if stage != "not_yet":
        abroad = bool(state.data.get("abroad"))
        bubbles.append(
            numbers_bubble(state.language, "staff.numbers", {"danger", "trafficking"}, facts, abroad=abroad)
        )
    reply = content(state.language, *bubbles, choices=(LEAVE, "c1:cancel"), sensitive=True)
    return Step(move(state, "staff", "open", **_remembered(state)), reply, effects=(effect,))


def tell_status(state: State, _event: Event, facts: Facts) -> Step:
    return _tell_status(state, facts)


def _tell_status(state: State, facts: Facts, effects: tuple[Effect, ...] = ()) -> Step:
    standing = facts.open_referral
    if standing is None:
        return tell(move(state), "staff.none_open", sensitive=True)
    key = "staff.claimed" if standing.claimed else "staff.waiting"
    return tell(
        move(state, "staff", "open", **_remembered(state)),
        key,
        choices=(LEAVE, "c1:cancel"),
        effects=effects,
        sensitive=True,
    )


def pass_on(state: State, facts: Facts, key: str = "staff.passed_on") -> Step:
    """What was written goes to staff; said once, then not again for a while. Money just sent can't wait for them."""
    now = facts.now.timestamp()
    last = _told_at(state.data)
    language, paid = state.language, may_have_paid(facts)
    if not paid and state.dialogue == "staff" and last is not None and 0 <= now - last < QUIET_SECONDS:
        return Step(state)
    passed = move(state, "staff", "open", **_remembered(state), told_at=now)
    first = (freezing_bubble(language, facts),) if paid else ()
    reply = content(language, *first, text(language, key), choices=("s1:status", "c1:cancel"), sensitive=True)
    return Step(passed, reply)


def _remembered(state: State) -> dict[str, Any]:
    """What staff's dialogue and that of danger both need to know of each other."""
    return {key: state.data[key] for key in ("kinds", "abroad", "band") if key in state.data}


def _told_at(data: Mapping[str, Any]) -> float | None:
    told = data.get("told_at")
    return float(told) if isinstance(told, int | float) else None


PRESSES: Mapping[str, Answer] = {
    "m1:staff": open_for_asking,
    "s1:report": partial(open_with, "reported_offer"),
    "s1:status": tell_status,
    **{f"s1:{stage}": partial(tell_stage, stage) for stage in STAGES},
}
