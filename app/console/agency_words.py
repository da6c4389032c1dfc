"""What pages say of an agency, in the language of the request."""

from datetime import date, datetime, timedelta
from typing import Literal, Protocol

from app.console.days import say_clock
from app.console.texts import say, spoken
from app.console.thai_time import day as say_day
from core.clock import bangkok
from core.languages import in_language
from referrals.agencies.directory import ListedAgency
from referrals.agencies.particulars import DAY_MINUTES, Particulars
from referrals.questionnaires.places import every_place, say_place

# From here on the directory says that an agreement ends.
_SOON = timedelta(days=60)


class Named(Protocol):
    """What has its words in both languages."""

    @property
    def th(self) -> str: ...
    @property
    def en(self) -> str: ...


def say_named(named: Named | None, otherwise: str = "") -> str:
    """Say a code of templates.toml; `otherwise` where a newer version dropped it."""
    return otherwise if named is None else in_language({"th": named.th, "en": named.en}, spoken.get())


def say_agency(agency: ListedAgency) -> str:
    return agency.name(spoken.get())


def say_duty(agency: Particulars) -> str:
    """Say when an agency works: จ. อ. พ. 08:30–16:30 น."""
    if agency.is_round_the_clock:
        return say("office.round_clock")
    ends = "24:00" if agency.closes_minute == DAY_MINUTES else say_clock(agency.closes_minute)
    days = " ".join(say(f"office.weekday.{one}") for one in sorted(agency.weekdays))
    return say("office.hours", days=days, opens=say_clock(agency.opens_minute), closes=ends)


def say_province(code: str | None) -> str:
    return say_place(code, spoken.get()) if code else say("office.whole_country")


def day_of(moment: datetime) -> str:
    """Say the Bangkok day of a moment."""
    return say_day(bangkok(moment).date())


def provinces() -> list[tuple[str, str]]:
    """Provinces to choose from, as (code, name)."""
    return [one for one in every_place(spoken.get()) if one[0].startswith("province:")]


def agreement(agency: Particulars, today: date) -> Literal["", "soon", "over"]:
    """Whether the agreement under which data is shared has ended, or ends soon."""
    if agency.basis_until is None or agency.basis_until > today + _SOON:
        return ""
    return "over" if agency.basis_until < today else "soon"
