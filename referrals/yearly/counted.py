"""Counts of a year and those before it, nothing hidden yet; small enough to be kept for ever."""

import hashlib
from collections.abc import Mapping

import msgspec

# Of places: everything that is no province of Thailand.
ABROAD, UNSAID = "abroad", "unsaid"
# What is counted of the whole, without a category.
ALL = "all"
EVERYWHERE = ""
# By what version of the queries it was counted.
RULES = "2026-11"


class Count(msgspec.Struct, frozen=True, array_like=True):
    """How many of something in a category and a place, and over how many satang where it is about money."""

    measure: str
    year: int
    category: str
    place: str
    n: int
    satang: int = 0


class Span(msgspec.Struct, frozen=True, array_like=True):
    """The median of days between two milestones of so many cases; EVERYWHERE is all places together."""

    pair: str
    year: int
    place: str
    n: int
    days: float


class Counted(msgspec.Struct, frozen=True):
    """What a year's report is made of. Counts of money stand in "all" once a case, whatever sources paid."""

    counts: tuple[Count, ...]
    spans: tuple[Span, ...]
    rules: str = RULES

    def of(self, measure: str, year: int) -> Mapping[tuple[str, str], Count]:
        """By category and place."""
        return {
            (one.category, one.place): one
            for one in self.counts
            if one.measure == measure and one.year == year
        }


def to_bytes(counted: Counted) -> bytes:
    return msgspec.json.encode(counted)


def from_bytes(stored: bytes) -> Counted:
    """Raises msgspec.DecodeError for what is none."""
    return msgspec.json.decode(stored, type=Counted)


def mark_of(counted: Counted) -> str:
    """A short mark by which two prints can be told to hold the same figures."""
    return hashlib.sha256(to_bytes(counted)).hexdigest()[:12]
