"""Who may call what: every route states it, by `require(…)` or by standing in the list of public addresses."""

import hmac
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import Request, Response

from app.runtime import Runtime
from core.accounts.models import Account
from core.accounts.places import Place, place_of
from core.accounts.roster import known_role, needs_confirmation, scopes_held
from core.accounts.sessions import ABSOLUTE, keep_to_place, read_session
from core.audit.chain import record_audit
from core.errors import AppError, ForbiddenError
from core.permissions import Role, Scope
from core.settings import Settings

# Address or, ending in "/", prefix → why nobody signs in there. Everything else needs `require`.
PUBLIC: dict[str, str] = {
    "/": "sends a browser to the console",
    "/healthz": "process alive, nothing else",
    "/readyz": "database and queue reachable, nothing else",
    "/metrics": "its own token, or loopback only",
    "/webhooks/": "the platform's signature",
    "/check": "the public job-check page",
    "/l/": "short links",
    "/media/": "images that platforms fetch, unguessable",
    "/packet/": "the code that an agency was told apart from the address",
    "/sandbox": "only ROOTAN_ENV=demo, loopback",
    "/sandbox/": "only ROOTAN_ENV=demo, loopback",
    "/static/": "the console's own style and scripts",
    "/api/": "programs' own tokens: every route inside says what it needs (app/api/access.py)",
    "/partner/": "agencies' programs: every route inside says what it needs (app/partner_api/access.py)",
    "/console/sign-in": "where staff sign in",
    "/console/sign-in/openid": "where staff set out to their organisation's provider",
    "/console/sign-in/openid/back": "the provider's answer is the key, in the browser that asked",
    "/console/welcome/{token}": "the one-time link is the key",
}
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class NotSignedInError(AppError):
    code = "sign_in"
    status = 401


class UsedElsewhereError(AppError):
    """A living session's token came from another browser or network; the session has ended."""

    code = "used_elsewhere"
    status = 401


class SecondStepError(AppError):
    """The password was right; the code is missing."""

    code = "second_step"
    status = 401


class SecondStepDoneError(AppError):
    code = "second_step_done"
    status = 409


class ForgedFormError(ForbiddenError):
    """A form without this session's token, or sent from another site."""

    code = "forged_form"


@dataclass(frozen=True, slots=True)
class Caller:
    """The member of staff behind a request."""

    account_id: UUID
    session_id: UUID
    name: str
    email: str
    role: Role
    scopes: frozenset[Scope]
    csrf: str
    is_demo: bool
    role_waits: bool


@dataclass(frozen=True, slots=True)
class Act:
    """What the audit calls a request: the route's name and the object in its address."""

    action: str
    object_kind: str
    object_id: UUID | None


def describe_act(request: Request) -> Act:
    """Name the request for the audit; a route is named `kind.verb`, its first parameter is the object."""
    name = getattr(request.scope.get("route"), "name", "unknown")
    first = next(iter(request.path_params.values()), None)
    return Act(name, name.partition(".")[0], first if isinstance(first, UUID) else _uuid(first))


def _uuid(value: object) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        return None


class Access:
    """A dependency that lets through only whom it names."""

    def __init__(self, scopes: frozenset[Scope], *, halfway: bool = False, passive: bool = False) -> None:
        self.scopes = scopes
        self.halfway = halfway
        self.passive = passive

    async def __call__(self, request: Request) -> Caller:
        runtime: Runtime = request.app.state.runtime
        token = request.cookies.get(session_cookie(runtime.settings), "")
        async with runtime.database.unit_of_work() as session:
            signed_in = await read_session(session, token, touch=not self.passive) if token else None
            at_home = signed_in is None or await keep_to_place(session, signed_in, place_here(request))
        if not at_home:
            raise UsedElsewhereError("sign in again: this session began elsewhere and has ended")
        if signed_in is None:
            raise NotSignedInError("sign in first")
        if signed_in.confirmed and self.halfway:
            raise SecondStepDoneError("you are signed in already")
        if not signed_in.confirmed and not self.halfway:
            raise SecondStepError("give the code first")
        caller = _caller(signed_in.account, signed_in.session_id, signed_in.csrf)
        if signed_in.confirmed:
            # Pages of errors draw the frame of whom they know.
            request.state.caller = caller
        if request.method not in _SAFE and not await _form_is_ours(request, runtime.settings, caller.csrf):
            await _note_refusal(request, runtime, caller.account_id)
            raise ForgedFormError("the form is not from this session; open the page again")
        if not self.scopes <= caller.scopes:
            await _note_refusal(request, runtime, caller.account_id)
            raise ForbiddenError("your role may not do this")
        return caller


