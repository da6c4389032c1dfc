"""The words the bot says: TOML by dialogue, Thai with English beside it, checked whole when first read."""

import string
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from bots.engine.steps import Language
from core.errors import AppError
from core.messages.wording import LABEL_GRAPHEMES, never_at_a_glance, never_said
from core.messages.wording import count_graphemes as count_graphemes

LANGUAGES: tuple[Language, ...] = ("th", "en")
_AT_A_GLANCE = ("buttons.labels.", "buttons.says.", "notices.", "menu.rich.")
_formatter = string.Formatter()


class CopyError(AppError):
    """The copy is incomplete or says what it must not; the message lists every place."""

    code = "copy"
    status = 500


class Copy:
    """All sayings by language and key; a key is the file's name and the path in it, joined by dots."""

    def __init__(self, sayings: Mapping[Language, Mapping[str, str | tuple[str, ...]]]) -> None:
        self._sayings = sayings

    def say(self, language: Language, key: str, **values: object) -> str:
        """One saying with its places filled; raises KeyError for an unknown key or an unfilled place."""
        saying = self._sayings[language][key]
        if not isinstance(saying, str):
            raise KeyError(f"{key} is a list")
        return saying.format(**values) if values else saying

    def lines(self, language: Language, key: str) -> tuple[str, ...]:
        """A list of sayings."""
        saying = self._sayings[language][key]
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
        for language in LANGUAGES:
            label = copy().say(language, key).casefold()
            labels.setdefault(label, set()).add(key.removeprefix("buttons.labels."))
    alone = {label: codes.pop() for label, codes in labels.items() if len(codes) == 1}
    return alone | {word: code for code, words in lists.items() for word in words}


def load_copy(folder: Traversable) -> Copy:
    """Read and check `<language>/<dialogue>.toml`; raises CopyError that lists every problem."""
    sayings = {language: dict(_read(folder.joinpath(language))) for language in LANGUAGES}
    problems = [*_missing(sayings), *_unequal_places(sayings)]
    for language in LANGUAGES:
        problems += [
            f"{language} {key}: {p}" for key, said in sayings[language].items() for p in _faults(key, said)
        ]
    if problems:
        raise CopyError("correct the copy in bots/texts:\n" + "\n".join(problems))
    return Copy(sayings)


def _read(folder: Traversable) -> Iterator[tuple[str, str | tuple[str, ...]]]:
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
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


def _missing(sayings: Mapping[Language, Mapping[str, Any]]) -> list[str]:
    return [
        f"{language} {key}: missing"
        for language, other in (("en", "th"), ("th", "en"))
        for key in sayings[other].keys() - sayings[language].keys()  # type: ignore[index]
    ]


def _unequal_places(sayings: Mapping[Language, Mapping[str, Any]]) -> list[str]:
    thai, english = sayings["th"], sayings["en"]
    return [
        f"{key}: th and en have different {{places}} or kinds"
        for key in thai.keys() & english.keys()
        if _places(thai[key]) != _places(english[key]) or type(thai[key]) is not type(english[key])
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
