"""The kinds of lure that offers are counted by, read from `kinds.toml`."""

import tomllib
from collections.abc import Mapping
from importlib import resources

from nlp.judgement import Judgement

OTHER = "other"


def _read() -> tuple[Mapping[str, str], Mapping[str, str]]:
    table = tomllib.loads(resources.files("screening").joinpath("kinds.toml").read_text("utf-8"))["kind"]
    names = {kind: entry["name"] for kind, entry in table.items()}
    return names, {sign: kind for kind, entry in table.items() for sign in entry["signs"]}


# Kind → its Thai name; sign → its kind.
NAMES, _KIND_OF_SIGN = _read()


def kind_of(judgement: Judgement) -> str:
    """Return the lure of the strongest sign that has one."""
    kinds = (_KIND_OF_SIGN.get(sign.code) for sign in judgement.indicators)
    return next(filter(None, kinds), OTHER)


def province_of(judgement: Judgement) -> str | None:
    """Return the first province that the offer names, by its Thai name."""
    places = judgement.entities.get("place", ())
    return next((place.value for place in places if place.detail.get("kind") == "province"), None)
