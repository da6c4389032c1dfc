"""`python -m nlp.training.meanings`: learn the word vectors anew, from which words stand near which.

Unlabelled texts teach them as well: everyday messages and government items beside the authored ones. The everyday messages
on which false alarms are counted are left out.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.utils.extmath import randomized_svd

import nlp.models
from nlp.meaning import WIDTH, Floats, Meanings, key_of, plain_word
from nlp.prepared import prepare
from nlp.training.arrays import save_arrays
from nlp.training.corpus import read_folder
from nlp.training.real import draw, read_development, read_everyday, read_government

FILE = Path(nlp.models.__path__[0]) / "meanings.npz"
_WINDOW = 10  # words to either side; a word farther off counts less
_SEEN = 3  # times a word must stand anywhere
_ASIDE = 0.5  # weight of a text that was not written for this project
_OPENING = 700  # characters of a government item
_MEASURED = slice(2_000, 5_000)  # of the everyday messages drawn: false alarms are counted on them
_SMOOTHING = 0.75  # of how often a neighbour is met by chance (Levy, Goldberg and Dagan 2015)
_MOST = 127  # of a byte

Words = list[str]
Matrix: TypeAlias = Any  # scipy.sparse.csr_matrix, which has no types


class Learnt(NamedTuple):
    """The arrays of `Meanings`."""

    words: npt.NDArray[np.uint32]
    vectors: npt.NDArray[np.int8]
    scales: Floats
    centre: Floats


def main() -> None:
    learnt = learn_meanings(*texts_to_read())
    save_arrays(learnt._asdict(), FILE)
    print(f"meanings: {len(learnt.words)} words")


def texts_to_read() -> tuple[list[str], list[str]]:
    """Those authored for this project, and real ones aside."""
    examples = [e for folder in ("offers", "crisis", "intents") for e in read_folder(folder)]
    authored = [example.text for example in examples]
    measured = set(draw(read_everyday(), _MEASURED.stop, seed=1)[_MEASURED])
    everyday = [text for text in read_everyday() if text not in measured]
    government = [text[:_OPENING] for text in read_government()]
    return authored, [*(example.text for example in read_development()), *everyday, *government]


def learn_meanings(texts: Sequence[str], aside: Sequence[str]) -> Learnt:
    """Vectors of the words seen often enough, scaled by rarity, and the centre of the texts' vectors."""
    documents = [_plain_words(text) for text in (*texts, *aside)]
    seen = Counter(word for document in documents for word in document)
    # In order of their keys, so that a word is found by bisection; words of one key are one word.
    words = {key_of(word): word for word, times in sorted(seen.items()) if times >= _SEEN}
    numbers = {words[key]: number for number, key in enumerate(sorted(words))}
    weights = np.repeat(np.array([1.0, _ASIDE], np.float32), [len(texts), len(aside)])
    vectors = _vectors(_neighbours(documents, weights, numbers))
    held = Counter(word for document in documents for word in set(document))
    rarity = np.array([np.log(len(documents) / (1 + held[word])) for word in numbers])
    largest = np.maximum(np.abs(vectors).max(axis=1), 1e-6)
    small = np.rint(vectors / largest[:, None] * _MOST).astype(np.int8)
    scales = (largest / _MOST * np.sqrt(np.maximum(rarity, 0))).astype(np.float32)
    keys = np.array(sorted(words), np.uint32)
    return Learnt(keys, small, scales, _centre(Meanings(keys, small, scales, _nowhere()), texts))


def _plain_words(text: str) -> Words:
    return [plain for word in prepare(text).words if (plain := plain_word(word))]


def _neighbours(documents: Iterable[Words], weights: Floats, numbers: dict[str, int]) -> Matrix:
    """How often which word stands near which, nearer ones counting more."""
    rows = [np.array([numbers.get(word, -1) for word in document]) for document in documents]
    together = sparse.csr_matrix((len(numbers), len(numbers)), dtype=np.float32)
    for apart in range(1, _WINDOW + 1):
        pairs = [_pairs(row, apart) for row in rows]
        near = 1 - (apart - 1) / _WINDOW
        counts = np.repeat(weights * np.float32(near), [pair.shape[1] for pair in pairs])
        together += sparse.coo_matrix((counts, np.concatenate(pairs, axis=1)), together.shape).tocsr()
    return together + together.T


def _pairs(row: npt.NDArray[np.int64], apart: int) -> npt.NDArray[np.int64]:
    pairs = np.stack((row[:-apart], row[apart:])) if len(row) > apart else np.empty((2, 0), np.int64)
    return pairs[:, (pairs >= 0).all(axis=0)]


def _vectors(together: Matrix) -> Floats:
    """Positive pointwise mutual information, of which the strongest directions are kept; each word at length 1."""
    table = together.tocoo()
    met = np.asarray(together.sum(axis=1)).ravel()
    chance = met**_SMOOTHING / (met**_SMOOTHING).sum()
    telling = np.log(table.data / (met[table.row] * chance[table.col]))
    kept = telling > 0
    places = (table.row[kept], table.col[kept])
    informative = sparse.csr_matrix((telling[kept].astype(np.float32), places), table.shape)
    width = min(WIDTH, len(met) - 1)
    left, strength, _ = randomized_svd(informative, width, random_state=0, n_iter=4)
    vectors = np.zeros((len(met), WIDTH), np.float32)
    vectors[:, :width] = left * np.sqrt(strength)
    lengths: Floats = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Floats = (vectors / np.maximum(lengths, 1e-6)).astype(np.float32)
    return scaled


def _centre(meanings: Meanings, texts: Sequence[str]) -> Floats:
    centre: Floats = np.mean([meanings.of(prepare(text).words) for text in texts], axis=0, dtype=np.float32)
    return centre


def _nowhere() -> Floats:
    return np.zeros(WIDTH, np.float32)


if __name__ == "__main__":
    main()
