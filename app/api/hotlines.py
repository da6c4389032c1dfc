"""The directory of hotlines, as staff keep it and citizens are told it."""

from datetime import date
from typing import Annotated

from fastapi import Depends, Path, Request
from pydantic import BaseModel, Field

from app.api.access import Program, require_token
from app.auditing import audited
from app.faces.routers import make_router
from core.clock import bangkok, utc_now
from referrals.hotline_desk.book import Entry, Standing, find_entry, read_book

router = make_router("hotlines")
Reader = Annotated[Program, Depends(require_token("hotlines.read"))]


class Open(BaseModel):
    """Opening hours on ISO weekdays (1 is Monday), Bangkok time."""

    days: list[int]
    opens: str = Field(examples=["08:30"])
    closes: str = Field(examples=["16:30"])


class HotlineRead(BaseModel):
    """One number. Neither `always` nor `hours` means that no source gives its hours."""

    key: str = Field(examples=["1300"])
    number: str = Field(examples=["1300"])
    name: dict[str, str] = Field(description="By language, Thai always.")
    purpose: dict[str, str]
    kinds: list[str]
    languages: list[str]
    always: bool
    hours: list[Open]
    holidays: str
    only_in_thailand: bool
    dialled_from_abroad: str
    source: str
    verified_on: date
    holds_until: date
    standing: Standing = Field(description="How old the verification is.")
    is_told: bool = Field(description="Whether citizens are told of it today.")


class Hotlines(BaseModel):
    """Every entry, in the order in which citizens see them; withdrawn ones last."""

    hotlines: list[HotlineRead]


@router.get("/hotlines", name="hotline.list", summary="List the hotlines")
async def list_hotlines(request: Request, program: Reader) -> Hotlines:
    async with audited(request, program) as session:
        book = await read_book(session)
    today = bangkok(utc_now()).date()
    return Hotlines(hotlines=[_shown(entry, today) for entry in book])


@router.get("/hotlines/{key}", name="hotline.read", summary="Read one hotline")
async def read_hotline(
    request: Request, key: Annotated[str, Path(max_length=60)], program: Reader
) -> HotlineRead:
    async with audited(request, program) as session:
        entry = await find_entry(session, key)
    return _shown(entry, bangkok(utc_now()).date())


def _shown(entry: Entry, today: date) -> HotlineRead:
    line = entry.hotline
    return HotlineRead(
        key=line.key, number=line.number, name={**line.name}, purpose={**line.purpose}, kinds=sorted(line.kinds),
        languages=list(line.languages), always=line.always,
        hours=[Open(days=list(one.days), opens=f"{one.opens:%H:%M}", closes=f"{one.closes:%H:%M}") for one in line.hours],
        holidays=line.holidays, only_in_thailand=line.only_in_thailand, dialled_from_abroad=line.dialled_from_abroad,
        source=line.source, verified_on=line.verified_at, holds_until=line.holds_until,
        standing=entry.standing(today), is_told=entry.is_told(today),
    )  # fmt: skip
