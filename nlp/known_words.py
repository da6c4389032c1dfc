"""The words that disguised ones are recognised by: Thai words by how common they are, and the Latin words of offers."""

import heapq
import math
import re
from functools import cache

import ahocorasick
from pythainlp.corpus import provinces, thai_words, tnc

from nlp.tables import read_rows, read_words

Candidates = tuple[tuple[str, float], ...]  # word, negative logarithm of its share among all words

_RAREST = 5  # occurrences in the Thai National Corpus (33.5 million words): below stand names and slips
_ALL = 33_500_000
_AS_IF = 3_000  # occurrences given to the words of offers, which that corpus hardly knows
_PLACE_AS_IF = 300
_LONGEST = 24
_THAI_WORD = re.compile("[ก-๎]{4,}")
_COST_OF_A_LETTER = 4.2  # what words people write cost at most for each of their letters
_UNKNOWN_LETTER = 9.0
_TELLING = 1_200  # most common words
_SHORTEST_TELLING = 4  # letters of a key

KEYWORDS = frozenset(read_words("keywords.tsv"))
LATIN_WORDS = frozenset(read_words("latin_words.tsv"))

# What sounds or looks alike becomes one; marks of tone, length and silence go.
_SAME = {
    "ไ": "ใ", "ณ": "น", "ศ": "ส", "ษ": "ส", "ญ": "ย", "ฎ": "ด", "ฏ": "ต", "ฬ": "ล", "ฆ": "ค", "ธ": "ท", "ฑ": "ท", "ฒ": "ท",
    "ฐ": "ถ", "ภ": "พ", "ฌ": "ช", "ซ": "ช", "ี": "ิ", "ู": "ุ", "ื": "ึ",
}  # fmt: skip
KEY_OF = str.maketrans(_SAME) | dict.fromkeys(map(ord, "็่้๊๋์ํ๎ฺ"))
_REPEATED = re.compile(r"([^\n])\1+")
_VOWEL_FIRST = re.compile("([เ-ไ])([ก-ฮ])")


def _place_names() -> list[str]:
    rows = [*read_rows("places.tsv"), *read_rows("province_names.tsv")]
    names = [*map(str, provinces()), *(cell for row in rows for cell in row)]
    words = (word for name in names for word in name.split("|"))
    return [word for word in words if _THAI_WORD.fullmatch(word)]


@cache
def word_costs() -> dict[str, float]:
    """Thai word → the negative logarithm of its share among all words."""
    listed = thai_words()
    costs = {
        word: math.log(_ALL / count)
        for word, count in tnc.word_freqs()
        if count >= _RAREST and len(word) <= _LONGEST and word in listed and "ก" <= word[0] <= "๎"
    }
    for word in _place_names():
        costs.setdefault(word, math.log(_ALL / _PLACE_AS_IF))
    for word in KEYWORDS:
        costs[word] = min(costs.get(word, math.inf), math.log(_ALL / _AS_IF))
    return costs


@cache
def words_by_key() -> ahocorasick.Automaton:
    """Finds keys of words in the key of a text; each brings its candidates. Vowels typed late have keys as well."""
    costs = word_costs()
    plain = _REPEATED.sub(r"\1", "\n".join(costs).translate(KEY_OF))
    swapped = _VOWEL_FIRST.sub(r"\2\1", plain)
    candidates: dict[str, Candidates] = {}
    for word, *keys in zip(costs, plain.split("\n"), swapped.split("\n"), strict=True):
        for key in set(keys):
            if key:
                candidates[key] = (*candidates.get(key, ()), (word, costs[word]))
    automaton = ahocorasick.Automaton()
    for key, of_key in candidates.items():
        automaton.add_word(key, (len(key), of_key))
    automaton.make_automaton()
    return automaton


@cache
def telling_words() -> frozenset[str]:
    """Words by whose spelling a disguise shows: keywords, and common words whose key is no other word's."""
    by_key: dict[str, list[str]] = {}
    for word in word_costs():
        by_key.setdefault(word.translate(KEY_OF), []).append(word)
    telling = {
        key: words[0] for key, words in by_key.items() if len(words) == 1 and len(key) >= _SHORTEST_TELLING
    }
    common = heapq.nsmallest(_TELLING, telling.values(), word_costs().__getitem__)
    return KEYWORDS.union(common).difference(read_words("untelling.tsv"))


@cache
def telling_keys() -> ahocorasick.Automaton:
    """Finds the keys of telling words in the key of a text, also with a vowel typed late."""
    automaton = ahocorasick.Automaton()
    for word in sorted(telling_words()):
        key = word.translate(KEY_OF)
        if word in KEYWORDS and len(key) >= _SHORTEST_TELLING:
            automaton.add_word(_VOWEL_FIRST.sub(r"\2\1", key), word)
        automaton.add_word(key, word)
    automaton.make_automaton()
    return automaton


def are_thai_words(text: str) -> bool:
    """Whether a text is a row of Thai words, most of them common."""
    costs = word_costs()
    best = [0.0] + [math.inf] * len(text)
    for end in range(1, len(text) + 1):
        best[end] = min(
            best[start] + costs.get(text[start:end], _UNKNOWN_LETTER * (end - start))
            for start in range(max(0, end - _LONGEST), end)
        )
    return best[-1] <= _COST_OF_A_LETTER * len(text)
