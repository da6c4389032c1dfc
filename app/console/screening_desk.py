"""The screening desk: recent offers, one after the other to be rated, and how far raters agree."""

from datetime import timedelta
from typing import Annotated, Any, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession

from app.auditing import audited
from app.auth import Caller, require
from app.console.pages import draw
from app.console.provinces import provinces_to_choose, say_province
from app.console.signs import sign_names
from app.examining.apart import masking
from app.runtime import Runtime
from core.accounts.models import Account
from core.clock import bangkok, utc_now
from core.db.database import driver_connection
from core.errors import InvalidInputError
from nlp.findings import Band
from screening.kinds import NAMES
from screening.labels.agreement import FEWEST_PAIRS, Agreement, read_agreement
from screening.labels.listing import PAGE, Filters, Rated, list_offers, next_to_rate, read_offer
from screening.labels.rating import label_screening, ratings_of
from screening.radar import ALL, NOWHERE, trend

router = APIRouter()
Reader = Annotated[Caller, Depends(require("screening.read"))]
Rater = Annotated[Caller, Depends(require("screening.write"))]
BANDS: tuple[Band, ...] = ("danger", "caution", "unclear", "not_an_offer")
CHANNELS = ("line", "telegram", "check")
RATED: tuple[Rated, ...] = ("none", "once", "mine", "doubted")
# Who skips more has seen enough.
_MOST_SKIPPED = 30
_AGREEMENT_DAYS = 90
_PROVINCES_WEEKS = 5
_MODERATE, _SUBSTANTIAL, _WIDE = 0.4, 0.6, 0.4


class Asked(BaseModel):
    """What was asked for, as it stands in the address: codes and places, nothing of anybody."""

    band: Literal["", "danger", "caution", "unclear", "not_an_offer"] = ""
    kind: str = Field(default="", max_length=40)
    sign: str = Field(default="", max_length=40)
    channel: Literal["", "line", "telegram", "check"] = ""
    province: str = Field(default="", max_length=40)
    wave_id: str = Field(default="", max_length=40)
    rated: Rated = ""
    before: str = Field(default="", max_length=40)
    skip: str = Field(default="", max_length=40 * _MOST_SKIPPED)

    def filters(self) -> Filters:
        chosen = self.model_dump(exclude={"before", "skip", "wave_id"})
        return Filters(**chosen, wave_id=_id(self.wave_id))

    def query(self, **changed: str) -> str:
        """Return the address's query for the same wish, without empty values."""
        fields = self.model_dump(exclude={"before"}) | changed
        return urlencode({name: value for name, value in fields.items() if value})

    def skipped(self) -> list[UUID]:
        return [found for typed in self.skip.split(",")[-_MOST_SKIPPED:] if (found := _id(typed))]


Wish = Annotated[Asked, Query()]


@router.get("/console/screening", name="screening.list")
async def show_offers(request: Request, caller: Reader, asked: Wish) -> Response:
    runtime: Runtime = request.app.state.runtime
    async with audited(request, caller) as session:
        by = await session.get_one(Account, caller.account_id)
        offers = await list_offers(
            session, runtime.keys, asked.filters(), by=by, mask=masking(request), before=_id(asked.before)
        )
        provinces = await _provinces(session)
    older = asked.query(before=str(offers[PAGE - 1].id)) if len(offers) > PAGE else ""
    return draw(
        request, "screening.html", caller, offers=offers[:PAGE], older=older, asked=asked, provinces=provinces,
        rating=asked.query(rated="", skip=""), say_province=say_province, **_choices(),
    )  # fmt: skip


@router.get("/console/screening/next", name="screening.next")
async def show_next(request: Request, caller: Rater, asked: Wish) -> Response:
    """Lead on to the offer that wants this person's rating most."""
    async with audited(request, caller) as session:
        by = await session.get_one(Account, caller.account_id)
        found = await next_to_rate(session, asked.filters(), by=by, skipped=asked.skipped())
    if found is None:
        return draw(request, "screening_done.html", caller, skipped=len(asked.skipped()), asked=asked)
    query = asked.query()
    return RedirectResponse(f"/console/screening/offers/{found}{'?' + query if query else ''}", 303)


