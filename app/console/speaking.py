"""How this browser wants to be answered: in which language, on which ground. Two cookies; Thai and light without."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.auth import Caller, require, set_cookie
from app.console.texts import FIRST, spoken
from app.runtime import Runtime
from core.languages import WHOLE

router = APIRouter()
LANGUAGE, THEME = "rootan-language", "rootan-theme"
_YEAR = 365 * 24 * 60 * 60

Theme = Literal["light", "dark"]
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
        wanted = Request(scope).cookies.get(LANGUAGE, FIRST)
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
    return _remember(request, LANGUAGE, language, back)


@router.post("/console/theme", name="account.theme")
async def change_theme(
    request: Request,
    caller: Annotated[Caller, Depends(require())],  # noqa: ARG001 - whoever is signed in may
    theme: Annotated[Theme, Form()],
    back: Annotated[str, Form(max_length=300)] = "/console",
) -> Response:
    """Draw pages for this browser dark or light from now on."""
    return _remember(request, THEME, theme, back)


def theme_of(request: Request) -> Theme:
    return "dark" if request.cookies.get(THEME) == "dark" else "light"


def _remember(request: Request, cookie: str, value: str, back: str) -> Response:
    runtime: Runtime = request.app.state.runtime
    within = back.startswith("/console") and "\\" not in back and "//" not in back
    response = RedirectResponse(back if within else "/console", 303)
    set_cookie(response, runtime.settings, cookie, value, _YEAR)
    return response
