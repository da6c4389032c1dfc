"""Where programs get their tokens. Errors are those of RFC 6749 §5.2, as every OAuth client knows them."""

from typing import Any, Literal, NamedTuple
from uuid import UUID

from fastapi import Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from app.auditing import note_apart
from app.auth import Act
from app.faces.routers import make_router
from app.partner_api.access import slow_down
from app.partner_api.authorizing import Given, answer, read_form
from app.runtime import Runtime
from core.audit.chain import record_audit
from core.clock import utc_now
from referrals.agencies.models import AgencyProgram
from referrals.agencies.programs import PROGRAM_SCOPES, find_program
from referrals.agencies.tokens import keep_token

router = make_router("token")
ACTION = "agency_program.token"
_UNKNOWN = "invalid_client"
# The same words whatever it was: whether an id is one of ours is nobody's to learn.
_WHAT_TO_DO = (
    "the id or the secret is wrong, or the program was revoked; ask the hotline's supervisor for another"
)


class _Named(NamedTuple):
    """A program that has no token yet, for the audit."""

    account_id: UUID


class Token(BaseModel):
    """A token, for a quarter of an hour."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int = Field(description="Seconds.", examples=[900])
    scope: str = Field(examples=["cases.read messages.write"])


class OAuthError(BaseModel):
    """As RFC 6749 §5.2 says it."""

    error: str = Field(examples=["invalid_client"])
    error_description: str = ""


_FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "required": ["grant_type"],
                    "properties": {
                        "grant_type": {"type": "string", "enum": ["client_credentials"]},
                        "scope": {
                            "type": "string",
                            "description": f"Of {', '.join(PROGRAM_SCOPES)}, with blanks between; without it all that the program may.",
                        },
                        "client_id": {"type": "string", "description": "Where it is not in the Authorization header."},
                        "client_secret": {"type": "string", "description": "Where it is not in the Authorization header."},
                    },
                }
            }
        },
    }
}  # fmt: skip


@router.post(
    "/token", name=ACTION, summary="Get a token", response_model=Token, openapi_extra=_FORM,
    responses={400: {"model": OAuthError}, 401: {"model": OAuthError}},
)  # fmt: skip
async def post_token(request: Request) -> Response:
    """By client_secret_basic or client_secret_post. There are no refresh tokens: ask again."""
    runtime: Runtime = request.app.state.runtime
    form = read_form(await request.body(), request.headers.get("authorization", ""))
    async with runtime.database.unit_of_work() as session:
        program = await find_program(session, form.client_id) if form.client_id else None
        given = answer(form, program)
        if program is not None and given.token:
            await keep_token(session, program, given.token, given.scopes, now=utc_now())
            await record_audit(
                session,
                actor_id=program.id,
                action=ACTION,
                object_kind="agency_program",
                object_id=program.id,
            )
    if not given.token:
        await _refuse(request, runtime, program, given)
    body = given.body
    if body.get("error") == _UNKNOWN:
        body = {**body, "error_description": _WHAT_TO_DO}
    return JSONResponse(body, given.status, given.headers)


async def _refuse(request: Request, runtime: Runtime, program: AgencyProgram | None, given: Given) -> None:
    """Leave a row for a program that exists, and count wrong secrets; raises SlowDownError after a few."""
    if program is not None:
        act = Act(ACTION, "agency_program", program.id)
        await note_apart(runtime, _Named(program.id), act, "refused")
    if given.body.get("error") == _UNKNOWN:
        await slow_down(request, runtime, "secret")
