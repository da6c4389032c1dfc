"""Messages between the hotline and the agency about one case."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import Response
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from app.faces.routers import make_router
from app.partner_api.access import Program, require_program
from app.partner_api.bodies import VISIBLE, Given, Made, Told
from app.partner_api.once import WriteKey, once, worked
from app.runtime import Runtime
from core.accounts.repeated_calls import Done
from core.clock import utc_now
from referrals.referring.messages import read_thread, write
from referrals.referring.wording import LONGEST_NOTE

router = make_router("messages")
Reader = Annotated[Program, Depends(require_program("cases.read"))]
Writer = Annotated[Program, Depends(require_program("cases.read", "messages.write"))]


class Message(Told):
    """One message; `text` is null once it was erased, `read_at` when the other side read it."""

    id: UUID
    side: str = Field(examples=["hotline"])
    text: str | None
    names_somebody: bool
    at: datetime
    read_at: datetime | None


class Messages(Told):
    messages: list[Message]


class Words(Given):
    text: str = Field(min_length=1, max_length=LONGEST_NOTE, pattern=VISIBLE)


@router.get("/cases/{case_id}/messages", name="agency_case.messages", summary="Read the messages")
async def read_messages(request: Request, case_id: UUID, program: Reader) -> Messages:
    """The oldest first. The hotline sees that they were read."""
    runtime: Runtime = request.app.state.runtime
    async with worked(request, program) as session:
        thread = await read_thread(session, runtime.keys, case_id, program.party, now=utc_now())
    return Messages(messages=[Message.model_validate(one) for one in thread])


@router.post(
    "/cases/{case_id}/messages", name="agency_case.write", summary="Write to the hotline", status_code=201,
    response_model=Made,
)  # fmt: skip
async def post_message(
    request: Request, case_id: UUID, program: Writer, key: WriteKey, given: Words
) -> Response:
    runtime: Runtime = request.app.state.runtime

    async def work(session: AsyncSession, form_id: UUID) -> Done:
        message_id = await write(
            session, runtime.keys, case_id, program.party, text=given.text, form_id=form_id, now=utc_now()
        )
        return Done(201, message_id)

    return await once(request, program, key, work)
