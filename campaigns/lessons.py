"""Ready-made lessons: packs of short texts in TOML, each with its source, its day, its owner and who read it.

A pack is plain data that msgspec writes and reads back whole, so that the console can edit one: an edited pack is a
row with the pack's id, the encoded pack and who signed it, in a table of its own; whoever loads packs then lets that
row stand before the file of the same id, after the same `faults_in`. Nothing that is shown depends on where it was kept.
"""

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from itertools import chain
from typing import Any

import msgspec
import regex

from core.errors import AppError
from core.languages import WHOLE, Language
from core.messages.wording import LABEL_GRAPHEMES, count_graphemes, never_at_a_glance, never_said
from referrals.directory.hotlines import all_hotlines

LONGEST_BUBBLE, LONGEST_REPLY = 600, 300  # graphemes
MOST_BUBBLES, FEWEST_IN_COURSE = 4, 2
FEWEST_CHOICES, MOST_CHOICES = 2, 4
_ID = regex.compile(r"[a-z][a-z0-9_]{0,23}")
_STANDING_DIGITS = regex.compile(r"\d[\d-]*")

Said = dict[Language, str]


class PackError(AppError):
    """A pack is incomplete or says what it must not; the message lists every place."""

    code = "pack"
    status = 500


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
    """Read and check `<order>_<id>.toml`; raises PackError that lists every problem."""
    found: list[Pack] = []
    problems: list[str] = []
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            pack_id = file.name.removesuffix(".toml").partition("_")[2]
            try:
                found.append(read_pack(pack_id, tomllib.loads(file.read_text("utf-8"))))
            except (msgspec.ValidationError, tomllib.TOMLDecodeError) as wrong:
                problems.append(f"{file.name}: {wrong}")
    problems += faults_in(found)
    if problems:
        raise PackError("correct the packs:\n" + "\n".join(problems))
    return {pack.id: pack for pack in found}


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
    ids = [pack.id, *(lesson.id for lesson in pack.lessons)]
    yield from (f"{pack.id}: {one!r} is not an id" for one in ids if not _ID.fullmatch(one))
    yield from (f"{pack.id}: two lessons are called {one}" for one, n in Counter(ids[1:]).items() if n > 1)
    yield from _of_label(f"{pack.id}.title", pack.title)
    yield from _of_saying(f"{pack.id}.about", pack.about, LONGEST_REPLY)
    yield from _of_saying(f"{pack.id}.closing", pack.closing, LONGEST_REPLY)
    for lesson in pack.lessons:
        yield from _of_lesson(f"{pack.id}.{lesson.id}", lesson, course=pack.course)


def _of_lesson(place: str, lesson: Lesson, *, course: bool) -> Iterator[str]:
    yield from _of_label(f"{place}.title", lesson.title)
    yield from _of_languages(f"{place}.bubbles", lesson.bubbles)
    if len({len(bubbles) for bubbles in lesson.bubbles.values()}) != 1:
        yield f"{place}.bubbles: the languages have different numbers of bubbles"
    for language, bubbles in lesson.bubbles.items():
        if not (FEWEST_IN_COURSE if course else 1) <= len(bubbles) <= MOST_BUBBLES:
            yield f"{place}.bubbles.{language}: {len(bubbles)} bubbles"
        for text in bubbles:
            yield from _of_text(f"{place}.bubbles.{language}", text, LONGEST_BUBBLE)
    yield from _of_saying(f"{place}.source", lesson.source, LONGEST_REPLY)
    yield from _of_saying(f"{place}.owner", lesson.owner, LONGEST_REPLY)
    yield from (f"{place}.call: {n} is not in the directory" for n in lesson.call if n not in _numbers())
    if not lesson.asked or not all(lesson.asked):
        yield f"{place}.asked: nobody can find it by asking"
    if lesson.exercise is not None:
        yield from _of_exercise(f"{place}.exercise", lesson.exercise)
    elif course:
        yield f"{place}: a lesson of a course needs an exercise"


def _of_exercise(place: str, exercise: Exercise) -> Iterator[str]:
    yield from _of_saying(f"{place}.question", exercise.question, LONGEST_REPLY)
    if not FEWEST_CHOICES <= len(exercise.choices) <= MOST_CHOICES:
        yield f"{place}.choices: {len(exercise.choices)} choices"
    if len({choice.id for choice in exercise.choices}) != len(exercise.choices):
        yield f"{place}.choices: an id is there twice"
    for choice in exercise.choices:
        if not _ID.fullmatch(choice.id):
            yield f"{place}: {choice.id!r} is not an id"
        yield from _of_label(f"{place}.{choice.id}.label", choice.label)
        yield from _of_saying(f"{place}.{choice.id}.reply", choice.reply, LONGEST_REPLY)


def _of_label(place: str, label: Said) -> Iterator[str]:
    yield from _of_saying(place, label, LABEL_GRAPHEMES)
    said = list(chain.from_iterable(map(never_at_a_glance, label.values())))
    if said:
        yield f"{place}: shows {', '.join(said)}"


def _of_saying(place: str, saying: Said, longest: int) -> Iterator[str]:
    yield from _of_languages(place, saying)
    for language, text in saying.items():
        yield from _of_text(f"{place}.{language}", text, longest)


def _of_languages(place: str, said: Mapping[Language, Any]) -> Iterator[str]:
    yield from (f"{place}: {language} is missing" for language in WHOLE if language not in said)


def _of_text(place: str, text: str, longest: int) -> Iterator[str]:
    if not text.strip():
        yield f"{place}: empty"
    if count_graphemes(text) > longest:
        yield f"{place}: longer than {longest} characters"
    yield from (f"{place}: says {word}" for word in never_said(text))
    # A number that changes must change in one place; `call` shows it with its hours.
    yield from (f"{place}: writes out {n}" for n in _STANDING_DIGITS.findall(text) if n in _numbers())


@cache
def _numbers() -> frozenset[str]:
    return frozenset(hotline.number for hotline in all_hotlines())
