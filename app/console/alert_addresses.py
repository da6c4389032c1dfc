"""Where one is told of missed clocks outside the console: one's own mail, Telegram and LINE, each proven by a code."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.auditing import audited
from app.auth import Caller, require
from app.console.pages import draw
from app.runtime import Runtime
from core.errors import AppError, ConflictError, UnavailableError
from core.ids import new_id
from core.mail.sending import Mail, Mailer
from core.settings import Settings
from referrals.teams.addresses import (
    KINDS,
    VALID,
    Kind,
    WrongCodeError,
    begin_chat_proof,
    begin_mail_proof,
    drop_address,
    finish_mail_proof,
    list_addresses,
)
from referrals.teams.wording import as_mail, say_code

router = APIRouter()
ADDRESS = "/console/account/addresses"
# Everybody who can be told of something of a case.
Staff = Annotated[Caller, Depends(require("referrals.read"))]
_MINUTES = int(VALID.total_seconds() // 60)


class MailOffError(ConflictError):
    """There is no mail server in the settings."""

    code = "mail_off"


class CodeNotSentError(UnavailableError):
    """The mail server did not take the mail with the code."""

    code = "code_not_sent"


def ways_on(settings: Settings) -> frozenset[Kind]:
    """Return the ways out of the house that the settings switch on."""
    on = {
        "mail": settings.mail_server is not None,
        "line": settings.line_on,
        "telegram": settings.telegram_on,
    }
    return frozenset(kind for kind in KINDS if on[kind])


@router.get(ADDRESS, name="address.list")
async def show_addresses(request: Request, caller: Staff) -> Response:
    return await _draw(request, caller)


async def _draw(
    request: Request,
    caller: Caller,
    problem: AppError | None = None,
    *,
    chat_code: tuple[Kind, str] | None = None,
    asks_code: bool = False,
    typed: str = "",
) -> Response:
    runtime: Runtime = request.app.state.runtime
    async with audited(request, caller, "address.list") as session:
        addresses = await list_addresses(session, runtime.keys, caller.account_id)
    return draw(
        request, "alert_addresses.html", caller, status=problem.status if problem else 200,
        addresses={one.kind: one for one in addresses}, kinds=KINDS, on=ways_on(runtime.settings), problem=problem,
        chat_code=chat_code, asks_code=asks_code, typed=typed, minutes=_MINUTES,
    )  # fmt: skip


@router.post(f"{ADDRESS}/mail", name="address.begin_mail")
async def post_mail(
    request: Request, caller: Staff, address: Annotated[str, Form(max_length=400)] = ""
) -> Response:
    """Send a code to the address; it counts once the code came back."""
    runtime: Runtime = request.app.state.runtime
    try:
        server = runtime.settings.mail_server
        if server is None:
            raise MailOffError("mail is off")
        async with audited(request, caller) as session:
            to, code = await begin_mail_proof(session, runtime.keys, caller.account_id, address)
        words = as_mail(say_code(code, _MINUTES))
        if await Mailer(server).send(Mail(new_id(), to, words.subject, words.text)) != "sent":
            raise CodeNotSentError("the mail server did not take it")
    except AppError as error:
        return await _draw(request, caller, error, typed=address)
    return await _draw(request, caller, asks_code=True, typed=address)


@router.post(f"{ADDRESS}/mail/code", name="address.prove_mail")
async def post_code(
    request: Request, caller: Staff, code: Annotated[str, Form(max_length=40)] = ""
) -> Response:
    runtime: Runtime = request.app.state.runtime
    try:
        async with audited(request, caller) as session:
            is_right = await finish_mail_proof(session, runtime.keys, caller.account_id, code)
    except AppError as error:
        return await _draw(request, caller, error)
    if not is_right:
        return await _draw(request, caller, WrongCodeError("wrong"), asks_code=True)
    return RedirectResponse(ADDRESS, 303)


@router.post(f"{ADDRESS}/{{kind}}/begin", name="address.begin_chat")
async def post_chat(request: Request, kind: Literal["telegram", "line"], caller: Staff) -> Response:
    """Show a code, once, that is to be sent to our bot from the chat to be proven."""
    runtime: Runtime = request.app.state.runtime
    async with audited(request, caller) as session:
        code = await begin_chat_proof(session, runtime.keys, caller.account_id, kind)
    return await _draw(request, caller, chat_code=(kind, code))


@router.post(f"{ADDRESS}/{{kind}}/drop", name="address.drop")
async def post_drop(request: Request, kind: Kind, caller: Staff) -> Response:
    async with audited(request, caller) as session:
        await drop_address(session, caller.account_id, kind)
    return RedirectResponse(ADDRESS, 303)
