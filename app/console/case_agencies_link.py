"""A sealed packet behind a link, for an agency without accounts: what it was given, on paper, under a code shown once."""

import asyncio
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.auditing import audited
from app.auth import Caller
from app.console.agency_words import say_agency, say_named
from app.console.case_agencies import Writer, staff_of
from app.console.case_agencies_one import ONE, back_to, draw_request
from app.console.case_agencies_words import say_value
from app.console.packet_contents import in_thai
from app.console.texts import say
from app.console.thai_time import exact
from app.console.words import harmless
from app.faces.document import Column, Document
from app.faces.printing import print_document
from app.runtime import Runtime
from core.clock import utc_now
from core.errors import AppError, NotFoundError
from referrals.agencies.directory import ListedAgency
from referrals.agencies.templates import templates
from referrals.packets.sealing import new_password
from referrals.referring.finding import ByHotline, find
from referrals.referring.links import ADDRESS, make_link, withdraw
from referrals.referring.reading import Sent, read_sent

router = APIRouter()


@router.post(f"{ONE}/link", name="referral.make_link")
async def post_link(
    request: Request, referral_id: UUID, agency_referral_id: UUID, caller: Writer
) -> Response:
    """Make a link and a code; both are shown once, in the answer itself."""
    runtime: Runtime = request.app.state.runtime
    staff, code = staff_of(referral_id, caller), new_password()
    try:
        packet = await _packet(request, agency_referral_id, staff, caller, code)
        async with audited(request, caller) as session:
            made = await make_link(
                session, runtime.keys, agency_referral_id, staff, packet=packet, code=code, now=utc_now()
            )
    except NotFoundError:
        raise
    except AppError as error:
        return await draw_request(request, referral_id, agency_referral_id, caller, problem=error)
    address = runtime.settings.base_url.rstrip("/") + ADDRESS + made.address
    shown = {"address": address, "code": code, "expires_at": made.expires_at}
    return await draw_request(request, referral_id, agency_referral_id, caller, made=shown)


@router.post(f"{ONE}/link/withdraw", name="referral.withdraw_link")
async def post_withdraw(
    request: Request, referral_id: UUID, agency_referral_id: UUID, caller: Writer
) -> Response:
    async with audited(request, caller) as session:
        await withdraw(session, agency_referral_id, staff_of(referral_id, caller), now=utc_now())
    return back_to(referral_id, agency_referral_id)


async def _packet(request: Request, request_id: UUID, staff: ByHotline, caller: Caller, code: str) -> bytes:
    runtime: Runtime = request.app.state.runtime
    async with audited(request, caller, "referral.see_agency") as session:
        found = await find(session, request_id, staff)
        sent = await read_sent(session, runtime.keys, request_id, staff)
    return await asyncio.to_thread(draw_paper, sent, found.agency, caller.name, code)


def draw_paper(sent: Sent, agency: ListedAgency, who: str, code: str) -> bytes:
    """Return what an agency was given as an encrypted PDF, in Thai, with its name on each page."""
    with in_thai():
        name, shared = say_agency(agency), sent.shared
        mark = say("packet.watermark", agency=name, who=who, at=exact(utc_now()))
        paper = Document(
            title=say("packet.paper"), foot=mark, page_of=say("figures.page_of"), watermark=mark,
            lacking=say("packet.lacks_letters"), password=code,
        )  # fmt: skip
        paper.begin(say("packet.paper"))
        paper.say(say("packet.number", id=shared.id.hex[-8:], agency=name))
        paper.say(_standing(sent), bold=True)
        paper.say(say("packet.not_a_verdict"), quiet=True)
        paper.say(say("along.due", when=exact(shared.due_at)))
        paper.head(say("along.shared"))
        paper.lay_out([Column("", 1), Column("", 2.6)], _lines(sent))
        if shared.note:
            paper.head(say("along.note"))
            paper.say(harmless(shared.note))
        return print_document(paper)


def _standing(sent: Sent) -> str:
    if sent.override:
        ground = say_named(templates().ground.get(sent.override), sent.override)
        return say("packet.overridden", ground=ground)
    return say("packet.agreed_named" if sent.shared.identity == "given" else "packet.agreed")


def _lines(sent: Sent) -> list[tuple[str, str]]:
    known = templates()
    fields = [
        (say_named(known.field.get(code), code), harmless(say_value(code, value)))
        for code, value in sent.shared.fields.items()
    ]
    who = [
        (say_named(known.identity.get(code), code), harmless(value))
        for code, value in (sent.shared.who.items() if sent.shared.identity == "given" else ())
    ]
    return [(name, words) for name, words in (*fields, *who) if words]
