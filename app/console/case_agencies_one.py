"""One request to one agency: how it stands, messages and files."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import UploadFile

from app.auditing import audited
from app.auth import Caller, require
from app.console.agency_directory import sayings
from app.console.case_agencies import ADDRESS, Reader, Writer, name_of, staff_of
from app.console.case_agencies_words import read_id, say_value
from app.console.case_page import oversees
from app.console.evidence import CONTENT_POLICY
from app.console.pages import draw
from app.runtime import Runtime
from core.clock import utc_now
from core.errors import AppError, NotFoundError
from core.ids import new_id
from referrals.agencies.directory import read_agencies
from referrals.agencies.officers import active_officers
from referrals.evidence import list_evidence
from referrals.referring import files, links, messages
from referrals.referring.consents import last_word, read_consents
from referrals.referring.finding import ByHotline, Found, find
from referrals.referring.identity import LONGEST_PART
from referrals.referring.models import AgencyFile, AgencyMessage, AgencyReferral, PacketLink
from referrals.referring.reading import Sent, read_sent
from referrals.referring.stepping import PENDING, REFUSED, WORKING
from referrals.referring.wording import LONGEST_CITIZEN_TEXT, LONGEST_NOTE, LONGEST_REASON

router = APIRouter()
PassiveReader = Annotated[Caller, Depends(require("referrals.read", "agencies.read", passive=True))]
ONE = f"{ADDRESS}/{{agency_referral_id}}"
_PICTURES = ("image/jpeg", "image/png")


@dataclass(frozen=True, slots=True)
class Typed:
    """What a refused form held; `form` names it."""

    form: str = ""
    text: str = ""
    reason: str = ""
    ground: str = ""
    step: str = ""
    who: Mapping[str, str] = field(default_factory=dict)


@router.get(ONE, name="referral.see_agency")
async def show_request(
    request: Request, referral_id: UUID, agency_referral_id: UUID, caller: Reader
) -> Response:
    return await draw_request(request, referral_id, agency_referral_id, caller)


async def draw_request(
    request: Request,
    referral_id: UUID,
    request_id: UUID,
    caller: Caller,
    *,
    problem: AppError | None = None,
    typed: Typed | None = None,
    made: Mapping[str, Any] | None = None,
) -> Response:
    """Draw one request; `made` is a link with its code, shown this once."""
    async with audited(request, caller, "referral.see_agency") as session:
        shown = await _read(session, request, staff_of(referral_id, caller), request_id)
    return draw(
        request, "case_agencies_one.html", caller, status=problem.status if problem else 200, problem=problem,
        typed=typed or Typed(), made=made, form_id=new_id(), oversees=oversees(caller), longest_note=LONGEST_NOTE,
        longest_reason=LONGEST_REASON, longest_part=LONGEST_PART, longest_citizen=LONGEST_CITIZEN_TEXT, **shown,
    )  # fmt: skip


async def _read(
    session: AsyncSession, request: Request, staff: ByHotline, request_id: UUID
) -> dict[str, Any]:
    """Everything of one request that staff see; notes that the agency's messages were read."""
    runtime: Runtime = request.app.state.runtime
    found = await find(session, request_id, staff)
    sent = await read_sent(session, runtime.keys, request_id, staff)
    thread = await messages.read_thread(session, runtime.keys, request_id, staff, now=utc_now())
    given = await files.list_files(session, runtime.keys, request_id, staff)
    made = await links.read_links(session, request_id, staff)
    consents = await read_consents(session, staff.referral_id)
    pieces = [one for one in await list_evidence(session, staff.referral_id) if one.state == "kept"]
    before = await _before(session, runtime, staff, sent)
    return {
        "referral": found.referral, "agency": found.agency, "sent": sent, "shared": sent.shared, "thread": thread,
        "files": given, "links": made, "pieces": pieces, "before": before, "name_of": name_of, "say_value": say_value,
        "consent": next((one for one in consents if one.agency == found.agency.kind), None),
        "names": {one.id: one for one in await read_agencies(session)},
        "answers_itself": bool(await active_officers(session, found.agency.id)),
        "pending": PENDING, "working": WORKING, "refused": REFUSED, "version": await version_of(session, found),
        **sayings(),
    }  # fmt: skip


async def _before(session: AsyncSession, runtime: Runtime, staff: ByHotline, sent: Sent) -> Sent | None:
    """The declined request that this one follows."""
    return await read_sent(session, runtime.keys, sent.after_id, staff) if sent.after_id else None


async def version_of(session: AsyncSession, found: Found) -> str:
    """Name what the page shows: how the request stands, then what was exchanged."""
    request_id = found.row.id
    held = await session.execute(
        sa.select(
            AgencyReferral.state,
            AgencyReferral.identity,
            AgencyReferral.identity_read_at,
            AgencyReferral.read_at,
            AgencyReferral.next_agency_id,
        ).where(AgencyReferral.id == request_id)
    )
    stands = [*held, *(await _rows(session, request_id, PacketLink.id, PacketLink.ended_for))]
    exchanged = [
        *(await _rows(session, request_id, AgencyMessage.id, AgencyMessage.read_at)),
        *(await _rows(session, request_id, AgencyFile.id)),
    ]
    word = await last_word(session, found.referral.id, found.agency.kind)
    parts = ([word, *(tuple(row) for row in stands)], exchanged)
    return ".".join(hashlib.sha256(repr(one).encode()).hexdigest()[:16] for one in parts)


