"""Handing a report over: choosing what goes along, hiding places in it, and a sealed file of which nothing is kept."""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession

from app.auditing import audited
from app.auth import Caller, require
from app.console.case_page import oversees
from app.console.packet_contents import PARTS, WORDED, Contents, count_hidden, gather, hidden
from app.console.packet_paper import Cover, File, draw_packet, files_of, to_json
from app.console.pages import draw
from app.console.texts import FIRST, say_in
from app.examining.apart import examiner_of
from app.examining.asking import Suggest
from app.runtime import Runtime
from core.clock import utc_now
from core.errors import AppError, ConflictError, InvalidInputError, NotFoundError, TooLargeError
from core.ids import new_id
from referrals.cases import Case, read_case
from referrals.closing import LONGEST_REASON, reason_of
from referrals.evidence import open_evidence
from referrals.packets.gate import AGENCIES, GROUNDS, Ground, pass_gate
from referrals.packets.graphemes import Span, Suggestion, find_words, read_ranges
from referrals.packets.keeping import note_packet
from referrals.packets.sealing import new_password, read_password, seal_archive

router = APIRouter()
Writer = Annotated[Caller, Depends(require("referrals.read", "referrals.write"))]
# Of the files of one packet, in bytes as they are stored; more goes another way than through a browser.
MOST_BYTES = 100_000_000
_MOST_WORDS = 100
_MEDIA = {"pdf": "application/pdf", "zip": "application/zip"}


class PacketChangedError(ConflictError):
    """The report's words changed since they were looked through."""

    code = "packet_changed"


class PacketSizeError(TooLargeError):
    code = "packet_size"


class PacketPartsError(InvalidInputError):
    """A packet needs some part of the report, and only an archive can hold files."""

    code = "packet_parts"


class Wish(BaseModel):
    """What was chosen, as typed. `hide` are ranges of texts, `words` stand wherever they are to be hidden."""

    agency: str = Field(default="", max_length=20)
    named: Literal["", "yes"] = ""
    ground: str = Field(default="", max_length=20)
    reason: str = Field(default="", max_length=2_000)
    form: Literal["pdf", "zip"] = "pdf"
    parts: list[str] = Field(default_factory=list, max_length=len(PARTS))
    hide: list[str] = Field(default_factory=list, max_length=900)
    ranges: str = Field(default="", max_length=200_000)
    words: str = Field(default="", max_length=4_000)
    version: str = Field(default="", max_length=64)
    packet_id: UUID | None = None
    password: str = Field(default="", max_length=64)


FIRST_WISH = Wish(parts=[part for part in PARTS if part != "files"])


@router.get("/console/referrals/{referral_id}/packet", name="referral.choose_packet")
async def choose_packet(request: Request, referral_id: UUID, caller: Writer) -> Response:
    """Show what can go along and what could tell who it is."""
    return await _chooser(request, referral_id, caller, FIRST_WISH)


@router.post("/console/referrals/{referral_id}/packet/check", name="referral.check_packet")
async def check_packet(
    request: Request, referral_id: UUID, caller: Writer, wish: Annotated[Wish, Form()]
) -> Response:
    """Show the packet as it would go out, and the password that will open it."""
    try:
        async with audited(request, caller) as session:
            contents = await _contents(session, request, referral_id, caller)
            ground = _allowed(wish, contents, caller)
            ranges = _ranges(wish, contents)
    except NotFoundError:
        raise
    except AppError as error:
        return await _chooser(request, referral_id, caller, wish, error)
    mark = say_in(FIRST, "packet.mark")
    return draw(
        request, "packet_check.html", caller, referral_id=referral_id, wish=wish, ground=ground, mark=mark,
        contents=hidden(contents, ranges, mark), redactions=count_hidden(ranges), password=new_password(),
        packet_id=new_id(), version=contents.version, worded=WORDED,
        ranges="\n".join(f"{piece}:{one.start}:{one.end}" for piece, spans in ranges.items() for one in spans),
    )  # fmt: skip


