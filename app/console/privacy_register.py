"""The register of processing (PDPA s.39), made from the data and the lengths in force, for reading and for paper."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from app.auditing import audited
from app.auth import Caller, require
from app.console.pages import draw
from app.console.retention import say_length
from core.clock import bangkok, utc_now
from core.db.database import driver_connection
from core.retention.classes import kept_classes
from core.retention.lengths import units_in_force
from core.retention.processing import ANSWER_WITHIN_DAYS, register
from core.retention.requests import count_requests

router = APIRouter()
Reader = Annotated[Caller, Depends(require("privacy.read"))]


@router.get("/console/privacy", name="privacy.read")
async def show_register(request: Request, caller: Reader) -> Response:
    async with audited(request, caller) as session:
        units = await units_in_force(await driver_connection(session))
        asked = await count_requests(session)
    return draw(
        request, "privacy_register.html", caller, register=register(), classes=kept_classes(), units=units,
        asked=asked, said=say_length, today=bangkok(utc_now()).date(), answer_days=ANSWER_WITHIN_DAYS,
    )  # fmt: skip
