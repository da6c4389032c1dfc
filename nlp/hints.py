"""Weak hints of distress that add up where no sign of danger stands by itself."""

import msgspec

from nlp.findings import Crisis
from nlp.prepared import Prepared
from nlp.tables import read_table

_NONE = Crisis("none", (), 0.0)


class _Harm(msgspec.Struct, frozen=True):
    points: float
    kind: str


class Hints(msgspec.Struct, frozen=True):
    """The table `weak` of `lexicons/crisis.toml`: who and where in `points`, what is done in `harm`."""

    enough: float
    repeated: float
    longest: int
    quiet: tuple[str, ...]
    score: float
    points: dict[str, float]
    harm: dict[str, _Harm]


HINTS = msgspec.convert(read_table("crisis.toml")["weak"], Hints)


def add_up_hints(prepared: Prepared) -> Crisis:
    """A concern when a short text holds enough hints, at least one of them of harm; never more than a concern."""
    harm = [hint for concept, hint in HINTS.harm.items() if prepared.has(concept)]
    if not harm or len(prepared.squeezed.text) > HINTS.longest or any(map(prepared.has, HINTS.quiet)):
        return _NONE
    total = sum(
        hint.points * (HINTS.repeated if prepared.count(concept) > 1 else 1.0)
        for concept, hint in HINTS.harm.items()
        if prepared.has(concept)
    )
    total += sum(points for concept, points in HINTS.points.items() if prepared.has(concept))
    if total < HINTS.enough:
        return _NONE
    kinds = dict.fromkeys(hint.kind for hint in sorted(harm, key=lambda hint: -hint.points))
    return Crisis("concern", tuple(kinds), HINTS.score)
