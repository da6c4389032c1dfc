"""What somebody wants to see of the queue: a view and filters, as they stand in an address and in a saved view."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal, get_args
from uuid import UUID

import msgspec

from core.errors import InvalidInputError
from referrals.questionnaires.places import say_place

View = Literal["waiting", "mine", "team", "held", "bot", "snoozed", "flagged", "overdue", "ended"]
VIEWS: tuple[View, ...] = get_args(View)
Priority = Literal["P0", "P1", "P2", "P3"]
PRIORITIES: tuple[Priority, ...] = get_args(Priority)
# How old a report is: at most an hour, a day, a week; or older than a week.
Age = Literal["hour", "day", "week", "older"]
AGES: tuple[Age, ...] = get_args(Age)
Flag = Literal["any", "due", "none"]
FLAGS: tuple[Flag, ...] = get_args(Flag)
Code = Literal[
    "trafficking", "forced_labour", "detention", "domestic_violence", "sexual_violence", "child_abuse", "elder_abuse",
    "suicide", "danger",
]  # fmt: skip
CODES: tuple[Code, ...] = get_args(Code)
Channel = Literal["line", "telegram", "phone"]
CHANNELS: tuple[Channel, ...] = get_args(Channel)
# "other" is any language that not everything is said in.
Language = Literal["th", "en", "other"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
# Any country but Thailand.
ABROAD = "abroad"
_SEVERAL = ("priority",)
_AGES = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}


class FilterError(InvalidInputError):
    """A filter or a view that does not exist, or a value that it does not have."""

    code = "filter"


class Filters(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A view narrowed down; what is empty narrows nothing."""

    view: View = "waiting"
    priority: tuple[Priority, ...] = ()
    kind: Code | None = None
    # A code of the directory of places, or ABROAD.
    place: str | None = None
    channel: Channel | None = None
    team: UUID | None = None
    holder: UUID | None = None
    age: Age | None = None
    flag: Flag | None = None
    language: Language | None = None

    @property
    def narrows(self) -> bool:
        """Whether anything beside view and priority is asked for: those two alone are read in the order of an index."""
        return any(
            (self.kind, self.place, self.channel, self.team, self.holder, self.age, self.flag, self.language)
        )


NAMES = frozenset(Filters.__struct_fields__)


def read_filters(given: Iterable[tuple[str, str]]) -> Filters:
    """Read filters from the names and values of an address; empty values count as left out. Raises FilterError."""
    found: dict[str, Any] = {}
    for name, value in given:
        if name not in NAMES:
            raise FilterError("there is no such filter")
        if not value:
            continue
        if name in _SEVERAL:
            found.setdefault(name, []).append(value)
        elif name in found:
            raise FilterError("a filter was given twice")
        else:
            found[name] = value
    return from_stored(found)


def from_stored(stored: Mapping[str, Any]) -> Filters:
    """Read filters that were kept; raises FilterError, also for one whose values have gone since."""
    try:
        filters = msgspec.convert(dict(stored), Filters, strict=False)
        if filters.place not in {None, ABROAD}:
            say_place(str(filters.place))
    except (msgspec.ValidationError, KeyError):
        raise FilterError("this filter has no such value") from None
    return msgspec.structs.replace(filters, priority=tuple(sorted(set(filters.priority))))


def to_store(filters: Filters) -> dict[str, Any]:
    """Return filters as plain data, without what is empty."""
    stored: dict[str, Any] = msgspec.to_builtins(filters)
    return stored


def to_address(filters: Filters) -> list[tuple[str, str]]:
    """Return filters as names and values for an address; no word and nobody's data."""
    pairs: list[tuple[str, str]] = []
    for name, value in to_store(filters).items():
        pairs += [(name, one) for one in value] if name in _SEVERAL else [(name, value)]
    return pairs


def opened_within(age: Age, now: datetime) -> tuple[datetime | None, datetime | None]:
    """Return the earliest and the latest time of opening that an age allows."""
    if age == "older":
        return None, now - _AGES["week"]
    return now - _AGES[age], None
