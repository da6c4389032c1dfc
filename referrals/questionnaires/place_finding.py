"""The place that somebody means by what they typed, as a code of `places.py`. Making names plain loads the dictionary."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from nlp.normalize import normal_word
from nlp.places import foreign_places, provinces_by_name
from referrals.questionnaires.edits import edits_between
from referrals.questionnaires.places import place_table, point_answer

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


@cache
def place_names() -> Mapping[str, str]:
    """Every name in normal form → code."""
    table = place_table()
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
    words = {normal_word(word).strip() for word in place_table()["words"][side]}
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
