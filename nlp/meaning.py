"""What the words of a text are about: a vector, alike for texts that say the same in other words.

Every word that the training texts know has a vector, learnt from the words that stand near it (`nlp/training/meanings.py`), so
that "ค่ามัดจำ" and "ค่าประกัน" point the same way; a text points where its words do.
"""

import re
import zlib
from functools import cache, lru_cache
from importlib import resources

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
WIDTH = 150  # numbers of a vector
_DIGIT = re.compile(r"\d")
_SHARPNESS = np.float32(2.0)


class Meanings:
    """A vector a word, in bytes with a scale; words by the checksum of their letters, in order."""

    def __init__(
        self, words: npt.NDArray[np.uint32], vectors: npt.NDArray[np.int8], scales: Floats, centre: Floats
    ) -> None:
        self._words = words
        self._vectors = vectors
        self._scales = scales
        self._centre = centre

    def of(self, words: tuple[str, ...]) -> Floats:
        """The unit vector of a text, each word once; zeros when no word is known."""
        rows = self._rows(np.unique(np.array([key for word in words if (key := _key(word))], np.uint32)))
        if not len(rows):
            return np.zeros(WIDTH, np.float32)
        total = np.einsum("i,ij->j", self._scales[rows], self._vectors[rows].astype(np.float32))
        return unit(unit(total) - self._centre)

    def along(self, words: tuple[str, ...], direction: Floats) -> list[float]:
        """How far each word, in order, leads a text of these words towards a direction."""
        keys = np.array([_key(word) for word in words], np.uint32)
        rows = np.minimum(np.searchsorted(self._words, keys), len(self._words) - 1)
        known = self._words[rows] == keys
        parts = self._vectors[rows].astype(np.float32) * (self._scales[rows] * known)[:, None]
        length = float(np.linalg.norm(parts.sum(axis=0))) or 1.0
        shares: list[float] = (np.einsum("ij,j->i", parts, direction) / length).tolist()
        return shares

    def _rows(self, keys: npt.NDArray[np.uint32]) -> npt.NDArray[np.int64]:
        places = np.minimum(np.searchsorted(self._words, keys), len(self._words) - 1)
        found: npt.NDArray[np.int64] = places[self._words[places] == keys]
        return found


def likeness(landmarks: Floats, meaning: Floats) -> Floats:
    """How alike a text's meaning is to each landmark's: 1 when they are one, falling as they part."""
    alike: Floats = np.exp(_SHARPNESS * (np.einsum("ij,j->i", landmarks, meaning) - np.float32(1)))
    return alike


def all_likenesses(landmarks: Floats, meanings: Floats) -> Floats:
    """The same for many texts: a row a text."""
    alike: Floats = np.exp(_SHARPNESS * (meanings @ landmarks.T - np.float32(1)))
    return alike


def pull(landmarks: Floats, weights: Floats, meaning: Floats) -> Floats:
    """The direction in which a text's meaning would have to turn for the weighed likeness to grow, as steep as it is."""
    slopes = _SHARPNESS * weights * likeness(landmarks, meaning)
    steepest: Floats = np.einsum("i,ij->j", slopes, landmarks)
    return steepest


def unit(vector: Floats) -> Floats:
    """At length 1; zeros stay zeros."""
    length = np.sqrt(np.einsum("i,i->", vector, vector))
    return vector / length if length > 0 else vector


def plain_word(word: str) -> str:
    """The word as vectors know it: figures of one length are one word; empty for white space."""
    return _DIGIT.sub("0", word.strip())


@lru_cache(maxsize=8_192)
def _key(word: str) -> int:
    return key_of(plain_word(word))


def key_of(plain: str) -> int:
    """The checksum by which a word is found; 0 for none."""
    return zlib.crc32(plain.encode("utf-8", "surrogatepass")) if plain else 0


@cache
def load_meanings() -> Meanings:
    """The vectors in `nlp/models/meanings.npz`."""
    with (
        resources.as_file(resources.files("nlp.models").joinpath("meanings.npz")) as path,
        np.load(path, allow_pickle=False) as arrays,
    ):
        return Meanings(arrays["words"], arrays["vectors"], arrays["scales"], arrays["centre"])
