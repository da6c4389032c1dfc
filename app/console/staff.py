"""The staff page: who works here, invitations, and what an administrator changes of an account.

Every change is shown with its consequences before it is made. Administrators learn how much somebody holds, never what.
"""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.auditing import audited
from app.auth import Caller, require
from app.console.pages import draw
from app.console.texts import FIRST, say_in
from app.runtime import Runtime
from core.accounts.invitations import invite, reset_password, reset_second_factor
from core.accounts.models import Account
from core.accounts.roster import (
    confirm_role,
    has_begun,
    list_accounts,
    lock_account,
    may_confirm,
    needs_confirmation,
    normal_email,
    read_account,
)  # fmt: skip
from core.accounts.staffing import OwnAccountError, change_role, disable_account, enable_account
from core.errors import AppError, ConflictError, InvalidInputError
from core.ids import new_id
from core.mail.sending import Mail, Mailer
from core.permissions import READING_ROLES, ROLES, Role
from referrals.holdings import Holdings, call_for_hand_over, read_holdings

router = APIRouter()
Administrator = Annotated[Caller, Depends(require("accounts.manage"))]
# Whoever may be the second person to confirm a role.
Witness = Annotated[Caller, Depends(require("accounts.confirm"))]
Change = Literal["role", "disable", "enable", "second-factor", "password", "invitation"]
Standing = Literal["disabled", "not_begun", "waiting", "ready"]
_IN_USE: tuple[Change, ...] = ("second-factor", "password", "disable")


def standing_of(account: Account) -> Standing:
    if account.disabled_at is not None:
        return "disabled"
    if not has_begun(account):
        return "not_begun"
    return "waiting" if needs_confirmation(account) else "ready"


def _changes(account: Account) -> tuple[Change, ...]:
    """Return what may be changed besides the role."""
    if account.disabled_at is not None:
        return ("enable",)
    return _IN_USE if has_begun(account) else ("invitation", "disable")


@router.get("/console/staff", name="account.list")
async def show_staff(request: Request, caller: Witness) -> Response:
    async with audited(request, caller) as session:
        accounts = await list_accounts(session)
    people = [(account, standing_of(account)) for account in accounts]
    people.sort(key=lambda pair: (pair[1] != "waiting", pair[1] == "disabled"))
    return draw(request, "staff.html", caller, people=people, may_confirm=may_confirm)


@router.get("/console/staff/invite", name="account.invite_page")
async def show_invite(request: Request, caller: Administrator) -> Response:
    return _draw_invite(request, caller)


def _draw_invite(request: Request, caller: Caller, problem: AppError | None = None, **typed: str) -> Response:
    return draw(
        request, "staff_invite.html", caller, status=problem.status if problem else 200, problem=problem,
        typed={"email": "", "name": "", "role": "", **typed}, roles=ROLES, reading=READING_ROLES,
    )  # fmt: skip


