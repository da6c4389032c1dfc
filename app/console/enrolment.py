"""Beginning: the one-time link that sets the password, and taking the second factor into use."""

from typing import Annotated

import segno
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.auth import Caller, keep_session, place_here, refuse_cross_site, require_halfway
from app.console.entrance import confirm, let_in, note, note_refused, reserve
from app.console.pages import draw
from app.runtime import Runtime
from core.accounts.guessing import SlowDownError, forgive_guesses
from core.accounts.invitations import Welcome, read_link, use_link
from core.accounts.models import Account
from core.accounts.passwords import (
    LONGEST,
    SHORTEST,
    WeakPasswordError,
    hash_password,
    password_matches,
    refuse_weak_password,
)  # fmt: skip
from core.accounts.second_factor import WrongCodeError, enrol, enrolment_uri, pending_secret
from core.accounts.sessions import start_session
from core.errors import AppError

router = APIRouter()
Halfway = Annotated[Caller, Depends(require_halfway())]


class PasswordsDifferError(WeakPasswordError):
    code = "passwords_differ"


class OldPasswordError(AppError):
    code = "old_password"
    status = 401


@router.get("/console/welcome/{token}", name="account.welcome_page")
async def show_welcome(request: Request, token: str) -> Response:
    runtime: Runtime = request.app.state.runtime
    async with runtime.database.unit_of_work() as session:
        welcome = await read_link(session, runtime.keys, token)
    return _draw_welcome(request, welcome, None)


def _draw_welcome(request: Request, welcome: Welcome, problem: AppError | None) -> Response:
    status = problem.status if problem else 200
    return draw(
        request,
        "welcome.html",
        None,
        status=status,
        welcome=welcome,
        problem=problem,
        shortest=SHORTEST,
    )


@router.post("/console/welcome/{token}", name="account.welcome", dependencies=[Depends(refuse_cross_site)])
async def accept_welcome(
    request: Request,
    token: str,
    password: Annotated[str, Form(max_length=LONGEST * 4)] = "",
    again: Annotated[str, Form(max_length=LONGEST * 4)] = "",
) -> Response:
    runtime: Runtime = request.app.state.runtime
    async with runtime.database.unit_of_work() as session:
        welcome = await read_link(session, runtime.keys, token)
    try:
        new_hash = await _judge_password(request, runtime, welcome, password, again)
    except (WeakPasswordError, OldPasswordError, SlowDownError) as error:
        return _draw_welcome(request, welcome, error)
    async with runtime.database.unit_of_work() as session:
        account = await use_link(session, runtime.keys, token, new_hash)
        halfway = await start_session(session, account.id, confirmed=False, place=place_here(request))
        await note(session, account.id, "account.welcome", "ok")
    response = RedirectResponse("/console/sign-in/enrol", 303)
    keep_session(response, runtime.settings, halfway)
    return response


async def _judge_password(
    request: Request, runtime: Runtime, welcome: Welcome, password: str, again: str
) -> str | None:
    """Return the hash of a new password, None where the standing one was given rightly."""
    account = welcome.account
    if welcome.sets_password:
        refuse_weak_password(password, account.email)
        if password != again:
            raise PasswordsDifferError("the two passwords differ")
        return await hash_password(password)
    guess = await reserve(request, f"password {account.email}", account.id)
    if not await password_matches(account.password_hash, password):
        await note_refused(runtime, account.id, "account.welcome")
        raise OldPasswordError("not the password of this account")
    async with runtime.database.unit_of_work() as session:
        await forgive_guesses(session, guess)
    return None


@router.get("/console/sign-in/enrol", name="account.enrol_page")
async def show_enrolment(request: Request, caller: Halfway) -> Response:
    return await _draw_enrolment(request, caller, None)


async def _draw_enrolment(request: Request, caller: Caller, problem: AppError | None) -> Response:
    runtime: Runtime = request.app.state.runtime
    async with runtime.database.unit_of_work() as session:
        account = await session.get_one(Account, caller.account_id, with_for_update=True)
        if account.totp_secret is not None:
            return RedirectResponse("/console/sign-in/code", 303)
        secret = await pending_secret(session, runtime.keys, account)
    picture = segno.make(enrolment_uri(caller.email, secret), error="m")
    return draw(
        request,
        "enrol.html",
        None,
        status=problem.status if problem else 200,
        token=caller.csrf,
        problem=problem,
        qr=picture.svg_inline(scale=5, border=3, dark="#12343b", light="#ffffff"),
        secret=" ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
    )


@router.post("/console/sign-in/enrol", name="account.enrol")
async def finish_enrolment(
    request: Request, caller: Halfway, code: Annotated[str, Form(max_length=100)] = ""
) -> Response:
    """Show the recovery codes once, in the answer itself."""
    runtime: Runtime = request.app.state.runtime
    try:
        guess = await reserve(request, f"code {caller.account_id}", caller.account_id)
        async with runtime.database.unit_of_work() as session:
            account = await session.get_one(Account, caller.account_id, with_for_update=True)
            if account.totp_secret is not None:
                return RedirectResponse("/console/sign-in/code", 303)
            codes = await enrol(session, runtime.keys, account, code)
            await forgive_guesses(session, guess)
            token = await confirm(request, session, caller)
    except (WrongCodeError, SlowDownError) as error:
        return await _draw_enrolment(request, caller, error)
    return let_in(draw(request, "recovery.html", None, codes=codes), runtime, caller.account_id, token)
