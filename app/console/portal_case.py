"""One request as its agency reads it: the shared fields, its answer, the words and files of both sides, and the steps of
the case as far as its kind may see them.
"""

import contextlib
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth import Caller
from app.console.agency_words import say_named
from app.console.pages import draw
from app.console.portal_desk import CASES, Desk, PassiveReader, Reader, at_desk, desk_of, ref_of
from app.console.portal_fields import Said, say_fields, say_identity
from app.console.portal_tracks import TELLING, Tracks, by_track, read_tracks
from app.runtime import Runtime
from core.accounts.models import Account
from core.clock import utc_now
from core.errors import AppError, NotFoundError
from core.ids import new_id
from referrals.agencies.directory import ListedAgency, read_agencies
from referrals.agencies.kinds import AgencyKind
from referrals.agencies.officers import ROLE
from referrals.agencies.pairings import may_refer, read_pairings
from referrals.agencies.templates import Named, templates
from referrals.cleaning.kinds import MOST_BYTES
from referrals.models import ReferralEntry
from referrals.referring.answering import open_request
from referrals.referring.consents import last_word
from referrals.referring.files import GivenFile, list_files
from referrals.referring.finding import Found, find
from referrals.referring.messages import Message, read_thread
from referrals.referring.models import AgencyFile, AgencyMessage, AgencyReferral
from referrals.referring.reading import Shared
from referrals.referring.stepping import PENDING, REFUSED, WORKING
from referrals.referring.wording import LONGEST_CITIZEN_TEXT, LONGEST_NOTE, LONGEST_REASON
from referrals.tracks.models import CaseEvent
from referrals.tracks.visibility import sees

router = APIRouter()
PAGE = f"{CASES}/{{agency_referral_id}}"
# What may come back with a refused form; `opens` is the part of the page where it stands.
_TYPED = ("opens", "text", "note", "reason", "next_agency", "outcome", "why", "slot")


@dataclass(frozen=True, slots=True)
class Whole:
    """Everything that the page shows of a request."""

    shared: Shared
    fields: list[Said]
    who: list[Said]
    answered_by: str
    messages: list[Message]
    files: list[GivenFile]
    tracks: Tracks
    others: list[ListedAgency]
    writes_back: bool
    # When the person wrote last, for the kinds that plan visits by it.
    last_wrote: datetime | None

    @property
    def ref(self) -> str:
        return ref_of(self.shared.id)

    @property
    def is_pending(self) -> bool:
        return self.shared.state in PENDING

    @property
    def is_working(self) -> bool:
        return self.shared.state in WORKING

    @property
    def is_refused(self) -> bool:
        return self.shared.state in REFUSED

    @property
    def may_tell(self) -> bool:
        return self.shared.state in TELLING

    @property
    def may_ask(self) -> bool:
        return self.is_working and self.shared.identity in {"withheld", "refused", "taken_back"}


async def read_whole(desk: Desk, runtime: Runtime, request_id: UUID) -> Whole:
    """Read a request of the desk's agency and note that it was read; raises NotFoundError."""
    session, keys, party, now = desk.session, runtime.keys, desk.party, utc_now()
    shared = await open_request(session, keys, request_id, party, now=now)
    found = await find(session, request_id, party)
    return Whole(
        shared=shared,
        fields=say_fields(shared.fields),
        who=say_identity(shared.who),
        answered_by=await _answered_by(desk, request_id),
        messages=await read_thread(session, keys, request_id, party, now=now),
        files=await list_files(session, keys, request_id, party),
        tracks=Tracks((), ())
        if shared.state in REFUSED
        else await read_tracks(desk, runtime, found, now=now),
        others=await _others(desk) if shared.state in PENDING else [],
        writes_back=await may_refer(session, desk.agency.id, None),
        last_wrote=await _last_wrote(desk, found),
    )


async def _answered_by(desk: Desk, request_id: UUID) -> str:
    """Return who of the agency answered; each side sees the names of its own people alone."""
    name = await desk.session.scalar(
        sa.select(Account.name)
        .join(AgencyReferral, AgencyReferral.answered_by == Account.id)
        .where(AgencyReferral.id == request_id, Account.role == ROLE)
    )
    return name or ""


async def _last_wrote(desk: Desk, found: Found) -> datetime | None:
    """Return when the person wrote last, where the kind may know that; never what."""
    if found.row.state in REFUSED or sees(cast("AgencyKind", desk.agency.kind), "thread") == "none":
        return None
    return await desk.session.scalar(
        sa.select(sa.func.max(ReferralEntry.at)).where(
            ReferralEntry.referral_id == found.referral.id, ReferralEntry.author == "citizen"
        )
    )


