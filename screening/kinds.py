"""The kinds of lure that offers are counted by, read from `kinds.toml`."""

import tomllib
from collections.abc import Mapping
from importlib import resources

from nlp.findings import Judgement

OTHER = "other"


_TABLE = tomllib.loads(resources.files("screening").joinpath("kinds.toml").read_text("utf-8"))["kind"]
# Kind → its Thai name.
NAMES: Mapping[str, str] = {kind: entry["name"] for kind, entry in _TABLE.items()}
_KIND_OF_SIGN: Mapping[str, str] = {sign: kind for kind, entry in _TABLE.items() for sign in entry["signs"]}
_TERMS = frozenset(kind for kind, entry in _TABLE.items() if entry.get("terms"))


def kind_of(judgement: Judgement) -> str:
    """Return the lure of the strongest sign that has one; where only terms are known, those."""
    kinds = [_KIND_OF_SIGN[sign.code] for sign in judgement.indicators if sign.code in _KIND_OF_SIGN]
    work = (kind for kind in kinds if kind not in _TERMS)
    return next(work, kinds[0] if kinds else OTHER)


def province_of(judgement: Judgement) -> str | None:
    """Return the first province that the offer names, by its Thai name."""
    places = judgement.entities.get("place", ())
    return next((place.value for place in places if place.detail.get("kind") == "province"), None)
