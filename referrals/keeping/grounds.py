"""The grounds for keeping a report past its time, and their times, as data: see grounds.toml."""

import tomllib
from functools import cache
from importlib import resources

import msgspec


class Grounds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Codes, and times in days."""

    hold: tuple[str, ...]
    postpone: tuple[str, ...]
    postpone_days: int
    warn_days: int
    grace_days: int


@cache
def grounds() -> Grounds:
    """Return the grounds; raises msgspec.ValidationError for a wrong file."""
    text = resources.files("referrals.keeping").joinpath("grounds.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), Grounds)
