"""Lessons: chosen from a list, by a keyword or by asking; one at a time, with a tiny exercise and the way on.

`State.progress["lessons"]` remembers for each pack the lesson that comes next (`DONE` after the last) and the pack
that was read last, so that a course goes on where it was left.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import msgspec

from bots.copy import copy, whole_messages
from bots.dialogues import offer
from bots.dialogues.dates import say_day
from bots.dialogues.numbers import say_number
from bots.dialogues.speech import button, content, move, text
from bots.dialogues.words import as_whole_message
from bots.engine.events import Event
from bots.engine.steps import Facts, Language, State, Step
from campaigns.lessons import Choice, Exercise, Pack, packs
from core.languages import in_language
from core.messages.content import Bubble, Button, Content, Text
from nlp.prepared import prepare
from nlp.retrieval import Index, index_of, rank_entries, rank_in
from referrals.directory.hotlines import hotline

PREFIX = "e1:"
MENU, ON, NEXT, BACK, SOURCE = "e1:menu", "e1:on", "e1:next", "e1:back", "e1:source"
DONE = "*"
_KEY = "lessons"
# Typed in another dialogue's words while a lesson is open.
_ALIKE = {"r1:go_on": NEXT, "r1:back": BACK, "answer.agree": NEXT}
# Yes and no of other questions, which no exercise asks.
_ANSWERS = frozenset({"answer.yes", "answer.no", "answer.unsure"})
# What is typed under an exercise and means neither us nor staff.
_CHATTER = frozenset({"", "small_talk", "campaign_answer", "unreadable"})
_LEAST_CONTAINED = 3  # characters
# Whoever says something else is not taught: so like must it be, measured on the authored messages of every intent.
_PLAIN = 0.8
_LONGEST_QUESTION = 100  # characters


def show_menu(state: State, _event: Event, _facts: Facts) -> Step:
    """All packs; the one that was begun stands first."""
    language = state.language
    shown = [_button(in_language(pack.title, language), f"p.{pack.id}") for pack in packs().values()]
    begun = _begun(state)
    if begun is not None:
        shown.insert(0, _way_on(language, *begun))
    return Step(move(state, _KEY), _with(content(language, text(language, "lessons.menu")), *shown))


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
    return tell_source(pack, at, state) if what == "s" else read(pack, at, state, facts)


def by_keyword(said: str, state: State) -> Step | None:
    """The pack that a whole message (in the form of `as_whole_message`) opens."""
    pack_id = _keywords().get(said)
    return open_pack(packs()[pack_id], state) if pack_id else None


def follow_up(state: State, event: Event, facts: Facts) -> Step | None:
    """The typed way through a lesson: an answer, on, back, the source."""
    if event.kind != "text" or offer.is_offer(facts):
        return None
    said = as_whole_message(event.text)
    code = whole_messages().get(said, "")
    step = _ALIKE.get(code, code)
    pack, at = _open_lesson(state)
    if pack is None:
        return None
    exercise = pack.lessons[at].exercise if state.step == "asked" else None
    choice = _choice_meant(exercise, said, state.language) if exercise else None
    if choice is not None:
        return _take(pack, at, choice.id, state)
    if step in PRESSES:
        return PRESSES[step](state, event, facts)
    if (
        exercise is None
        or (code and code not in _ANSWERS)
        or facts.intent not in _CHATTER
        or state.puzzled
        or facts.open_referral
    ):
        return None
    if said in _keywords() or plainly_asked(event):
        return None
    return _ask_to_pick(pack, at, exercise, state)


def open_pack(pack: Pack, state: State) -> Step:
    """What the pack is about, and the way in or on."""
    language = state.language
    at = _next_place(state, pack)
    finished = at is None
    shown = [_way_on(language, pack, at or 0)]
    if at:
        shown.append(
            _button(copy().say(language, "buttons.lessons.from", n=1), f"l.{pack.id}.{pack.lessons[0].id}")
        )
    bubbles = [Text(in_language(pack.about, language))]
    if finished:
        bubbles.append(text(language, "lessons.finished_before"))
    if not pack.course:
        shown = [
            _button(in_language(lesson.title, language), f"l.{pack.id}.{lesson.id}")
            for lesson in pack.lessons
        ]
    reply = _with(content(language, *bubbles, choices=(MENU,), sensitive=pack.sensitive), *shown)
    return Step(move(state, _KEY, pack=pack.id), reply)


def read(pack: Pack, at: int, state: State, facts: Facts) -> Step:
    """One lesson: its bubbles, whom to call, and the exercise."""
    lesson, language = pack.lessons[at], state.language
    said = [*in_language(lesson.bubbles, language)]
    said[0] = f"{_heading(pack, at, language)}\n{said[0]}"
    if lesson.call:
        said[-1] = "\n".join([said[-1], *(say_number(language, hotline(n), facts) for n in lesson.call)])
    bubbles: list[Bubble] = [Text(one) for one in said]
    if lesson.exercise is None:
        reply = _with(content(language, *bubbles, sensitive=pack.sensitive), *_ways(pack, at, language))
        return Step(_noted(state, pack, at + 1, at, "read"), reply)
    bubbles.append(Text(in_language(lesson.exercise.question, language)))
    reply = _with(
        content(language, *bubbles, sensitive=pack.sensitive),
        *_answers(pack, at, lesson.exercise, language),
        *_ways(pack, at, language),
    )
    return Step(_noted(state, pack, at, at, "asked"), reply)


def tell_source(pack: Pack, at: int, state: State) -> Step:
    """Where the lesson's facts come from, of which day they are, who keeps them and who has read them."""
    lesson, language = pack.lessons[at], state.language
    told = text(
        language,
        "lessons.source",
        source=in_language(lesson.source, language),
        day=say_day(language, lesson.as_of),
        owner=in_language(lesson.owner, language),
    )
    reader = (
        text(language, "lessons.reviewed", reader=lesson.reviewed_by)
        if lesson.reviewed_by
        else text(language, "lessons.not_reviewed")
    )
    reply = content(language, told, reader, sensitive=pack.sensitive)
    return Step(state, _with(reply, *_ways(pack, at, language, source=False)))


