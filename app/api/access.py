"""Who may call the staff interface: every route states it by `require_token(…)`; a bearer token, no cookie, no form."""

import dataclasses
from dataclasses import dataclass
from uuid import UUID

from fastapi import Request

from app.auditing import note_apart
from app.auth import describe_act, network_address
from app.runtime import Runtime
from core.accounts.guessing import reserve_guess
from core.accounts.places import network_of
from core.accounts.tokens import Keyholder, keep_pace, read_token
from core.errors import AppError, ForbiddenError, InvalidInputError
from core.permissions import Scope

_SCHEME = "bearer "


class NoTokenError(AppError):
    """No bearer token, or one that does not hold (any more)."""

    code = "token"
    status = 401


class TokenScopeError(ForbiddenError):
    """The token was not made for this, or its holder's role no longer allows it."""

    code = "scope"


@dataclass(frozen=True, slots=True)
class Program:
    """The program behind a request: whose it is, and what it may do."""

    token_id: UUID
    account_id: UUID
    scopes: frozenset[Scope]

    @property
    def oversees(self) -> bool:
        """Whether its holder may look over others' cases, and the token was made for that."""
        return "referrals.assign" in self.scopes


class TokenAccess:
    """A dependency that lets through only programs whose token has all `scopes`.

    A refusal is audited as `action` where the console has another name for it than the route's.
    """

    def __init__(self, scopes: frozenset[Scope], action: str = "") -> None:
        self.scopes = scopes
        self.action = action

    async def __call__(self, request: Request) -> Program:
        runtime: Runtime = request.app.state.runtime
        holder = await _holder(request, runtime)
        program = Program(holder.token_id, holder.account.id, holder.scopes)
        async with runtime.database.unit_of_work() as session:
            await keep_pace(session, holder.token_id)
        if not self.scopes <= holder.scopes:
            act = describe_act(request)
            act = dataclasses.replace(act, action=self.action or act.action)
            await note_apart(runtime, program, act, "refused")
            raise TokenScopeError(f"this needs a token for {', '.join(sorted(self.scopes))}")
        if request.url.query and not _takes_query(request):
            raise InvalidInputError("this address takes no parameters")
        return program


def require_token(*scopes: Scope, action: str = "") -> TokenAccess:
    return TokenAccess(frozenset(scopes), action)


async def _holder(request: Request, runtime: Runtime) -> Keyholder:
    """Whose token came with the request; wrong ones are counted by network, and soon told to wait.

    A right one is never held up by somebody else's guesses: 256 random bits are not guessed.
    """
    given = request.headers.get("authorization", "")
    token = given[len(_SCHEME) :].strip() if given[: len(_SCHEME)].casefold() == _SCHEME else ""
    if not token:
        raise NoTokenError("send `Authorization: Bearer …` with a token from the console")
    async with runtime.database.unit_of_work() as session:
        holder = await read_token(session, token)
    if holder is not None:
        return holder
    where = network_address(request)
    async with runtime.database.unit_of_work() as session:
        await reserve_guess(
            session, runtime.keys.keyset, who=f"token from {network_of(where)}", where=where, device=None
        )
    raise NoTokenError("this token is wrong, has ended or was revoked; make another in the console")


def _takes_query(request: Request) -> bool:
    dependant = getattr(request.scope.get("route"), "dependant", None)
    return bool(dependant and dependant.query_params)
