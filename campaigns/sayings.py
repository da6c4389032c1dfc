"""Content of campaigns as it stands in data files: sayings in every language, how they are checked, how they are read."""

import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources.abc import Traversable
from typing import Any, Protocol, TypeVar

import msgspec
import regex

from core.errors import AppError
from core.languages import WHOLE, Language
from core.messages.wording import LABEL_GRAPHEMES, count_graphemes, never_at_a_glance, never_said
from referrals.directory.hotlines import shipped_hotlines

Said = dict[Language, str]

_ID = regex.compile(r"[a-z][a-z0-9_]{0,23}")
_STANDING_DIGITS = regex.compile(r"\d[\d-]*")


class ContentError(AppError):
    """Content is incomplete or says what it must not; the message lists every place."""

    code = "content"
    status = 500


class Named(Protocol):
    """What a file holds; its id is in the file's name."""

    @property
    def id(self) -> str: ...


_Content = TypeVar("_Content", bound=Named)


def read_folder(
    folder: Traversable,
    read: Callable[[str, Mapping[str, Any]], _Content],
    faults_in: Callable[[Sequence[_Content]], list[str]],
) -> dict[str, _Content]:
    """Read and check `<order>_<id>.toml`, by id in order; raises ContentError that lists every problem."""
    found: list[_Content] = []
    problems: list[str] = []
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            content_id = file.name.removesuffix(".toml").partition("_")[2]
            try:
                found.append(read(content_id, tomllib.loads(file.read_text("utf-8"))))
            except (msgspec.ValidationError, tomllib.TOMLDecodeError) as wrong:
                problems.append(f"{file.name}: {wrong}")
    problems += faults_in(found)
    if problems:
        raise ContentError(f"correct the files of {folder.name}:\n" + "\n".join(problems))
    return {content.id: content for content in found}


def faults_of_ids(place: str, ids: Iterable[str], noun: str) -> Iterator[str]:
    """What is wrong with ids of which no two may be alike; `noun` names the two."""
    for one, n in Counter(ids).items():
        if not _ID.fullmatch(one):
            yield f"{place}: {one!r} is not an id"
        if n > 1:
            yield f"{place}: two {noun} are called {one}"


def faults_of_label(place: str, label: Said) -> Iterator[str]:
    """A label is short, and may be read over a shoulder."""
    yield from faults_of_saying(place, label, LABEL_GRAPHEMES)
    shown = [word for text in label.values() for word in never_at_a_glance(text)]
    if shown:
        yield f"{place}: shows {', '.join(shown)}"


def faults_of_saying(place: str, saying: Said, longest: int) -> Iterator[str]:
    """`longest` in graphemes."""
    yield from faults_of_languages(place, saying)
    for language, text in saying.items():
        yield from faults_of_text(f"{place}.{language}", text, longest)


def faults_of_languages(place: str, said: Mapping[Language, Any]) -> Iterator[str]:
    yield from (f"{place}: {language} is missing" for language in WHOLE if language not in said)


def faults_of_text(place: str, text: str, longest: int) -> Iterator[str]:
    """`longest` in graphemes."""
    if not text.strip():
        yield f"{place}: empty"
    if count_graphemes(text) > longest:
        yield f"{place}: longer than {longest} characters"
    yield from (f"{place}: says {word}" for word in never_said(text))
    # A number that changes must change in one place, from which it is shown with its hours.
    yield from (f"{place}: writes out {n}" for n in _STANDING_DIGITS.findall(text) if n in hotline_numbers())


@cache
def hotline_numbers() -> frozenset[str]:
    """What lessons call hotlines: the numbers that came with the program, whatever staff changed them to."""
    return frozenset(hotline.number for hotline in shipped_hotlines())