def button_of(entry: str, language: Language) -> Button:
    """The button for an entry of `index`."""
    pack_id, _, lesson_id = entry.partition(".")
    pack = packs()[pack_id]
    at = pack.place_of(lesson_id)
    title = pack.title if at is None else pack.lessons[at].title
    return _button(in_language(title, language), f"{'p' if at is None else 'l'}.{entry}")


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


def show_entry(entry: str, state: State, facts: Facts) -> Step:
    """The pack or lesson that an entry of `index` stands for."""
    pack_id, _, lesson_id = entry.partition(".")
    pack = packs()[pack_id]
    at = pack.place_of(lesson_id)
    return open_pack(pack, state) if at is None else read(pack, at, state, facts)


@cache
def index() -> Index:
    """Every pack ("pack") and lesson ("pack.lesson") by the ways in which one may ask for it."""
    asked: dict[str, list[str]] = {}
    for pack in packs().values():
        asked[pack.id] = [*pack.asked]
        for lesson in pack.lessons:
            asked[f"{pack.id}.{lesson.id}"] = [*lesson.asked]
    return index_of(asked)


def _go_on(state: State, event: Event, facts: Facts) -> Step:
    """The next lesson of the pack that is open, else the one where the person stopped."""
    pack, at = _open_lesson(state)
    if pack is None:
        opened = _open_pack(state)
        begun = (opened, _next_place(state, opened) or 0) if opened else _begun(state)
        return read(*begun, state, facts) if begun else show_menu(state, event, facts)
    return read(pack, at + 1, state, facts) if at + 1 < len(pack.lessons) else _close(pack, state)


def _go_back(state: State, event: Event, facts: Facts) -> Step:
    pack, at = _open_lesson(state)
    return read(pack, max(at - 1, 0), state, facts) if pack else show_menu(state, event, facts)


def _tell_source_of_open(state: State, event: Event, facts: Facts) -> Step:
    pack, at = _open_lesson(state)
    return tell_source(pack, at, state) if pack else show_menu(state, event, facts)


def _take(pack: Pack, at: int, choice_id: str, state: State) -> Step | None:
    """The kind word to an answer, and the way on."""
    exercise, language = pack.lessons[at].exercise, state.language
    choice = next((c for c in exercise.choices if c.id == choice_id), None) if exercise else None
    if choice is None:
        return None
    bubbles = [Text(in_language(choice.reply, language))]
    last = at + 1 == len(pack.lessons)
    if last:
        bubbles.append(Text(in_language(pack.closing, language)))
    reply = content(language, *bubbles, sensitive=pack.sensitive)
    return Step(_noted(state, pack, at + 1, at, "read"), _with(reply, *_ways(pack, at, language)))


def _close(pack: Pack, state: State) -> Step:
    language = state.language
    reply = content(
        language, Text(in_language(pack.closing, language)), choices=(MENU,), sensitive=pack.sensitive
    )
    return Step(_noted(state, pack, len(pack.lessons), len(pack.lessons) - 1, "read"), reply)


def _ask_to_pick(pack: Pack, at: int, exercise: Exercise, state: State) -> Step:
    """Answered in words that we don't know: the choices again, once."""
    language = state.language
    reply = _with(
        content(language, text(language, "lessons.pick"), sensitive=pack.sensitive),
        *_answers(pack, at, exercise, language),
        *_ways(pack, at, language),
    )
    return Step(msgspec.structs.replace(state, puzzled=state.puzzled + 1), reply)


