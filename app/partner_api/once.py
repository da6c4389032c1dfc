"""Doing a write once: under its key, in one audited transaction, with an answer that says the same when asked again.

A key for trying out works on made-up cases, which are laid before and taken away after, and remembers its keys apart.
"""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Annotated
from uuid import UUID

from fastapi import Header, Request
from fastapi.responses import JSONResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.auditing import audited
from app.partner_api.access import Program
from app.partner_api.trial import tried_out
from app.runtime import Runtime
from core.accounts.repeated_calls import LONGEST_KEY, Done
from core.clock import utc_now
from core.errors import InvalidInputError
from referrals.agencies.calls import ProgramWrite, begin_write, end_write

# What does the work: it is given the transaction and an id that is the same for the same key.
Work = Callable[[AsyncSession, UUID], Awaitable[Done]]

WriteKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        description="New for each write, the same when it is tried again: then it is done once.",
        min_length=1,
        max_length=LONGEST_KEY,
        pattern=r"^[\x20-\x7e]+$",
        examples=["7d8f3c1e-0b64-4d0e-9f3a-6f1f0f2f9a11"],
    ),
]
DONE = Done(204)


@contextlib.asynccontextmanager
async def worked(request: Request, program: Program) -> AsyncIterator[AsyncSession]:
    """Open the transaction of a request: on the cases of its agency, or on made-up ones that leave nothing."""
    opened = tried_out(request, program) if program.is_sandbox else audited(request, program)
    async with opened as session:
        yield session


async def once(request: Request, program: Program, key: str, work: Work) -> Response:
    """Do `work` on a case unless it was done under this key before; either way answer alike."""
    if program.is_sandbox:
        return await _try(request, program, key, await _asked(request), work)
    return await keep_once(request, program, key, work)


async def keep_once(request: Request, program: Program, key: str, work: Work) -> Response:
    """Do `work` once, on what is a program's own also where its cases are made up."""
    asked = await _asked(request)
    async with audited(request, program) as session:
        write = await _begin(session, request, program, key, asked)
        done = write.earlier or await work(session, write.form_id)
        if write.earlier is None:
            await end_write(session, write, done, now=utc_now())
    return _answer(done, again=write.earlier is not None)


async def _try(request: Request, program: Program, key: str, asked: str, work: Work) -> Response:
    runtime: Runtime = request.app.state.runtime
    async with runtime.database.unit_of_work() as session:
        write = await _begin(session, request, program, key, asked)
    if write.earlier is not None:
        return _answer(write.earlier, again=True)
    async with tried_out(request, program) as session:
        done = await work(session, write.form_id)
    async with runtime.database.unit_of_work() as session:
        write = await _begin(session, request, program, key, asked)
        if write.earlier is None:
            await end_write(session, write, done, now=utc_now())
    return _answer(done, again=False)


async def _asked(request: Request) -> str:
    """Return all that a request asks for; raises InvalidInputError for a body where none belongs."""
    body = await request.body()
    if body and not getattr(request.scope.get("route"), "body_field", None):
        raise InvalidInputError("this call takes no body")
    return f"{request.method} {request.url.path}\0{body.decode('utf-8', 'replace')}"


async def _begin(
    session: AsyncSession, request: Request, program: Program, key: str, asked: str
) -> ProgramWrite:
    runtime: Runtime = request.app.state.runtime
    return await begin_write(
        session, runtime.keys.keyset, program_id=program.program_id, key=key, request=asked
    )


def _answer(done: Done, *, again: bool) -> Response:
    headers = {"Idempotency-Replayed": "true"} if again else {}
    if done.object_id is None:
        return Response(status_code=done.status, headers=headers)
    return JSONResponse({"id": str(done.object_id)}, done.status, headers)
