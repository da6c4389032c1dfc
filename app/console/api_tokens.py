"""Keys for one's own programs: made with a code, shown once, listed with their last use, revoked."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.auditing import audited
from app.auth import Caller, require
from app.console.entrance import note_refused, reserve
from app.console.pages import draw
from app.runtime import Runtime
from core.accounts.guessing import forgive_guesses
from core.accounts.models import Account
from core.accounts.second_factor import spend_code
from core.accounts.tokens import (
    LONGEST_NAME,
    MOST_DAYS,
    USUAL_DAYS,
    list_tokens,
    look_over,
    make_token,
    offered_to,
    revoke_token,
)  # fmt: skip
from core.errors import AppError

router = APIRouter()
SignedIn = Annotated[Caller, Depends(require())]
TOKENS = "/console/account/tokens"
_CHOICES = (30, USUAL_DAYS, 180, MOST_DAYS)
# What a new key can be tried on.
_FIRST_CALLS = {
    "hotlines.read": "hotlines",
    "screening.read": "screenings/figures",
    "campaigns.read": "campaigns",
    "campaigns.write": "campaigns",
    "audit.read": "audit/events",
}


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form."""

    name: str = ""
    scopes: tuple[str, ...] = ()
    days: int = USUAL_DAYS


@router.get(TOKENS, name="api_token.list")
async def show_tokens(request: Request, caller: SignedIn) -> Response:
    return await _draw(request, caller)


@router.post(TOKENS, name="api_token.make")
async def post_token(
    request: Request,
    caller: SignedIn,
    name: Annotated[str, Form(max_length=200)] = "",
    scopes: Annotated[list[str] | None, Form(max_length=20)] = None,
    days: Annotated[int, Form()] = USUAL_DAYS,
    code: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """Show a new token once, in the answer itself; a code from the app is asked for, so that a lent seat makes none."""
    typed = Typed(name, tuple(scopes or ()), days)
    try:
        return await _draw(
            request, caller, made=await _make(request, caller, typed, code), to_try=_first_call(typed)
        )
    except AppError as error:
        return await _draw(request, caller, problem=error, typed=typed)


async def _make(request: Request, caller: Caller, typed: Typed, code: str) -> str:
    runtime: Runtime = request.app.state.runtime
    try:
        # A slip in the form is no guess at the code.
        wish = look_over(caller.scopes, name=typed.name, scopes=typed.scopes, days=typed.days)
        guess = await reserve(request, f"code {caller.account_id}", caller.account_id)
    except AppError:
        await note_refused(runtime, caller.account_id, "api_token.make")
        raise
    async with audited(request, caller) as session:
        account = await session.get_one(Account, caller.account_id, with_for_update=True)
        await spend_code(session, runtime.keys, account, code)
        await forgive_guesses(session, guess)
        return await make_token(session, caller.account_id, wish)


def _first_call(typed: Typed) -> str:
    return (
        "referrals"
        if any(s.startswith("referrals.") for s in typed.scopes)
        else _FIRST_CALLS[typed.scopes[0]]
    )


@router.post(f"{TOKENS}/{{token_id}}/revoke", name="api_token.revoke")
async def post_revoke(request: Request, token_id: UUID, caller: SignedIn) -> Response:
    async with audited(request, caller) as session:
        await revoke_token(session, caller.account_id, token_id)
    return RedirectResponse(TOKENS, 303)


async def _draw(
    request: Request,
    caller: Caller,
    *,
    made: str = "",
    to_try: str = "",
    problem: AppError | None = None,
    typed: Typed | None = None,
) -> Response:
    runtime: Runtime = request.app.state.runtime
    async with runtime.database.unit_of_work() as session:
        tokens = await list_tokens(session, caller.account_id)
    return draw(
        request, "api_tokens.html", caller, status=problem.status if problem else 200, tokens=tokens,
        offered=offered_to(caller.scopes),
        made=made,
        to_try=to_try, problem=problem, typed=typed or Typed(), choices=_CHOICES, longest=LONGEST_NAME,
        base=runtime.settings.base_url.rstrip("/"),
    )  # fmt: skip
