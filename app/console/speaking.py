"""In which language a request is answered: a cookie of the browser, Thai where there is none."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.auth import Caller, require, set_cookie
from app.console.texts import FIRST, spoken
from app.runtime import Runtime
from core.languages import WHOLE

router = APIRouter()
COOKIE = "rootan-language"
_YEAR = 365 * 24 * 60 * 60

Scope = MutableMapping[str, Any]
App = Callable[[Scope, Any, Any], Awaitable[None]]


class Speaking:
    """Sets the language for as long as a request lasts."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        wanted = Request(scope).cookies.get(COOKIE, FIRST)
        token = spoken.set(wanted if wanted in WHOLE else FIRST)
        try:
            await self._app(scope, receive, send)
        finally:
            spoken.reset(token)


@router.post("/console/language", name="account.language")
async def change_language(
    request: Request,
    caller: Annotated[Caller, Depends(require())],  # noqa: ARG001 - whoever is signed in may
    language: Annotated[Literal["th", "en"], Form()],
    back: Annotated[str, Form(max_length=300)] = "/console",
) -> Response:
    """Answer this browser in another language from now on, beginning with the page it was on."""
    runtime: Runtime = request.app.state.runtime
    within = back.startswith("/console") and "\\" not in back and "//" not in back
    response = RedirectResponse(back if within else "/console", 303)
    set_cookie(response, runtime.settings, COOKIE, language, _YEAR)
    return response
