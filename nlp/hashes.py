"""Hashes of runs of 1 to 4 characters, of words and of pairs of words; each is a row of a model's table.

All runs of a text lie in one array and are hashed at once: about 0.03 ms for an offer of 250 characters, where a pass
for each length with `np.unique` (which hashes what sorts in a tenth of its time) took 0.1 ms and counting the same pieces
one by one 1 ms.
"""

import zlib
from functools import lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

BITS = 18  # of a hash: rows of a model's table
LONGEST = 4  # characters; with 5 nothing more is heard (docs/decisions/0014)
_EDGES = "\x02", "\x03"
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_STEP = np.uint64(1_000_003)
_FOLD, _TOP = np.uint64(29), np.uint64(64 - BITS)

Hashes = npt.NDArray[np.int64]
Values = npt.NDArray[np.uint64]


def character_runs(text: str) -> list[tuple[int, Hashes]]:
    """Run length → rows of every run of that length, in order; the text stands between two edge marks."""
    return by_length(table_rows(run_values(text)), len(text))


def run_values(text: str) -> Values:
    """A value for every run, all of one length in order, then those of the next."""
    letters = np.frombuffer(text.join(_EDGES).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    letters = letters.astype(np.uint64)
    ends = _ends(len(text))
    values = np.empty(ends[-1], np.uint64)
    rolling = letters * _SPREAD
    for length, (first, last) in enumerate(pairwise(ends), 1):
        if length > 1:
            rolling = rolling[:-1] * _STEP
            rolling += letters[length - 1 :]
        np.add(rolling, np.uint64(length), out=values[first:last])
    return values


def by_length(rows: Hashes, letters: int) -> list[tuple[int, Hashes]]:
    return [(length, rows[first:last]) for length, (first, last) in enumerate(pairwise(_ends(letters)), 1)]


def _ends(letters: int) -> list[int]:
    """0, then where the runs of each length end in an array of all runs of a text of so many letters."""
    marked = letters + len(_EDGES)
    return [length * (2 * marked - length + 1) // 2 for length in range(min(LONGEST, marked) + 1)]


def word_values(words: tuple[str, ...]) -> Values:
    return np.array([value for word in words if (value := _word_value(word)) is not None], dtype=np.uint64)


@lru_cache(maxsize=8_192)
def _word_value(word: str) -> int | None:
    """None for white space. Remembered: most of what people write are the same few thousand words."""
    return zlib.crc32(word.encode("utf-8", "surrogatepass")) if word.strip() else None


def pairs_of(single: Values) -> Values:
    return single[:-1] * _STEP + single[1:] + _STEP


def table_rows(values: Values) -> Hashes:
    """Table rows of 64-bit values: mixed, then the top `BITS` bits."""
    mixed = values * _SPREAD
    mixed ^= mixed >> _FOLD
    mixed *= _MIX
    mixed >>= _TOP
    return mixed.view(np.int64)


def each_once(rows: Hashes) -> Hashes:
    """In order, every row once."""
    ordered = np.sort(rows)
    first = np.empty(len(ordered), np.bool_)
    first[:1] = True
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return ordered[first]
