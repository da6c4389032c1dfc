import numpy as np
import pytest

from nlp.pieces import BITS, LONGEST, Pieces, character_runs
from nlp.prepared import prepare


def test_runs_are_found_by_place() -> None:
    for length, rows in character_runs("กขคก"):
        assert len(rows) == 4 + 2 - length + 1
    assert [length for length, _ in character_runs("กขคก")] == list(range(1, LONGEST + 1))


def test_the_same_run_has_the_same_row_wherever_it_stands() -> None:
    one, other = dict(character_runs("xปอยy")), dict(character_runs("ปอย"))
    assert one[3][2] == other[3][1]


@pytest.mark.parametrize("text", ["", " ", "\ud800", "😀", "ก" * 5_000, "\x00\u200b"])
def test_any_text_has_pieces_within_the_table(text: str) -> None:
    pieces = Pieces(prepare(text))
    for rows in (pieces.characters, pieces.words):
        assert len(rows) == len(np.unique(rows))
        assert all(0 <= row < 1 << BITS for row in rows.tolist())


def test_a_pair_of_words_is_another_piece_than_the_two() -> None:
    words, single, pairs = Pieces(prepare("ผมซื้อบ้าน")).placed_words()
    assert (len(words), len(single), len(pairs)) == (3, 3, 2)
    assert set(single.tolist()).isdisjoint(pairs.tolist())
