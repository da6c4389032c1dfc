"""How it works, what is kept, how to take something back, and the language."""

from collections.abc import Mapping
from functools import partial

import msgspec

from bots.dialogues.first_contact import NOTICE
from bots.dialogues.speech import tell
from bots.engine.advance import Answer
from bots.engine.events import Event
from bots.engine.steps import Facts, Language, State, Step


def explain(state: State, _event: Event, _facts: Facts) -> Step:
    return tell(state, "guide.use", choices=("m1:check", "h1:data", "h1:unsend", "h1:language", "m1:news"))


def explain_data(state: State, _event: Event, _facts: Facts) -> Step:
    shown = msgspec.structs.replace(state, notice=NOTICE)
    return tell(shown, "first_contact.notice", "guide.data", choices=("h1:unsend",))


def explain_unsending(state: State, _event: Event, _facts: Facts) -> Step:
    return tell(state, "guide.unsend", choices=("h1:data",))


def ask_language(state: State, _event: Event, _facts: Facts) -> Step:
    return tell(state, "guide.language", choices=("l1:th", "l1:en"))


def switch_language(language: Language, state: State, _event: Event, _facts: Facts) -> Step:
    return tell(msgspec.structs.replace(state, language=language), "guide.switched", choices=("m1:check",))


PRESSES: Mapping[str, Answer] = {
    "m1:help": explain,
    "h1:data": explain_data,
    "h1:unsend": explain_unsending,
    "h1:language": ask_language,
    "l1:th": partial(switch_language, "th"),
    "l1:en": partial(switch_language, "en"),
}
