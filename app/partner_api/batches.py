"""Files of steps in, and of what the agency may know out, for systems that cannot call step by step."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict

from app.faces.routers import make_router
from app.partner_api.access import Program, TokenScopeError, require_program
from app.partner_api.bodies import Told
from app.partner_api.once import worked
from app.runtime import Runtime
from core.clock import utc_now
from referrals.tracks.exporting import export_steps
from referrals.tracks.importing import FileFaultsError, Importer, Report, apply_file, check_file
from referrals.tracks.lines import MOST_BYTES, Form
from referrals.tracks.partners import PARTNER_TRACKS

router = make_router("files")
Reader = Annotated[Program, Depends(require_program("cases.read"))]
FORMS: dict[str, Form] = {"text/csv": "csv", "application/jsonl": "jsonl", "application/x-ndjson": "jsonl"}
MOST_BODY_BYTES = {"/v1/imports": MOST_BYTES}
BODY_FORMS = {"/v1/imports": tuple(FORMS), "/v1/token": ("application/x-www-form-urlencoded",)}
_MEDIA: dict[Form, str] = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl"}


class Mode(BaseModel):
    """`check` tries a file out and keeps nothing; `apply` takes it whole or not at all."""

    model_config = ConfigDict(extra="forbid")

    mode: Literal["check", "apply"] = "check"


class Wanted(BaseModel):
    """Which form, and behind which event to go on."""

    model_config = ConfigDict(extra="forbid")

    form: Form = "jsonl"
    after: UUID | None = None


class Fault(Told):
    """Why a line is refused: its number in the file, a code, the column, and the same in words."""

    line: int
    code: str
    field: str
    text: str


class Outcome(Told):
    """What a file holds: steps that are new, that were known, and what is wrong with it."""

    new: int
    known: int
    faults: list[Fault]


_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {kind: {"schema": {"type": "string"}} for kind in FORMS},
    }
}


@router.post(
    "/imports", name="agency_case.import", summary="Hand in a file of steps", response_model=Outcome,
    openapi_extra=_BODY,
)  # fmt: skip
async def post_import(request: Request, program: Reader, wanted: Annotated[Mode, Query()]) -> Response:
    """CSV or JSON Lines, as docs/partner-api.md says. The tracks are those that the token may write; a line whose
    `outside_id` came before changes nothing, so a file may be sent again.
    """
    runtime: Runtime = request.app.state.runtime
    body = await request.body()
    # Another type comes this far only without a body, which is no file in any form.
    kind = request.headers.get("content-type", "").partition(";")[0].strip().casefold()
    form = FORMS.get(kind, "csv")
    act = check_file if wanted.mode == "check" else apply_file
    try:
        async with worked(request, program) as session:
            report = await act(session, runtime.keys, body, form, _importer(program), now=utc_now())
    except FileFaultsError as refused:
        return JSONResponse(
            {"title": refused.code, "status": 400, "detail": str(refused), "faults": _outcome(refused.report)["faults"]},
            400, media_type="application/problem+json",
        )  # fmt: skip
    return JSONResponse(_outcome(report))


def _outcome(report: Report) -> dict[str, Any]:
    return Outcome.model_validate(report).model_dump(mode="json")


def _importer(program: Program) -> Importer:
    tracks = frozenset(track for track in PARTNER_TRACKS if f"track.{track}.write" in program.scopes)
    if not tracks:
        raise TokenScopeError("this needs a token for a track")
    return Importer(program.agency_id, program.kind, program_id=program.program_id, tracks=tracks)


@router.get(
    "/exports", name="agency_case.export", summary="Fetch what happened as a file", response_class=Response,
    responses={
        200: {
            "content": {kind: {"schema": {"type": "string"}} for kind in _MEDIA.values()},
            "headers": {
                "RooTan-Next": {"schema": {"type": "string"}, "description": "`after` of the next file, where there is more."}
            },
        }
    },
)  # fmt: skip
async def get_export(request: Request, program: Reader, wanted: Annotated[Wanted, Query()]) -> Response:
    """Codes, ids, days and satang of the tracks of your cases; nothing that anybody wrote."""
    async with worked(request, program) as session:
        export = await export_steps(session, program.agency_id, program.kind, wanted.form, after=wanted.after)
    headers = {"RooTan-Next": str(export.next)} if export.next else {}
    return Response(export.content, 200, headers, _MEDIA[wanted.form])
