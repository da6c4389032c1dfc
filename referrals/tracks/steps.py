"""Every step of the five tracks, as data: see steps.toml."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, Literal, get_args

import msgspec

from referrals.agencies.kinds import Maker
from referrals.compensation.sources import Fund

Track = Literal["report", "referral", "victim", "prosecution", "compensation"]
TRACKS: tuple[Track, ...] = get_args(Track)
# The track whose state is the furthest step that stands; in the others it is the last one.
FURTHEST: Track = "compensation"
BEGINNING = "none"
Kind = Literal["text", "day", "whole", "flag", "list"]
# Columns that a step may fill; everything else that it tells is a detail.
Column = Literal["happened_at", "amount", "fund", "item", "outcome", "people", "months", "about_id"]
COLUMNS: tuple[Column, ...] = get_args(Column)


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One step of a track; the fields are explained in steps.toml."""

    track: Track
    code: str
    makers: tuple[Maker, ...]
    source: str
    mark: Literal["V", "P", "U"]
    per: Literal["case", "person", "referral"] = "case"
    begins_from: tuple[str, ...] = msgspec.field(default=(), name="from")
    to: str = ""
    needs: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    repeats: bool = False
    once_by: tuple[str, ...] = ()
    decides: str = ""
    versions: bool = False
    must: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    funds: tuple[Fund, ...] = ()
    about: tuple[str, ...] = ()
    early: bool = False
    holds: bool = False
    ends: bool = False

    @property
    def fields(self) -> tuple[str, ...]:
        """Everything that it may tell beside the day, the person and a note, what it must tell first."""
        return (*self.must, *self.may)

    @property
    def decision(self) -> str:
        """By what it excludes others: its own code where it says nothing else."""
        return self.decides or self.code


@cache
def steps() -> Mapping[tuple[str, str], Step]:
    """Return every step by track and code, in the order of steps.toml; raises msgspec.ValidationError for a wrong file."""
    return {
        (track, code): msgspec.convert({**row, "track": track, "code": code}, Step)
        for track in TRACKS
        for code, row in _read()[track].items()
    }


@cache
def details() -> Mapping[str, Kind]:
    """Return what a step may tell beside its columns, and in which form."""
    return msgspec.convert(_read()["details"], dict[str, Kind])


@cache
def rank(track: str, state: str) -> int:
    """Return how far a state is on its track, 0 for the beginning."""
    return 1 + [code for one, code in steps() if one == track].index(state) if state != BEGINNING else 0


def steps_of(track: str) -> list[Step]:
    """Return the steps of a track in their order."""
    return [step for (one, _), step in steps().items() if one == track]


@cache
def _read() -> Mapping[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("steps.toml").read_text("utf-8"))
