"""The one lexicon of all word files and places, built when first asked for: a second, and 40 MB that not every process needs."""

from functools import cache
from typing import cast

from nlp.lexicon import Lexicon
from nlp.places import place_concepts
from nlp.tables import read_table

_WORD_FILES = ("work", "terms", "context", "plea", "harm", "hints", "wishes")


def _read_concepts() -> dict[str, list[str]]:
    concepts = place_concepts()
    for name in _WORD_FILES:
        table = cast("dict[str, list[str]]", read_table(f"words/{name}.toml"))
        for concept, words in table.items():
            if concept in concepts:
                raise ValueError(f"concept {concept} stands in two word files")
            concepts[concept] = words
    return concepts


@cache
def lexicon() -> Lexicon:
    return Lexicon(_read_concepts())
