"""More messages to follow, and other wordings to compare with: what that does to the rest of a plan.

Days and shares are only begun here; they are set on the pages of times. Pure.
"""

from collections.abc import Sequence
from datetime import date, time, timedelta
from string import ascii_lowercase
from typing import NamedTuple

import msgspec

from app.console.campaign_compose_new import blank_plan
from campaigns.composer.checking import MOST_STEPS, MOST_WORDINGS
from campaigns.plans.blocks import Wording
from campaigns.plans.plan import Plan, Step, Trial
from campaigns.plans.times import Drip, Once, Schedule
from core.clock import bangkok

_APART = 7  # days
_AT = time(10)


class Turned(NamedTuple):
    """A plan, and the message to go on with."""

    plan: Plan
    step: int
    variant: str


def turn(plan: Plan, act: str, at: tuple[int, str], today: date) -> Turned:
    """Do one act to the plan; one that does not fit changes nothing. `today` is Bangkok's."""
    step, variant = at
    if act == "add_message":
        return _add_message(plan, at, today)
    if act == "drop_message" and len(plan.steps) > 1:
        return _drop_message(plan, step)
    if act == "add_wording":
        return _add_wording(plan, at)
    if act == "drop_wording" and len(plan.steps[step].wordings) > 1:
        return _drop_wording(plan, step, variant)
    return Turned(plan, step, variant)


def _add_message(plan: Plan, at: tuple[int, str], today: date) -> Turned:
    if len(plan.steps) >= MOST_STEPS:
        return Turned(plan, *at)
    steps = (*plan.steps, *blank_plan().steps)
    schedule = _with_one_more(plan.schedule, today)
    return Turned(msgspec.structs.replace(plan, steps=steps, schedule=schedule), len(plan.steps), "")


def _with_one_more(schedule: Schedule, today: date) -> Schedule:
    """What went out once goes on a week later; what recurs is said anew on the page of times."""
    match schedule:
        case Drip(days=days):
            return msgspec.structs.replace(schedule, days=(*days, (days[-1] if days else 0) + _APART))
        case Once(at=None):
            return Drip(begins="date", at=_AT, days=(0, _APART), date=today + timedelta(days=1))
        case Once(at=moment) if moment is not None:
            local = bangkok(moment)
            clock = local.time().replace(tzinfo=None)
            return Drip(begins="date", at=clock, days=(0, _APART), date=local.date())
    return schedule


def _drop_message(plan: Plan, step: int) -> Turned:
    steps = plan.steps[:step] + plan.steps[step + 1 :]
    schedule = plan.schedule
    if isinstance(schedule, Drip) and len(schedule.days) == len(plan.steps):
        schedule = msgspec.structs.replace(schedule, days=schedule.days[:step] + schedule.days[step + 1 :])
    left = _with_trial(msgspec.structs.replace(plan, steps=steps, schedule=schedule))
    to = min(step, len(steps) - 1)
    return Turned(left, to, left.steps[to].wordings[0].variant)


def _add_wording(plan: Plan, at: tuple[int, str]) -> Turned:
    """The other wording begins as a copy of the one that is on the page."""
    step, variant = at
    wordings = plan.steps[step].wordings
    if len(wordings) >= MOST_WORDINGS:
        return Turned(plan, *at)
    copied = next(wording for wording in wordings if wording.variant == variant)
    return _with_wordings(plan, step, (*wordings, copied), len(wordings))


def _drop_wording(plan: Plan, step: int, variant: str) -> Turned:
    left = [wording for wording in plan.steps[step].wordings if wording.variant != variant]
    return _with_wordings(plan, step, left, 0)


def _with_wordings(plan: Plan, step: int, wordings: Sequence[Wording], shown: int) -> Turned:
    names = ascii_lowercase if len(wordings) > 1 else [""]
    named = tuple(
        msgspec.structs.replace(wording, variant=name) for wording, name in zip(wordings, names, strict=False)
    )
    steps = (*plan.steps[:step], Step(named), *plan.steps[step + 1 :])
    return Turned(_with_trial(msgspec.structs.replace(plan, steps=steps)), step, named[shown].variant)


def _with_trial(plan: Plan) -> Plan:
    """A comparison where there is something to compare, and none where there is not."""
    several = any(len(step.wordings) > 1 for step in plan.steps)
    trial = (plan.trial or Trial()) if several else None
    return msgspec.structs.replace(plan, trial=trial)
