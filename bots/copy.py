"""The words the bot says: TOML by dialogue and language, checked whole when first read.

A language is a folder of `bots/texts` with an `about.toml`; nothing else names it. Thai and English are whole. Where
another is not `complete` yet, its gaps are filled with English, then Thai.
"""

import re
import string
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import msgspec

from core.errors import AppError
from core.languages import WHOLE, Language, in_language
from core.messages.wording import LABEL_GRAPHEMES, never_at_a_glance, never_said
from core.messages.wording import count_graphemes as count_graphemes

LANGUAGES = WHOLE
_ABOUT = "about.toml"
_CODE = re.compile(r"[a-z]{2,3}")
_AT_A_GLANCE = ("buttons.labels.", "buttons.says.", "notices.", "menu.rich.")
_formatter = string.Formatter()


class CopyError(AppError):
    """The copy is incomplete or says what it must not; the message lists every place."""

    code = "copy"
    status = 500


class About(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One language as its folder tells of it. `reviewed_by` is empty until a reader of the ministry signs."""

    name: str
    complete: bool = False
    reviewed_by: str = ""


class Spoken(msgspec.Struct, frozen=True):
    """A language and how many of all sayings are said in it."""

    code: Language
    about: About
    said: int
    of: int


Sayings = Mapping[str, str | tuple[str, ...]]


class Copy:
    """All sayings by language and key; a key is the file's name and the path in it, joined by dots."""

    def __init__(self, sayings: Mapping[Language, Sayings], spoken: tuple[Spoken, ...] = ()) -> None:
        self._sayings = sayings
        self.spoken = spoken

    def say(self, language: Language, key: str, **values: object) -> str:
        """One saying with its places filled; raises KeyError for an unknown key or an unfilled place."""
        saying = in_language(self._sayings, language)[key]
        if not isinstance(saying, str):
            raise KeyError(f"{key} is a list")
        return saying.format(**values) if values else saying

    def lines(self, language: Language, key: str) -> tuple[str, ...]:
        """A list of sayings."""
        saying = in_language(self._sayings, language)[key]
        return (saying,) if isinstance(saying, str) else saying

    def has(self, key: str) -> bool:
        return key in self._sayings["th"]

    def keys(self, prefix: str = "") -> tuple[str, ...]:
        return tuple(key for key in self._sayings["th"] if key.startswith(prefix))


@cache
def copy() -> Copy:
    """The service's own copy."""
    return load_copy(resources.files("bots.texts"))


@cache
def whole_messages() -> Mapping[str, str]:
    """What a person may type as a whole message instead of pressing → the code it stands for.

    Besides the words of words.toml these are the labels of all buttons that only one button carries.
    """
    folder = resources.files("bots.texts")
    lists: dict[str, list[str]] = tomllib.loads(folder.joinpath("words.toml").read_text("utf-8"))
    labels: dict[str, set[str]] = {}
    for key in copy().keys("buttons.labels."):
        for language in (spoken.code for spoken in copy().spoken):
            label = copy().say(language, key).casefold()
            labels.setdefault(label, set()).add(key.removeprefix("buttons.labels."))
    alone = {label: codes.pop() for label, codes in labels.items() if len(codes) == 1}
    names = {spoken.about.name.casefold(): f"l1:{spoken.code}" for spoken in copy().spoken}
    return names | alone | {word: code for code, words in lists.items() for word in words}


def load_copy(folder: Traversable) -> Copy:
    """Read and check `<language>/<dialogue>.toml`; raises CopyError that lists every problem."""
    codes = (*WHOLE, *(code for code in _folders(folder) if code not in WHOLE))
    about = {code: _about(folder.joinpath(code), code) for code in codes}
    said = {code: dict(_read(folder.joinpath(code))) for code in codes}
    whole = frozenset(WHOLE) | {code for code in codes if about[code].complete}
    problems = [
        *_missing(said, whole),
        *_unequal_places(said),
        *(
            f"{code} {key}: {p}"
            for code in codes
            for key, line in said[code].items()
            for p in _faults(key, line)
        ),
    ]
    if problems:
        raise CopyError("correct the copy in bots/texts:\n" + "\n".join(problems))
    spoken = tuple(Spoken(code, about[code], len(said[code]), len(said["th"])) for code in codes)
    return Copy({code: {**said["th"], **said["en"], **said[code]} for code in codes}, spoken)


def _folders(folder: Traversable) -> list[str]:
    return sorted(one.name for one in folder.iterdir() if one.is_dir() and _CODE.fullmatch(one.name))


def _about(folder: Traversable, code: Language) -> About:
    """What the folder tells of its language; raises CopyError for a wrong `about.toml`."""
    file = folder.joinpath(_ABOUT)
    if not file.is_file():
        return About(name=code)
    try:
        return msgspec.convert(tomllib.loads(file.read_text("utf-8")), About)
    except (msgspec.ValidationError, tomllib.TOMLDecodeError) as wrong:
        raise CopyError(f"correct bots/texts/{code}/{_ABOUT}: {wrong}") from wrong


def _read(folder: Traversable) -> Iterator[tuple[str, str | tuple[str, ...]]]:
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml") and file.name != _ABOUT:
            yield from _flatten(file.name.removesuffix(".toml"), tomllib.loads(file.read_text("utf-8")))


def _flatten(prefix: str, table: dict[str, Any]) -> Iterator[tuple[str, str | tuple[str, ...]]]:
    for name, value in table.items():
        key = f"{prefix}.{name}"
        if isinstance(value, dict):
            yield from _flatten(key, value)
        elif isinstance(value, list):
            yield key, tuple(str(line).strip() for line in value)
        else:
            yield key, str(value).strip()


def _missing(sayings: Mapping[Language, Sayings], whole: frozenset[Language]) -> Iterator[str]:
    """What a whole language does not say, and what only another language than Thai says."""
    for code, said in sayings.items():
        if code in whole:
            yield from (f"{code} {key}: missing" for key in sayings["th"].keys() - said.keys())
        yield from (f"th {key}: missing" for key in said.keys() - sayings["th"].keys())


def _unequal_places(sayings: Mapping[Language, Sayings]) -> list[str]:
    thai = sayings["th"]
    return [
        f"{key}: th and {code} have different {{places}} or kinds"
        for code, other in sayings.items()
        for key in thai.keys() & other.keys()
        if _places(thai[key]) != _places(other[key]) or type(thai[key]) is not type(other[key])
    ]


def _places(saying: str | tuple[str, ...]) -> set[str]:
    joined = saying if isinstance(saying, str) else "\n".join(saying)
    try:
        return {name for _, name, _, _ in _formatter.parse(joined) if name is not None}
    except ValueError:
        return {"{ that is not closed"}


def _faults(key: str, saying: str | tuple[str, ...]) -> Iterator[str]:
    lines = (saying,) if isinstance(saying, str) else saying
    if not lines or not all(lines):
        yield "empty"
    for line in lines:
        said = never_said(line)
        if key.startswith(_AT_A_GLANCE):
            said += never_at_a_glance(line)
        if said:
            yield "says " + ", ".join(said)
        if key.startswith("buttons.") and count_graphemes(line) > LABEL_GRAPHEMES:
            yield f"longer than {LABEL_GRAPHEMES} graphemes"
