"""The menu, small talk, and what we say when we did not understand."""

from collections.abc import Mapping

import msgspec

from bots.dialogues.speech import MENU, content, move, tell, text, without
from bots.engine.advance import Answer
from bots.engine.events import Event
from bots.engine.steps import Facts, State, Step

CHOICES = ("m1:check", "m1:need", "m1:staff", "m1:news", "m1:help")
PASTIMES = ("e1:menu", "q1:menu")


def show(state: State, _event: Event, facts: Facts) -> Step:
    """Everything there is; while staff have a report nothing to pass the time with."""
    pastimes = PASTIMES if facts.open_referral is None else ()
    return _menu(move(state), "menu.show", (*CHOICES, *pastimes))


def answer_thanks(state: State, _event: Event, facts: Facts) -> Step:
    return tell(state, "menu.thanks" if facts.open_referral is None else "menu.thanks_staff_stay")


def ask_again(state: State, _event: Event, _facts: Facts) -> Step:
    """Not understood: once with a hint, from the second time on with the menu and a person."""
    puzzled = msgspec.structs.replace(state, puzzled=state.puzzled + 1)
    if puzzled.puzzled < 2:
        return tell(puzzled, "menu.not_understood", choices=("m1:check", "m1:need"))
    return _menu(puzzled, "menu.still_not_understood", CHOICES)


def meet_old_button(state: State, _event: Event, _facts: Facts) -> Step:
    """A button of an earlier version, or data that was never ours."""
    return _menu(move(state), "menu.old_button", CHOICES)


def _menu(state: State, key: str, choices: tuple[str, ...]) -> Step:
    """The menu itself, so that it offers no way to the menu."""
    reply = content(state.language, text(state.language, key), choices=choices)
    return Step(state, without(reply, MENU))


PRESSES: Mapping[str, Answer] = {"m1:menu": show}
