"""When a campaign goes out, as data. Days and clock times are of Asia/Bangkok; instants are aware UTC."""

from datetime import date, datetime, time
from typing import Literal

import msgspec


class Once(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="once"):
    """At one instant; None is as soon as it is approved."""

    at: datetime | None = None


class Recurring(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag="recurring"):
    """Again and again, from the first day to the last, both included.

    `weekdays` 0 is Monday, of "weekly"; `day` of the month, of "monthly" (31 is the last of any month) and "yearly".
    """

    every: Literal["day", "week", "month", "year"]
    at: time
    first: date
    last: date | None = None
    weekdays: tuple[int, ...] = ()
    day: int = 1
    month: int = 1


class Drip(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag="drip"):
    """Each step of the plan so many days after a beginning: a date for all, or what each person did."""

    begins: Literal["date", "agreed", "entered", "answered"]
    at: time
    # Days after the beginning, one for each step of the plan, rising.
    days: tuple[int, ...]
    # Of "date".
    date: "date | None" = None
    # Of "answered": which campaign's question.
    campaign: str = ""
    question: str = ""


Schedule = Once | Recurring | Drip
