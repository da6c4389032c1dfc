"""Referring a case to agencies: whom it went to, choosing what goes along, looking it through, sending it."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.auditing import audited
from app.auth import Caller, require
from app.console.agency_directory import sayings
from app.console.case_agencies_words import Wish, read_id, read_wish, say_value
from app.console.case_page import oversees
from app.console.pages import draw
from app.console.texts import spoken
from app.runtime import Runtime
from core.clock import utc_now
from core.errors import AppError, NotFoundError
from core.languages import in_language
from referrals.agencies.directory import ListedAgency, read_agencies
from referrals.agencies.duty import answer_due
from referrals.agencies.pairings import read_pairings
from referrals.agencies.templates import templates
from referrals.models import Referral
from referrals.packets.gate import AgencyError
from referrals.referring.consents import note_consent, pass_consent, read_consents
from referrals.referring.errors import NamesSomebodyError
from referrals.referring.filling import LONGEST_WORDS, fill, read_fields
from referrals.referring.finding import ByHotline, lock_case, works_on
from referrals.referring.reading import Sent, of_case
from referrals.referring.sending import check_receiver, refer
from referrals.referring.stepping import PENDING, WORKING
from referrals.referring.wording import LONGEST_NOTE, LONGEST_REASON, nameless, note_of, reason_of

router = APIRouter()
Reader = Annotated[Caller, Depends(require("referrals.read", "agencies.read"))]
Writer = Annotated[Caller, Depends(require("referrals.read", "referrals.write", "agencies.read"))]
ADDRESS = "/console/referrals/{referral_id}/agencies"
# What is ticked at first: what tells least and helps most.
_FIRST = ("kinds", "priority", "place", "contact_way")


def staff_of(referral_id: UUID, caller: Caller) -> ByHotline:
    return ByHotline(referral_id, caller.account_id, oversees(caller))


async def case_of(session: AsyncSession, staff: ByHotline) -> Referral:
    """Return the case of whoever holds or held it, or supervises; raises NotFoundError else."""
    referral = await session.get(Referral, staff.referral_id)
    if referral is None or not works_on(referral, staff):
        raise NotFoundError("nothing of this case is yours to work on")
    return referral


def name_of(sent: Sent) -> str:
    """Return the name of the agency of a request, in the language of the page."""
    return in_language({"th": sent.agency_name_th, "en": sent.agency_name_en}, spoken.get())


@router.get(ADDRESS, name="referral.agencies")
async def show_agencies(request: Request, referral_id: UUID, caller: Reader) -> Response:
    runtime: Runtime = request.app.state.runtime
    async with audited(request, caller) as session:
        staff = staff_of(referral_id, caller)
        referral = await case_of(session, staff)
        requests = await of_case(session, runtime.keys, staff)
        names = {one.id: one for one in await read_agencies(session, with_closed=True)}
    return draw(
        request, "case_agencies.html", caller, referral=referral, requests=requests, names=names, name_of=name_of,
        pending=PENDING, **sayings(),
    )  # fmt: skip


@router.get(f"{ADDRESS}/new", name="referral.choose_agency")
async def choose_agency(
    request: Request, referral_id: UUID, caller: Writer, agency: str = "", after: str = ""
) -> Response:
    """Show whom it can go to, or with `agency` what of the case can go along."""
    wish = Wish(agency=agency[:40], after=after[:40], fields=_FIRST)
    return await _draw_chooser(request, referral_id, caller, wish)


@router.post(f"{ADDRESS}/consent", name="referral.note_consent")
async def post_consent(
    request: Request,
    referral_id: UUID,
    caller: Writer,
    agency: Annotated[str, Form(max_length=40)] = "",
    said: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Write down what the person told staff of agencies of this kind."""
    agency_id = read_id(agency)
    try:
        async with audited(request, caller) as session:
            kind = await _kind(session, agency_id)
            await note_consent(
                session, kind, staff_of(referral_id, caller), granted=said in {"yes", "named"},
                with_identity=said == "named",
            )  # fmt: skip
    except NotFoundError:
        raise
    except AppError as error:
        return await _draw_chooser(request, referral_id, caller, Wish(agency, _FIRST), error)
    return RedirectResponse(f"/console/referrals/{referral_id}/agencies/new?agency={agency_id}", 303)


async def _kind(session: AsyncSession, agency_id: UUID | None) -> str:
    found = next((one for one in await read_agencies(session) if one.id == agency_id), None)
    if found is None:
        raise AgencyError("choose an agency")
    return found.kind