def _choice_meant(exercise: Exercise, said: str, language: Language) -> Choice | None:
    """By number, by label or word, or by the one choice whose words stand in what is said."""
    if not said:
        return None
    named = [
        {
            as_whole_message(word)
            for word in (in_language(choice.label, language), *choice.label.values(), *choice.words)
        }
        for choice in exercise.choices
    ]
    for number, (choice, names) in enumerate(zip(exercise.choices, named, strict=True), start=1):
        if said == str(number) or said in names:
            return choice
    within = [
        choice
        for choice, names in zip(exercise.choices, named, strict=True)
        if any(len(name) >= _LEAST_CONTAINED and name in said for name in names)
    ]
    return within[0] if len(within) == 1 else None


def _answers(pack: Pack, at: int, exercise: Exercise, language: Language) -> list[Button]:
    lesson = pack.lessons[at]
    return [
        _button(in_language(choice.label, language), f"a.{pack.id}.{lesson.id}.{choice.id}")
        for choice in exercise.choices
    ]


def _ways(pack: Pack, at: int, language: Language, *, source: bool = True) -> list[Button]:
    """On, back, the source, other subjects."""
    ways = []
    if at + 1 < len(pack.lessons):
        ways.append(_button(button(language, NEXT).label, f"l.{pack.id}.{pack.lessons[at + 1].id}"))
    if at:
        ways.append(_button(button(language, BACK).label, f"l.{pack.id}.{pack.lessons[at - 1].id}"))
    if source:
        ways.append(_button(button(language, SOURCE).label, f"s.{pack.id}.{pack.lessons[at].id}"))
    return [*ways, button(language, MENU)]


def _way_on(language: Language, pack: Pack, at: int) -> Button:
    key = "on" if at else "from"
    return _button(
        copy().say(language, f"buttons.lessons.{key}", n=at + 1), f"l.{pack.id}.{pack.lessons[at].id}"
    )


def _heading(pack: Pack, at: int, language: Language) -> str:
    title = in_language(pack.lessons[at].title, language)
    if not pack.course:
        return title
    return copy().say(language, "lessons.heading", number=at + 1, all=len(pack.lessons), title=title)


def _open_pack(state: State) -> Pack | None:
    return packs().get(str(state.data.get("pack", ""))) if state.dialogue == _KEY else None


def _open_lesson(state: State) -> tuple[Pack | None, int]:
    pack = _open_pack(state)
    at = pack.place_of(str(state.data.get("lesson", ""))) if pack else None
    return (pack, at) if pack and at is not None else (None, 0)


def _begun(state: State) -> tuple[Pack, int] | None:
    """The pack that was read last and the lesson to go on with, where there is one."""
    pack = packs().get(str(_progress(state).get("last", "")))
    at = _next_place(state, pack) if pack else None
    return (pack, at) if pack and at is not None else None


def _next_place(state: State, pack: Pack) -> int | None:
    """Where the person goes on; None after the last lesson. A lesson that is no more begins the pack anew."""
    lesson_id = _progress(state).get("next", {}).get(pack.id, "")
    return None if lesson_id == DONE else pack.place_of(lesson_id) or 0


def _progress(state: State) -> Mapping[str, Any]:
    kept = state.progress.get(_KEY, {})
    return kept if isinstance(kept, dict) else {}


def _noted(state: State, pack: Pack, upcoming: int, at: int, step: str) -> State:
    """The state that stands at this lesson and remembers which one comes next."""
    following = pack.lessons[upcoming].id if upcoming < len(pack.lessons) else DONE
    kept = {"last": pack.id, "next": {**_progress(state).get("next", {}), pack.id: following}}
    moved = move(state, _KEY, step, pack=pack.id, lesson=pack.lessons[at].id)
    return msgspec.structs.replace(moved, progress={**state.progress, _KEY: kept})


def _button(label: str, rest: str) -> Button:
    return Button(label, data=PREFIX + rest)


def _with(reply: Content, *shown: Button) -> Content:
    """The reply with these buttons before its own."""
    return msgspec.structs.replace(reply, choices=(*shown, *reply.choices))


@cache
def _keywords() -> Mapping[str, str]:
    return {as_whole_message(word): pack.id for pack in packs().values() for word in pack.keywords}


PRESSES: Mapping[str, Callable[[State, Event, Facts], Step]] = {
    MENU: show_menu,
    ON: _go_on,
    NEXT: _go_on,
    BACK: _go_back,
    SOURCE: _tell_source_of_open,
}
