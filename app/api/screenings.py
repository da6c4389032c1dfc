"""Judging the words of an offer as `rootan screen --jsonl` does, and figures of recent offers. Nothing is stored."""

from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from app.api.access import Program, require_token
from app.api.texts import texts
from app.auditing import audited
from app.examining.apart import examiner_of
from app.examining.asking import Judge
from app.faces.routers import make_router
from core.clock import bangkok, utc_now
from core.db.database import driver_connection
from screening.radar import SMALLEST_CELL, trend

router = make_router("screenings")
Reader = Annotated[Program, Depends(require_token("screening.read"))]
LONGEST_TEXT = 10_000
_MOST_DAYS = 90


class Offer(BaseModel):
    """A text to judge, and what it is called in the answer."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(max_length=200, examples=["post-17"])
    text: str = Field(
        min_length=1,
        max_length=LONGEST_TEXT,
        examples=[texts().example.offer],
    )


class Sign(BaseModel):
    """An indicator and where it stands: code points of the text as given."""

    code: str
    weight: float
    start: int
    end: int
    evidence: str


class Crisis(BaseModel):
    level: str
    kinds: list[str]
    score: float


class Judgement(BaseModel):
    """`score` is the probability that the text is a deceptive or exploitative job offer. It is no verdict on a person."""

    id: str
    band: str = Field(examples=["danger"])
    score: float
    indicators: list[Sign]
    entities: dict[str, list[dict[str, Any]]]
    crisis: Crisis
    intent: str
    rules: str
    model: str


class Day(BaseModel):
    """Offers of one day, rounded down to fives; null where fewer than five people stand behind them."""

    model_config = ConfigDict(from_attributes=True)

    starts_on: date
    screenings: int | None
    flagged: int | None
    senders: int | None


class Figures(BaseModel):
    """The days asked for, today among them; days without offers are left out."""

    smallest_cell: int
    days: list[Day]


class Stretch(BaseModel):
    """How far back to look."""

    model_config = ConfigDict(extra="forbid")

    days: Annotated[int, Query(ge=1, le=_MOST_DAYS)] = 7


@router.post("/screenings", name="screening.judge", summary="Judge a text")
async def post_screening(request: Request, program: Reader, offer: Offer) -> Judgement:  # noqa: ARG001 - being let in is enough
    """The same text gets the same answer by the same rules and model. It needs no key: nothing is kept."""
    return Judgement.model_validate((await examiner_of(request).ask(Judge(offer.id, offer.text))).line)


@router.get("/screenings/figures", name="screening.figures", summary="Figures of recent offers")
async def read_figures(request: Request, program: Reader, stretch: Annotated[Stretch, Query()]) -> Figures:
    async with audited(request, program) as session:
        today = bangkok(utc_now()).date()
        since = today - timedelta(days=stretch.days - 1)
        cells = await trend(await driver_connection(session), "day", since, today)
    return Figures(smallest_cell=SMALLEST_CELL, days=[Day.model_validate(cell) for cell in cells])
