"""Taking back what was sent to staff: confirmed once, and staff still see that it was raised.

Who chose a code word says it first: whoever took the phone would else call off the help.
"""

from collections.abc import Mapping

from bots.copy import whole_messages
from bots.dialogues.crisis import known_kinds
from bots.dialogues.speech import move, tell
from bots.dialogues.words import NO, YES, as_whole_message
from bots.engine.advance import Answer
from bots.engine.events import Event
from bots.engine.steps import CancelReferralEffect, Facts, State, Step
from referrals.code_words import as_code_word

_WORD = "word"


def follow_up(state: State, event: Event, facts: Facts) -> Step | None:
    """A typed yes or no, or the code word; anything else leaves the referral as it is."""
    if event.kind == "text" and state.step == _WORD and as_code_word(event.text) == state.code_word:
        return _take_back(state, facts)
    said = whole_messages().get(as_whole_message(event.text), "") if event.kind == "text" else ""
    if said in YES:
        return cancel(state, event, facts)
    return keep(state, event, facts) if said in NO else None


def confirm(state: State, _event: Event, facts: Facts) -> Step:
    if facts.open_referral is None:
        return tell(move(state), "crisis.nothing_to_cancel")
    asked = move(state, "cancelling", "asked", kinds=sorted(known_kinds(state, facts)))
    return tell(asked, "crisis.confirm_cancel", choices=("c1:keep", "c1:cancel.yes"), sensitive=True)


def cancel(state: State, event: Event, facts: Facts) -> Step:
    """Cancel what was confirmed; an old button pressed out of turn is asked about first."""
    if facts.open_referral is None or state.dialogue != "cancelling":
        return confirm(state, event, facts)
    if state.code_word:
        asked = move(state, "cancelling", _WORD, kinds=sorted(known_kinds(state, facts)))
        return tell(asked, "crisis.cancel_word", choices=("c1:keep",), sensitive=True)
    return _take_back(state, facts)


def _take_back(state: State, facts: Facts) -> Step:
    if facts.open_referral is None:
        return tell(move(state), "crisis.nothing_to_cancel")
    key = "crisis.cancel_told" if facts.open_referral.claimed else "crisis.cancelled"
    return tell(move(state), key, effects=(CancelReferralEffect(),), sensitive=True)


def keep(state: State, _event: Event, facts: Facts) -> Step:
    if facts.open_referral is None:
        return tell(move(state), "crisis.nothing_to_cancel")
    kept = move(state, "crisis", "told", kinds=sorted(known_kinds(state, facts)))
    return tell(kept, "crisis.kept", choices=("c1:numbers",), sensitive=True)


PRESSES: Mapping[str, Answer] = {"c1:cancel": confirm, "c1:cancel.yes": cancel, "c1:keep": keep}
