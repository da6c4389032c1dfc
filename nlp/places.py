"""Provinces and foreign places by each of their names, read when first asked for; apart from the lexicon, which weighs far more.

Making names plain loads the dictionary, 40 MB that a web process can do without.
"""

from functools import cache

import msgspec
from pythainlp.corpus import provinces

from nlp.normalize import normal_word
from nlp.tables import read_rows

_MARKS = ("จ", "จังหวัด")


class Place(msgspec.Struct, frozen=True):
    name: str
    kind: str
    country: str


@cache
def foreign_places() -> dict[str, Place]:
    """Places outside Thailand, and border towns, by each of their names."""
    places: dict[str, Place] = {}
    for row in read_rows("places.tsv"):
        place = Place(*row[:3])
        for word in (place.name, *row[3:4]):
            places |= dict.fromkeys((normal_word(one) for one in word.split("|") if one), place)
    return places


@cache
def provinces_by_name() -> tuple[dict[str, Place], frozenset[str]]:
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


def place_concepts() -> dict[str, list[str]]:
    """Words of places by concept, as the lexicon takes them."""
    concepts: dict[str, list[str]] = {
        "hotspot": [],
        "neighbour": [],
        "foreign": [],
        "border_town": [],
        "place": [],
    }
    for word, place in foreign_places().items():
        concepts["place"].append(word)
        if place.kind == "border":
            concepts["border_town"].append(word)
            continue
        concepts["foreign"].append(word)
        if place.kind == "hotspot":
            concepts["hotspot"].append(word)
        elif place.country in {"KH", "MM", "LA"}:
            concepts["neighbour"].append(word)
    by_name, marked = provinces_by_name()
    for word in by_name:
        if word in marked:
            concepts["place"] += [mark + word for mark in _MARKS]
        else:
            concepts["place"].append(word)
    return concepts


def place_named(word: str) -> Place:
    """The place behind a squeezed word that the lexicon found as `place`."""
    by_name, _ = provinces_by_name()
    found = foreign_places().get(word) or by_name.get(word)
    if found is None:
        mark = next(mark for mark in sorted(_MARKS, key=len, reverse=True) if word.startswith(mark))
        found = by_name[word.removeprefix(mark)]
    return found