@router.post("/console/referrals/{referral_id}/packet", name="referral.make_packet")
async def make_packet(
    request: Request, referral_id: UUID, caller: Writer, wish: Annotated[Wish, Form()]
) -> Response:
    """Hand the sealed packet over; the server forgets it and its password at once."""
    runtime: Runtime = request.app.state.runtime
    try:
        async with audited(request, caller) as session:
            sealed = await _make(session, runtime, request, referral_id, caller, wish)
    except NotFoundError:
        raise
    except AppError as error:
        return await _chooser(request, referral_id, caller, wish, error)
    name = f"packet-{(wish.packet_id or referral_id).hex[-8:]}.{wish.form}"
    return Response(
        sealed,
        media_type=_MEDIA[wish.form],
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


async def _make(
    session: AsyncSession, runtime: Runtime, request: Request, referral_id: UUID, caller: Caller, wish: Wish
) -> bytes:
    contents = await _contents(session, request, referral_id, caller)
    ground, password = _allowed(wish, contents, caller), read_password(wish.password)
    if wish.packet_id is None:
        raise InvalidInputError("look the packet through first")
    ranges = _ranges(wish, contents)
    case = await _case(session, runtime, referral_id, caller)
    cover = Cover(
        wish.packet_id, wish.agency, caller.name, utc_now(), wish.named == "yes", ground,
        frozenset(part for part in PARTS if part in wish.parts),
    )  # fmt: skip
    files = await _files(session, runtime, case, contents, cover)
    shown = hidden(contents, ranges, say_in(FIRST, "packet.mark"))
    sealed = await asyncio.to_thread(_seal, wish.form, cover, shown, files, password)
    await note_packet(
        session, runtime.keys, case.referral, packet_id=wish.packet_id, account_id=caller.account_id,
        agency=wish.agency, with_identity=cover.with_identity, override=ground, form=wish.form,
        parts=[part for part in PARTS if part in cover.parts], redactions=count_hidden(ranges),
        reason=reason_of(wish.reason), sealed=sealed,
    )  # fmt: skip
    return sealed


def _seal(form: str, cover: Cover, contents: Contents, files: Sequence[File], password: str) -> bytes:
    paper = draw_packet(cover, contents, files, password)
    if form == "pdf":
        return paper
    along = {file.name: file.content for file in files} if "files" in cover.parts else {}
    return seal_archive(
        {"packet.pdf": paper, "packet.json": to_json(cover, contents, files), **along}, password
    )


async def _case(session: AsyncSession, runtime: Runtime, referral_id: UUID, caller: Caller) -> Case:
    """Return the case of whoever holds or held it, or supervises; raises NotFoundError else."""
    case = await read_case(session, runtime.keys, referral_id, caller.account_id, oversees=oversees(caller))
    if not case.shows_words:
        raise NotFoundError("nothing of this referral is yours to hand over")
    return case


async def _contents(session: AsyncSession, request: Request, referral_id: UUID, caller: Caller) -> Contents:
    runtime: Runtime = request.app.state.runtime
    return await gather(session, runtime, await _case(session, runtime, referral_id, caller))


def _allowed(wish: Wish, contents: Contents, caller: Caller) -> Ground | None:
    """Check what was chosen; return the ground where the person had not agreed."""
    if not set(wish.parts) & set(PARTS) or ("files" in wish.parts and wish.form != "zip"):
        raise PacketPartsError("choose what goes along; files only into an archive")
    reason_of(wish.reason)
    return pass_gate(
        contents.consents, agency=wish.agency, with_identity=wish.named == "yes", ground=wish.ground,
        oversees=oversees(caller),
    )  # fmt: skip


def _ranges(wish: Wish, contents: Contents) -> dict[str, list[Span]]:
    if wish.version != contents.version:
        raise PacketChangedError("the report changed; look it through again")
    texts = contents.texts
    ranges = read_ranges([*wish.hide, *wish.ranges.split()], texts)
    words = [word for line in wish.words.splitlines() if (word := line.strip())]
    for piece, text in texts.items():
        if found := list(find_words(text, words[:_MOST_WORDS])):
            ranges.setdefault(piece, []).extend(found)
    return ranges


async def _files(
    session: AsyncSession, runtime: Runtime, case: Case, contents: Contents, cover: Cover
) -> list[File]:
    if not cover.parts & {"evidence", "files"}:
        return []
    if sum(piece.size or 0 for piece in contents.evidence) > MOST_BYTES:
        raise PacketSizeError("the files are too large for a packet; leave evidence out")
    opened = {
        piece.id: await open_evidence(session, runtime.keys, case.referral, piece.id)
        for piece in contents.evidence
    }
    return files_of(contents, opened)


async def _chooser(
    request: Request, referral_id: UUID, caller: Caller, wish: Wish, problem: AppError | None = None
) -> Response:
    async with audited(request, caller, "referral.choose_packet") as session:
        contents = await _contents(session, request, referral_id, caller)
    suggested = (await examiner_of(request).ask(Suggest(contents.texts))).found
    is_fresh = wish.version != contents.version
    return draw(
        request, "packet.html", caller, status=problem.status if problem else 200, problem=problem,
        referral_id=referral_id, contents=contents, wish=wish, suggested=suggested, agencies=AGENCIES, grounds=GROUNDS,
        parts=PARTS, worded=WORDED, oversees=oversees(caller), longest_reason=LONGEST_REASON, is_fresh=is_fresh,
        consents={one.agency: one for one in contents.consents}, own=_own(wish, contents, suggested, is_fresh=is_fresh),
        chosen=set(wish.hide) | set(wish.ranges.split()),
    )  # fmt: skip


def _own(
    wish: Wish, contents: Contents, suggested: dict[str, list[Suggestion]], *, is_fresh: bool
) -> dict[str, list[Span]]:
    """What was marked by hand, to be marked again after a refused form; nothing of texts that changed."""
    if is_fresh:
        return {}
    try:
        ranges = read_ranges([*wish.hide, *wish.ranges.split()], contents.texts)
    except InvalidInputError:
        return {}
    offered = {piece: {one.span for one in found} for piece, found in suggested.items()}
    return {
        piece: [span for span in spans if span not in offered.get(piece, ())]
        for piece, spans in ranges.items()
    }
