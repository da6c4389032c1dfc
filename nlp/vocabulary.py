"""The one lexicon of all word files and places, built at import."""

from typing import cast

import msgspec
from pythainlp.corpus import provinces

from nlp.lexicon import Lexicon, read_rows, read_table
from nlp.normalize import normal_word

_WORD_FILES = ("work", "terms", "context", "plea", "harm", "hints", "wishes")


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


def _place_concepts() -> dict[str, list[str]]:
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


def _read_concepts() -> dict[str, list[str]]:
    concepts = _place_concepts()
    for name in _WORD_FILES:
        table = cast("dict[str, list[str]]", read_table(f"words/{name}.toml"))
        for concept, words in table.items():
            if concept in concepts:
                raise ValueError(f"concept {concept} stands in two word files")
            concepts[concept] = words
    return concepts


LEXICON = Lexicon(_read_concepts())
