"""One report: its facts for who works on the queue, its words under the very rules of the console (`read_case`)."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import sqlalchemy as sa
from fastapi import Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from app.api.access import Program, require_token
from app.auditing import audited
from app.faces.pages import Paging, open_cursor, seal_cursor
from app.faces.routers import make_router
from app.runtime import Runtime
from core.errors import NotFoundError
from referrals.cases import Case, read_case
from referrals.desk.notes import Level, read_notes, reader_of
from referrals.desk.tags import read_tags
from referrals.desk.titles import read_title
from referrals.models import Referral
from referrals.reports import read_report

router = make_router("case")
# As the console: every opening of a case is one act, whichever part of it was asked for.
READ = "referral.read"
Reader = Annotated[Program, Depends(require_token("referrals.read", action=READ))]


class Facts(BaseModel):
    """A report without its words; `title`, `tags` are null for who may not read those."""

    id: UUID
    priority: str = Field(examples=["P1"])
    state: str = Field(examples=["claimed"])
    source: str
    channel: str
    kinds: list[str]
    reasons: list[str]
    bands: list[str]
    place: str | None
    opened_at: datetime
    claimed_at: datetime | None
    first_answer_at: datetime | None
    closed_at: datetime | None
    closed_as: str | None
    # Waits for a supervisor's word on its closing.
    closing_as: str | None
    bot_dialogue: str | None
    holder: str | None
    is_yours: bool
    is_claimable: bool
    reads_words: bool
    may_talk: str | None
    title: str | None
    tags: list[str] | None


class Line(BaseModel):
    """A line of the thread; `text` is null where it was taken back, erased, or is not yours to read.

    `message_state` says how far an answer got; `pending` with `message_not_before` waits for the person's own hours.
    """

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    author: str = Field(examples=["citizen"])
    at: datetime
    text: str | None
    who: str | None
    mark: str | None = Field(examples=["claimed"])
    changes: list[str]
    taken_back: bool
    message_state: str | None = Field(examples=["sent"])
    message_reason: str | None
    message_not_before: datetime | None


class Thread(BaseModel):
    """Lines, the newest first; of a very long thread the newest 500 can be read."""

    lines: list[Line]
    next: str | None


class Answer(BaseModel):
    """What the person answered to one question, as codes; `text:…` holds their own words."""

    question: str = Field(examples=["can_leave"])
    codes: list[str] = Field(examples=[["no"]])
    questionnaire: str = Field(description="Hash of the questions as they were asked.")
    at: datetime


class Agency(BaseModel):
    """Whether the person lets an agency know, and of whom it comes."""

    model_config = ConfigDict(from_attributes=True)

    agency: str
    granted: bool
    with_identity: bool
    at: datetime


class Report(BaseModel):
    """The answers of a report and what they may come under; several bands may hold together, and none is a verdict."""

    answers: list[Answer]
    bands: list[str]
    ilo: list[int] = Field(description="Numbers of the ILO's indicators of forced labour.")
    consents: list[Agency]


class NoteRead(BaseModel):
    """A note; `text` is null where it was withdrawn or erased."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    level: Level
    text: str | None
    who: str
    is_own: bool
    at: datetime
    withdrawn_at: datetime | None


class Notes(BaseModel):
    """Notes that the caller may read, the newest first."""

    notes: list[NoteRead]


@router.get("/referrals/{referral_id}", name="referral.read", summary="Read the facts of a report")
async def read_facts(request: Request, referral_id: UUID, program: Reader) -> Facts:
    """What the queue knows of it; its title and labels for who may read its words."""
    runtime: Runtime = request.app.state.runtime
    async with audited(request, program, READ) as session:
        case = await _case(session, runtime, referral_id, program)
        title = await read_title(session, runtime.keys, case.referral) if case.shows_words else None
        tags = list(await read_tags(session, runtime.keys, case.referral)) if case.shows_words else None
    row = case.referral
    return Facts(
        id=row.id, priority=row.priority, state=row.state, source=row.source, channel=row.channel, kinds=row.kinds,
        reasons=row.reasons, bands=row.bands, place=row.place, opened_at=row.opened_at, claimed_at=row.claimed_at,
        first_answer_at=row.first_answer_at, closed_at=row.closed_at, closed_as=row.closed_as,
        closing_as=row.closing_as, bot_dialogue=row.bot_dialogue, holder=case.holder,
        is_yours=case.is_held_by_viewer, is_claimable=case.is_claimable, reads_words=case.shows_words,
        may_talk=case.may_talk, title=title, tags=tags,
    )  # fmt: skip


@router.get("/referrals/{referral_id}/thread", name="referral.read_thread", summary="Read the thread")
async def read_lines(
    request: Request, referral_id: UUID, program: Reader, paging: Annotated[Paging, Query()]
) -> Thread:
    """Who wrote when, the newest first; the words only for who holds or held it, and for supervisors once somebody did."""
    runtime: Runtime = request.app.state.runtime
    keyset, of = runtime.keys.keyset, f"thread {referral_id}"
    async with audited(request, program, READ) as session:
        before = open_cursor(keyset, program, of, paging.cursor, tuple[UUID])
        case = await _case(session, runtime, referral_id, program)
    lines = [line for line in reversed(case.lines) if before is None or line.id < before[0]]
    page = lines[: paging.limit]
    end = (page[-1].id,) if len(lines) > paging.limit else None
    return Thread(
        lines=[Line.model_validate(line) for line in page], next=seal_cursor(keyset, program, of, end)
    )


@router.get("/referrals/{referral_id}/report", name="referral.read_report", summary="Read the answers")
async def read_answers(request: Request, referral_id: UUID, program: Reader) -> Report:
    """The answers to the questions of the report, the newest to each; 404 for who may not read its words."""
    runtime: Runtime = request.app.state.runtime
    async with audited(request, program, READ) as session:
        referral = await readable(session, runtime, referral_id, program)
        report = await read_report(session, runtime.keys, referral)
    return Report(
        answers=[
            Answer(
                question=told.question,
                codes=list(told.codes),
                questionnaire=told.questionnaire.hash,
                at=told.at,
            )
            for told in report.answers.values()
        ],
        bands=referral.bands,
        ilo=list(report.assessment.ilo) if report.assessment else [],
        consents=[Agency.model_validate(one) for one in report.consents],
    )


@router.get("/referrals/{referral_id}/notes", name="referral.read_notes", summary="Read the notes")
async def read_own_notes(request: Request, referral_id: UUID, program: Reader) -> Notes:
    """Those that the caller may read: their own, the team's, and all but others' private ones with the words."""
    runtime: Runtime = request.app.state.runtime
    async with audited(request, program, READ) as session:
        case = await _case(session, runtime, referral_id, program)
        readers = await reader_of(session, case.referral, program.account_id, reads_words=case.shows_words)
        notes = await read_notes(session, runtime.keys, case.referral, program.account_id, readers)
    return Notes(notes=[NoteRead.model_validate(note) for note in notes])


async def readable(session: AsyncSession, runtime: Runtime, referral_id: UUID, program: Program) -> Referral:
    """Return the referral, locked, when the caller may read its words; raises NotFoundError else."""
    await session.execute(sa.select(Referral.id).where(Referral.id == referral_id).with_for_update())
    case = await _case(session, runtime, referral_id, program)
    if not case.shows_words:
        raise NotFoundError("nothing of this referral is yours to work on")
    return case.referral


async def _case(session: AsyncSession, runtime: Runtime, referral_id: UUID, program: Program) -> Case:
    return await read_case(session, runtime.keys, referral_id, program.account_id, oversees=program.oversees)
