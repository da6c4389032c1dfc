"""Things that aren't words: stickers, places, voices, files, contact cards."""

from bots.dialogues import evidence
from bots.dialogues.speech import tell
from bots.dialogues.staff import pass_on
from bots.engine.events import Event
from bots.engine.steps import Facts, State, Step

_CHOICES = ("m1:check", "m1:need")


def answer(state: State, event: Event, facts: Facts) -> Step:
    """What we can't read is said plainly, with what to do instead."""
    if event.kind == "sticker":
        return answer_sticker(state, facts)
    if event.kind == "location":
        return answer_location(state, facts)
    kept = evidence.receive(state, event, facts)
    if kept is not None:
        return kept
    return tell(state, f"attachments.{event.kind}", choices=_CHOICES)


def answer_sticker(state: State, facts: Facts) -> Step:
    if facts.open_referral is not None:
        return pass_on(state, facts, "attachments.sticker_to_staff")
    return tell(state, "attachments.sticker", choices=_CHOICES)


def answer_location(state: State, facts: Facts) -> Step:
    """With staff waiting a place may be what brings help; otherwise it is not kept."""
    if facts.open_referral is not None:
        return tell(state, "attachments.location_to_staff", choices=("c1:numbers",), sensitive=True)
    return tell(state, "attachments.location", choices=_CHOICES)