async def _others(desk: Desk) -> list[ListedAgency]:
    """Return whom the agency may name when it declines: whom it is paired with, and the hotline too."""
    ways = {(one.giver_id, one.taker_id) for one in await read_pairings(desk.session)}
    return [
        one for one in await read_agencies(desk.session) if {(desk.agency.id, one.id), (None, one.id)} <= ways
    ]


@router.get(PAGE, name="portal_case.read")
async def show_case(request: Request, agency_referral_id: UUID, caller: Reader) -> Response:
    return await draw_case(request, agency_referral_id, caller)


async def draw_case(
    request: Request,
    request_id: UUID,
    caller: Caller,
    *,
    problem: AppError | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response:
    """Draw the page, with what was typed and refused; raises NotFoundError for whom it is not."""
    runtime: Runtime = request.app.state.runtime
    async with at_desk(request, caller, "portal_case.read") as desk:
        shown = await _read(desk, runtime, request_id, caller)
    return draw(
        request, "portal_case.html", caller, status=problem.status if problem else 200, problem=problem, **shown,
        typed=dict.fromkeys(_TYPED, "") | dict(typed or {}), form_id=new_id(), is_news=False,
        declines=_words(templates().decline), outcomes=_words(templates().outcome), longest_note=LONGEST_NOTE,
        longest_reason=LONGEST_REASON, longest_citizen=LONGEST_CITIZEN_TEXT, most_bytes=MOST_BYTES,
    )  # fmt: skip


async def _read(desk: Desk, runtime: Runtime, request_id: UUID, caller: Caller) -> dict[str, Any]:
    """Everything of a request that its page shows, forms apart."""
    whole = await read_whole(desk, runtime, request_id)
    known = templates()
    takes = known.template[desk.agency.template].takes
    return {
        "case": whole, "shared": whole.shared, "agency": desk.agency, "may_write": "partner.write" in caller.scopes,
        "new_steps": by_track([one for one in whole.tracks.nexts if not one.is_told]),
        "told_steps": by_track([one for one in whole.tracks.nexts if one.is_told]),
        "slots": _words({code: known.slot[code] for code in takes}),
        "said": lambda kind, code: say_named(getattr(known, kind).get(code), code),
        "version": await version_of(desk.session, await find(desk.session, request_id, desk.party)),
    }  # fmt: skip


@router.get(f"{PAGE}/news", name="portal_case.news")
async def see_news(
    request: Request, agency_referral_id: UUID, caller: PassiveReader, seen: str = ""
) -> Response:
    """Draw words, files and steps anew when they changed; what shows nothing new is no reading."""
    runtime: Runtime = request.app.state.runtime
    async with runtime.database.unit_of_work() as session:
        found, desk = None, await desk_of(session, caller)
        if desk is not None:
            with contextlib.suppress(NotFoundError):
                found = await find(session, agency_referral_id, desk.party)
        version = await version_of(session, found) if found else ""
    if version and version == seen:
        return Response(status_code=204)
    if version and version.partition(".")[0] != seen.partition(".")[0]:
        return Response(status_code=204, headers={"HX-Refresh": "true"})
    # Of whom it is not, this fails again and leaves its row.
    async with at_desk(request, caller, "portal_case.read" if found else "") as again:
        shown = await _read(again, runtime, agency_referral_id, caller)
    return draw(request, "_portal_news.html", caller, is_news=True, **shown)


async def version_of(session: AsyncSession, found: Found) -> str:
    """Name what the page of a request shows: how it stands, then words, files and steps."""
    row, request_id = found.row, found.row.id
    word = await last_word(session, row.referral_id, found.agency.kind)
    stands = (row.state, row.identity, row.identity_at, row.acknowledged_at, word)
    told = await session.scalar(
        sa.select(CaseEvent.id)
        .where(CaseEvent.referral_id == row.referral_id)
        .order_by(CaseEvent.id.desc())
        .limit(1)
    )
    said = await session.execute(
        sa.select(sa.func.count(), sa.func.count(AgencyMessage.read_at)).where(
            AgencyMessage.agency_referral_id == request_id
        )
    )
    files = await session.scalar(
        sa.select(sa.func.count()).where(AgencyFile.agency_referral_id == request_id)
    )
    parts = (stands, (told, tuple(said.one()), files))
    return ".".join(hashlib.sha256(repr(one).encode()).hexdigest()[:16] for one in parts)


def _words(named: Mapping[str, Named]) -> list[tuple[str, str]]:
    return [(code, say_named(one)) for code, one in named.items()]


def back_to(request_id: UUID) -> Response:
    return RedirectResponse(f"{CASES}/{request_id}", 303)
