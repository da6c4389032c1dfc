"""What a member of staff should look at: the list behind the bell, and how many of it are new."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from app.auth import Caller, require
from app.console.pages import draw
from app.runtime import Runtime
from referrals.keeping.ending import ALERT as ENDING
from referrals.teams.alerts import Alert, count_unread, list_alerts, mark_read

router = APIRouter()
SignedIn = Annotated[Caller, Depends(require())]
_MOST_SHOWN = 99


@router.get("/console/alerts", name="alert.list")
async def show_alerts(request: Request, caller: SignedIn) -> Response:
    runtime: Runtime = request.app.state.runtime
    async with runtime.database.unit_of_work() as session:
        alerts = await list_alerts(session, caller.account_id)
    return draw(request, "alerts.html", caller, alerts=[(alert, _where(alert, caller)) for alert in alerts])


def _where(alert: Alert, caller: Caller) -> str:
    """Return the address of what an alert is about; empty where the caller may not open it, or it is nothing to open."""
    if alert.referral_id is not None and "referrals.read" in caller.scopes:
        if alert.kind == ENDING:
            return f"/console/ending/{alert.referral_id}"
        return f"/console/referrals/{alert.referral_id}"
    if "partner.read" in caller.scopes:
        # An agency knows a case by its own request alone; alerts lead to all that waits.
        return "/console/portal"
    return "/console/hotlines" if alert.kind.startswith("hotline_") else ""


@router.get("/console/alerts/count", name="alert.count")
async def show_count(request: Request, caller: Annotated[Caller, Depends(require(passive=True))]) -> Response:
    """The figure on the bell; nothing where all was read."""
    runtime: Runtime = request.app.state.runtime
    async with runtime.database.unit_of_work() as session:
        unread = await count_unread(session, caller.account_id)
    return Response(f"{unread}" if 0 < unread <= _MOST_SHOWN else f"{_MOST_SHOWN}+" if unread else "")


@router.post("/console/alerts/read", name="alert.read_all")
async def read_all(request: Request, caller: SignedIn) -> Response:
    runtime: Runtime = request.app.state.runtime
    async with runtime.database.unit_of_work() as session:
        await mark_read(session, caller.account_id)
    return RedirectResponse("/console/alerts", 303)


@router.post("/console/alerts/{alert_id}/open", name="alert.open")
async def open_alert(request: Request, alert_id: UUID, caller: SignedIn) -> Response:
    """Mark one of one's own alerts as read and go to what it is about; another's, or none, leads to the list."""
    runtime: Runtime = request.app.state.runtime
    async with runtime.database.unit_of_work() as session:
        mine = [alert for alert in await list_alerts(session, caller.account_id) if alert.id == alert_id]
        await mark_read(session, caller.account_id, alert_id)
    return RedirectResponse((_where(mine[0], caller) if mine else "") or "/console/alerts", 303)