@router.get("/console/screening/agreement", name="screening.agreement")
async def show_agreement(request: Request, caller: Reader) -> Response:
    async with audited(request, caller) as session:
        since = utc_now() - timedelta(days=_AGREEMENT_DAYS)
        found = await read_agreement(await driver_connection(session), since)
    return draw(
        request, "agreement.html", caller, found=found, days=_AGREEMENT_DAYS, fewest=FEWEST_PAIRS,
        strength=_strength(found.band),
    )  # fmt: skip


@router.get("/console/screening/offers/{screening_id}", name="screening.read")
async def show_offer(request: Request, screening_id: UUID, caller: Reader, asked: Wish) -> Response:
    async with audited(request, caller) as session:
        return await _draw_offer(request, caller, session, screening_id, asked)


@router.post("/console/screening/offers/{screening_id}/reveal", name="screening.reveal")
async def reveal_offer(request: Request, screening_id: UUID, caller: Reader, asked: Wish) -> Response:
    """Show ids and numbers too, once and with a row of its own in the audit."""
    async with audited(request, caller) as session:
        return await _draw_offer(request, caller, session, screening_id, asked, whole=True)


@router.post("/console/screening/offers/{screening_id}/labels", name="screening.label")
async def post_label(
    request: Request,
    screening_id: UUID,
    caller: Rater,
    band: Annotated[Band, Form()],
    asked: Wish,
    kind: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    async with audited(request, caller) as session:
        by = await session.get_one(Account, caller.account_id)
        await label_screening(session, screening_id, band=band, kind=kind, by=by)
    query = asked.query()
    return RedirectResponse(f"/console/screening/next{'?' + query if query else ''}", 303)


async def _draw_offer(
    request: Request,
    caller: Caller,
    session: AsyncSession,
    screening_id: UUID,
    asked: Asked,
    *,
    whole: bool = False,
) -> Response:
    runtime: Runtime = request.app.state.runtime
    by = await session.get_one(Account, caller.account_id)
    offer = await read_offer(session, runtime.keys, screening_id, by=by, mask=masking(request), whole=whole)
    skip = ",".join([*map(str, asked.skipped()), str(screening_id)])
    return draw(
        request, "offer.html", caller, offer=offer, ratings=await ratings_of(session, screening_id, by=by), whole=whole,
        query=asked.query(), onward=asked.query(skip=skip), say_province=say_province, **_choices(),
    )  # fmt: skip


def _choices() -> dict[str, Any]:
    return {
        "bands": BANDS,
        "kinds": tuple(NAMES),
        "channels": CHANNELS,
        "rateds": RATED,
        "signs": sign_names(),
    }


async def _provinces(session: AsyncSession) -> list[tuple[str, str]]:
    """Return the provinces that offers of the last weeks named, with their words."""
    today = bangkok(utc_now()).date()
    since = today - timedelta(weeks=_PROVINCES_WEEKS)
    cells = await trend(await driver_connection(session), "week", since, today, province=None)
    return provinces_to_choose({cell.province for cell in cells} - {ALL, NOWHERE})


def _strength(found: Agreement) -> str:
    """Say a kappa in a word (after Landis and Koch 1977); where its interval is wide, that it is too early."""
    if found.kappa is None or found.low is None or found.high is None or found.high - found.low > _WIDE:
        return "unknown"
    if found.low > _SUBSTANTIAL:
        return "good"
    return "fair" if found.kappa > _MODERATE else "poor"


def _id(typed: str) -> UUID | None:
    """Read an id of an address; raises InvalidInputError for what is none."""
    try:
        return UUID(typed) if typed else None
    except ValueError:
        raise InvalidInputError("not an id") from None
