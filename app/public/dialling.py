"""Hotlines on a page: numbers to press."""

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache

import msgspec
import regex

from referrals.directory.hotlines import (
    Hotline,
    Language,
    all_hotlines,
    hotline,
    hotlines_for,
    say_hours,
)


class Call(msgspec.Struct, frozen=True):
    """One number to press; `from_abroad` "" where it is the same or there is none.

    `only_in_thailand` is told to those alone whose text names a place abroad.
    """

    number: str
    name: str
    hours: str
    from_abroad: str
    only_in_thailand: bool


class Stretch(msgspec.Struct, frozen=True):
    """A stretch of a saying; `dial` is the number that it is, else ""."""

    text: str
    dial: str


MOST = 4


def calls_for(kinds: frozenset[str], *, abroad: bool, now: datetime, language: Language) -> tuple[Call, ...]:
    """The numbers for these needs, those that answer now first."""
    found = hotlines_for(kinds, place_abroad=abroad, now=now)[:MOST]
    return tuple(_call(one, now, language, abroad=abroad) for one in found)


def calls_named(numbers: tuple[str, ...], *, now: datetime, language: Language) -> tuple[Call, ...]:
    return tuple(_call(hotline(number), now, language, abroad=False) for number in numbers)


def _call(found: Hotline, now: datetime, language: Language, *, abroad: bool) -> Call:
    return Call(
        number=found.number,
        name=found.name[language],
        hours=say_hours(found, now, language),
        from_abroad=found.dialled_from_abroad,
        only_in_thailand=abroad and found.only_in_thailand,
    )


def with_numbers(saying: str) -> Iterator[Stretch]:
    """Cut a saying where it names a number of the directory, so that it can be pressed."""
    done = 0
    for match in _numbers().finditer(saying):
        if match.start() > done:
            yield Stretch(saying[done : match.start()], "")
        yield Stretch(match[0], dial(match[0]))
        done = match.end()
    if done < len(saying):
        yield Stretch(saying[done:], "")


def dial(number: str) -> str:
    """The form in which a telephone takes a number (RFC 3966)."""
    return "".join(sign for sign in number if sign.isdigit() or sign == "+")


def _numbers() -> regex.Pattern[str]:
    """The pattern is made anew only when staff changed a number."""
    return _pattern(
        frozenset(n for found in all_hotlines() for n in (found.number, found.dialled_from_abroad) if n)
    )


@lru_cache(maxsize=1)
def _pattern(told: frozenset[str]) -> regex.Pattern[str]:
    longest_first = sorted(told, key=len, reverse=True)
    return regex.compile(r"(?<![\d+.,])(?:" + "|".join(map(regex.escape, longest_first)) + r")(?![.,]?\d)")