@router.post(f"{ADDRESS}/check", name="referral.check_fields")
async def check_fields(request: Request, referral_id: UUID, caller: Writer) -> Response:
    """Show what the agency will read, to the letter; with `again` go back to the form as it was."""
    form = await request.form()
    wish = read_wish(form)
    if form.get("again"):
        return await _draw_chooser(request, referral_id, caller, wish)
    try:
        async with audited(request, caller) as session:
            shown = await _check(session, request, staff_of(referral_id, caller), wish, utc_now())
    except NotFoundError:
        raise
    except AppError as error:
        return await _draw_chooser(request, referral_id, caller, wish, error)
    return draw(
        request, "case_agencies_check.html", caller, referral_id=referral_id, wish=wish, say_value=say_value,
        **shown, **sayings(),
    )  # fmt: skip


async def _check(
    session: AsyncSession, request: Request, staff: ByHotline, wish: Wish, now: datetime
) -> dict[str, Any]:
    """Do all that sending does but send; raises as `referring.sending.refer`."""
    runtime: Runtime = request.app.state.runtime
    referral = await lock_case(session, staff)
    if wish.agency_id is None:
        raise AgencyError("choose an agency")
    agency = await check_receiver(session, referral, wish.agency_id, now=now)
    needed = await pass_consent(session, staff, agency.kind, with_identity=False, ground=wish.ground)
    why = reason_of(wish.ground_reason) if needed else ""
    note = nameless("note", note_of(wish.note), looked_through=wish.looked)
    values = await fill(
        session, runtime.keys, referral, templates().template[agency.template], wish.chosen,
        kind=agency.kind, looked_through=wish.looked,
    )  # fmt: skip
    due = await answer_due(session, agency, now)
    return {"agency": agency, "ground": needed, "why": why, "note": note, "values": values, "due": due}


@router.post(ADDRESS, name="referral.refer")
async def post_refer(request: Request, referral_id: UUID, caller: Writer) -> Response:
    runtime: Runtime = request.app.state.runtime
    wish = read_wish(await request.form())
    try:
        async with audited(request, caller) as session:
            if wish.agency_id is None:
                raise AgencyError("choose an agency")
            request_id = await refer(
                session, runtime.keys, referral_id, agency_id=wish.agency_id, fields=wish.chosen, note=wish.note,
                by_account=caller.account_id, oversees=oversees(caller), ground=wish.ground,
                ground_reason=wish.ground_reason, after_id=wish.after_id, looked_through=wish.looked, now=utc_now(),
            )  # fmt: skip
    except NotFoundError:
        raise
    except AppError as error:
        return await _draw_chooser(request, referral_id, caller, wish, error)
    return RedirectResponse(f"/console/referrals/{referral_id}/agencies/{request_id}", 303)


async def _draw_chooser(
    request: Request, referral_id: UUID, caller: Caller, wish: Wish, problem: AppError | None = None
) -> Response:
    runtime: Runtime = request.app.state.runtime
    staff = staff_of(referral_id, caller)
    async with audited(request, caller, "referral.choose_agency") as session:
        referral = await case_of(session, staff)
        agencies = await _paired(session)
        agency = _find(agencies, wish)
        consents = {one.agency: one for one in await read_consents(session, referral_id)}
        standing = {
            one.shared.agency_id: one.shared.state
            for one in reversed(await of_case(session, runtime.keys, staff))
            if one.shared.state in (*PENDING, *WORKING)
        }
        form = templates().template[agency.template] if agency else None
        values = (
            await read_fields(session, runtime.keys, referral, form.fields, kind=agency.kind)
            if agency and form
            else {}
        )
    return draw(
        request, "case_agencies_refer.html", caller, status=problem.status if problem else 200, problem=problem,
        referral=referral, agencies=agencies, agency=agency, form=form, values=values, wish=wish, consents=consents,
        standing=standing, waits=referral.priority != "P0" and bool(set(standing.values()) & set(PENDING)), say_value=say_value, oversees=oversees(caller), faults=_faults(problem, wish),
        longest_words=LONGEST_WORDS, longest_note=LONGEST_NOTE, longest_reason=LONGEST_REASON, **sayings(),
    )  # fmt: skip


def _faults(problem: AppError | None, wish: Wish) -> frozenset[str]:
    """Which fields a refusal is about."""
    if isinstance(problem, NamesSomebodyError):
        return frozenset(problem.fields)
    if problem is not None and problem.code == "words_length":
        # Fields have a code of their own: it was the note, or why the person was not asked.
        return frozenset({"ground_reason" if wish.ground and not wish.ground_reason.strip() else "note"})
    return frozenset({str(getattr(problem, "field", ""))} - {""})


async def _paired(session: AsyncSession) -> list[ListedAgency]:
    """The agencies that the hotline may refer to."""
    takers = {way.taker_id for way in await read_pairings(session) if way.giver_id is None}
    return [one for one in await read_agencies(session) if one.id in takers]


def _find(agencies: list[ListedAgency], wish: Wish) -> ListedAgency | None:
    return next((one for one in agencies if one.id == wish.agency_id), None)
