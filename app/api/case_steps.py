"""Working on a report: each call is a step of the console, under a key, so that a retry does it once."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from app.api.access import Program, require_token
from app.api.case import readable
from app.api.once import DONE, WriteKey, once
from app.api.texts import texts
from app.faces.routers import make_router
from app.runtime import Runtime
from core.accounts.repeated_calls import Done
from referrals.cases import LONGEST_ANSWER, answer
from referrals.closing import (
    LONGEST_REASON,
    Outcome,
    Wish,
    approve_closing,
    close_case,
    refuse_closing,
    reopen_case,
)  # fmt: skip
from referrals.desk.notes import LONGEST_NOTE, Level, withdraw_note, write_note
from referrals.listing.filters import Priority
from referrals.queue import claim, release
from referrals.urgency import set_priority

router = make_router("case")
Writer = Annotated[Program, Depends(require_token("referrals.read", "referrals.write"))]
Supervisor = Annotated[Program, Depends(require_token("referrals.read", "referrals.assign"))]
_VISIBLE = r"\S"


class Given(BaseModel):
    """A body; what it does not know it refuses."""

    model_config = ConfigDict(extra="forbid")


class Made(BaseModel):
    """What was added."""

    id: UUID


class Words(Given):
    text: str = Field(
        min_length=1, max_length=LONGEST_ANSWER, pattern=_VISIBLE, examples=[texts().example.answer]
    )


class NoteWritten(Given):
    text: str = Field(min_length=1, max_length=LONGEST_NOTE, pattern=_VISIBLE)
    level: Level = Field(description="Who may read it: the widest is the person, the narrowest you alone.")


class Closing(Given):
    outcome: Outcome
    text: str = Field(
        default="", max_length=LONGEST_ANSWER, description="What the person reads; empty tells nothing."
    )
    follow_up_on: date | None = Field(
        default=None, description="When somebody should look again, within a year."
    )


class Reason(Given):
    why: str = Field(min_length=1, max_length=LONGEST_REASON, pattern=_VISIBLE)


class Urgency(Given):
    priority: Priority
    why: str = Field(default="", max_length=LONGEST_REASON, description="Needed where it sinks.")


@router.post(
    "/referrals/{referral_id}/claim", name="referral.claim", summary="Claim a report", status_code=204
)
async def post_claim(request: Request, referral_id: UUID, program: Writer, key: WriteKey) -> Response:
    """Of any number that claim at once one gets it; the others are told who holds it (409 `held`)."""

    async def work(session: AsyncSession, _form_id: UUID) -> Done:
        await claim(session, referral_id, program.account_id)
        return DONE

    return await once(request, program, key, work)


@router.post(
    "/referrals/{referral_id}/release", name="referral.release", summary="Give a report back", status_code=204
)
async def post_release(request: Request, referral_id: UUID, program: Writer, key: WriteKey) -> Response:
    async def work(session: AsyncSession, _form_id: UUID) -> Done:
        await release(session, referral_id, program.account_id)
        return DONE

    return await once(request, program, key, work)


@router.post(
    "/referrals/{referral_id}/answers", name="referral.answer", summary="Answer the person", status_code=201,
    response_model=Made,
)  # fmt: skip
async def post_answer(
    request: Request, referral_id: UUID, program: Writer, key: WriteKey, given: Words
) -> Response:
    """Write to the person, as who holds the report. It goes out when they may be written to, and not before."""
    runtime: Runtime = request.app.state.runtime

    async def work(session: AsyncSession, form_id: UUID) -> Done:
        entry_id = await answer(
            session, runtime.keys, referral_id=referral_id, account_id=program.account_id, text=given.text,
            notice=texts().notice, form_id=form_id,
        )  # fmt: skip
        return Done(201, entry_id)

    return await once(request, program, key, work)


@router.post(
    "/referrals/{referral_id}/notes", name="referral.add_note", summary="Add a note", status_code=201,
    response_model=Made,
)  # fmt: skip
async def post_note(
    request: Request, referral_id: UUID, program: Writer, key: WriteKey, given: NoteWritten
) -> Response:
    runtime: Runtime = request.app.state.runtime

    async def work(session: AsyncSession, form_id: UUID) -> Done:
        referral = await readable(session, runtime, referral_id, program)
        note_id = await write_note(
            session, runtime.keys, referral, account_id=program.account_id, level=given.level, text=given.text,
            form_id=form_id,
        )  # fmt: skip
        return Done(201, note_id)

    return await once(request, program, key, work)


@router.post(
    "/referrals/{referral_id}/notes/{note_id}/withdraw", name="referral.withdraw_note", summary="Withdraw a note",
    status_code=204,
)  # fmt: skip
async def post_withdraw(
    request: Request, referral_id: UUID, note_id: UUID, program: Writer, key: WriteKey
) -> Response:
    """Take one's own note back: its words go, that there was one stays."""

    async def work(session: AsyncSession, _form_id: UUID) -> Done:
        await withdraw_note(session, referral_id, note_id, program.account_id)
        return DONE

    return await once(request, program, key, work)


