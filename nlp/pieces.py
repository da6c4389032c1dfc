"""The pieces of a text that trained models weigh: runs of 1 to 4 characters, words and pairs of words, as hashes.

A piece counts once a text.
"""

from nlp.hashes import BITS as BITS
from nlp.hashes import LONGEST as LONGEST
from nlp.hashes import Hashes as Hashes
from nlp.hashes import by_length, pairs_of, table_rows, word_values
from nlp.hashes import character_runs as character_runs
from nlp.meaning import Floats
from nlp.prepared import Prepared


class Pieces:
    """Hashes of one text, each once: `characters` and `words`; runs keep where they stand for `placed`.

    They are worked out at the first model that asks and kept with the prepared text.
    """

    def __init__(self, prepared: Prepared) -> None:
        self._prepared = prepared

    @property
    def characters(self) -> Hashes:
        return self._prepared.run_rows

    @property
    def words(self) -> Hashes:
        return self._prepared.word_rows

    @property
    def meaning(self) -> Floats:
        """What the words are about."""
        return self._prepared.meaning

    def placed(self) -> list[tuple[int, Hashes]]:
        """For each run length its hashes by place: the `i`-th starts at squeezed character `i - 1`."""
        return by_length(self._prepared.runs, len(self._prepared.squeezed.text))

    def placed_words(self) -> tuple[list[str], Hashes, Hashes]:
        """The words in order with the rows of each word and of each pair."""
        words = self._prepared.words
        single = word_values(words)
        return [word for word in words if word.strip()], table_rows(single), table_rows(pairs_of(single))
