"""The staff page: who works here, and the second person's confirmation of roles that read cases."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from app.auth import Caller, require
from app.console.audited import audited
from app.console.pages import draw
from core.accounts.roster import confirm_role, list_accounts, needs_confirmation

router = APIRouter()
Administrator = Annotated[Caller, Depends(require("accounts.manage"))]


@router.get("/console/staff", name="account.list")
async def show_staff(request: Request, caller: Administrator) -> Response:
    async with audited(request, caller) as session:
        accounts = await list_accounts(session)
    people = [(account, needs_confirmation(account)) for account in accounts]
    return draw(request, "staff.html", caller, people=people)


@router.post("/console/staff/{account_id}/confirm", name="account.confirm_role")
async def post_confirm(request: Request, account_id: UUID, caller: Administrator) -> Response:
    async with audited(request, caller) as session:
        await confirm_role(session, account_id, by=caller.account_id)
    return RedirectResponse("/console/staff", 303)
