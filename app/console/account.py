"""One's own account: the devices that are signed in, and recovery codes."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.auditing import audited
from app.auth import Caller, require
from app.console.entrance import note, note_refused, reserve
from app.console.pages import draw
from app.runtime import Runtime
from core.accounts.guessing import SlowDownError, forgive_guesses
from core.accounts.models import Account
from core.accounts.second_factor import (
    WrongCodeError,
    count_recovery_codes,
    renew_recovery_codes,
    spend_code,
)  # fmt: skip
from core.accounts.sessions import end_own_session, list_sessions
from core.errors import AppError

router = APIRouter()
SignedIn = Annotated[Caller, Depends(require())]


@router.get("/console/account", name="account.read")
async def show_account(request: Request, caller: SignedIn) -> Response:
    return await _draw(request, caller, None)


async def _draw(request: Request, caller: Caller, problem: AppError | None) -> Response:
    runtime: Runtime = request.app.state.runtime
    async with runtime.database.unit_of_work() as session:
        devices = await list_sessions(session, caller.account_id)
        codes = await count_recovery_codes(session, caller.account_id)
    status = problem.status if problem else 200
    return draw(request, "account.html", caller, status=status, devices=devices, codes=codes, problem=problem)


@router.post("/console/account/devices/{device_id}/sign-out", name="device.sign_out")
async def sign_device_out(request: Request, device_id: UUID, caller: SignedIn) -> Response:
    """End one of one's own sessions from afar; one's own device here signs out by itself."""
    async with audited(request, caller) as session:
        await end_own_session(session, caller.account_id, device_id)
    return RedirectResponse("/console/account", 303)


@router.post("/console/account/recovery-codes", name="account.renew_codes")
async def renew_codes(
    request: Request, caller: SignedIn, code: Annotated[str, Form(max_length=100)] = ""
) -> Response:
    """Show new recovery codes once, in the answer itself; the old ones end."""
    runtime: Runtime = request.app.state.runtime
    try:
        guess = await reserve(request, f"code {caller.account_id}", caller.account_id)
        async with runtime.database.unit_of_work() as session:
            account = await session.get_one(Account, caller.account_id, with_for_update=True)
            await spend_code(session, runtime.keys, account, code)
            await forgive_guesses(session, guess)
            codes = await renew_recovery_codes(session, runtime.keys.keyset, caller.account_id)
            await note(session, caller.account_id, "account.renew_codes", "ok")
    except (WrongCodeError, SlowDownError) as error:
        await note_refused(runtime, caller.account_id, "account.renew_codes")
        return await _draw(request, caller, error)
    return draw(request, "recovery.html", caller, codes=codes)
