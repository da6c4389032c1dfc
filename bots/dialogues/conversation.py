"""The whole conversation: what the dispatcher calls, once for each event. Pure: the same input, the same step."""

from uuid import UUID

import msgspec

from bots.dialogues import (
    abroad,
    cancelling,
    case,
    code_word,
    crisis,
    decoy,
    evidence,
    first_contact,
    group,
    intake,
    intake_aside,
    leaving,
    lessons,
    news,
    offer,
    own_menu,
    plea,
    quiz,
    receipt,
    rights,
    routing,
    staff,
)
from bots.engine import advance as engine
from bots.engine.events import Event
from bots.engine.steps import CancelReferralEffect, Facts, OpenReferral, OpenReferralEffect, State, Step


def _anywhere(state: State, event: Event, facts: Facts) -> Step | None:
    """What is understood in any dialogue: to stop news, and a tracking number."""
    return news.opt_out(state, event, facts) or receipt.typed_anywhere(state, event, facts)


_DIALOGUES = engine.Dialogues(
    group=group.answer,
    crisis=crisis.answer,
    opt_out=_anywhere,
    current={
        "offer": offer.follow_up,
        "plea": plea.follow_up,
        "cancelling": cancelling.follow_up,
        receipt.DIALOGUE: case.follow_up,
        rights.DIALOGUE: rights.follow_up,
        "lessons": lessons.follow_up,
        "quiz": quiz.follow_up,
        "intake": intake.follow_up,
        "code_word": code_word.follow_up,
    },
    route=routing.route,
    leave=leaving.answer,
    decoy=decoy.answer,
)
# Until the transaction commits, a referral that this turn opened has no id that anybody could know.
_NO_ID = UUID(int=0)


def advance(state: State, event: Event, facts: Facts) -> Step:
    """Answer one event of a person or group.

    Where the step's `wanted` is not empty, ask again with those facts and their names in `facts.fetched`.
    """
    if event.place == "group":
        return engine.advance(_DIALOGUES, state, event, facts)
    known = decoy.lift(first_contact.in_their_language(state, event), facts)
    if event.kind == "unsend":
        return Step(evidence.take_back(intake_aside.take_back(known, event), event))
    current = _as_of_this_turn(known, facts)
    step = abroad.remember(known, event, current, engine.advance(_DIALOGUES, known, event, current))
    step = crisis.with_receipt(known, current, step)
    step = receipt.alongside(known, event, current, step)
    if event.kind != "reading" or step.reply is not None:
        step = intake_aside.between(known, event, current, step)
    step = evidence.with_waiting(step)
    step = code_word.where_wished(code_word.for_new_referral(step, current))
    step = code_word.kept_private(known, event, step)
    step = leaving.with_hint(leaving.with_way_out(staff.spared(step, current)), current)
    step = first_contact.with_notice(_note_opening(step, current, facts))
    return own_menu.with_menu(event, current, step)


def _as_of_this_turn(state: State, facts: Facts) -> Facts:
    """Messages answered in one turn share its moment: what the first of them opened is open for the second."""
    opened = state.data.get("opened")
    if (
        facts.open_referral is not None
        or not isinstance(opened, dict)
        or opened.get("at") != facts.now.timestamp()
    ):
        return facts
    standing = OpenReferral(
        _NO_ID, opened["priority"], claimed=False, cancellable=True, kinds=tuple(opened["kinds"])
    )
    return msgspec.structs.replace(facts, open_referral=standing)


def _note_opening(step: Step, current: Facts, fetched: Facts) -> Step:
    """Leave a mark of what this turn opened, which the next turn no longer heeds."""
    if fetched.open_referral is not None or any(isinstance(e, CancelReferralEffect) for e in step.effects):
        return step
    calls = [effect for effect in step.effects if isinstance(effect, OpenReferralEffect)]
    standing = current.open_referral
    if not calls and standing is None:
        return step
    opened = {
        "at": fetched.now.timestamp(),
        "priority": min([call.priority for call in calls] + ([standing.priority] if standing else [])),
        "kinds": sorted(
            {*(standing.kinds if standing else ()), *(kind for call in calls for kind in call.kinds)}
        ),
    }
    marked = msgspec.structs.replace(step.state, data={**step.state.data, "opened": opened})
    return msgspec.structs.replace(step, state=marked)
