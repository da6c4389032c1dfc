"""What a judgement consists of: plain values that other rooms read."""

from typing import Literal

import msgspec

Band = Literal["danger", "caution", "unclear", "not_an_offer"]
CrisisLevel = Literal["none", "concern", "urgent"]
CrisisKind = Literal[
    "trafficking", "forced_labour", "detention", "domestic_violence", "sexual_violence", "child_abuse",
    "elder_abuse", "suicide", "danger",
]  # fmt: skip


class Indicator(msgspec.Struct, frozen=True):
    """One sign found in a text; `start` and `end` count code points of the text as given.

    `weight` is the change in log-odds the sign brings to the score.
    """

    code: str
    name: str
    reason: str
    weight: float
    start: int
    end: int
    evidence: str


class Entity(msgspec.Struct, frozen=True):
    """A thing named in a text: `value` in normal form, span in code points of the text as given."""

    value: str
    start: int
    end: int
    detail: dict[str, str | int | float] = {}


class Crisis(msgspec.Struct, frozen=True):
    """Whether a person may be in danger, and of which kinds (vocabulary of the contracts)."""

    level: CrisisLevel
    kinds: tuple[str, ...]
    score: float


class Judgement(msgspec.Struct, frozen=True):
    """All that is said about one text; `score` is the probability of a deceptive or exploitative offer.

    `squeezed` is the text's normal form, at hand for comparing it with others: folding twice was a twelfth of a worker.
    """

    band: Band
    score: float
    indicators: tuple[Indicator, ...]
    entities: dict[str, tuple[Entity, ...]]
    crisis: Crisis
    intent: str
    rules: str
    model: str
    squeezed: str = ""
