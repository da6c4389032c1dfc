"""The first page after signing in, and the sign that somebody is still here."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from app.auth import Caller, require
from app.console.frame import rooms_of
from app.console.pages import draw
from app.faces.set_aside import MESSAGES, Waiting, read_waiting
from app.runtime import Runtime

router = APIRouter()
SignedIn = Annotated[Caller, Depends(require())]


@router.get("/", name="home.root", include_in_schema=False)
async def send_to_console() -> Response:
    return RedirectResponse("/console", 303)


@router.get("/console", name="home.read")
async def show_home(request: Request, caller: SignedIn) -> Response:
    """Send each role to its own first page; who has none learns why, and who runs the machine what waits for them."""
    rooms, waiting = rooms_of(caller.scopes), await _waiting(request, caller)
    if rooms and not waiting:
        return RedirectResponse(rooms[0].address, 303)
    return draw(
        request, "home.html", caller, waiting=waiting, onward=rooms[0] if rooms else None, messages=MESSAGES
    )


async def _waiting(request: Request, caller: Caller) -> list[Waiting]:
    """Jobs and messages that gave up, for whoever can have them run again."""
    if "settings.manage" not in caller.scopes:
        return []
    runtime: Runtime = request.app.state.runtime
    async with runtime.database.unit_of_work() as session:
        return await read_waiting(session)


@router.post("/console/still-here", name="account.still_here")
async def keep_alive(caller: SignedIn) -> Response:  # noqa: ARG001 - being let in is the whole effect
    """Somebody reads or types without opening pages: the idle clock starts anew."""
    return Response(status_code=204)
