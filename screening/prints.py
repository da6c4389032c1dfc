"""What is left of a text to know its like by: keyed values that a database alone says nothing with.

A text is cut down to its skeleton, the consonants and full vowels of its squeezed form without ids, figures, blanks and
marks, so that another LINE id, another sum, stars between letters, misplaced marks or line breaks leave it the same. Runs of four letters are hashed
under the keyset's index key; the smallest values under 64 permutations (MinHash, Broder 1997) are its signature, and
groups of four of those are the bands by which near texts are found. Without the key none of it can be made from a text.
"""

import hashlib
import re
from functools import lru_cache

import msgspec
import numpy as np
import numpy.typing as npt

from core.crypto.keyset import Keyset
from nlp.normalize import fold, squeeze

Signature = npt.NDArray[np.uint16]

PERMUTATIONS = 64
# Twenty bands of four values each find texts of likeness 0.6 with 94 %, of 0.7 with 99 %, of 0.1 with 0.2 %.
BANDS, ROWS = 20, 4
# Texts whose signatures agree on this share of places are one wave. Of the 4.7 million pairs of different offers in the
# training and development texts 22 reach it, notices that one office words alike and edits of one another.
ALIKE = 0.45
# Shorter texts share too much by chance: only the very same counts as the same.
FEWEST_LETTERS = 20
_RUN = 4
_LONGEST = 2_000
_THAI_ENOUGH = 16
_NOT_THAI_LETTERS = re.compile("[^\u0e01-\u0e30\u0e32\u0e33\u0e40-\u0e44]+")
# Ids, addresses and figures: whatever a word holds beside letters makes it one.
_NAMED = re.compile(r"\S*[\d@/\\_:=.]\S*")
_NOT_LETTERS = re.compile(r"[\W\d_]+")


class Print(msgspec.Struct, frozen=True):
    """What a text is looked up by: `exact` is the same for the same skeleton; `letters` is that skeleton."""

    exact: bytes
    letters: str


def print_of(keyset: Keyset, text: str, squeezed: str = "") -> Print:
    """Return the print of a text; `squeezed` is its normal form where a judgement already made it."""
    squeezed = squeezed or squeeze(fold(text)).text
    letters = skeleton(squeezed)
    if len(letters) < FEWEST_LETTERS:
        return Print(keyset.index("offer", "".join(squeezed.split())), "")
    return Print(keyset.index("offer", letters), letters)


def skeleton(squeezed: str) -> str:
    """Return the letters that carry the wording: the Thai ones without marks, or in a text with hardly any, those of all scripts."""
    thai = _NOT_THAI_LETTERS.sub("", squeezed)
    if len(thai) >= _THAI_ENOUGH:
        return thai[:_LONGEST]
    return _NOT_LETTERS.sub("", _NAMED.sub(" ", squeezed))[:_LONGEST]


def sign(keyset: Keyset, letters: str) -> Signature:
    """Return the signature of a skeleton (64 values of 16 bits)."""
    key = _shingle_key(keyset.index_key)
    grams = {letters[at : at + _RUN] for at in range(len(letters) - _RUN + 1)}
    values = np.frombuffer(b"".join(_hashed(key, gram) for gram in grams), dtype="<u8")
    factors, offsets = _permutations()
    # Multiplying and adding modulo 2^64; the upper bits are the well mixed ones.
    smallest = (values[None, :] * factors[:, None] + offsets[:, None]).min(axis=1)
    return np.asarray((smallest >> np.uint64(40)).astype("<u2"), dtype="<u2")


def bands(signature: Signature) -> list[int]:
    """Return the keys, as PostgreSQL's signed bigint, that two like texts share at least one of."""
    groups = signature[_band_places()]
    return [
        int.from_bytes(
            hashlib.blake2b(bytes([number]) + group.tobytes(), digest_size=8).digest(), signed=True
        )
        for number, group in enumerate(groups)
    ]


def likeness(one: Signature, others: npt.NDArray[np.uint16]) -> npt.NDArray[np.float64]:
    """Return the share of equal places with each row of `others`, an estimate of the Jaccard likeness."""
    return np.asarray((others == one).mean(axis=1))


def pack(signature: Signature) -> bytes:
    return signature.tobytes()


def unpack(stored: bytes) -> Signature:
    return np.frombuffer(stored, dtype="<u2")


@lru_cache(maxsize=50_000)
def _hashed(key: bytes, gram: str) -> bytes:
    """Offers are made of the same few thousand runs of letters; hashing them was most of a signature."""
    return hashlib.blake2b(gram.encode(errors="surrogatepass"), digest_size=8, key=key).digest()


@lru_cache(maxsize=4)
def _shingle_key(index_key: bytes) -> bytes:
    return hashlib.blake2b(b"offer shingles", digest_size=32, key=index_key).digest()


@lru_cache(maxsize=1)
def _permutations() -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    """The hashed runs are secret already, so the permutations need not be: drawn from a fixed stream."""
    drawn = np.frombuffer(
        hashlib.shake_256(b"rootan offer permutations").digest(16 * PERMUTATIONS), dtype="<u8"
    )
    return drawn[:PERMUTATIONS] | np.uint64(1), drawn[PERMUTATIONS:]


@lru_cache(maxsize=1)
def _band_places() -> npt.NDArray[np.intp]:
    """Which values of a signature make which band: every value once, then some of them again in other company."""
    order = np.arange(PERMUTATIONS)
    return np.concatenate([order, order.reshape(ROWS, -1).T.ravel()])[: BANDS * ROWS].reshape(BANDS, ROWS)
