"""The signs that speak against an offer and the credits that speak for one, as data: lexicons/indicators.toml."""

import msgspec

from nlp.tables import read_table


class Sign(msgspec.Struct, frozen=True):
    """One entry of `lexicons/indicators.toml`."""

    code: str
    name: str
    reason: str
    weight: float
    source: str
    since: str
    patterns: tuple[str, ...]
    must_fire: tuple[str, ...]
    must_not_fire: tuple[str, ...]
    denial: str = "takes it back"


class Credit(msgspec.Struct, frozen=True):
    """A feature of genuine offers that lowers the score a little; never shown, never enough alone."""

    code: str
    weight: float
    source: str
    patterns: tuple[str, ...]


class WordingSign(msgspec.Struct, frozen=True):
    """How a sign is named that the trained model found and no rule did."""

    code: str
    name: str
    reason: str
    source: str
    since: str


_TABLE = read_table("indicators.toml")
WORDING = msgspec.convert(_TABLE["wording"], WordingSign)
SIGNS = msgspec.convert(_TABLE["indicator"], tuple[Sign, ...])
CREDITS = msgspec.convert(_TABLE["credit"], tuple[Credit, ...])
