"""Who may call the partner interface: every route states it by `require_program(…)`; a bearer token, nothing else."""

from dataclasses import dataclass
from uuid import UUID

from fastapi import Request

from app.auditing import note_apart
from app.auth import describe_act, network_address
from app.runtime import Runtime
from core.accounts.guessing import reserve_guess
from core.accounts.places import network_of
from core.clock import utc_now
from core.crypto.keyset import Keyset
from core.errors import AppError, ForbiddenError, InvalidInputError
from referrals.agencies.kinds import AgencyKind
from referrals.agencies.programs import ProgramScope
from referrals.agencies.tokens import TokenHolder, keep_pace, read_token
from referrals.referring.finding import ByAgency

_SCHEME = "bearer "


class NoTokenError(AppError):
    """No bearer token, or one that does not hold (any more)."""

    code = "token"
    status = 401


class TokenScopeError(ForbiddenError):
    """The token was not given for this."""

    code = "scope"


@dataclass(frozen=True, slots=True)
class Program:
    """The program behind a request: of which agency it is, and what it may do."""

    program_id: UUID
    # As which it works: its agency, or a made-up one where it tries things out.
    agency_id: UUID
    own_agency_id: UUID
    kind: AgencyKind
    scopes: frozenset[ProgramScope]
    is_sandbox: bool

    @property
    def account_id(self) -> UUID:
        """As whom the audit and cursors know it: a program stands for itself, no member of staff is behind it."""
        return self.program_id

    @property
    def party(self) -> ByAgency:
        """As whom the rules of referring know it."""
        return ByAgency(self.agency_id, program_id=self.program_id, source="api")


class ProgramAccess:
    """A dependency that lets through only programs whose token has all `scopes`."""

    def __init__(self, scopes: frozenset[ProgramScope]) -> None:
        self.scopes = scopes

    async def __call__(self, request: Request) -> Program:
        runtime: Runtime = request.app.state.runtime
        holder = await _holder(request, runtime)
        program = _program(holder, runtime)
        async with runtime.database.unit_of_work() as session:
            await keep_pace(session, holder.program_id, now=utc_now())
        if not self.scopes <= holder.scopes:
            await note_apart(runtime, program, describe_act(request), "refused")
            raise TokenScopeError(f"this needs a token for {', '.join(sorted(self.scopes))}")
        if request.url.query and not _takes_query(request):
            raise InvalidInputError("this address takes no parameters")
        return program


def _program(holder: TokenHolder, runtime: Runtime) -> Program:
    works_as = (
        made_up_id(runtime.keys.keyset, holder.program_id, "agency")
        if holder.is_sandbox
        else holder.agency_id
    )
    return Program(
        holder.program_id, works_as, holder.agency_id, holder.agency_kind, holder.scopes, holder.is_sandbox
    )


def made_up_id(keyset: Keyset, program_id: UUID, name: str) -> UUID:
    """Return the id of something made up for a program to try things out on: always the same, of this program alone."""
    return UUID(bytes=keyset.index("partner-trial", f"{program_id}\0{name}"))


def require_program(*scopes: ProgramScope) -> ProgramAccess:
    return ProgramAccess(frozenset(scopes))


async def _holder(request: Request, runtime: Runtime) -> TokenHolder:
    """Whose token came with the request; wrong ones are counted by network, and soon told to wait."""
    given = request.headers.get("authorization", "")
    token = given[len(_SCHEME) :].strip() if given[: len(_SCHEME)].casefold() == _SCHEME else ""
    if not token:
        raise NoTokenError("send `Authorization: Bearer …` with a token from /partner/v1/token")
    async with runtime.database.unit_of_work() as session:
        holder = await read_token(session, token, now=utc_now())
    if holder is not None:
        return holder
    await slow_down(request, runtime, "token")
    raise NoTokenError("this token is wrong or has ended; ask for another at /partner/v1/token")


async def slow_down(request: Request, runtime: Runtime, guessed: str) -> None:
    """Count a wrong guess by the network that it came from; raises SlowDownError after a few.

    A right one is never held up by somebody else's guesses: 256 random bits are not guessed.
    """
    where = network_address(request)
    async with runtime.database.unit_of_work() as session:
        await reserve_guess(
            session,
            runtime.keys.keyset,
            who=f"program {guessed} from {network_of(where)}",
            where=where,
            device=None,
        )


def _takes_query(request: Request) -> bool:
    dependant = getattr(request.scope.get("route"), "dependant", None)
    return bool(dependant and dependant.query_params)
