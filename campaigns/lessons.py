"""Ready-made lessons: packs of short texts in TOML, each with its source, its day, its owner and who read it.

A pack is plain data that msgspec writes and reads back whole, so that the console can edit one: an edited pack is a
row with the pack's id, the encoded pack and who signed it, in a table of its own; whoever loads packs then lets that
row stand before the file of the same id, after the same `faults_in`. Nothing that is shown depends on where it was kept.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import msgspec

from campaigns.sayings import (
    Said,
    faults_of_ids,
    faults_of_label,
    faults_of_languages,
    faults_of_saying,
    faults_of_text,
    hotline_numbers,
    read_folder,
)
from core.languages import Language

LONGEST_BUBBLE, LONGEST_REPLY = 600, 300  # graphemes
MOST_BUBBLES, FEWEST_IN_COURSE = 4, 2
FEWEST_CHOICES, MOST_CHOICES = 2, 4


class Choice(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One answer to an exercise, and the kind word that it gets. `words` may be typed instead of pressing."""

    id: str
    label: Said
    reply: Said
    words: tuple[str, ...] = ()


class Exercise(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    question: Said
    choices: tuple[Choice, ...]


class Lesson(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One thought in a few bubbles. `asked` are ways to ask for it; `call` are numbers of the hotline directory."""

    id: str
    title: Said
    bubbles: dict[Language, tuple[str, ...]]
    source: Said
    as_of: date
    owner: Said
    # Who at the ministry read and signed it; empty until then.
    reviewed_by: str = ""
    asked: tuple[str, ...] = ()
    call: tuple[str, ...] = ()
    exercise: Exercise | None = None


class Pack(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Lessons on one subject. `keywords` open it when typed alone; a `course` is meant to be walked through."""

    id: str
    title: Said
    about: Said
    closing: Said
    keywords: tuple[str, ...]
    lessons: tuple[Lesson, ...]
    asked: tuple[str, ...] = ()
    course: bool = False
    # Its subject is not for everybody's eyes: late answers wait behind a neutral line.
    sensitive: bool = False

    def place_of(self, lesson_id: str) -> int | None:
        """Which lesson this is, counted from 0; None where the pack has it no more."""
        return next((at for at, lesson in enumerate(self.lessons) if lesson.id == lesson_id), None)


@cache
def packs() -> Mapping[str, Pack]:
    """All packs by id, in the order in which they are offered."""
    return load_packs(resources.files("campaigns").joinpath("packs"))


def load_packs(folder: Traversable) -> Mapping[str, Pack]:
    """Read and check the packs of a folder; raises ContentError that lists every problem."""
    return read_folder(folder, read_pack, faults_in)


def read_pack(pack_id: str, table: Mapping[str, Any]) -> Pack:
    """A pack from its table; what `[origin]` says holds for each lesson that does not say it itself.

    Raises msgspec.ValidationError for unknown or missing keys.
    """
    rest = {key: value for key, value in table.items() if key not in {"origin", "lesson"}}
    origin = table.get("origin", {})
    lessons = [{**origin, **lesson} for lesson in table.get("lesson", ())]
    return msgspec.convert({**rest, "id": pack_id, "lessons": lessons}, Pack)


def faults_in(found: Iterable[Pack]) -> list[str]:
    """Everything that is wrong with these packs, each with its place; what an editor sees before it may be kept."""
    together = list(found)
    faults = [fault for pack in together for fault in _faults_of(pack)]
    opened_by = Counter(word.casefold() for pack in together for word in {*pack.keywords})
    return faults + [f"keyword {word!r} opens more than one pack" for word, n in opened_by.items() if n > 1]


def _faults_of(pack: Pack) -> Iterator[str]:
    if not pack.lessons or not pack.keywords:
        yield f"{pack.id}: needs lessons and keywords"
    yield from faults_of_ids(pack.id, [pack.id], "packs")
    yield from faults_of_ids(pack.id, (lesson.id for lesson in pack.lessons), "lessons")
    yield from faults_of_label(f"{pack.id}.title", pack.title)
    yield from faults_of_saying(f"{pack.id}.about", pack.about, LONGEST_REPLY)
    yield from faults_of_saying(f"{pack.id}.closing", pack.closing, LONGEST_REPLY)
    for lesson in pack.lessons:
        yield from _of_lesson(f"{pack.id}.{lesson.id}", lesson, course=pack.course)


def _of_lesson(place: str, lesson: Lesson, *, course: bool) -> Iterator[str]:
    yield from faults_of_label(f"{place}.title", lesson.title)
    yield from faults_of_languages(f"{place}.bubbles", lesson.bubbles)
    if len({len(bubbles) for bubbles in lesson.bubbles.values()}) != 1:
        yield f"{place}.bubbles: the languages have different numbers of bubbles"
    for language, bubbles in lesson.bubbles.items():
        if not (FEWEST_IN_COURSE if course else 1) <= len(bubbles) <= MOST_BUBBLES:
            yield f"{place}.bubbles.{language}: {len(bubbles)} bubbles"
        for text in bubbles:
            yield from faults_of_text(f"{place}.bubbles.{language}", text, LONGEST_BUBBLE)
    yield from faults_of_saying(f"{place}.source", lesson.source, LONGEST_REPLY)
    yield from faults_of_saying(f"{place}.owner", lesson.owner, LONGEST_REPLY)
    yield from (
        f"{place}.call: {n} is not in the directory" for n in lesson.call if n not in hotline_numbers()
    )
    if not lesson.asked or not all(lesson.asked):
        yield f"{place}.asked: nobody can find it by asking"
    if lesson.exercise is not None:
        yield from _of_exercise(f"{place}.exercise", lesson.exercise)
    elif course:
        yield f"{place}: a lesson of a course needs an exercise"


def _of_exercise(place: str, exercise: Exercise) -> Iterator[str]:
    yield from faults_of_saying(f"{place}.question", exercise.question, LONGEST_REPLY)
    if not FEWEST_CHOICES <= len(exercise.choices) <= MOST_CHOICES:
        yield f"{place}.choices: {len(exercise.choices)} choices"
    yield from faults_of_ids(f"{place}.choices", (choice.id for choice in exercise.choices), "choices")
    for choice in exercise.choices:
        yield from faults_of_label(f"{place}.{choice.id}.label", choice.label)
        yield from faults_of_saying(f"{place}.{choice.id}.reply", choice.reply, LONGEST_REPLY)
