"""Execution: what was tried and found, what was seized and sold, and when to try again (attempts.toml)."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Literal

import msgspec

from referrals.compensation.entries import Entry

NONE_FOUND = "none_found"


class Retries(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many days after an attempt the next one is due, and where that was read."""

    every_days: int
    source: str
    mark: Literal["V", "P", "U"]


@cache
def retries() -> Retries:
    """Return how often to try; raises msgspec.ValidationError for a wrong file."""
    text = resources.files(__package__).joinpath("attempts.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), Retries)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One search for assets: whether any were found, and their worth in satang where somebody said it."""

    on: date
    found: bool
    worth: int | None


@dataclass(frozen=True, slots=True)
class Execution:
    """How far a court's order was executed. Amounts are satang; never for the eyes of the person or of debtors."""

    opened_on: date | None = None
    attempts: tuple[Attempt, ...] = ()
    seized: int = 0
    sold: int = 0
    # When to look for assets again; None where nothing is opened, owed or open any longer.
    next_on: date | None = None


def execution_of(stands: Sequence[Entry], *, owes: bool) -> Execution:
    """Read the execution from entries that stand; `owes` says whether the court's orders are still unpaid."""
    opened = [one.on for one in stands if one.step == "execution_opened"]
    attempts = [
        Attempt(one.on, one.outcome != NONE_FOUND, one.amount)
        for one in stands
        if one.step == "assets_traced"
    ]
    is_running = bool(opened) and owes and not any(one.step == "closed" for one in stands)
    tried = [*opened, *(attempt.on for attempt in attempts)]
    return Execution(
        opened_on=min(opened, default=None),
        attempts=tuple(sorted(attempts, key=lambda attempt: attempt.on)),
        seized=sum(one.amount or 0 for one in stands if one.step == "seized"),
        sold=sum(one.amount or 0 for one in stands if one.step == "sold"),
        next_on=max(tried) + timedelta(days=retries().every_days) if is_running else None,
    )
