"""Interest on what an order leaves unpaid: simple, by the day, in whole numbers; rules and rates are in interest.toml."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Literal

import msgspec

Rule = Literal["none", "statutory", "stated"]


@dataclass(frozen=True, slots=True)
class Terms:
    """What an order says of interest: since when (None: since it was first ordered); the rate where it is its own."""

    rule: Rule
    since: date | None = None
    # Hundredths of a percent a year.
    basis_points: int | None = None


FREE = Terms("none")


class Sourced(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a rule was read, and whether that was verified ("V"), partly ("P") or not ("U")."""

    source: str
    mark: Literal["V", "P", "U"]


class Rate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A yearly rate and its first day."""

    starts: date = msgspec.field(name="from")
    basis_points: int


class RuleOfInterest(Sourced, frozen=True, forbid_unknown_fields=True):
    """One rule with its rates, oldest first; without rates the order says it."""

    rates: tuple[Rate, ...] = ()


class InterestRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole of interest.toml."""

    days_of_year: int
    order_of_payment: Sourced
    joint_debtors: Sourced
    rule: dict[Rule, RuleOfInterest]


@cache
def interest_rules() -> InterestRules:
    """Return the rules; raises msgspec.ValidationError for a wrong file."""
    text = resources.files(__package__).joinpath("interest.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), InterestRules)


def whole() -> int:
    """Return of how many grains a satang of interest consists: no grain is ever lost to rounding."""
    return 10_000 * interest_rules().days_of_year


def grains(principal: int, terms: Terms, start: date, end: date) -> int:
    """Return what `principal` satang bear from `start` (not counted) to `end` (counted)."""
    weight = 0
    for (first, basis_points), (behind, _) in pairwise([*_rates(terms), (date.max, 0)]):
        # A rate that begins on a day is that day's: the day before it is the last at the old one.
        spans_from = max(start, _day_before(first))
        weight += basis_points * max(0, (min(end, _day_before(behind)) - spans_from).days)
    return principal * weight


def _rates(terms: Terms) -> list[tuple[date, int]]:
    if terms.rule == "stated":
        return [(date.min, terms.basis_points or 0)]
    return [(rate.starts, rate.basis_points) for rate in interest_rules().rule[terms.rule].rates]


def _day_before(day: date) -> date:
    return day if day in (date.min, date.max) else date.fromordinal(day.toordinal() - 1)