def require(*scopes: Scope, passive: bool = False) -> Access:
    """Let through whom holds all `scopes`; `passive` requests do not keep a session alive."""
    return Access(frozenset(scopes), passive=passive)


def require_halfway() -> Access:
    """Let through whom gave the password and still owes the code."""
    return Access(frozenset(), halfway=True)


async def refuse_cross_site(request: Request) -> None:
    """Guard a form that has no session yet; raises ForgedFormError."""
    if request.method not in _SAFE and not comes_from_us(request, request.app.state.runtime.settings):
        raise ForgedFormError("the form came from another site")


def _caller(account: Account, session_id: UUID, csrf: str) -> Caller:
    return Caller(
        account_id=account.id,
        session_id=session_id,
        name=account.name,
        email=account.email,
        role=known_role(account.role),
        scopes=scopes_held(account),
        csrf=csrf,
        is_demo=account.is_demo,
        role_waits=needs_confirmation(account),
    )


async def _form_is_ours(request: Request, settings: Settings, csrf: str) -> bool:
    if not comes_from_us(request, settings):
        return False
    given = request.headers.get("x-csrf-token")
    if given is None:
        field = (await request.form()).get("csrf")
        given = field if isinstance(field, str) else ""
    return hmac.compare_digest(given.encode(), csrf.encode())


def comes_from_us(request: Request, settings: Settings) -> bool:
    """Tell whether our own page sent this.

    Under `no-referrer` browsers send `Origin: null` with plain forms; then Sec-Fetch-Site says it, which every
    current browser sends to https and loopback addresses.
    """
    origin = request.headers.get("origin", "null")
    if origin == "null":
        return request.headers.get("sec-fetch-site") == "same-origin"
    ours = {_origin(settings.base_url)}
    if settings.env != "production":
        ours.add(f"{request.url.scheme}://{request.headers.get('host', '')}")
    return origin in ours


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


async def note_refused_form(request: Request) -> None:
    """Leave an audit row for a form that was refused before anybody looked at it: cut off, too large, of a wrong shape.

    Nothing where whoever sent it is not signed in, or where a row says it already.
    """
    if request.method in _SAFE or getattr(request.state, "is_audited", False):
        return
    runtime: Runtime = request.app.state.runtime
    token = request.cookies.get(session_cookie(runtime.settings), "")
    async with runtime.database.unit_of_work() as session:
        signed_in = await read_session(session, token, touch=False) if token else None
    if signed_in is not None:
        await _note_refusal(request, runtime, signed_in.account.id)


async def _note_refusal(request: Request, runtime: Runtime, account_id: UUID) -> None:
    """A refusal leaves its audit row too (invariant 12)."""
    act = describe_act(request)
    request.state.is_audited = True
    async with runtime.database.unit_of_work() as session:
        await record_audit(
            session,
            actor_id=account_id,
            action=act.action,
            object_kind=act.object_kind,
            object_id=act.object_id,
            outcome="refused",
        )


def session_cookie(settings: Settings) -> str:
    """The `__Host-` prefix needs https; on a loopback trial the plain name serves."""
    return "__Host-rootan" if _is_https(settings) else "rootan"


def device_cookie(settings: Settings) -> str:
    return "__Host-rootan-device" if _is_https(settings) else "rootan-device"


def openid_cookie(settings: Settings) -> str:
    return "__Host-rootan-openid" if _is_https(settings) else "rootan-openid"


def set_cookie(
    response: Response, settings: Settings, name: str, value: str, seconds: int | None,
    *, same_site: Literal["strict", "lax"] = "strict",
) -> None:  # fmt: skip
    response.set_cookie(
        name, value, max_age=seconds, path="/", secure=_is_https(settings), httponly=True, samesite=same_site
    )


def keep_session(response: Response, settings: Settings, token: str) -> None:
    set_cookie(response, settings, session_cookie(settings), token, int(ABSOLUTE.total_seconds()))


def drop_session(response: Response, settings: Settings) -> None:
    set_cookie(response, settings, session_cookie(settings), "", 0)


def _is_https(settings: Settings) -> bool:
    return urlsplit(settings.base_url).scheme == "https"


def network_address(request: Request) -> str:
    """Return where the request comes from; the server has already looked behind trusted proxies."""
    return request.client.host if request.client else ""


def place_here(request: Request) -> Place:
    """Name the browser and network of a request."""
    runtime: Runtime = request.app.state.runtime
    agent = request.headers.get("user-agent", "")
    return place_of(runtime.keys.keyset, agent=agent, address=network_address(request))