@router.post("/console/staff/invite", name="account.make_invitation")
async def post_invite(
    request: Request,
    caller: Administrator,
    email: Annotated[str, Form(max_length=254)] = "",
    name: Annotated[str, Form(max_length=100)] = "",
    role: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Show the link once, in the answer itself; pressed twice, the second link is the one that works."""
    runtime: Runtime = request.app.state.runtime
    try:
        async with audited(request, caller) as session:
            token = await invite(
                session, runtime.keys, email=email, name=name, role=role, by=caller.account_id
            )
    except (InvalidInputError, ConflictError) as problem:
        return _draw_invite(request, caller, problem, email=email, name=name, role=role)
    return await _draw_link(request, caller, "invitation", normal_email(email), token)


async def _draw_link(request: Request, caller: Caller, change: Change, email: str, token: str) -> Response:
    """Show the link, and send it too where mail is on; the page says which of both happened."""
    runtime: Runtime = request.app.state.runtime
    link = f"{runtime.settings.base_url.rstrip('/')}/console/welcome/{token}"
    server = runtime.settings.mail_server
    mailed = None
    if server is not None:
        words = say_in(FIRST, "staff.mail.text", link=link)
        mailed = await Mailer(server).send(Mail(new_id(), email, say_in(FIRST, "staff.mail.subject"), words))
    return draw(request, "staff_link.html", caller, change=change, email=email, link=link, mailed=mailed)


@router.get("/console/staff/{account_id}", name="account.show")
async def show_person(request: Request, account_id: UUID, caller: Witness) -> Response:
    account, holdings = await _read_person(request, caller, account_id)
    return draw(
        request, "staff_person.html", caller, person=account, holdings=holdings, standing=standing_of(account),
        changes=_changes(account), roles=ROLES, may_confirm=may_confirm(account, caller.account_id),
        sees_cases="referrals.assign" in caller.scopes,
    )  # fmt: skip


async def _read_person(request: Request, caller: Caller, account_id: UUID) -> tuple[Account, Holdings]:
    async with audited(request, caller) as session:
        return await read_account(session, account_id), await read_holdings(session, account_id)


@router.post("/console/staff/{account_id}/confirm", name="account.confirm_role")
async def post_confirm(request: Request, account_id: UUID, caller: Witness) -> Response:
    async with audited(request, caller) as session:
        await confirm_role(session, account_id, by=caller.account_id)
    return RedirectResponse("/console/staff", 303)


@router.get("/console/staff/{account_id}/{change}", name="account.weigh")
async def weigh_change(
    request: Request, account_id: UUID, change: Change, caller: Administrator, role: Role | None = None
) -> Response:
    """Say what a change brings about, before it is made."""
    account, holdings = await _read_person(request, caller, account_id)
    if account_id == caller.account_id:
        raise OwnAccountError("another administrator must do this")
    may = change in _changes(account) or (change == "role" and account.disabled_at is None)
    if not may or (change == "role" and role in {None, account.role}):
        raise ConflictError("this can't be changed of the account now")
    return draw(
        request, "staff_change.html", caller, person=account, change=change, holdings=holdings, role=role,
        waits=(role or account.role) in READING_ROLES | {"administrator"},
    )  # fmt: skip


@router.post("/console/staff/{account_id}/role", name="account.change_role")
async def post_role(
    request: Request, account_id: UUID, caller: Administrator, role: Annotated[str, Form(max_length=40)] = ""
) -> Response:
    async with audited(request, caller) as session:
        await change_role(session, account_id, role, by=caller.account_id)
        await call_for_hand_over(session, account_id)
    return _back_to(account_id)


@router.post("/console/staff/{account_id}/disable", name="account.disable")
async def post_disable(request: Request, account_id: UUID, caller: Administrator) -> Response:
    async with audited(request, caller) as session:
        await disable_account(session, account_id, by=caller.account_id)
        await call_for_hand_over(session, account_id)
    return _back_to(account_id)


@router.post("/console/staff/{account_id}/enable", name="account.enable")
async def post_enable(request: Request, account_id: UUID, caller: Administrator) -> Response:
    async with audited(request, caller) as session:
        await enable_account(session, account_id, by=caller.account_id)
    return _back_to(account_id)


def _back_to(account_id: UUID) -> Response:
    return RedirectResponse(f"/console/staff/{account_id}", 303)


@router.post("/console/staff/{account_id}/second-factor", name="account.link_second_factor")
async def post_second_factor(request: Request, account_id: UUID, caller: Administrator) -> Response:
    return await _make_link(request, caller, account_id, "second-factor")


@router.post("/console/staff/{account_id}/password", name="account.link_password")
async def post_password(request: Request, account_id: UUID, caller: Administrator) -> Response:
    return await _make_link(request, caller, account_id, "password")


@router.post("/console/staff/{account_id}/invitation", name="account.link_invitation")
async def post_invitation(request: Request, account_id: UUID, caller: Administrator) -> Response:
    return await _make_link(request, caller, account_id, "invitation")


async def _make_link(request: Request, caller: Caller, account_id: UUID, change: Change) -> Response:
    """Show a new one-time link; the domain leaves a row of its own, which says what the link is for."""
    runtime: Runtime = request.app.state.runtime
    async with audited(request, caller) as session:
        account = await lock_account(session, account_id)
        if account_id == caller.account_id:
            raise OwnAccountError("another administrator must do this")
        if change not in _changes(account):
            raise ConflictError("this can't be changed of the account now")
        if change == "invitation":
            token = await invite(
                session, runtime.keys, email=account.email, name=account.name, role=account.role, by=caller.account_id
            )  # fmt: skip
        else:
            reset = reset_password if change == "password" else reset_second_factor
            token = await reset(session, runtime.keys, account.email, by=caller.account_id)
    return await _draw_link(request, caller, change, account.email, token)
