"""Which lesson, or which answer to an exercise, somebody means by their own words."""

from collections.abc import Mapping
from functools import cache

from bots.dialogues.lesson_screen import lesson_button, pack_button
from bots.dialogues.words import as_whole_message
from bots.engine.events import Event
from bots.engine.steps import Language
from campaigns.lessons import Choice, Exercise, Pack, packs
from core.languages import in_language
from core.messages.content import Button
from nlp.prepared import prepare
from nlp.retrieval import Index, index_of, rank_entries, rank_in

_LEAST_CONTAINED = 3  # characters
# Whoever says something else is not taught: so like must it be, measured on the authored messages of every intent.
_PLAIN = 0.8
_LONGEST_QUESTION = 100  # characters


@cache
def index() -> Index:
    """Every pack ("pack") and lesson ("pack.lesson") by the ways in which one may ask for it."""
    asked: dict[str, list[str]] = {}
    for pack in packs().values():
        asked[pack.id] = [*pack.asked]
        for lesson in pack.lessons:
            asked[f"{pack.id}.{lesson.id}"] = [*lesson.asked]
    return index_of(asked)


def plainly_asked(event: Event) -> str:
    """The entry of `index` that a short message asks for nearly in its own words; "" where none is."""
    if event.kind != "text" or len(event.text) > _LONGEST_QUESTION:
        return ""
    asked = prepare(event.text)
    best = next(iter(rank_in(index(), asked)), None)
    if best is None or best.likeness < _PLAIN:
        return ""
    service = next(iter(rank_entries(asked)), None)
    return "" if service and service.likeness >= best.likeness else best.entry


def is_entry(entry: str) -> bool:
    """Whether this is an entry of `index` and not one of the service guide."""
    return entry.partition(".")[0] in packs()


def place_of(entry: str) -> tuple[Pack, int | None]:
    """The pack of an entry of `index`, and the lesson in it where the entry names one."""
    pack_id, _, lesson_id = entry.partition(".")
    pack = packs()[pack_id]
    return pack, pack.place_of(lesson_id)


def button_of(entry: str, language: Language) -> Button:
    """The button for an entry of `index`."""
    pack, at = place_of(entry)
    return pack_button(pack, language) if at is None else lesson_button(pack, at, language)


def pack_called(said: str) -> Pack | None:
    """The pack whose keyword a whole message (in the form of `as_whole_message`) is."""
    pack_id = _keywords().get(said)
    return packs()[pack_id] if pack_id else None


def choice_meant(exercise: Exercise, said: str, language: Language) -> Choice | None:
    """By number, by label or word, or by the one choice whose words stand in what is said."""
    if not said:
        return None
    named = [(choice, _names(choice, language)) for choice in exercise.choices]
    for number, (choice, names) in enumerate(named, start=1):
        if said == str(number) or said in names:
            return choice
    within = [
        choice
        for choice, names in named
        if any(len(name) >= _LEAST_CONTAINED and name in said for name in names)
    ]
    return within[0] if len(within) == 1 else None


def _names(choice: Choice, language: Language) -> set[str]:
    labels = (in_language(choice.label, language), *choice.label.values())
    return {as_whole_message(word) for word in (*labels, *choice.words)}


@cache
def _keywords() -> Mapping[str, str]:
    return {as_whole_message(word): pack.id for pack in packs().values() for word in pack.keywords}
