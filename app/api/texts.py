"""The few words of this interface that are Thai: see texts.toml."""

import tomllib
from functools import cache
from importlib import resources

import msgspec


class _Examples(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    answer: str
    offer: str


class Texts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`notice` is the neutral line of the lock screen."""

    notice: str
    example: _Examples


@cache
def texts() -> Texts:
    """Raises msgspec.ValidationError for a wrong file."""
    return msgspec.convert(
        tomllib.loads(resources.files("app.api").joinpath("texts.toml").read_text("utf-8")), Texts
    )
