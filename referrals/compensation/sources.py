"""Of what money comes, and for what it is: codes, with what is known of each source in funds.toml."""

import tomllib
from functools import cache
from importlib import resources
from typing import Literal, get_args

import msgspec

Fund = Literal["court", "asset_forfeiture", "fund", "wage_claim", "crime_victim"]
FUNDS: tuple[Fund, ...] = get_args(Fund)
Item = Literal["wages", "medical", "mental", "other"]
ITEMS: tuple[Item, ...] = get_args(Item)


class FundRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How money of a source stands to what a court orders."""

    # Makes good the same damage that the court's order does: what comes from here is owed there no longer.
    same_damage: bool
    # May be granted again and again; else a second order must say which one it changes, or that it adds to it.
    repeats: bool
    source: str
    # "V" verified, "P" partly, "U" not: then it is a setting and is told to nobody outside.
    mark: Literal["V", "P", "U"]
    # For this item only.
    item: Item | None = None


@cache
def fund_rules() -> dict[Fund, FundRule]:
    """Return the rule of every source; raises msgspec.ValidationError for a wrong file."""
    text = resources.files(__package__).joinpath("funds.toml").read_text("utf-8")
    rules = msgspec.convert(tomllib.loads(text), dict[Fund, FundRule])
    if set(rules) != set(FUNDS):
        raise msgspec.ValidationError("funds.toml: one table for each source of money")
    return rules
