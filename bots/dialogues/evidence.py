"""Pictures, voices and files for a report: acknowledged at once, asked about never, and said plainly where one can't be
kept. With staff they belong to the report; in a report that is not sent yet they wait for it.
"""

import msgspec

from bots.dialogues.intake_course import standing
from bots.dialogues.intake_progress import DIALOGUE
from bots.dialogues.speech import tell
from bots.engine.events import Event
from bots.engine.steps import (
    Effect,
    EvidenceEffect,
    Facts,
    OpenReferralEffect,
    ReadPictureEffect,
    State,
    Step,
)
from referrals.cleaning.kinds import MOST_BYTES

# A report that nobody has touched for so long is not what a picture was sent for.
_UNDER_WAY_SECONDS = 3_600
# Of what was sent before a report is with staff only the latest waits for it.
_MOST_WAITING = 10


def receive(state: State, event: Event, facts: Facts) -> Step | None:
    """Take it for the report that is with staff or under way; None where there is none."""
    with_staff, under_way = facts.open_referral is not None, _is_under_way(state, facts)
    if not event.media or not (with_staff or under_way):
        return None
    if event.size > MOST_BYTES:
        return tell(state, "evidence.problem.too_large", sensitive=True)
    if with_staff:
        # An offer deserves its verdict also while staff are there, but not between two questions.
        reading: tuple[Effect, ...] = (
            (ReadPictureEffect(),) if event.kind == "picture" and not under_way else ()
        )
        return tell(state, "evidence.kept", effects=(EvidenceEffect(), *reading), sensitive=True)
    waiting = (*state.media, (event.message, event.kind))[-_MOST_WAITING:]
    return tell(msgspec.structs.replace(state, media=waiting), "evidence.noted", sensitive=True)


def _is_under_way(state: State, facts: Facts) -> bool:
    progress = standing(state) if state.dialogue == DIALOGUE else None
    return progress is not None and facts.now.timestamp() - progress.asked_at < _UNDER_WAY_SECONDS


def tell_problem(state: State, event: Event, _facts: Facts) -> Step:
    """Why something could not be kept, and what to send instead."""
    if not event.problem:
        return Step(state)
    return tell(state, f"evidence.problem.{event.problem}", sensitive=True)


def with_waiting(step: Step) -> Step:
    """What was sent before joins the report in the moment in which it reaches staff."""
    media = step.state.media
    if not media or not any(isinstance(effect, OpenReferralEffect) for effect in step.effects):
        return step
    state = msgspec.structs.replace(step.state, media=())
    return msgspec.structs.replace(step, state=state, effects=(*step.effects, EvidenceEffect(media)))


def take_back(state: State, event: Event) -> State:
    """An unsend: what this message brought no longer waits."""
    kept = tuple(one for one in state.media if one[0] != event.message)
    return state if kept == state.media else msgspec.structs.replace(state, media=kept)
