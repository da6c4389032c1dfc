"""What the sign-in, enrolment and welcome pages share: known browsers, the confirmed session, its cookies."""

from uuid import UUID

from fastapi import Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth import Caller, device_cookie, keep_session, network_address, place_here, set_cookie
from app.runtime import Runtime
from core.accounts.guessing import Guess, device_sign, known_device, reserve_guess
from core.accounts.sessions import end_session, start_session
from core.audit.chain import Outcome, record_audit

_DEVICE_SECONDS = 180 * 86_400


async def reserve(request: Request, who: str, account_id: UUID | None) -> Guess:
    """Write a guess down before it is judged, in a transaction of its own; raises SlowDownError."""
    runtime: Runtime = request.app.state.runtime
    keyset = runtime.keys.keyset
    sign = request.cookies.get(device_cookie(runtime.settings), "")
    async with runtime.database.unit_of_work() as session:
        return await reserve_guess(
            session,
            keyset,
            who=who,
            where=network_address(request),
            device=known_device(keyset, account_id, sign),
        )


async def confirm(request: Request, session: AsyncSession, caller: Caller) -> str:
    """Replace the halfway session by a confirmed one and return its token: a token never gains rights."""
    await end_session(session, caller.session_id)
    token = await start_session(session, caller.account_id, confirmed=True, place=place_here(request))
    await note(session, caller.account_id, "account.sign_in", "ok")
    return token


async def note(session: AsyncSession, account_id: UUID, action: str, outcome: Outcome) -> None:
    await record_audit(
        session,
        actor_id=account_id,
        action=action,
        object_kind="account",
        object_id=account_id,
        outcome=outcome,
    )


async def note_refused(runtime: Runtime, account_id: UUID, action: str) -> None:
    async with runtime.database.unit_of_work() as session:
        await note(session, account_id, action, "refused")


def let_in(response: Response, runtime: Runtime, account_id: UUID, token: str) -> Response:
    """Put the session's and the known browser's cookies on the answer."""
    keep_session(response, runtime.settings, token)
    sign = device_sign(runtime.keys.keyset, account_id)
    set_cookie(response, runtime.settings, device_cookie(runtime.settings), sign, _DEVICE_SECONDS)
    return response
