"""Nobody tunes a lure against us: edit after edit of one text from one address is answered ever more slowly.

Of a text only a sketch is kept, for an hour, in memory: the smallest keyed hashes of its runs of five letters, by which
two texts show how much they share (bottom-k sketches, Broder 1997). The key dies with the process.
"""

import hashlib
import math
import secrets
from collections import OrderedDict
from dataclasses import dataclass, field

from nlp.normalize import normal_word

# Fewer edits than this are somebody who adds what was forgotten.
FREE = 4
WAITS = (15, 30, 60, 120, 300, 600)
FORGOTTEN = 3_600.0
ALIKE = 0.4  # share of runs; two different offers of one trade share less than a fifth
_RUN = 5
_KEPT = 48
_SHORTEST = 20
_MOST_FAMILIES = 6
_MOST_KNOWN = 5_000
_MOST_FORMS = 64

_key = secrets.token_bytes(32)


@dataclass(slots=True)
class _Family:
    """A text and its edits, by their newest sketch."""

    sketch: tuple[bytes, ...]
    at: float
    edits: int = 0
    forms: set[bytes] = field(default_factory=set)


class Edits:
    """The texts of the last hour, by address."""

    def __init__(self) -> None:
        self._known: OrderedDict[bytes, list[_Family]] = OrderedDict()

    def take(self, who: bytes, text: str, now: float) -> int:
        """Note a text; returns 0, or the seconds to wait before another edit of it, which is then not noted."""
        form = "".join(normal_word(text).split())
        if len(form) < _SHORTEST:
            return 0
        families = [f for f in self._known.pop(who, []) if now - f.at < FORGOTTEN]
        self._known[who] = families
        if len(self._known) > _MOST_KNOWN:
            self._known.popitem(last=False)
        sketch, exact = _sketch(form), _hashed(form)
        family = next((f for f in families if _share(f.sketch, sketch) >= ALIKE), None)
        if family is None:
            families.insert(0, _Family(sketch, now, forms={exact}))
            del families[_MOST_FAMILIES:]
            return 0
        return _take_edit(family, sketch, exact, now)


def _take_edit(family: _Family, sketch: tuple[bytes, ...], exact: bytes, now: float) -> int:
    if exact in family.forms:
        # The same text has the same answer and tells nobody anything new.
        return 0
    if family.edits >= FREE:
        pause = WAITS[min(family.edits - FREE, len(WAITS) - 1)]
        left = family.at + pause - now
        if left > 0:
            return math.ceil(left)
    family.edits += 1
    family.at = now
    family.sketch = sketch
    if len(family.forms) < _MOST_FORMS:
        family.forms.add(exact)
    return 0


def _sketch(form: str) -> tuple[bytes, ...]:
    runs = {form[at : at + _RUN] for at in range(len(form) - _RUN + 1)}
    return tuple(sorted(_hashed(run) for run in runs)[:_KEPT])


def _hashed(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "replace"), key=_key, digest_size=8).digest()


def _share(one: tuple[bytes, ...], other: tuple[bytes, ...]) -> float:
    """Estimate the share of common runs: of the smallest hashes of both, how many stand in each."""
    smallest = sorted({*one, *other})[: min(_KEPT, max(len(one), len(other)))]
    both = set(one) & set(other)
    return sum(1 for run in smallest if run in both) / len(smallest)
