"""Signing in: address and password, then the code. Signing out, here or everywhere."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.auth import (
    Caller,
    drop_session,
    keep_session,
    place_here,
    refuse_cross_site,
    require,
    require_halfway,
)
from app.console.entrance import confirm, let_in, note, note_refused, reserve
from app.console.pages import draw
from app.runtime import Runtime
from core.accounts.guessing import SlowDownError, forgive_guesses
from core.accounts.models import Account
from core.accounts.passwords import LONGEST, password_matches
from core.accounts.roster import find_account, normal_email
from core.accounts.second_factor import WrongCodeError, code_at, current_step, open_secret, spend_code
from core.accounts.sessions import end_all_keys, end_session, start_session
from core.errors import AppError, InvalidInputError

router = APIRouter()
Halfway = Annotated[Caller, Depends(require_halfway())]
SignedIn = Annotated[Caller, Depends(require())]


class WrongPasswordError(AppError):
    """No such account, no password yet, or another password: all look the same."""

    code = "wrong_password"
    status = 401


@router.get("/console/sign-in", name="account.sign_in_page")
async def show_sign_in(request: Request) -> Response:
    return _draw_sign_in(request, "", None)


def _draw_sign_in(request: Request, email: str, problem: AppError | None) -> Response:
    runtime: Runtime = request.app.state.runtime
    return draw(
        request, "sign_in.html", None, status=problem.status if problem else 200, email=email, problem=problem,
        by_provider=runtime.settings.oidc_on,
    )  # fmt: skip


@router.post("/console/sign-in", name="account.sign_in", dependencies=[Depends(refuse_cross_site)])
async def sign_in(
    request: Request,
    email: Annotated[str, Form(max_length=254)] = "",
    password: Annotated[str, Form(max_length=LONGEST * 4)] = "",
) -> Response:
    runtime: Runtime = request.app.state.runtime
    try:
        token = await _give_password(request, runtime, email, password)
    except (WrongPasswordError, SlowDownError) as error:
        return _draw_sign_in(request, email, error)
    response = RedirectResponse("/console/sign-in/code", 303)
    keep_session(response, runtime.settings, token)
    return response


async def _give_password(request: Request, runtime: Runtime, email: str, password: str) -> str:
    """Return the token of a halfway session; raises WrongPasswordError, SlowDownError."""
    try:
        email = normal_email(email)
    except InvalidInputError:
        raise WrongPasswordError("no such pair") from None
    async with runtime.database.unit_of_work() as session:
        account = await find_account(session, email)
    guess = await reserve(request, f"password {email}", account.id if account else None)
    right = await password_matches(account.password_hash if account else None, password)
    if account is None:
        raise WrongPasswordError("no such pair")
    if not right:
        await note_refused(runtime, account.id, "account.sign_in")
        raise WrongPasswordError("no such pair")
    async with runtime.database.unit_of_work() as session:
        await forgive_guesses(session, guess)
        return await start_session(session, account.id, confirmed=False, place=place_here(request))


@router.get("/console/sign-in/code", name="account.code_page")
async def show_code(request: Request, caller: Halfway) -> Response:
    return await _draw_code(request, caller, None)


async def _draw_code(request: Request, caller: Caller, problem: AppError | None) -> Response:
    runtime: Runtime = request.app.state.runtime
    async with runtime.database.unit_of_work() as session:
        account = await session.get_one(Account, caller.account_id)
        if account.totp_secret is None:
            return RedirectResponse("/console/sign-in/enrol", 303)
        hint = ""
        if caller.is_demo and runtime.settings.env == "demo":
            # Who tries the service out has no authenticator at hand; the account itself is printed at start.
            step = max(current_step(), (account.totp_step or 0) + 1)
            hint = code_at(await open_secret(session, runtime.keys, account), step)
    status = problem.status if problem else 200
    return draw(request, "code.html", None, status=status, token=caller.csrf, problem=problem, hint=hint)


@router.post("/console/sign-in/code", name="account.give_code")
async def give_code(
    request: Request, caller: Halfway, code: Annotated[str, Form(max_length=100)] = ""
) -> Response:
    runtime: Runtime = request.app.state.runtime
    try:
        guess = await reserve(request, f"code {caller.account_id}", caller.account_id)
        async with runtime.database.unit_of_work() as session:
            account = await session.get_one(Account, caller.account_id)
            await spend_code(session, runtime.keys, account, code)
            await forgive_guesses(session, guess)
            token = await confirm(request, session, caller)
    except SlowDownError as error:
        return await _draw_code(request, caller, error)
    except WrongCodeError as error:
        await note_refused(runtime, caller.account_id, "account.give_code")
        return await _draw_code(request, caller, error)
    return let_in(RedirectResponse("/console", 303), runtime, caller.account_id, token)


@router.post("/console/sign-out", name="account.sign_out")
async def sign_out(request: Request, caller: SignedIn) -> Response:
    runtime: Runtime = request.app.state.runtime
    async with runtime.database.unit_of_work() as session:
        await end_session(session, caller.session_id)
        await note(session, caller.account_id, "account.sign_out", "ok")
    return _farewell(runtime)


@router.post("/console/sign-out-everywhere", name="account.sign_out_everywhere")
async def sign_out_everywhere(request: Request, caller: SignedIn) -> Response:
    runtime: Runtime = request.app.state.runtime
    async with runtime.database.unit_of_work() as session:
        await end_all_keys(session, caller.account_id)
        await note(session, caller.account_id, "account.sign_out_everywhere", "ok")
    return _farewell(runtime)


def _farewell(runtime: Runtime) -> Response:
    response = RedirectResponse("/console/sign-in", 303)
    response.headers["clear-site-data"] = '"cache", "storage"'
    drop_session(response, runtime.settings)
    return response
