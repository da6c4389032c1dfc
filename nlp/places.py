"""Provinces and foreign places by each of their names, read at import; apart from the lexicon, which weighs far more."""

import msgspec
from pythainlp.corpus import provinces

from nlp.lexicon import read_rows
from nlp.normalize import normal_word


class Place(msgspec.Struct, frozen=True):
    name: str
    kind: str
    country: str


def _read_foreign_places() -> dict[str, Place]:
    places: dict[str, Place] = {}
    for row in read_rows("places.tsv"):
        place = Place(*row[:3])
        for word in (place.name, *row[3:4]):
            places |= dict.fromkeys((normal_word(one) for one in word.split("|") if one), place)
    return places


def _read_provinces() -> tuple[dict[str, Place], frozenset[str]]:
    """Every province by each of its names, and the words that count only after จังหวัด."""
    places = {normal_word(name): Place(name, "province", "TH") for name in map(str, provinces())}
    marked: set[str] = set()
    for name, others, *mark in read_rows("province_names.tsv"):
        for word in others.split("|"):
            if word:
                places[normal_word(word)] = Place(name, "province", "TH")
        if "marked" in mark:
            marked.add(normal_word(name))
    return places, frozenset(marked)


FOREIGN_PLACES = _read_foreign_places()
PROVINCES, MARKED_PROVINCES = _read_provinces()
_MARKS = ("จ", "จังหวัด")


def place_concepts() -> dict[str, list[str]]:
    """Words of places by concept, as the lexicon takes them."""
    concepts: dict[str, list[str]] = {
        "hotspot": [],
        "neighbour": [],
        "foreign": [],
        "border_town": [],
        "place": [],
    }
    for word, place in FOREIGN_PLACES.items():
        concepts["place"].append(word)
        if place.kind == "border":
            concepts["border_town"].append(word)
            continue
        concepts["foreign"].append(word)
        if place.kind == "hotspot":
            concepts["hotspot"].append(word)
        elif place.country in {"KH", "MM", "LA"}:
            concepts["neighbour"].append(word)
    for word in PROVINCES:
        if word in MARKED_PROVINCES:
            concepts["place"] += [mark + word for mark in _MARKS]
        else:
            concepts["place"].append(word)
    return concepts


def place_named(word: str) -> Place:
    """The place behind a squeezed word that the lexicon found as `place`."""
    found = FOREIGN_PLACES.get(word) or PROVINCES.get(word)
    if found is None:
        mark = next(mark for mark in sorted(_MARKS, key=len, reverse=True) if word.startswith(mark))
        found = PROVINCES[word.removeprefix(mark)]
    return found
