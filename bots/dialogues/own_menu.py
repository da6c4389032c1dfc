"""Which menu stands below a person's chat on LINE; drawn in `bots.channels.line.menu_picture`, linked by a job.

Until they write it is the one for newcomers, which LINE shows to everybody. While staff have a report of theirs, in the
midst of its questions and behind the decoy face it is one that tells nothing.
"""

from typing import Literal

import msgspec

from bots.engine.events import Event
from bots.engine.steps import (
    CancelReferralEffect,
    Facts,
    LinkMenuEffect,
    OpenReferralEffect,
    Step,
)

# Thai is the plain name; every other language reads the English one.
_ENGLISH = "-en"
_SPEAKS = frozenset({"text", "press", "picture", "sticker", "location", "audio", "file", "contact_card"})
_INTAKE = "intake"


def with_menu(event: Event, facts: Facts, step: Step) -> Step:
    """Note the menu that the person is to have from now on, where it is another one."""
    if facts.channel != "line" or step.wanted or event.standby:
        return step
    kind = _kind(event, facts, step)
    menu = kind and menu_name(kind, step.state.language)
    if menu in {"", step.state.menu}:
        return step
    state = msgspec.structs.replace(step.state, menu=menu)
    return msgspec.structs.replace(step, state=state, effects=(*step.effects, LinkMenuEffect()))


def menu_name(kind: str, language: str) -> str:
    return kind if language == "th" else kind + _ENGLISH


def _kind(event: Event, facts: Facts, step: Step) -> Literal["", "regular", "report"]:
    """Nothing for who has not written yet: they keep the menu that is shown to everybody."""
    if step.state.decoy or step.state.dialogue == _INTAKE or _is_open(facts, step):
        return "report"
    return "regular" if step.state.menu or event.kind in _SPEAKS else ""


def _is_open(facts: Facts, step: Step) -> bool:
    if any(isinstance(effect, CancelReferralEffect) for effect in step.effects):
        return False
    opened = any(isinstance(effect, OpenReferralEffect) for effect in step.effects)
    return opened or facts.open_referral is not None
