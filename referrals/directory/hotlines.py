"""Hotlines as data: which numbers serve a need, and whether anybody answers now."""

import tomllib
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib import resources
from typing import Any, Literal

import msgspec

from core.clock import bangkok
from core.languages import Language as Language
from core.languages import in_language

# Longer than any run of holidays and weekends.
_LOOK_AHEAD_DAYS = 15


class Opening(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Opening hours on ISO weekdays (1 is Monday), Bangkok time, within one day."""

    days: tuple[int, ...]
    opens: time
    closes: time


Holidays = Literal["open", "closed", "unknown"]
WhenOld = Literal["dated", "hidden"]
# V: read at a source; P: partly; U: not verified. Citizens see V alone.
Mark = Literal["V", "P", "U"]
# How long before its verification runs out an entry asks for the next one.
WARNED_BEFORE = timedelta(days=30)


class Hotline(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One number. Neither `always` nor `hours` means that no source gives its hours, so none are told.

    `key` is what dialogues and lessons call it, whatever its number becomes; where none is given, the number.
    """

    number: str
    name: dict[Language, str]
    purpose: dict[Language, str]
    kinds: frozenset[str]
    languages: tuple[str, ...]
    source: str
    verified_at: date
    always: bool = False
    hours: tuple[Opening, ...] = ()
    holidays: Holidays = "unknown"
    # Short numbers that can't be dialled from another country, and those who come only there.
    only_in_thailand: bool = False
    dialled_from_abroad: str = ""
    mark: Mark = "V"
    # For how many days a verification holds, and what becomes of an entry after that.
    holds_days: int = 180
    when_old: WhenOld = "dated"
    # Dialogues or lessons name it, or a life may hang on it: it is neither hidden nor withdrawn, however old.
    stays: bool = False
    key: str = ""

    @property
    def holds_until(self) -> date:
        """The last day on which its verification holds."""
        return self.verified_at + timedelta(days=self.holds_days)

    def is_old(self, today: date) -> bool:
        return today > self.holds_until

    def is_shown(self, today: date) -> bool:
        """Whether citizens are told of it on a day."""
        return self.stays or (self.mark == "V" and not (self.when_old == "hidden" and self.is_old(today)))


class Directory(msgspec.Struct, frozen=True):
    """What everybody reads: entries in the order in which they are shown, and the public holidays of these years."""

    hotlines: tuple[Hotline, ...]
    free_days: frozenset[date] = frozenset()


class _Desk:
    """Which directory lies open in this process."""

    open: Directory | None = None


def lay_open(directory: Directory | None) -> None:
    """Let this process read another directory from now on; None is the one that came with the program.

    The dialogues are pure and know no database: whoever runs them lays the newest entries open for them.
    """
    _Desk.open = directory


def _directory() -> Directory:
    return _Desk.open or Directory(shipped_hotlines())


@cache
def shipped_hotlines() -> tuple[Hotline, ...]:
    """The directory that came with the program; raises msgspec.ValidationError for a wrong file."""
    entries = (msgspec.convert(entry, Hotline) for entry in _read("hotlines.toml")["hotline"])
    return tuple(msgspec.structs.replace(entry, key=entry.key or entry.number) for entry in entries)


def all_hotlines() -> tuple[Hotline, ...]:
    """Every hotline that is known, in the order in which they are shown."""
    return _directory().hotlines


def hotlines_for(kinds: Iterable[str], *, place_abroad: bool, now: datetime) -> tuple[Hotline, ...]:
    """The numbers for these kinds of need, those that answer now first.

    For somebody abroad the consular number comes first and numbers that only help inside Thailand last: a place
    that is named is not yet the place where somebody is.
    """
    wanted = frozenset(kinds) | ({"abroad"} if place_abroad else frozenset())
    today = bangkok(now).date()
    return tuple(
        sorted(
            (found for found in all_hotlines() if wanted & found.kinds and found.is_shown(today)),
            key=lambda h: (_distance(h) if place_abroad else 0, is_open(h, now) is False),
        )
    )


def _distance(hotline: Hotline) -> int:
    if "abroad" in hotline.kinds:
        return 0
    return 2 if hotline.only_in_thailand else 1


def hotline(key: str) -> Hotline:
    """The hotline that dialogues call so; raises KeyError for one that is not in the directory."""
    for found in all_hotlines():
        if found.key == key:
            return found
    raise KeyError(key)


def is_open(hotline: Hotline, now: datetime) -> bool | None:
    """Whether somebody answers now; None where no source gives the hours, or says what holds on a public holiday."""
    if hotline.always:
        return True
    if not hotline.hours:
        return None
    local = bangkok(now)
    answers = any(
        local.isoweekday() in opening.days and opening.opens <= local.time() < opening.closes
        for opening in hotline.hours
    )
    if answers and hotline.holidays != "open" and local.date() in _directory().free_days:
        return False if hotline.holidays == "closed" else None
    return answers


def say_hours(hotline: Hotline, now: datetime, language: Language = "th") -> str:
    """The hours in words as far as they are known, when it opens next where it is closed now, and the day on which
    all this was checked where that is too long ago.
    """
    words = _words(language)
    if hotline.always:
        parts = [str(words["always"])]
    else:
        parts = [", ".join(_say_opening(opening, words) for opening in hotline.hours)]
        if hotline.hours and hotline.holidays == "closed":
            parts.append(str(words["closed_on_holidays"]))
        if is_open(hotline, now) is False:
            parts.append(say_next_opening(hotline, now, language))
    if hotline.is_old(bangkok(now).date()):
        parts.append(say_checked(hotline, language))
    return " · ".join(filter(None, parts))


def say_checked(hotline: Hotline, language: Language = "th") -> str:
    """The day on which the entry was last verified, in words."""
    words, day = _words(language), hotline.verified_at
    date_said = str(words["date"]).format(
        day=day.day, month=words["months"][day.month - 1], year=day.year + int(words["years_ahead"])
    )
    return str(words["checked"]).format(date=date_said)


def say_next_opening(hotline: Hotline, now: datetime, language: Language = "th") -> str:
    """When it opens next, in words; "" where it never closes or its hours are not known."""
    words, local = _words(language), bangkok(now)
    for days in range(_LOOK_AHEAD_DAYS):
        day = local.date() + timedelta(days=days)
        if hotline.holidays == "closed" and day in _directory().free_days:
            continue
        starts = sorted(
            o.opens for o in hotline.hours if day.isoweekday() in o.days and (days or o.opens > local.time())
        )
        if starts:
            opens, pattern = _say_time(starts[0], words), ("later_today", "tomorrow")[days : days + 1]
            if pattern:
                return str(words[pattern[0]]).format(opens=opens)
            if days > 6:
                return str(words["on_date"]).format(
                    day=day.day, month=words["months"][day.month - 1], opens=opens
                )
            return str(words["on_day"]).format(day=words["days"][day.isoweekday() - 1], opens=opens)
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