@router.post(
    "/referrals/{referral_id}/priority", name="referral.set_priority", summary="Change how urgent it is",
    status_code=204,
)  # fmt: skip
async def post_priority(
    request: Request, referral_id: UUID, program: Writer, key: WriteKey, given: Urgency
) -> Response:
    """Raised freely; lowered by who holds it or a supervisor, with a reason."""
    runtime: Runtime = request.app.state.runtime

    async def work(session: AsyncSession, _form_id: UUID) -> Done:
        await set_priority(
            session, runtime.keys, referral_id=referral_id, account_id=program.account_id,
            priority=given.priority, why=given.why, oversees=program.oversees,
        )  # fmt: skip
        return DONE

    return await once(request, program, key, work)


@router.post(
    "/referrals/{referral_id}/close", name="referral.close", summary="Close a report", status_code=204,
    responses={202: {"description": "A supervisor looks first; until then it stays open."}},
)  # fmt: skip
async def post_close(
    request: Request, referral_id: UUID, program: Writer, key: WriteKey, given: Closing
) -> Response:
    runtime: Runtime = request.app.state.runtime

    async def work(session: AsyncSession, form_id: UUID) -> Done:
        is_closed = await close_case(
            session, runtime.keys, referral_id=referral_id, account_id=program.account_id,
            wish=Wish(given.outcome, given.text, given.follow_up_on), notice=texts().notice, form_id=form_id,
        )  # fmt: skip
        return DONE if is_closed else Done(202)

    return await once(request, program, key, work)


@router.post(
    "/referrals/{referral_id}/close/approve", name="referral.approve_closing", summary="Let a report be closed",
    status_code=204,
)  # fmt: skip
async def post_approve(request: Request, referral_id: UUID, program: Supervisor, key: WriteKey) -> Response:
    """As another supervisor than who asked."""
    runtime: Runtime = request.app.state.runtime

    async def work(session: AsyncSession, form_id: UUID) -> Done:
        await approve_closing(
            session, runtime.keys, referral_id=referral_id, account_id=program.account_id, notice=texts().notice,
            form_id=form_id,
        )  # fmt: skip
        return DONE

    return await once(request, program, key, work)


@router.post(
    "/referrals/{referral_id}/close/refuse", name="referral.refuse_closing", summary="Let a report go on",
    status_code=204,
)  # fmt: skip
async def post_refuse(
    request: Request, referral_id: UUID, program: Supervisor, key: WriteKey, given: Reason
) -> Response:
    runtime: Runtime = request.app.state.runtime

    async def work(session: AsyncSession, _form_id: UUID) -> Done:
        await refuse_closing(
            session, runtime.keys, referral_id=referral_id, account_id=program.account_id, why=given.why
        )
        return DONE

    return await once(request, program, key, work)


@router.post(
    "/referrals/{referral_id}/reopen", name="referral.reopen", summary="Begin again", status_code=204
)
async def post_reopen(
    request: Request, referral_id: UUID, program: Writer, key: WriteKey, given: Reason
) -> Response:
    """By who held it last, or a supervisor; they hold it from then on."""
    runtime: Runtime = request.app.state.runtime

    async def work(session: AsyncSession, _form_id: UUID) -> Done:
        await reopen_case(
            session, runtime.keys, referral_id=referral_id, account_id=program.account_id, why=given.why,
            oversees=program.oversees,
        )  # fmt: skip
        return DONE

    return await once(request, program, key, work)
