"""The form of an agency: what stands in its fields, and the particulars that typed fields mean."""

from datetime import date
from typing import Annotated

import regex
from fastapi import Form
from pydantic import BaseModel, Field

from app.console.days import read_day, say_clock
from core.errors import InvalidInputError
from referrals.agencies.directory import ListedAgency
from referrals.agencies.particulars import DAY_MINUTES, Particulars, ParticularsError

_CLOCK = regex.compile(r"([01]?[0-9]|2[0-4])[:.]([0-5][0-9])")
_END_OF_DAY = "24:00"


class AgencyForm(BaseModel):
    """Fields as typed; a new agency works in office hours."""

    code: str = Field(default="", max_length=200)
    kind: str = Field(default="", max_length=40)
    name_th: str = Field(default="", max_length=1_000)
    name_en: str = Field(default="", max_length=1_000)
    province: str = Field(default="", max_length=40)
    template: str = Field(default="", max_length=40)
    answers_within: str = Field(default="24", max_length=20)
    opens: str = Field(default="08:30", max_length=20)
    closes: str = Field(default="16:30", max_length=20)
    weekdays: list[str] = Field(default_factory=list, max_length=7)
    basis: str = Field(default="", max_length=2_000)
    basis_until: str = Field(default="", max_length=20)
    phone: str = Field(default="", max_length=100)


Filled = Annotated[AgencyForm, Form()]


def empty_form() -> AgencyForm:
    return AgencyForm(weekdays=["0", "1", "2", "3", "4"])


def form_of(agency: ListedAgency) -> AgencyForm:
    """What stands in the fields of an agency."""
    ends = agency.closes_minute
    return AgencyForm(
        code=agency.code, kind=agency.kind, name_th=agency.name_th, name_en=agency.name_en,
        province=agency.province or "", template=agency.template, answers_within=str(agency.answers_within),
        opens=say_clock(agency.opens_minute), closes=_END_OF_DAY if ends == DAY_MINUTES else say_clock(ends),
        weekdays=[str(one) for one in agency.weekdays], basis=agency.basis,
        basis_until=agency.basis_until.isoformat() if agency.basis_until else "", phone=agency.phone or "",
    )  # fmt: skip


def particulars_of(form: AgencyForm) -> Particulars:
    """Return what the fields mean; raises ParticularsError for what is no number, clock or day."""
    return Particulars(
        kind=form.kind, name_th=form.name_th, name_en=form.name_en, template=form.template, basis=form.basis,
        province=form.province or None, answers_within=_hours(form.answers_within),
        opens_minute=_minute(form.opens), closes_minute=_minute(form.closes),
        weekdays=tuple(int(one) for one in form.weekdays if one.isascii() and one.isdigit()),
        basis_until=_until(form.basis_until), phone=form.phone.strip() or None,
    )  # fmt: skip


def _until(typed: str) -> date | None:
    try:
        return read_day(typed.strip())
    except InvalidInputError:
        raise ParticularsError("basis_until", "choose a day of the calendar, or none") from None


def _hours(typed: str) -> int:
    plain = typed.strip()
    return int(plain) if plain.isascii() and plain.isdigit() else 0


def _minute(typed: str) -> int:
    found = _CLOCK.fullmatch(typed.strip())
    if found is None:
        raise ParticularsError("hours", "give the hours as 08:30")
    return int(found[1]) * 60 + int(found[2])
