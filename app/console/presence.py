"""Who has which case open: heard from open pages, told to all. Names of colleagues and ids only."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import JSONResponse, Response

from app.auth import Caller, require
from app.runtime import Runtime
from referrals.desk.presence import Doing, leave, note_presence, who_is_there

router = APIRouter()
PassiveReader = Annotated[Caller, Depends(require("referrals.read", passive=True))]


@router.get("/console/presence", name="presence.read")
async def tell_presence(request: Request, caller: PassiveReader) -> Response:
    """Tell who is where; `left` are the seconds until they count as gone."""
    runtime: Runtime = request.app.state.runtime
    async with runtime.database.unit_of_work() as session:
        people = await who_is_there(session)
    return JSONResponse(
        [
            {
                "referral": str(one.referral_id),
                "name": one.name,
                "doing": one.doing,
                "me": one.account_id == caller.account_id,
                "left": round(one.seconds_left, 1),
            }
            for one in people
        ]
    )


@router.post("/console/referrals/{referral_id}/presence", name="referral.here")
async def post_presence(
    request: Request, referral_id: UUID, caller: PassiveReader, doing: Annotated[Doing, Form()] = "reading"
) -> Response:
    """An open page says that it is still open. Opening it was audited; staying there is not another reading."""
    runtime: Runtime = request.app.state.runtime
    async with runtime.database.unit_of_work() as session:
        await note_presence(session, referral_id, caller.account_id, doing)
    return Response(status_code=204)


@router.post("/console/referrals/{referral_id}/presence/leave", name="referral.left")
async def post_leave(request: Request, referral_id: UUID, caller: PassiveReader) -> Response:
    runtime: Runtime = request.app.state.runtime
    async with runtime.database.unit_of_work() as session:
        await leave(session, referral_id, caller.account_id)
    return Response(status_code=204)
