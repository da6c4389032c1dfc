"""Words and files between an agency and the hotline, about one request."""

from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.responses import Response

from app.console.evidence import CONTENT_POLICY
from app.console.portal_answer import do
from app.console.portal_case import PAGE, draw_case
from app.console.portal_desk import Desk, Reader, Writer, at_desk
from app.runtime import Runtime
from core.clock import utc_now
from core.errors import AppError
from core.ids import new_id
from referrals.cleaning.kinds import MOST_BYTES
from referrals.referring.files import give, prepare, read
from referrals.referring.messages import write

router = APIRouter()


@router.post(f"{PAGE}/messages", name="portal_case.write")
async def post_message(
    request: Request,
    agency_referral_id: UUID,
    caller: Writer,
    form_id: Annotated[UUID, Form(default_factory=new_id)],
    text: Annotated[str, Form(max_length=10_000)] = "",
) -> Response:
    runtime: Runtime = request.app.state.runtime

    async def act(desk: Desk) -> None:
        await write(
            desk.session, runtime.keys, agency_referral_id, desk.party, text=text, form_id=form_id, now=utc_now()
        )  # fmt: skip

    return await do(request, agency_referral_id, caller, act, {"opens": "message", "text": text})


@router.post(f"{PAGE}/files", name="portal_case.give_file")
async def post_file(
    request: Request,
    agency_referral_id: UUID,
    caller: Writer,
    slot: Annotated[str, Form(max_length=40)] = "",
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Clean a file, and give it in a place of the agency's template."""
    runtime: Runtime = request.app.state.runtime
    typed = {"opens": "file", "slot": slot}
    try:
        cleaned = await prepare(await file.read(MOST_BYTES + 1) if file else b"")
    except AppError as error:
        return await draw_case(request, agency_referral_id, caller, problem=error, typed=typed)
    name = (file.filename if file else "") or ""

    async def act(desk: Desk) -> None:
        await give(
            desk.session, runtime.keys, agency_referral_id, desk.party, slot=slot, cleaned=cleaned, name=name, now=utc_now()
        )  # fmt: skip

    return await do(request, agency_referral_id, caller, act, typed)


@router.get(f"{PAGE}/files/{{file_id}}", name="portal_case.see_file")
async def see_file(request: Request, agency_referral_id: UUID, file_id: UUID, caller: Reader) -> Response:
    """Show a picture, hand over everything else as a file; the browser runs, guesses and keeps nothing of it."""
    runtime: Runtime = request.app.state.runtime
    async with at_desk(request, caller) as desk:
        name, found = await read(desk.session, runtime.keys, agency_referral_id, desk.party, file_id)
    how = "inline" if found.kind == "picture" and found.media_type.startswith("image/") else "attachment"
    return Response(
        found.content,
        media_type=found.media_type,
        headers={
            "content-disposition": f"{how}; filename*=UTF-8''{quote(name, safe='')}",
            "content-security-policy": CONTENT_POLICY,
        },
    )
