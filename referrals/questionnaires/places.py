"""Places in answers: found in what somebody typed, said in words, and their time zone.

Codes: "province:TH-10" (ISO 3166-2:TH), "country:KH" (ISO 3166-1), "geo:13.75,100.50" (latitude, longitude), "sea",
"thailand", "abroad".
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any

from nlp.normalize import normal_word
from nlp.places import foreign_places, provinces_by_name
from referrals.questionnaires.edits import edits_between
from referrals.questionnaires.questionnaire import Answers

# Where a person may have said where they are, the most exact first.
_ASKED = ("G4p", "G4c", "G4", "G4b")
_POINT = re.compile(r"^\s*(-?\d{1,2}\.\d+)\s*[,; ]\s*(-?\d{1,3}\.\d+)\s*$")
_DIGITS = re.compile(r"\d")
_MOST_DIGITS = 4  # a postcode, a phone or an identity number is no place's name
_LONGEST = 80  # characters
_CONTAINED = 4  # letters of a name that counts inside a longer text
_TYPO = 4, 8  # letters from which one and two slips are forgiven
_AROUND = " .,!?~-()\"'“”"
_LATIN = re.compile(r"[a-z]")


def find_answer(typed: str) -> tuple[str, ...] | None:
    """The place or the coordinates that are meant, as an answer."""
    point = _POINT.match(typed)
    if point:
        return point_answer(float(point[1]), float(point[2]))
    code = find_place(typed)
    return (code,) if code else None


def find_place(typed: str) -> str | None:
    """The one province or country that is meant, as a code; None for none, for two different ones and for numbers."""
    if len(typed) > _LONGEST or len(_DIGITS.findall(typed)) > _MOST_DIGITS:
        return None
    plain = normal_word(typed).strip(_AROUND)
    forms, names = list(_without_surroundings(plain)), place_names()
    exact = next((names[form] for form in forms if form in names), None)
    return exact or _contained(plain) or next(filter(None, map(_misspelt, forms)), None)


def point_answer(latitude: float, longitude: float) -> tuple[str, ...] | None:
    """A pin, to about 10 m, as an answer; with "abroad" where it is surely outside Thailand; None for no such point."""
    if abs(latitude) > 90 or abs(longitude) > 180:
        return None
    south, north, west, east = _table()["thailand"]["box"]
    within = south <= latitude <= north and west <= longitude <= east
    return (f"geo:{latitude:.4f},{longitude:.4f}", *(() if within else ("abroad",)))


def place_of(answers: Answers) -> str | None:
    """Where the person concerned is, as exactly as it may be stored in the open: never a pin."""
    said = [code for asked in _ASKED for code in answers.get(asked, ())]
    return next((code for code in said if code.startswith(("province:", "country:"))), None) or next(
        (code for code in said if code in {"sea", "thailand", "abroad"}), None
    )


def say_place(code: str, language: str = "th") -> str:
    """The place in Thai, or in English for every other language; raises KeyError for a code that is not one."""
    kind, _, name = code.partition(":")
    at = 0 if language == "th" else 1
    if kind in {"province", "country"}:
        return str(_table()[kind][name][at])
    return str(_table()["words"][kind][at]).format(point=name)


@cache
def every_place(language: str = "th") -> tuple[tuple[str, str], ...]:
    """Provinces, then countries, each as (code, name) in the order of a dictionary, to choose from."""
    return tuple(
        (code, say_place(code, language))
        for kind in ("province", "country")
        for code in sorted(
            (f"{kind}:{name}" for name in _table()[kind]),
            key=lambda code: _collated(say_place(code, language)),
        )
    )


def _collated(name: str) -> str:
    """A Thai vowel written before its consonant is sorted behind it."""
    return name[1] + name[0] + name[2:] if name[0] in "เแโใไ" and len(name) > 1 else name


def zone_of(code: str) -> str | None:
    """Name of the time zone (IANA) of a place in Thailand or a country; None where the place doesn't tell."""
    kind, _, name = code.partition(":")
    if kind in {"province", "thailand"}:
        return "Asia/Bangkok"
    return str(_table()["country"][name][2]) if kind == "country" else None


@cache
def place_names() -> Mapping[str, str]:
    """Every name in normal form → code."""
    table = _table()
    by_name = {said[0]: f"province:{code}" for code, said in table["province"].items()}
    names = {
        name: f"country:{place.country}" for name, place in foreign_places().items() if place.country != "TH"
    }
    names |= {name: by_name[place.name] for name, place in provinces_by_name()[0].items()}
    for kind in ("province", "country"):
        names |= {
            normal_word(name): f"{kind}:{code}" for code, said in table[kind].items() for name in said[:2]
        }
    for kind, rows in (("province", table["town"]), ("country", table["abroad"])):
        names |= {normal_word(name): f"{kind}:{code}" for code, said in rows.items() for name in said}
    return names


def _without_surroundings(plain: str) -> Iterator[str]:
    """The text, then without what people put before a place and after it, step by step."""
    before, after = (_surroundings(side) for side in ("before", "after"))
    yield plain
    while True:
        shorter = next((plain.removeprefix(w).lstrip(" .") for w in before if _starts(plain, w)), plain)
        if shorter == plain:
            shorter = next((plain.removesuffix(w).rstrip(" .") for w in after if plain.endswith(w)), plain)
        if shorter in {plain, ""}:
            return
        plain = shorter
        yield plain


def _starts(plain: str, word: str) -> bool:
    return plain.startswith(f"{word} " if _LATIN.match(word) else word)


@cache
def _surroundings(side: str) -> tuple[str, ...]:
    words = {normal_word(word).strip() for word in _table()["words"][side]}
    return tuple(sorted(words - {""}, key=len, reverse=True))


def _contained(plain: str) -> str | None:
    """The place whose name stands in the text, if all names that do mean the same one."""
    _, marked = provinces_by_name()
    spans = [
        (start, start + len(name), code)
        for name, code in place_names().items()
        if len(name) >= _CONTAINED and name not in marked
        for start in _starts_of(name, plain)
    ]
    spans += [(-1, -1, place_names()[word]) for word in plain.split() if word in place_names()]
    return _only(
        code
        for start, end, code in spans
        if not any(s <= start and end <= e and (s, e) != (start, end) for s, e, _ in spans)
    )


def _starts_of(name: str, plain: str) -> Iterator[int]:
    latin = _LATIN.match(name)
    start = plain.find(name)
    while start >= 0:
        around = plain[max(start - 1, 0) : start] + plain[start + len(name) : start + len(name) + 1]
        if not (latin and _LATIN.search(around)):
            yield start
        start = plain.find(name, start + 1)


def _misspelt(word: str) -> str | None:
    """The place whose name is nearest, if one alone is and the slips are few for its length."""
    allowed = sum(len(word) >= length for length in _TYPO)
    if not allowed:
        return None
    near: dict[int, list[str]] = {}
    for name, code in place_names().items():
        if len(name) >= _TYPO[0] and abs(len(name) - len(word)) <= allowed:
            slips = edits_between(name, word, at_most=allowed)
            if slips is not None:
                near.setdefault(slips, []).append(code)
    return _only(near[min(near)]) if near else None


def _only(codes: Iterable[str]) -> str | None:
    found = set(codes)
    return found.pop() if len(found) == 1 else None


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("places.toml").read_text("utf-8"))
