"""When a campaign goes out, as a form sends it: days as browsers send them, clocks of 24 hours, Asia/Bangkok."""

from datetime import date, time
from typing import Annotated, Literal, get_args

import regex
from fastapi import Form
from pydantic import BaseModel, Field

from app.console.days import read_day
from campaigns.plans.hours import TimesError, instant
from campaigns.plans.times import Drip, Once, Recurring, Schedule
from core.clock import bangkok
from core.errors import InvalidInputError

How = Literal["at_once", "once", "day", "week", "month", "year", "drip"]
Begins = Literal["date", "agreed", "entered", "answered"]
HOWS: tuple[How, ...] = get_args(How)
BEGINS: tuple[Begins, ...] = get_args(Begins)
_DAYS = regex.compile(r"[0-9]{1,3}")


class ClockError(InvalidInputError):
    code = "clock"


class TimesForm(BaseModel):
    """What was filled in, as typed; only fields of the chosen way count."""

    revision: int = Field(default=1, ge=1, le=2**31 - 1)
    how: How = "at_once"
    day: str = Field(default="", max_length=10)
    clock: str = Field(default="10:00", max_length=8)
    last: str = Field(default="", max_length=10)
    weekdays: list[Annotated[int, Field(ge=0, le=6)]] = Field(default_factory=list, max_length=7)
    month_day: int = Field(default=1, ge=-99, le=99)
    month: int = Field(default=1, ge=-99, le=99)
    begins: Begins = "date"
    days: str = Field(default="", max_length=400)
    asked: str = Field(default="", max_length=300)
    late_minutes: int = Field(default=180, ge=-9999, le=9999)
    emergency: bool = False
    silent: bool = False


Filled = Annotated[TimesForm, Form()]


def schedule_of(form: TimesForm) -> Schedule:
    """The schedule that was filled in; raises TimesError, ClockError, InvalidInputError for what is no day."""
    if form.how == "at_once":
        return Once()
    clock = _clock(form.clock)
    if form.how == "drip":
        return _drip(form, clock)
    day = read_day(form.day)
    if day is None:
        raise TimesError(("unclear",))
    if form.how == "once":
        return Once(instant(day, clock))
    weekdays = tuple(sorted(set(form.weekdays))) if form.how == "week" else ()
    return Recurring(form.how, clock, day, read_day(form.last), weekdays, form.month_day, form.month)


def _drip(form: TimesForm, clock: time) -> Drip:
    days = tuple(int(found) for found in _DAYS.findall(form.days))
    if not days:
        raise TimesError(("unclear",))
    begin: date | None = read_day(form.day) if form.begins == "date" else None
    campaign, _, question = form.asked.partition("|") if form.begins == "answered" else ("", "", "")
    if (form.begins == "date" and begin is None) or (form.begins == "answered" and not question):
        raise TimesError(("unclear",))
    return Drip(form.begins, clock, days, begin, campaign, question)


def _clock(typed: str) -> time:
    try:
        found = time.fromisoformat(typed.strip().replace(".", ":").zfill(5))
    except ValueError:
        raise ClockError("give a time of day such as 10:00") from None
    if found.tzinfo is not None:
        raise ClockError("give a time of day such as 10:00")
    return found.replace(second=0, microsecond=0)


def form_of(schedule: Schedule, revision: int, steps: int) -> TimesForm:
    """The form as the schedule would have filled it in; `steps` days are offered to a drip."""
    offered = TimesForm(revision=revision, days=", ".join(str(7 * n) for n in range(max(steps, 1))))
    match schedule:
        case Once(at=at) if at is not None:
            local = bangkok(at)
            return offered.model_copy(
                update={"how": "once", "day": f"{local:%Y-%m-%d}", "clock": f"{local:%H:%M}"}
            )
        case Recurring() as one:
            return offered.model_copy(
                update={
                    "how": one.every, "day": one.first.isoformat(), "last": one.last.isoformat() if one.last else "",
                    "clock": f"{one.at:%H:%M}", "weekdays": list(one.weekdays), "month_day": one.day, "month": one.month,
                }
            )  # fmt: skip
        case Drip() as one:
            return offered.model_copy(
                update={
                    "how": "drip", "begins": one.begins, "clock": f"{one.at:%H:%M}", "days": ", ".join(map(str, one.days)),
                    "day": one.date.isoformat() if one.date else "", "asked": f"{one.campaign}|{one.question}",
                }
            )  # fmt: skip
    return offered
