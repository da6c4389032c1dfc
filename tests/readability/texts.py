"""Every Thai text that the bot says, with its place; what people type to it is left out, for they may spell as they like."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import regex

ROOT = Path(__file__).parents[2]
# What is heard, not said: words of small talk, guessed words, commands in groups, rows of a keyboard.
_HEARD = regex.compile(r"^((decoy|quiz)\.hears\.|code_word\.(guessed|alphabet)|group\.(check|switch_))")
_ELSEWHERE = (
    *sorted((ROOT / "referrals/questionnaires/questions").glob("*.toml")),
    *sorted((ROOT / "campaigns/packs").glob("*.toml")),
    *sorted((ROOT / "campaigns/quizzes").glob("*.toml")),
    *sorted((ROOT / "campaigns/ready/occasions").glob("*.toml")),
    ROOT / "campaigns/ready/questions.toml",
    ROOT / "campaigns/response/words.toml",
    ROOT / "referrals/directory/hotlines.toml",
    ROOT / "referrals/directory/words.toml",
    ROOT / "bots/channels/texts.toml",
)
_THAI = regex.compile(r"\p{Thai}")
_FILLED_IN = regex.compile(r"\{[^}]*\}")


class Said(NamedTuple):
    """`place` is the file's name and the path in it."""

    place: str
    text: str

    @property
    def is_of_lessons_or_rights(self) -> bool:
        """These may be longer than other replies."""
        return self.place.startswith(("packs/", "rights."))


def thai_texts() -> list[Said]:
    return [*_copy(), *_data()]


def _copy() -> Iterator[Said]:
    for file in sorted((ROOT / "bots/texts/th").glob("*.toml")):
        for path, text in _strings(_read(file), ()):
            place = ".".join((file.stem, *path))
            if not _HEARD.match(place):
                yield Said(place, text)


def _data() -> Iterator[Said]:
    for file in _ELSEWHERE:
        for path, text in _strings(_read(file), ()):
            if "th" in path and _THAI.search(text):
                yield Said(".".join((f"{file.parent.name}/{file.stem}", *path)), text)


def without_places(text: str) -> str:
    return _FILLED_IN.sub(" ", text)


def _read(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text("utf-8"))


def _strings(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one, path)
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _strings(one, (*path, key))
