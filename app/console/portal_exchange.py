"""Files in and out of an agency whose systems can't call us: steps tried out line by line before they are taken in, and
where its cases stand.
"""

import base64
import binascii
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.responses import Response

from app.auditing import audited
from app.auth import Caller
from app.console.pages import draw
from app.console.portal_desk import HOME, Desk, Reader, Writer, at_desk, desk_of, draw_no_desk
from app.console.portal_states import STATE_COLUMNS, read_states
from app.console.portal_tracks import tells
from app.console.texts import say, say_or
from app.runtime import Runtime
from core.clock import utc_now
from core.errors import AppError, InvalidInputError, NotFoundError
from referrals.tracks.importing import FileFaultsError, Importer, Report, apply_file, check_file
from referrals.tracks.lines import COLUMNS, FORMS, MOST_BYTES, write_file
from referrals.tracks.lines import Form as FileForm
from referrals.tracks.steps import steps

router = APIRouter()
ADDRESS = f"{HOME}/exchange"
_MEDIA = {"csv": "text/csv", "jsonl": "application/jsonl"}
_FormOf = Annotated[FileForm, Form()]


@dataclass(frozen=True, slots=True)
class Wrong:
    """A line that can't be taken: its number, the column, what a clerk does about it, and the code for programmers."""

    line: int
    field: str
    says: str
    code: str


@router.get(ADDRESS, name="portal.exchange")
async def show_exchange(request: Request, caller: Reader) -> Response:
    async with audited(request, caller) as session:
        desk = await desk_of(session, caller)
        return _draw(request, caller, desk) if desk else draw_no_desk(request, caller)


@router.post(f"{ADDRESS}/check", name="portal.check_file")
async def post_check(
    request: Request,
    caller: Writer,
    file: Annotated[UploadFile | None, File()] = None,
    form: _FormOf = "csv",
) -> Response:
    """Try a file out; nothing of it stays but on the page, which brings it back to be taken in."""
    runtime: Runtime = request.app.state.runtime
    content = await file.read(MOST_BYTES + 1) if file else b""
    try:
        async with at_desk(request, caller) as desk:
            report = await check_file(
                desk.session, runtime.keys, content, form, _importer(desk, caller), now=utc_now()
            )
    except NotFoundError:
        raise
    except AppError as error:
        return await _refused(request, caller, error, form)
    carried = base64.urlsafe_b64encode(content).decode() if report.is_clean else ""
    return _draw(request, caller, desk, report=report, content=carried, form=form)


@router.post(f"{ADDRESS}/apply", name="portal.apply_file")
async def post_apply(
    request: Request, caller: Writer, content: Annotated[str, Form()] = "", form: _FormOf = "csv"
) -> Response:
    """Take a file in, whole or not at all; the same file again changes nothing."""
    runtime: Runtime = request.app.state.runtime
    try:
        async with at_desk(request, caller) as desk:
            report = await apply_file(
                desk.session, runtime.keys, _carried(content), form, _importer(desk, caller), now=utc_now()
            )
    except NotFoundError:
        raise
    except AppError as error:
        return await _refused(request, caller, error, form)
    return _draw(request, caller, desk, applied=report, form=form)


@router.get(f"{ADDRESS}/sample", name="portal.sample")
async def get_sample(request: Request, caller: Reader) -> Response:
    """Hand over a file with the columns and no step, which is whole and right."""
    async with at_desk(request, caller):
        content = write_file([], COLUMNS, "csv")
    return _file(content, "csv", "steps")


@router.get(f"{ADDRESS}/states.{{form}}", name="portal.export")
async def get_states(request: Request, form: FileForm, caller: Reader) -> Response:
    """Hand over where the agency's cases stand, in the form of files that come in."""
    async with at_desk(request, caller) as desk:
        rows = await read_states(desk)
    return _file(write_file(rows, STATE_COLUMNS, form), form, desk.agency.code)


def _file(content: bytes, form: FileForm, name: str) -> Response:
    return Response(
        content,
        media_type=_MEDIA[form],
        headers={"content-disposition": f'attachment; filename="rootan-{name}.{form}"'},
    )


def _importer(desk: Desk, caller: Caller) -> Importer:
    return Importer(desk.agency.id, desk.agency.kind, account_id=caller.account_id)  # type: ignore[arg-type]


def _carried(content: str) -> bytes:
    try:
        return base64.b64decode(content, altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        raise InvalidInputError("check the file first") from None


async def _refused(request: Request, caller: Caller, error: AppError, form: FileForm) -> Response:
    """Draw the page with what was wrong, of the whole file or line by line."""
    async with at_desk(request, caller, "portal.exchange") as desk:
        report = error.report if isinstance(error, FileFaultsError) else None
    return _draw(
        request,
        caller,
        desk,
        problem=None if report else error,
        report=report,
        form=form,
        status=error.status,
    )


def _draw(
    request: Request,
    caller: Caller,
    desk: Desk,
    *,
    problem: AppError | None = None,
    report: Report | None = None,
    status: int = 0,
    form: FileForm = "csv",
    **more: Any,
) -> Response:
    return draw(
        request, "portal_exchange.html", caller, status=status or (problem.status if problem else 200), problem=problem,
        agency=desk.agency, report=report, faults=_wrongs(report), form=form, forms=FORMS, most_bytes=MOST_BYTES,
        may_write="partner.write" in caller.scopes,
        rules=[rule for rule in steps().values() if tells(desk.agency.kind, rule.track, rule.code)], **{"applied": None, "content": ""} | more,
    )  # fmt: skip


def _wrongs(report: Report | None) -> list[Wrong]:
    if report is None:
        return []
    return [
        Wrong(one.line, one.field or say("portal_exchange.whole_line"), say_fault(one.code), one.code)
        for one in report.faults
    ]


def say_fault(code: str) -> str:
    """Say what to do about a line, as a clerk does it."""
    return say_or(f"portal_fault.{code}", "portal_fault.other")
