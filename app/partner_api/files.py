"""Files given along with a case, both ways, in the places of the agency's template."""

import base64
import binascii
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import Response
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from app.faces.routers import make_router
from app.partner_api.access import Program, require_program
from app.partner_api.bodies import Given, Made, Told
from app.partner_api.once import WriteKey, once, worked
from app.runtime import Runtime
from core.accounts.repeated_calls import Done
from core.clock import utc_now
from core.errors import InvalidInputError
from referrals.referring.files import LONGEST_NAME, give, list_files, prepare, read

MOST_FILE_BYTES = 20 * 1024 * 1024
# Four characters of Base64 for three bytes, and what stands around them.
MOST_BODY_BYTES = {"/v1/files": MOST_FILE_BYTES // 3 * 4 + 64 * 1024}
router = make_router("files")
Reader = Annotated[Program, Depends(require_program("cases.read"))]
Writer = Annotated[Program, Depends(require_program("cases.read", "files.write"))]


class Base64Error(InvalidInputError):
    code = "base64"


class File(Told):
    """A file unopened."""

    id: UUID
    side: str = Field(examples=["hotline"])
    slot: str
    name: str | None
    media_type: str
    at: datetime


class Files(Told):
    files: list[File]


class Content(Told):
    """A file. It has no metadata any more; treat it as untrusted all the same."""

    name: str
    media_type: str
    content: str = Field(description="Base64.")


class NewFile(Given):
    """A picture, sound, film or PDF; metadata is taken out of it."""

    case: UUID
    slot: str = Field(max_length=40, description="What it is: one of `takes` in `/v1/codes`.")
    name: str = Field(default="", max_length=LONGEST_NAME)
    content: str = Field(min_length=4, description="Base64 of at most 20 MB.")


@router.get("/cases/{case_id}/files", name="agency_case.files", summary="List files")
async def read_files(request: Request, case_id: UUID, program: Reader) -> Files:
    runtime: Runtime = request.app.state.runtime
    async with worked(request, program) as session:
        files = await list_files(session, runtime.keys, case_id, program.party)
    return Files(files=[File.model_validate(one) for one in files])


@router.get("/cases/{case_id}/files/{file_id}", name="agency_case.read_file", summary="Read a file")
async def read_file(request: Request, case_id: UUID, file_id: UUID, program: Reader) -> Content:
    runtime: Runtime = request.app.state.runtime
    async with worked(request, program) as session:
        name, cleaned = await read(session, runtime.keys, case_id, program.party, file_id)
    return Content(
        name=name, media_type=cleaned.media_type, content=base64.b64encode(cleaned.content).decode()
    )


@router.post(
    "/files", name="agency_case.give_file", summary="Give a file", status_code=201, response_model=Made
)
async def post_file(request: Request, program: Writer, key: WriteKey, given: NewFile) -> Response:
    """Once the case is accepted."""
    runtime: Runtime = request.app.state.runtime
    try:
        content = base64.b64decode(given.content, validate=True)
    except (ValueError, binascii.Error):
        raise Base64Error("`content` is Base64, without line ends") from None
    cleaned = await prepare(content)

    async def work(session: AsyncSession, _form_id: UUID) -> Done:
        file_id = await give(
            session, runtime.keys, given.case, program.party, slot=given.slot, cleaned=cleaned, name=given.name,
            now=utc_now(),
        )  # fmt: skip
        return Done(201, file_id)

    return await once(request, program, key, work)
