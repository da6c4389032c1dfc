"""The reports of one day as columns, small enough to be read by the hundred."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.int64]
# Of a moment that has not come.
NEVER = -1


class Row(NamedTuple):
    """One report; moments are seconds since the day's midnight in Bangkok, NEVER where there is none."""

    hour: int
    stands: bool
    priority: str
    channel: str
    outcome: str
    place: str
    team: str
    holder: str
    kinds: str
    opened: int
    claim_begun: int
    claimed: int
    claim_due: int
    answered: int
    answer_due: int


_WORDS = ("priority", "channel", "outcome", "place", "team", "holder", "kinds")
_FIGURES = tuple(name for name in Row._fields if name not in _WORDS)


class _Stored(msgspec.Struct, array_like=True, frozen=True):
    words: dict[str, list[str]]
    columns: dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Block:
    """Columns by name; those of words hold places in `words`, "kinds" are codes with blanks between."""

    words: dict[str, tuple[str, ...]]
    columns: dict[str, Column]

    @property
    def size(self) -> int:
        return len(self.columns["hour"])

    def only(self, chosen: NDArray[np.bool_]) -> "Block":
        return Block(self.words, {name: column[chosen] for name, column in self.columns.items()})

    def counts(self, name: str) -> dict[str, int]:
        """How many reports have each word."""
        found = np.bincount(self.columns[name], minlength=len(self.words[name]))
        return {word: int(n) for word, n in zip(self.words[name], found, strict=True) if n}

    def having(self, name: str, word: str) -> NDArray[np.bool_]:
        """Which reports have a word; of kinds, among others."""
        places = [at for at, said in enumerate(self.words[name]) if word in _parts(name, said)]
        return np.isin(self.columns[name], places)


def _parts(name: str, said: str) -> Sequence[str]:
    return said.split(" ") if name == "kinds" else (said,)


def block_of(rows: Sequence[Row]) -> Block:
    words: dict[str, tuple[str, ...]] = {}
    columns: dict[str, Column] = {}
    for name in Row._fields:
        values: list[Any] = [getattr(row, name) for row in rows]
        if name in _WORDS:
            places = _places(values)
            words[name] = tuple(places)
            values = [places[value] for value in values]
        columns[name] = np.array(values, np.int64)
    return Block(words, columns)


def _places(values: Sequence[str]) -> dict[str, int]:
    return {value: at for at, value in enumerate(dict.fromkeys(values))}


def to_bytes(block: Block) -> bytes:
    columns = {name: column.astype(np.int32).tobytes() for name, column in block.columns.items()}
    return msgspec.msgpack.encode(_Stored({name: list(said) for name, said in block.words.items()}, columns))


def from_bytes(stored: bytes) -> Block:
    """Raises msgspec.DecodeError for what is no block."""
    found = msgspec.msgpack.decode(stored, type=_Stored)
    return Block(
        {name: tuple(said) for name, said in found.words.items()},
        {name: np.frombuffer(column, np.int32).astype(np.int64) for name, column in found.columns.items()},
    )


def joined(blocks: Sequence[Block]) -> Block:
    """Put blocks together, in order."""
    if not blocks:
        return block_of(())
    words: dict[str, tuple[str, ...]] = {}
    columns = {name: np.concatenate([block.columns[name] for block in blocks]) for name in _FIGURES}
    for name in _WORDS:
        places: dict[Hashable, int] = {}
        parts = [
            np.array([places.setdefault(said, len(places)) for said in block.words[name]], np.int64)[
                block.columns[name]
            ]
            for block in blocks
            if block.size
        ]
        words[name] = tuple(str(said) for said in places)
        columns[name] = np.concatenate(parts) if parts else np.array([], np.int64)
    return Block(words, columns)
