"""Ready answers: everybody of the hotline reads them, supervisors write them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.auditing import audited
from app.auth import Caller, require
from app.console.pages import draw
from core.errors import AppError
from referrals.desk.canned import (
    LONGEST_BODY,
    LONGEST_TITLE,
    drop_canned,
    list_canned,
    starter_set,
    write_canned,
)

router = APIRouter()
ADDRESS = "/console/ready-answers"
Reader = Annotated[Caller, Depends(require("referrals.read"))]
Supervisor = Annotated[Caller, Depends(require("referrals.read", "referrals.assign"))]
Title = Annotated[str, Form()]
Spoken = Annotated[str, Form(max_length=8)]


@router.get(ADDRESS, name="canned.read")
async def show_canned(request: Request, caller: Reader) -> Response:
    return await _draw(request, caller)


async def _draw(
    request: Request, caller: Caller, problem: AppError | None = None, typed: dict[str, str] | None = None
) -> Response:
    async with audited(request, caller, "canned.read") as session:
        ready = await list_canned(session)
    return draw(
        request,
        "canned.html",
        caller,
        status=problem.status if problem else 200,
        ready=ready,
        places=starter_set().places,
        may_write="referrals.assign" in caller.scopes,
        problem=problem,
        typed={"title": "", "body": "", "language": "th"} | (typed or {}),
        longest_title=LONGEST_TITLE,
        longest_body=LONGEST_BODY,
    )


@router.post(ADDRESS, name="canned.write")
async def post_canned(
    request: Request,
    caller: Supervisor,
    title: Title = "",
    language: Spoken = "",
    text: Annotated[str, Form()] = "",
) -> Response:
    try:
        async with audited(request, caller) as session:
            await write_canned(session, caller.account_id, title=title, language=language, body=text)
    except AppError as error:
        return await _draw(request, caller, error, {"title": title, "body": text, "language": language})
    return RedirectResponse(ADDRESS, 303)


@router.post(f"{ADDRESS}/drop", name="canned.drop")
async def post_drop(
    request: Request, caller: Supervisor, title: Title = "", language: Spoken = ""
) -> Response:
    try:
        async with audited(request, caller) as session:
            await drop_canned(session, caller.account_id, title=title, language=language)
    except AppError as error:
        return await _draw(request, caller, error)
    return RedirectResponse(ADDRESS, 303)
