"""The directory of hotlines: what citizens are told, how fresh it is, and its keepers' changes with their history."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.auditing import audited
from app.auth import Caller, require
from app.console.hotline_form import LINES, HotlineForm, empty_form, entry_of, form_of, read_form
from app.console.pages import draw
from app.console.texts import say, say_or, spoken
from app.console.thai_time import day as say_day
from app.errors import problem_of
from core.clock import bangkok, utc_now
from core.errors import AppError, InvalidInputError
from core.languages import WHOLE
from referrals.directory.hotlines import Hotline, say_checked, say_hours
from referrals.hotline_desk.book import find_entry, history_of, read_book
from referrals.hotline_desk.changing import (
    add_hotline,
    edit_hotline,
    keepers,
    restore_hotline,
    verify_hotline,
    withdraw_hotline,
)
from referrals.hotline_desk.checking import KINDS, LONGEST_SOURCE

router = APIRouter()
Reader = Annotated[Caller, Depends(require("hotlines.read"))]
Keeper = Annotated[Caller, Depends(require("hotlines.write"))]
Seen = Annotated[int, Form(ge=0)]


@router.get("/console/hotlines", name="hotline.list")
async def show_directory(request: Request, caller: Reader) -> Response:
    async with audited(request, caller) as session:
        book = await read_book(session)
    return draw(request, "hotlines.html", caller, book=book, **_sayings())


@router.get("/console/hotlines/new", name="hotline.write_page")
async def show_new(request: Request, caller: Keeper) -> Response:
    async with audited(request, caller) as session:
        return await _draw_form(request, caller, session, empty_form(), key="")


@router.post("/console/hotlines/new", name="hotline.add")
async def post_new(request: Request, caller: Keeper) -> Response:
    try:
        async with audited(request, caller) as session:
            form = read_form(await request.form())
            key = await add_hotline(session, entry_of(form), owner_id=_owner(form), by=caller.account_id)
    except AppError as error:
        return await _draw_again(request, caller, error, key="", seen=0)
    return _to(key)


@router.get("/console/hotlines/{key}", name="hotline.read")
async def show_hotline(request: Request, key: str, caller: Reader) -> Response:
    async with audited(request, caller) as session:
        return await _draw_entry(request, caller, session, key)


@router.get("/console/hotlines/{key}/edit", name="hotline.edit_page")
async def show_form(request: Request, key: str, caller: Keeper) -> Response:
    async with audited(request, caller) as session:
        entry = await find_entry(session, key)
        form = form_of(entry.hotline, owner_id=str(entry.owner_id or ""))
        return await _draw_form(request, caller, session, form, key=key, seen=entry.version)


@router.post("/console/hotlines/{key}/edit", name="hotline.edit")
async def post_edit(request: Request, key: str, caller: Keeper, seen: Seen) -> Response:
    try:
        async with audited(request, caller) as session:
            form = read_form(await request.form())
            await edit_hotline(
                session, key, entry_of(form), seen=seen, owner_id=_owner(form), by=caller.account_id
            )
    except AppError as error:
        return await _draw_again(request, caller, error, key=key, seen=seen)
    return _to(key)


@router.post("/console/hotlines/{key}/verify", name="hotline.verify")
async def post_verify(
    request: Request,
    key: str,
    caller: Keeper,
    seen: Seen,
    source: Annotated[str, Form(max_length=LONGEST_SOURCE)] = "",
) -> Response:
    try:
        async with audited(request, caller) as session:
            await verify_hotline(session, key, source=source, seen=seen, by=caller.account_id)
    except InvalidInputError as error:
        async with audited(request, caller) as session:
            return await _draw_entry(request, caller, session, key, problem=error)
    return _to(key)


@router.post("/console/hotlines/{key}/withdraw", name="hotline.withdraw")
async def post_withdraw(request: Request, key: str, caller: Keeper, seen: Seen) -> Response:
    async with audited(request, caller) as session:
        await withdraw_hotline(session, key, seen=seen, by=caller.account_id)
    return _to(key)


@router.post("/console/hotlines/{key}/restore", name="hotline.restore")
async def post_restore(request: Request, key: str, caller: Keeper, seen: Seen) -> Response:
    async with audited(request, caller) as session:
        await restore_hotline(session, key, seen=seen, by=caller.account_id)
    return _to(key)


def say_field(hotline: Hotline, name: str) -> str:
    """Say one field of an entry for its history."""
    value = getattr(hotline, name)
    match name:
        case "name" | "purpose":
            return str(value.get(spoken.get(), ""))
        case "hours" | "always":
            return say_hours(hotline, utc_now(), spoken.get()) or say("hotline.hours_unknown")
        case "holidays" | "mark" | "when_old":
            return say(f"hotline.{name}.{value}")
        case "verified_at":
            return say_day(value)
        case "kinds":
            return " · ".join(say(f"hotline.need.{kind}") for kind in sorted(value))
        case "languages":
            return ", ".join(say_or(f"tongue.{code}", "tongue.other") for code in value)
        case "only_in_thailand":
            return say("hotline.yes" if value else "hotline.no")
    return str(value) or "-"


def _sayings() -> dict[str, Any]:
    """What templates say of an entry, in the language of the request."""
    now = utc_now()
    return {
        "today": bangkok(now).date(),
        "day": say_day,
        "said": say_field,
        "hours": lambda hotline: say_hours(hotline, now, spoken.get()),
        "checked": lambda hotline: say_checked(hotline, spoken.get()),
    }


async def _draw_entry(
    request: Request, caller: Caller, session: AsyncSession, key: str, problem: AppError | None = None
) -> Response:
    entry, history = await find_entry(session, key), await history_of(session, key)
    return draw(
        request, "hotline.html", caller, status=problem.status if problem else 200, entry=entry, history=history,
        problem=problem, fault=_field(problem), longest=LONGEST_SOURCE, **_sayings(),
    )  # fmt: skip


async def _draw_form(
    request: Request,
    caller: Caller,
    session: AsyncSession,
    form: HotlineForm,
    *,
    key: str,
    seen: int = 0,
    problem: AppError | None = None,
) -> Response:
    stays = key != "" and (await find_entry(session, key)).hotline.stays
    return draw(
        request, "hotline_form.html", caller, status=problem.status if problem else 200, form=form, key=key, seen=seen,
        stays=stays, problem=problem_of(problem) if problem else None, fault=_field(problem), kinds=KINDS,
        languages=WHOLE, lines=LINES, keepers=await keepers(session),
    )  # fmt: skip


async def _draw_again(request: Request, caller: Caller, error: AppError, *, key: str, seen: int) -> Response:
    """Show the form with all that was typed, and what is wrong with it; what is no form of ours is refused."""
    form = read_form(await request.form())
    async with audited(request, caller, "hotline.write_page") as session:
        return await _draw_form(request, caller, session, form, key=key, seen=seen, problem=error)


def _field(problem: AppError | None) -> str:
    return str(problem).partition(":")[0] if isinstance(problem, InvalidInputError) else ""


def _owner(form: HotlineForm) -> UUID | None:
    typed = form.texts["owner_id"]
    try:
        return UUID(typed) if typed else None
    except ValueError:
        raise InvalidInputError("owner: not an account") from None


def _to(key: str) -> Response:
    return RedirectResponse(f"/console/hotlines/{key}", 303)
