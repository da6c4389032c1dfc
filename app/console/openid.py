"""Signing in by the organisation's OpenID provider: there, and back with the provider's answer."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from app.auth import keep_session, openid_cookie, place_here, set_cookie
from app.console.entrance import let_in, note
from app.console.pages import draw
from app.runtime import Runtime
from core.accounts.openid import VALID, OpenIdPerson, OpenIdProvider, open_journey, seal_journey
from core.accounts.openid_accounts import account_of
from core.accounts.sessions import start_session
from core.errors import NotFoundError

router = APIRouter()
_BACK = "/console/sign-in/openid/back"


def _provider(request: Request) -> OpenIdProvider:
    provider: OpenIdProvider | None = request.app.state.openid
    if provider is None:
        raise NotFoundError("no OpenID provider is set")
    return provider


def _back(runtime: Runtime) -> str:
    return runtime.settings.base_url.rstrip("/") + _BACK


@router.get("/console/sign-in/openid", name="account.openid_begin")
async def begin(request: Request) -> Response:
    """Send the browser to the provider, with a sealed journey in a cookie of this browser."""
    runtime: Runtime = request.app.state.runtime
    address, journey = await _provider(request).begin(_back(runtime))
    response = RedirectResponse(address, 303)
    # The provider sends the browser back from another site, where a strict cookie would stay away.
    set_cookie(
        response, runtime.settings, openid_cookie(runtime.settings), seal_journey(runtime.keys.keyset, journey),
        int(VALID.total_seconds()), same_site="lax",
    )  # fmt: skip
    return response


@router.get(_BACK, name="account.openid_back")
async def come_back(request: Request) -> Response:
    """Let in, or on to the second factor, whom the provider vouches for."""
    runtime: Runtime = request.app.state.runtime
    sealed = request.cookies.get(openid_cookie(runtime.settings), "")
    provider = _provider(request)
    journey = open_journey(runtime.keys.keyset, sealed)
    person = await provider.finish(journey, _back(runtime), request.query_params)
    response = await _arrive(request, runtime, person)
    set_cookie(response, runtime.settings, openid_cookie(runtime.settings), "", 0)
    return response


async def _arrive(request: Request, runtime: Runtime, person: OpenIdPerson) -> Response:
    """Answer with a page that leads on by itself: to a redirect from another site strict cookies would stay away."""
    two_factors = bool(person.methods & set(runtime.settings.oidc_mfa))
    async with runtime.database.unit_of_work() as session:
        account = await account_of(session, person)
        token = await start_session(session, account.id, confirmed=two_factors, place=place_here(request))
        await note(session, account.id, "account.sign_in" if two_factors else "account.openid_back", "ok")
    response = draw(
        request, "openid_back.html", None, onward="/console" if two_factors else "/console/sign-in/code"
    )
    if two_factors:
        return let_in(response, runtime, account.id, token)
    keep_session(response, runtime.settings, token)
    return response
