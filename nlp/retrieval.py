"""Which entry of the service guide answers a question: BM25 over words, two thresholds."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple, cast

from nlp.normalize import normal_word
from nlp.prepared import Prepared, prepare
from nlp.segment import words
from nlp.tables import read_table

SURE, POSSIBLE = 0.5, 0.3  # of likeness: answer from the first on, offer the two best from the second on
OFFERED = 2
LONGEST = 200  # squeezed characters: nobody asks about the service in a longer text
_K1, _B = 1.2, 0.4  # phrasings are short and alike in length, so length counts for little
_PHRASING = 0.6  # share of the best phrasing in the likeness; the rest is how much of the question is covered
_RUN, _RUN_WEIGHT = 3, 0.5  # runs of letters forgive a slip; they count half as much as words


class Match(NamedTuple):
    entry: str
    likeness: float  # 0 to 1: the question's score by the best phrasing over what both would score alone


class Found(NamedTuple):
    """`sure` when the first match answers; else the matches are to be offered, and none means that we don't know."""

    matches: tuple[Match, ...]
    sure: bool


Terms = Counter[str]


class Index:
    """Phrasings by entry, ranked by Okapi BM25 (Robertson and Zaragoza 2009, with the non-negative idf of Lucene)."""

    def __init__(self, phrasings: Sequence[tuple[str, Terms]]) -> None:
        self._entries = [entry for entry, _ in phrasings]
        lengths = [sum(terms.values()) for _, terms in phrasings]
        mean = sum(lengths) / len(lengths)
        holders = Counter(term for _, terms in phrasings for term in terms)
        self._weight = {
            term: math.log(1 + (len(phrasings) - count + 0.5) / (count + 0.5)) * _share(term)
            for term, count in holders.items()
        }
        self._unheard = math.log(2 * len(phrasings) + 2)
        self._postings: dict[str, list[tuple[int, float]]] = {}
        self._alone = [0.0] * len(phrasings)
        for number, (_, terms) in enumerate(phrasings):
            for term, count in terms.items():
                weight = self._weight[term] * self._saturated(count, lengths[number] / mean)
                self._postings.setdefault(term, []).append((number, weight))
                self._alone[number] += weight
        self._holders = _holders(phrasings)
        number_of_entries = len(set(self._entries))
        self._weight_among = {
            term: math.log(1 + number_of_entries / len(found)) * _share(term)
            for term, found in self._holders.items()
        }
        self._unheard_among = math.log(1 + number_of_entries)

    @staticmethod
    def _saturated(count: int, length: float) -> float:
        return count * (_K1 + 1) / (count + _K1 * (1 - _B + _B * length))

    def best(self, question: Terms) -> dict[str, float]:
        """Entry → its best phrasing's score over the geometric mean of what question and phrasing score alone."""
        scores: dict[int, float] = {}
        asked = 0.0
        for term in question:
            asked += self._weight.get(term) or self._unheard * _share(term)
            for number, weight in self._postings.get(term, ()):
                scores[number] = scores.get(number, 0.0) + weight
        found: dict[str, float] = {}
        for number, score in sorted(scores.items()):
            entry, likeness = self._entries[number], score / math.sqrt(asked * self._alone[number])
            found[entry] = max(found.get(entry, 0.0), min(likeness, 1.0))
        return found

    def covered(self, question: Terms) -> dict[str, float]:
        """Entry → the share of the question that its phrasings together hold, by rarity among entries."""
        asked = 0.0
        found: dict[str, float] = {}
        for term in question:
            weight = self._weight_among.get(term) or self._unheard_among * _share(term)
            asked += weight
            for entry in self._holders.get(term, ()):
                found[entry] = found.get(entry, 0.0) + weight
        return {entry: weight / asked for entry, weight in found.items()}

    def rank(self, question: Terms) -> list[Match]:
        """Every entry that shares a term with the question, the likest first; equal ones in the order of the guide."""
        covered = self.covered(question)
        likeness = {
            entry: _PHRASING * best + (1 - _PHRASING) * covered[entry]
            for entry, best in self.best(question).items()
        }
        return [
            Match(entry, likeness[entry]) for entry in sorted(likeness, key=lambda entry: -likeness[entry])
        ]


def _holders(phrasings: Sequence[tuple[str, Terms]]) -> dict[str, tuple[str, ...]]:
    """Term → the entries with a phrasing that holds it."""
    holders: dict[str, dict[str, None]] = {}
    for entry, terms in phrasings:
        for term in terms:
            holders.setdefault(term, {})[entry] = None
    return {term: tuple(found) for term, found in holders.items()}


def index_of(asked: Mapping[str, Sequence[str]]) -> Index:
    """An index over entries by the ways to ask for them, in the words that the guide's questions are read in."""
    return Index(
        [
            (entry, _terms(words(normal_word(phrasing))))
            for entry, phrasings in asked.items()
            for phrasing in phrasings
        ]
    )


def ask_guide(text: str, *others: Index) -> Found:
    """What the guide, and indexes of others beside it, have for a question as a person typed it."""
    prepared = prepare(text)
    matches = rank_entries(prepared)
    for other in others:
        matches = sorted([*matches, *rank_in(other, prepared)], key=lambda match: -match.likeness)
    if matches and matches[0].likeness >= SURE:
        return Found(tuple(matches[:1]), sure=True)
    possible = [match for match in matches if match.likeness >= POSSIBLE]
    return Found(tuple(possible[:OFFERED]), sure=False)


def rank_entries(prepared: Prepared) -> list[Match]:
    """Entries of the guide by likeness to a text; none for one too long to be a question."""
    return rank_in(_guide(), prepared)


def rank_in(index: Index, prepared: Prepared) -> list[Match]:
    """As `rank_entries`, in another index."""
    if len(prepared.squeezed.text) > LONGEST:
        return []
    return index.rank(_terms(prepared.words))


def entries() -> tuple[str, ...]:
    return tuple(_asked())


def _asked() -> Mapping[str, list[str]]:
    return cast("Mapping[str, list[str]]", read_table("guide.toml")["asked"])


@cache
def _guide() -> Index:
    return index_of(_asked())


@cache
def _same() -> Mapping[str, str]:
    table = cast("Mapping[str, list[str]]", read_table("guide.toml")["same"])
    return {normal_word(word): normal_word(main) for main, others in table.items() for word in others}


@cache
def _silent() -> frozenset[str]:
    table = cast("Mapping[str, list[str]]", read_table("guide.toml")["silent"])
    return frozenset(map(normal_word, table["words"]))


def _terms(found: Sequence[str]) -> Terms:
    """Words in one spelling without those that ask nothing, and runs of their letters."""
    same, silent = _same(), _silent()
    kept = [
        same.get(word, word) for word in (word.strip(" .,!?\"'()…") for word in found) if word not in silent
    ]
    kept = [word for word in kept if word]
    line = " ".join(kept)
    runs = (_RUN_MARK + line[at : at + _RUN] for at in range(len(line) - _RUN + 1))
    return Counter(kept) + Counter(runs)


_RUN_MARK = "\x02"


def _share(term: str) -> float:
    return _RUN_WEIGHT if term.startswith(_RUN_MARK) else 1.0
