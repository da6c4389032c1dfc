"""Doing a write once: under its key, in one audited transaction, with an answer that says the same when asked again."""

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

from fastapi import Header, Request
from fastapi.responses import JSONResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.api.access import Program
from app.auditing import audited
from app.runtime import Runtime
from core.accounts.repeated_calls import LONGEST_KEY, Call, Done, begin_call, end_call
from core.errors import InvalidInputError

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


async def once(request: Request, program: Program, key: str, work: Work) -> Response:
    """Do `work` unless it was done under this key before; either way answer alike."""
    runtime: Runtime = request.app.state.runtime
    body = await request.body()
    if body and not getattr(request.scope.get("route"), "body_field", None):
        raise InvalidInputError("this call takes no body")
    asked = f"{request.method} {request.url.path}\0{body.decode('utf-8', 'replace')}"
    async with audited(request, program) as session:
        call = await begin_call(
            session, runtime.keys.keyset, token_id=program.token_id, key=key, request=asked
        )
        done = call.earlier or await _do(session, call, work)
    return _answer(done, again=call.earlier is not None)


async def _do(session: AsyncSession, call: Call, work: Work) -> Done:
    done = await work(session, call.form_id)
    await end_call(session, call, done)
    return done


def _answer(done: Done, *, again: bool) -> Response:
    headers = {"Idempotency-Replayed": "true"} if again else {}
    if done.object_id is None:
        return Response(status_code=done.status, headers=headers)
    return JSONResponse({"id": str(done.object_id)}, done.status, headers)
