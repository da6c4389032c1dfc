"""Hotlines as data: which numbers serve a need, and whether anybody answers now."""

import tomllib
from collections.abc import Iterable
from datetime import date, datetime, time
from functools import cache
from importlib import resources
from typing import Any

import msgspec

from core.clock import bangkok
from core.languages import Language as Language
from core.languages import in_language


class Opening(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Opening hours on ISO weekdays (1 is Monday), Bangkok time, within one day."""

    days: tuple[int, ...]
    opens: time
    closes: time


class Hotline(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One number. Neither `always` nor `hours` means that no source gives its hours, so none are told."""

    number: str
    name: dict[Language, str]
    purpose: dict[Language, str]
    kinds: frozenset[str]
    languages: tuple[str, ...]
    source: str
    verified_at: date
    always: bool = False
    hours: tuple[Opening, ...] = ()
    # Short numbers that can't be dialled from another country, and those who come only there.
    only_in_thailand: bool = False
    dialled_from_abroad: str = ""


@cache
def all_hotlines() -> tuple[Hotline, ...]:
    """Every hotline in the order in which they are shown; raises msgspec.ValidationError for a wrong file."""
    return tuple(msgspec.convert(entry, Hotline) for entry in _read("hotlines.toml")["hotline"])


def hotlines_for(kinds: Iterable[str], *, place_abroad: bool, now: datetime) -> tuple[Hotline, ...]:
    """The numbers for these kinds of need, those that answer now first.

    For somebody abroad the consular number comes first and numbers that only help inside Thailand last: a place
    that is named is not yet the place where somebody is.
    """
    wanted = frozenset(kinds) | ({"abroad"} if place_abroad else frozenset())
    return tuple(
        sorted(
            (found for found in all_hotlines() if wanted & found.kinds),
            key=lambda h: (_distance(h) if place_abroad else 0, is_open(h, now) is False),
        )
    )


def _distance(hotline: Hotline) -> int:
    if "abroad" in hotline.kinds:
        return 0
    return 2 if hotline.only_in_thailand else 1


def hotline(number: str) -> Hotline:
    """The hotline with this number; raises KeyError for one that is not in the directory."""
    for found in all_hotlines():
        if found.number == number:
            return found
    raise KeyError(number)


def is_open(hotline: Hotline, now: datetime) -> bool | None:
    """Whether somebody answers now; None where no source gives the hours. Public holidays are not known yet."""
    if hotline.always:
        return True
    if not hotline.hours:
        return None
    local = bangkok(now)
    return any(
        local.isoweekday() in opening.days and opening.opens <= local.time() < opening.closes
        for opening in hotline.hours
    )


def say_hours(hotline: Hotline, now: datetime, language: Language = "th") -> str:
    """The hours in words, and when it opens next where it is closed now; "" where they are not known."""
    words = _words(language)
    if hotline.always:
        return str(words["always"])
    told = ", ".join(_say_opening(opening, words) for opening in hotline.hours)
    return (
        told if is_open(hotline, now) is not False else f"{told} · {say_next_opening(hotline, now, language)}"
    )


def say_next_opening(hotline: Hotline, now: datetime, language: Language = "th") -> str:
    """When it opens next, in words; "" where it never closes or its hours are not known."""
    words, local = _words(language), bangkok(now)
    for days in range(8):
        weekday = (local.isoweekday() - 1 + days) % 7 + 1
        starts = sorted(
            o.opens for o in hotline.hours if weekday in o.days and (days or o.opens > local.time())
        )
        if starts:
            opens, pattern = _say_time(starts[0], words), ("later_today", "tomorrow")[days : days + 1]
            if pattern:
                return str(words[pattern[0]]).format(opens=opens)
            return str(words["on_day"]).format(day=words["days"][weekday - 1], opens=opens)
    return ""


def _say_opening(opening: Opening, words: dict[str, Any]) -> str:
    first, last = min(opening.days), max(opening.days)
    return str(words["range" if first != last else "one_day"]).format(
        first=words["short_days"][first - 1],
        last=words["short_days"][last - 1],
        opens=_say_time(opening.opens, words),
        closes=_say_time(opening.closes, words),
    )


def _say_time(moment: time, words: dict[str, Any]) -> str:
    return str(words["time"]).format(hour=moment.hour, minute=moment.minute)


@cache
def _words(language: Language) -> dict[str, Any]:
    return in_language(_read("words.toml"), language)


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath(name).read_text("utf-8"))
