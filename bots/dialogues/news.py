"""Campaigns: agreed to only here, stopped by one word anywhere."""

from collections.abc import Mapping
from typing import Literal

from bots.copy import whole_messages
from bots.dialogues.speech import move, tell
from bots.dialogues.words import as_whole_message
from bots.engine.advance import Answer
from bots.engine.events import Event
from bots.engine.steps import ConsentEffect, Facts, State, Step

# Version of the words under news.ask; a change of those words is a new version.
WORDING = "campaigns.2026.11.1"


def opt_out(state: State, event: Event, facts: Facts) -> Step | None:
    """Stop and start as a whole message, in any dialogue."""
    if event.kind != "text":
        return None
    code = whole_messages().get(as_whole_message(event.text), "")
    if code == "n1:stop":
        return stop(state, event, facts)
    return start(state, event, facts) if code == "n1:start" else None


def show(state: State, _event: Event, facts: Facts) -> Step:
    if facts.open_referral is not None:
        return tell(state, "news.held", choices=("n1:stop",) if facts.campaigns_agreed else ())
    if facts.campaigns_agreed:
        return tell(move(state), "news.agreed", choices=("n1:stop",))
    return tell(move(state), "news.ask", choices=("n1:start",))


def start(state: State, event: Event, facts: Facts) -> Step:
    effect = _consent(event, state, granted=True)
    keys = ("news.started",) if facts.open_referral is None else ("news.started", "news.held")
    return tell(state, *keys, choices=("n1:stop",), effects=(effect,))


def stop(state: State, event: Event, facts: Facts) -> Step:
    """One line, and how to come back; an open referral goes on, and its own way to cancel stands beside."""
    effect = _consent(event, state, granted=False)
    if facts.open_referral is not None:
        return tell(
            state, "news.stopped_staff_stay", choices=("c1:cancel",), effects=(effect,), sensitive=True
        )
    return tell(state, "news.stopped", choices=("n1:start",), effects=(effect,))


def _consent(event: Event, state: State, *, granted: bool) -> ConsentEffect:
    source: Literal["button", "word"] = "button" if event.kind == "press" else "word"
    return ConsentEffect("campaigns", granted, wording=f"{WORDING}.{state.language}", source=source)


PRESSES: Mapping[str, Answer] = {"m1:news": show, "n1:start": start, "n1:stop": stop}
