"""Lessons: chosen from a list, by a keyword or by asking; one at a time, with a tiny exercise and the way on."""

from collections.abc import Callable, Mapping

import msgspec

from bots.copy import whole_messages
from bots.dialogues import offer
from bots.dialogues.lesson_finding import choice_meant, pack_called, place_of, plainly_asked
from bots.dialogues.lesson_place import DIALOGUE, begun_lesson, lesson_opened, next_place, noted, pack_opened
from bots.dialogues.lesson_screen import (
    BACK,
    MENU,
    NEXT,
    ON,
    PREFIX,
    SOURCE,
    answer_content,
    choices_again,
    lesson_button,
    lesson_content,
    numbered_button,
    pack_button,
    source_content,
    with_first,
)
from bots.dialogues.speech import content, move, text
from bots.dialogues.words import as_whole_message
from bots.engine.events import Event
from bots.engine.steps import Facts, State, Step
from campaigns.lessons import Pack, packs
from core.languages import in_language
from core.messages.content import Text

# Typed in another dialogue's words while a lesson is open.
_ALIKE = {"r1:go_on": NEXT, "r1:back": BACK, "answer.agree": NEXT}
# Yes and no of other questions, which no exercise asks.
_ANSWERS = frozenset({"", "answer.yes", "answer.no", "answer.unsure"})
# What is typed under an exercise and means neither us nor staff.
_CHATTER = frozenset({"", "small_talk", "campaign_answer", "unreadable"})


def show_menu(state: State, _event: Event, _facts: Facts) -> Step:
    """All packs; the one that was begun stands first."""
    language, begun = state.language, begun_lesson(state)
    shown = [pack_button(pack, language) for pack in packs().values()]
    if begun is not None:
        shown.insert(0, numbered_button(*begun, language))
    return Step(move(state, DIALOGUE), with_first(content(language, text(language, "lessons.menu")), *shown))


def press(state: State, event: Event, facts: Facts) -> Step | None:
    """A press that names a pack or lesson; None for one whose lesson is no more."""
    what, _, rest = event.data.removeprefix(PREFIX).partition(".")
    pack_id, _, rest = rest.partition(".")
    lesson_id, _, choice_id = rest.partition(".")
    pack = packs().get(pack_id)
    if pack is None:
        return None
    if what == "p":
        return open_pack(pack, state)
    at = pack.place_of(lesson_id)
    if at is None:
        return None
    if what == "a":
        return _take(pack, at, choice_id, state)
    return _tell_source(pack, at, state) if what == "s" else read(pack, at, state, facts)


def by_keyword(said: str, state: State) -> Step | None:
    """The pack that a whole message (in the form of `as_whole_message`) opens."""
    pack = pack_called(said)
    return open_pack(pack, state) if pack else None


def show_entry(entry: str, state: State, facts: Facts) -> Step:
    """The pack or lesson that an entry of the lessons' index stands for."""
    pack, at = place_of(entry)
    return open_pack(pack, state) if at is None else read(pack, at, state, facts)


def follow_up(state: State, event: Event, facts: Facts) -> Step | None:
    """The typed way through a lesson: an answer, on, back, the source."""
    pack, at = lesson_opened(state)
    if pack is None or event.kind != "text" or offer.is_offer(facts):
        return None
    said = as_whole_message(event.text)
    exercise = pack.lessons[at].exercise if state.step == "asked" else None
    choice = choice_meant(exercise, said, state.language) if exercise else None
    if choice is not None:
        return _take(pack, at, choice.id, state)
    code = whole_messages().get(said, "")
    if (step := _ALIKE.get(code, code)) in PRESSES:
        return PRESSES[step](state, event, facts)
    if exercise is None or code not in _ANSWERS or not _is_tried_answer(state, event, facts):
        return None
    puzzled = msgspec.structs.replace(state, puzzled=state.puzzled + 1)
    return Step(puzzled, choices_again(pack, at, exercise, state.language))


def _is_tried_answer(state: State, event: Event, facts: Facts) -> bool:
    """Whether words that we don't know are meant for the exercise; a second time in a row they are not taken so."""
    if facts.intent not in _CHATTER or state.puzzled or facts.open_referral:
        return False
    return pack_called(as_whole_message(event.text)) is None and not plainly_asked(event)


def open_pack(pack: Pack, state: State) -> Step:
    """What the pack is about, and the way in or on."""
    language, at = state.language, next_place(state, pack)
    bubbles = [Text(in_language(pack.about, language))]
    if at is None:
        bubbles.append(text(language, "lessons.finished_before"))
    if pack.course:
        shown = [numbered_button(pack, place, language) for place in ((at, 0) if at else (0,))]
    else:
        shown = [lesson_button(pack, place, language) for place in range(len(pack.lessons))]
    reply = with_first(content(language, *bubbles, choices=(MENU,), sensitive=pack.sensitive), *shown)
    return Step(move(state, DIALOGUE, pack=pack.id), reply)


def read(pack: Pack, at: int, state: State, facts: Facts) -> Step:
    """One lesson; with an exercise it is done when that is answered, else when it is read."""
    shown = lesson_content(pack, at, state.language, facts)
    if pack.lessons[at].exercise is None:
        return Step(noted(state, pack, at + 1, at, "read"), shown)
    return Step(noted(state, pack, at, at, "asked"), shown)


def _tell_source(pack: Pack, at: int, state: State) -> Step:
    return Step(state, source_content(pack, at, state.language))


def _take(pack: Pack, at: int, choice_id: str, state: State) -> Step | None:
    """The kind word to an answer, and the way on."""
    exercise, language = pack.lessons[at].exercise, state.language
    choice = next((c for c in exercise.choices if c.id == choice_id), None) if exercise else None
    if choice is None:
        return None
    reply = answer_content(pack, at, Text(in_language(choice.reply, language)), language)
    return Step(noted(state, pack, at + 1, at, "read"), reply)


def _close(pack: Pack, state: State) -> Step:
    closing = Text(in_language(pack.closing, state.language))
    reply = content(state.language, closing, choices=(MENU,), sensitive=pack.sensitive)
    return Step(noted(state, pack, len(pack.lessons), len(pack.lessons) - 1, "read"), reply)


def _go_on(state: State, event: Event, facts: Facts) -> Step:
    """The next lesson of the pack that is open, else the one where the person stopped."""
    pack, at = lesson_opened(state)
    if pack is None:
        opened = pack_opened(state)
        begun = (opened, next_place(state, opened) or 0) if opened else begun_lesson(state)
        return read(*begun, state, facts) if begun else show_menu(state, event, facts)
    return read(pack, at + 1, state, facts) if at + 1 < len(pack.lessons) else _close(pack, state)


def _go_back(state: State, event: Event, facts: Facts) -> Step:
    pack, at = lesson_opened(state)
    return read(pack, max(at - 1, 0), state, facts) if pack else show_menu(state, event, facts)


def _tell_source_of_open(state: State, event: Event, facts: Facts) -> Step:
    pack, at = lesson_opened(state)
    return _tell_source(pack, at, state) if pack else show_menu(state, event, facts)


PRESSES: Mapping[str, Callable[[State, Event, Facts], Step]] = {
    MENU: show_menu,
    ON: _go_on,
    NEXT: _go_on,
    BACK: _go_back,
    SOURCE: _tell_source_of_open,
}
