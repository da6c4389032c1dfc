"""Times of day as people type them, in figures, in Thai words, with am and pm; how they name hours is hours.toml."""

import re
import tomllib
from datetime import time
from functools import cache
from importlib import resources
from typing import NamedTuple

import msgspec

from nlp.normalize import normal_word

_LAST, _FIRST = 22 * 60, 8 * 60  # minutes since midnight of "after …" and "before …"
_DAY = 24 * 60


class _Hour(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pattern: str
    adds: int = 0
    of_twelve: bool = False


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    numbers: tuple[str, ...]
    half: str
    after: str
    before: str
    hour: tuple[_Hour, ...]


class _Patterns(NamedTuple):
    hour: re.Pattern[str]
    number: re.Pattern[str]
    after: re.Pattern[str]
    before: re.Pattern[str]


def find_hours(typed: str) -> str | None:
    """The span of the day that is meant, as "time:18:00-21:00"; one hour alone lasts an hour; None for no time."""
    numbers, patterns = _table().numbers, _patterns()
    plain = patterns.number.sub(lambda word: str(numbers.index(word[0]) + 1), normal_word(typed))
    minutes = [_minutes(match) for match in patterns.hour.finditer(plain)]
    known = [moment for moment in minutes if moment is not None]
    if len(known) != len(minutes) or not 1 <= len(known) <= 2 or plain.strip().isdigit():
        return None
    first, *rest = known
    if rest:
        return _code(first, rest[0])
    if patterns.after.search(plain):
        return _code(first, _LAST if first < _LAST else first + 60)
    if patterns.before.search(plain):
        return _code(_FIRST if first > _FIRST else 0, first)
    return _code(first, first + 60)


def _minutes(match: re.Match[str]) -> int | None:
    """Minutes since midnight; None for an hour that there is not."""
    said = match.groupdict()
    at = next(at for at in range(len(_table().hour)) if said[f"all{at}"] is not None)
    named, number = _table().hour[at], int(said.get(f"n{at}") or 0)
    hour = named.adds + (number % 12 if named.of_twelve else number)
    minute = 30 if said.get(f"half{at}") else int(said.get(f"minute{at}") or 0)
    return hour * 60 + minute if hour <= 24 and minute < 60 else None


def _code(first: int, last: int) -> str | None:
    if first % _DAY == last % _DAY:
        return None
    return "time:" + "-".join(f"{time(m % _DAY // 60, m % 60):%H:%M}" for m in (first, last))


@cache
def _patterns() -> _Patterns:
    table = _table()
    hours = [
        f"(?P<all{at}>"
        + named.pattern.replace("{n}", rf"(?P<n{at}>\d{{1,2}})")
        .replace("{half}", f"(?P<half{at}>{table.half})?")
        .replace("{minute}", rf"(?P<minute{at}>\d\d)")
        + ")"
        for at, named in enumerate(table.hour)
    ]
    numbers = "|".join(sorted(table.numbers, key=len, reverse=True))
    return _Patterns(*map(re.compile, ("|".join(hours), numbers, table.after, table.before)))


@cache
def _table() -> _Table:
    return msgspec.convert(
        tomllib.loads(resources.files(__package__).joinpath("hours.toml").read_text("utf-8")), _Table
    )
