"""The text as it was given, with the words that count against it marked."""

from collections.abc import Iterable, Iterator

import msgspec

from app.faces.characters import drop_hidden
from nlp.findings import Indicator
from nlp.segment import boundaries

_BESIDE = 24  # characters beside an end of a span that tell where its word ends
_FARTHEST = 12  # characters by which a span grows at most


class Piece(msgspec.Struct, frozen=True):
    """A stretch of the text; `marked` where it holds words of a sign."""

    text: str
    marked: bool


def mark_signs(text: str, signs: Iterable[Indicator]) -> tuple[Piece, ...]:
    """Cut the text at the signs' spans (code points of the text as given); overlapping spans are one mark."""
    pieces: list[Piece] = []
    done = 0
    for start, end in _joined(text, signs):
        pieces += [
            Piece(drop_hidden(text[done:start]), marked=False),
            Piece(drop_hidden(text[start:end]), marked=True),
        ]
        done = end
    pieces.append(Piece(drop_hidden(text[done:]), marked=False))
    return tuple(piece for piece in pieces if piece.text)


def _joined(text: str, signs: Iterable[Indicator]) -> Iterator[tuple[int, int]]:
    found = {(s.start, s.end) for s in signs if s.weight > 0 and 0 <= s.start < s.end <= len(text)}
    spans = sorted((_word_start(text, start), _word_end(text, end)) for start, end in found)
    if not spans:
        return
    start, end = spans[0]
    for first, last in spans[1:]:
        if first <= end:
            end = max(end, last)
        else:
            yield start, end
            start, end = first, last
    yield start, end


def _word_start(text: str, start: int) -> int:
    """Where the word begins that a span cuts at its start."""
    first = max(0, start - _BESIDE)
    borders = (first + at for at in boundaries(text[first : start + _BESIDE]))
    return max((at for at in borders if start - _FARTHEST <= at <= start), default=start)


def _word_end(text: str, end: int) -> int:
    first = max(0, end - _BESIDE)
    borders = (first + at for at in boundaries(text[first : end + _BESIDE]))
    return min((at for at in borders if end <= at <= end + _FARTHEST), default=end)