async def _rows(session: AsyncSession, request_id: UUID, *columns: Any) -> list[tuple[Any, ...]]:
    """These columns of one of a request's tables, the first of which is its id."""
    table = columns[0].class_
    rows = await session.execute(
        sa.select(*columns).where(table.agency_referral_id == request_id).order_by(columns[0])
    )
    return [tuple(row) for row in rows]


@router.get(f"{ONE}/exchange", name="referral.refresh_agency")
async def refresh_request(
    request: Request, referral_id: UUID, agency_referral_id: UUID, caller: PassiveReader, seen: str = ""
) -> Response:
    """Draw messages and files anew when they changed; what shows nothing new is no reading."""
    runtime: Runtime = request.app.state.runtime
    staff = staff_of(referral_id, caller)
    try:
        async with runtime.database.unit_of_work() as session:
            version = await version_of(session, await find(session, agency_referral_id, staff))
    except AppError:
        # It fails again, and leaves its audit row.
        async with audited(request, caller) as session:
            await find(session, agency_referral_id, staff)
        raise
    if version == seen:
        return Response(status_code=204)
    if version.partition(".")[0] != seen.partition(".")[0]:
        return Response(status_code=204, headers={"HX-Refresh": "true"})
    async with audited(request, caller, "referral.see_agency") as session:
        shown = await _read(session, request, staff, agency_referral_id)
    return draw(request, "_case_agencies_exchange.html", caller, **shown)


@router.post(f"{ONE}/messages", name="referral.write_agency")
async def post_message(
    request: Request,
    referral_id: UUID,
    agency_referral_id: UUID,
    caller: Writer,
    form_id: Annotated[UUID, Form(default_factory=new_id)],
    text: Annotated[str, Form()] = "",
    looked: Annotated[str, Form(max_length=5)] = "",
) -> Response:
    runtime: Runtime = request.app.state.runtime
    try:
        async with audited(request, caller) as session:
            await messages.write(
                session, runtime.keys, agency_referral_id, staff_of(referral_id, caller), text=text, form_id=form_id,
                looked_through=looked == "yes", now=utc_now(),
            )  # fmt: skip
    except NotFoundError:
        raise
    except AppError as error:
        typed = Typed("message", text)
        return await draw_request(
            request, referral_id, agency_referral_id, caller, problem=error, typed=typed
        )
    return back_to(referral_id, agency_referral_id)


@router.post(f"{ONE}/files", name="referral.give_agency_file")
async def post_file(
    request: Request,
    referral_id: UUID,
    agency_referral_id: UUID,
    caller: Writer,
    slot: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Take a file, clean it, and give it to the agency."""
    runtime: Runtime = request.app.state.runtime
    staff = staff_of(referral_id, caller)
    try:
        async with audited(request, caller, "referral.see_agency") as session:
            await find(session, agency_referral_id, staff)
        file = (await request.form()).get("file")
        data = await file.read() if isinstance(file, UploadFile) else b""
        cleaned = await files.prepare(data)
        async with audited(request, caller) as session:
            await files.give(
                session, runtime.keys, agency_referral_id, staff, slot=slot, cleaned=cleaned, now=utc_now()
            )
    except NotFoundError:
        raise
    except AppError as error:
        return await draw_request(
            request, referral_id, agency_referral_id, caller, problem=error, typed=Typed("file", reason=slot)
        )
    return back_to(referral_id, agency_referral_id)


@router.post(f"{ONE}/evidence", name="referral.give_agency_evidence")
async def post_evidence(
    request: Request,
    referral_id: UUID,
    agency_referral_id: UUID,
    caller: Writer,
    piece: Annotated[str, Form(max_length=40)] = "",
    slot: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Give a piece of what the person sent along."""
    runtime: Runtime = request.app.state.runtime
    try:
        async with audited(request, caller) as session:
            staff = staff_of(referral_id, caller)
            await find(session, agency_referral_id, staff)
            await files.give_evidence(
                session, runtime.keys, agency_referral_id, staff, read_id(piece) or UUID(int=0), slot=slot,
                now=utc_now(),
            )  # fmt: skip
    except NotFoundError:
        raise
    except AppError as error:
        typed = Typed("evidence", reason=slot)
        return await draw_request(
            request, referral_id, agency_referral_id, caller, problem=error, typed=typed
        )
    return back_to(referral_id, agency_referral_id)


@router.get(f"{ONE}/files/{{agency_file_id}}", name="referral.see_agency_file")
async def show_file(
    request: Request, referral_id: UUID, agency_referral_id: UUID, agency_file_id: UUID, caller: Reader
) -> Response:
    """Show a picture, hand over everything else as a file; the browser runs nothing of it."""
    runtime: Runtime = request.app.state.runtime
    async with audited(request, caller) as session:
        staff = staff_of(referral_id, caller)
        name, piece = await files.read(session, runtime.keys, agency_referral_id, staff, agency_file_id)
    how = "inline" if piece.media_type in _PICTURES else "attachment"
    return Response(
        piece.content,
        media_type=piece.media_type,
        headers={
            "content-disposition": f"{how}; filename*=UTF-8''{quote(name, safe='')}",
            "content-security-policy": CONTENT_POLICY,
        },
    )


def back_to(referral_id: UUID, request_id: UUID) -> Response:
    return RedirectResponse(f"/console/referrals/{referral_id}/agencies/{request_id}", 303)
