"""What people ask about the service: how it works, what is kept, how to take something back, the language."""

from collections.abc import Callable, Mapping
from functools import partial

import msgspec

from bots.copy import copy
from bots.dialogues import lesson_finding, lessons
from bots.dialogues.first_contact import NOTICE
from bots.dialogues.menu import PASTIMES
from bots.dialogues.numbers import numbers_bubble
from bots.dialogues.plea import GENERAL_KINDS
from bots.dialogues.rights import WAYS
from bots.dialogues.speech import button, content, tell, text
from bots.engine.events import Event
from bots.engine.steps import Facts, Language, LanguageEffect, State, Step
from core.messages.content import Button
from nlp.retrieval import OFFERED, Found, ask_guide, entries

Reply = Callable[[State, Event, Facts], Step]

# Entry → the needs whose numbers stand below its answer.
_NUMBERS: Mapping[str, frozenset[str]] = {
    "language": frozenset({"offer"}), "jobs": frozenset({"offer"}), "licence": frozenset({"offer"}),
    "numbers_job": frozenset({"offer"}), "numbers_money": frozenset({"money_sent"}),
    "numbers_abroad": frozenset({"abroad"}), "numbers_help": GENERAL_KINDS,
}  # fmt: skip
# Entry → what one may want to press next, besides the menu and a person.
_NEXT: Mapping[str, tuple[str, ...]] = {
    "trust": ("d1:genuine", "g1:who", "g1:who_reads"), "wait": ("c1:numbers",),
    "pictures": ("m1:check",), "links": ("m1:check",), "bands": ("g1:how_decided", "g1:mistakes"),
    "how_decided": ("g1:bands", "g1:mistakes"), "who_reads": ("h1:data", "h1:unsend", "g1:told"),
    "name": ("h1:data", "g1:told"), "told": ("g1:who_reads", "g1:name"), "discreet": ("h1:unsend", "g1:who_reads"),
    "after_report": ("r1:begin", "s1:report", "g1:told"), "tracking": ("k1:start", "s1:status"), "cancel": ("c1:cancel",),
    "start_news": ("n1:start",), "stop_news": ("n1:stop",), "jobs": ("m1:check",), "licence": ("m1:check",),
    "numbers_job": ("m1:check", "c1:checked"), "numbers_money": ("c1:checked",), "numbers_abroad": ("c1:checked",),
    "numbers_help": ("c1:checked",), "website": ("m1:check", "g1:groups"),
    "leave": ("x1:word", "g1:code_word"), "code_word": ("x1:word", "g1:leave"), "forget": ("p1:forget", "p1:see"),
    "lessons": ("e1:menu",), "quizzes": ("q1:menu",), "groups": ("m1:check",),
}  # fmt: skip
_SURE_OF_BOT = 0.75
_NEXT_AFTER_NONE = ("m1:check", "g1:who_reads", "g1:cost", "m1:help")


def explain(state: State, _event: Event, facts: Facts) -> Step:
    pastimes = PASTIMES if facts.open_referral is None else ("e1:menu",)
    choices = ("m1:check", *pastimes, "h1:data", "h1:unsend", "h1:language", "m1:news")
    return tell(state, "guide.use", choices=choices)


def explain_data(state: State, _event: Event, _facts: Facts) -> Step:
    shown = msgspec.structs.replace(state, notice=NOTICE)
    return tell(shown, "first_contact.notice", "guide.data", choices=(*WAYS, "h1:unsend"))


def explain_unsending(state: State, _event: Event, _facts: Facts) -> Step:
    return tell(state, "guide.unsend", choices=("h1:data", "g1:forget"))


def ask_language(state: State, _event: Event, _facts: Facts) -> Step:
    reply = content(state.language, text(state.language, "guide.language"))
    return Step(state, msgspec.structs.replace(reply, choices=(*_languages(), *reply.choices)))


def _languages() -> tuple[Button, ...]:
    """Every language that the copy has a folder for, as it calls itself."""
    return tuple(Button(one.about.name, data=f"l1:{one.code}") for one in copy().spoken)


def switch_language(language: Language, state: State, _event: Event, _facts: Facts) -> Step:
    switched = msgspec.structs.replace(state, language=language)
    return tell(switched, "guide.switched", choices=("m1:check",), effects=(LanguageEffect(language),))


def answer(state: State, event: Event, facts: Facts) -> Step:
    """Answer a question in the person's own words: the entry meant, a choice of two, or that we don't know."""
    found = ask_guide(event.text, lesson_finding.index())
    if found.sure and lesson_finding.is_entry(found.matches[0].entry):
        return lessons.show_entry(found.matches[0].entry, state, facts)
    if found.sure:
        return _BY_ENTRY[found.matches[0].entry](state, event, facts)
    if found.matches:
        return _ask_which(state, found)
    return tell(state, "guide.unknown", choices=_NEXT_AFTER_NONE)


def asks_who_answers(said: str) -> bool:
    """Whether a person or a machine: more sure than for other questions, for "คุยกับคน" asks for one."""
    first = next(iter(ask_guide(said).matches), None)
    return first is not None and first.entry == "bot" and first.likeness >= _SURE_OF_BOT


def answer_entry(entry: str, state: State, _event: Event, facts: Facts) -> Step:
    """One entry, with the numbers that belong to it."""
    key, kinds = f"guide.answers.{entry}", _NUMBERS.get(entry)
    choices = _NEXT.get(entry, ())
    if kinds is None:
        return tell(state, key, choices=choices)
    bubble = numbers_bubble(state.language, key, kinds, facts, abroad=entry == "numbers_abroad")
    reply = content(state.language, bubble, choices=choices)
    if entry == "language":
        reply = msgspec.structs.replace(reply, choices=(*_languages(), *reply.choices))
    return Step(state, reply)


def _ask_which(state: State, found: Found) -> Step:
    language = state.language
    meant = [
        lesson_finding.button_of(match.entry, language)
        if lesson_finding.is_entry(match.entry)
        else button(language, _PRESS_OF.get(match.entry, f"g1:{match.entry}"))
        for match in found.matches[:OFFERED]
    ]
    reply = content(language, text(language, "guide.which"))
    return Step(state, msgspec.structs.replace(reply, choices=(*meant, *reply.choices)))


# Entries that had a press before the guide had entries.
_PRESS_OF: Mapping[str, str] = {"use": "m1:help", "data": "h1:data", "delete": "h1:unsend"}
PRESSES: Mapping[str, Reply] = {
    "m1:help": explain,
    "h1:data": explain_data,
    "h1:unsend": explain_unsending,
    "h1:language": ask_language,
    **{f"l1:{one.code}": partial(switch_language, one.code) for one in copy().spoken},
    **{f"g1:{entry}": partial(answer_entry, entry) for entry in entries() if entry not in _PRESS_OF},
}
_BY_ENTRY: Mapping[str, Reply] = {entry: PRESSES[_PRESS_OF.get(entry, f"g1:{entry}")] for entry in entries()}
