"""One place that answers for errors: a page for people, problem+json for programs, never what went wrong inside."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from core.db.database import is_connection_error
from core.errors import AppError
from core.logs import get_logger

_log = get_logger()

_BY_STATUS = {401: "sign_in", 403: "forbidden", 404: "not_found", 405: "not_found", 413: "too_large"}
_JSON_ONLY = ("/api/", "/partner/", "/webhooks/")
_ELSEWHERE = {
    "sign_in": "/console/sign-in",
    "second_step": "/console/sign-in/code",
    "second_step_done": "/console",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is said of an error: a stable code, the text the person had typed, and figures of the error itself."""

    status: int
    code: str
    typed: str = ""
    seconds: int = 0
    holder: str = ""


Noting = Callable[[Request], Awaitable[None]]
PageMaker = Callable[[Request, Problem], Awaitable[Response]]


async def _note_nothing(_request: Request) -> None:
    pass


def install_errors(app: FastAPI, page: PageMaker, note: Noting = _note_nothing) -> None:
    """Answer every error of the application; `page` draws the one for people, `note` is told what was refused."""

    async def answer(request: Request, error: Exception) -> Response:
        problem = await _problem(request, error)
        if problem.status >= 500:
            _log.error(
                "request_failed",
                error=error,
                status=problem.status,
                route=_route(request),
                method=request.method,
            )
        elif not is_connection_error(error):
            await _note(request, note)
        return await _answer(request, problem, error, page)

    for kind in (AppError, HTTPException, RequestValidationError, Exception):
        app.add_exception_handler(kind, answer)


async def _note(request: Request, note: Noting) -> None:
    """What could not be noted stops no answer."""
    try:
        await note(request)
    except Exception as error:  # noqa: BLE001 - the error before it is the one to tell
        _log.error("audit_missed", error=error, route=_route(request))


async def _problem(request: Request, error: Exception) -> Problem:
    typed = await _typed(request)
    match error:
        case AppError():
            return problem_of(error, typed)
        case HTTPException(__cause__=AppError() as cause):
            # The framework's own reading of a form failed on a limit of ours.
            return problem_of(cause, typed)
        case HTTPException():
            return Problem(error.status_code, _BY_STATUS.get(error.status_code, "invalid"), typed)
        case RequestValidationError():
            # An id that is none is an address that leads nowhere.
            in_path = any(e["loc"][:1] == ("path",) for e in error.errors())
            return Problem(404, "not_found", typed) if in_path else Problem(400, "invalid", typed)
        case _ if is_connection_error(error):
            return Problem(503, "unavailable", typed)
        case _:
            return Problem(500, "failed", typed)


def problem_of(error: AppError, typed: str = "") -> Problem:
    return Problem(
        error.status, error.code, typed, getattr(error, "seconds", 0), getattr(error, "holder", "")
    )


async def _typed(request: Request) -> str:
    """Return what the person wrote into the form's `text`, so that nobody types it twice."""
    if request.method != "POST" or "form" not in request.headers.get("content-type", ""):
        return ""
    try:
        text = (await request.form()).get("text", "")
    except Exception:  # noqa: BLE001 - a body cut off or read already has nothing to give back
        return ""
    return text if isinstance(text, str) else ""


async def _answer(request: Request, problem: Problem, error: Exception, page: PageMaker) -> Response:
    headers = {"Retry-After": str(problem.seconds)} if problem.seconds else {}
    if isinstance(error, HTTPException) and error.headers:
        headers |= dict(error.headers)
    if not wants_page(request):
        body: dict[str, Any] = {"title": problem.code, "status": problem.status, "detail": _detail(error)}
        if problem.holder:
            body["holder"] = problem.holder
        if isinstance(error, RequestValidationError):
            body["fields"] = _faults(error)
        return JSONResponse(body, problem.status, headers, media_type="application/problem+json")
    elsewhere = _ELSEWHERE.get(problem.code)
    if problem.status == 401 and request.method == "GET" and "hx-request" in request.headers:
        # A page that asks by itself must not be taken from under the hands of who is typing on it.
        return Response(status_code=401, headers={"HX-Trigger": "ended"})
    if elsewhere and "hx-request" in request.headers:
        return Response(status_code=problem.status, headers={"HX-Redirect": elsewhere})
    if elsewhere and not problem.typed:
        return RedirectResponse(elsewhere, 303)
    response = await page(request, problem)
    response.headers.update(headers)
    return response


def wants_page(request: Request) -> bool:
    """Tell whether a person looks at the answer."""
    path = request.url.path
    if path.startswith(_JSON_ONLY):
        return False
    return path.startswith("/console") or "text/html" in request.headers.get("accept", "")


def _detail(error: Exception) -> str:
    """Only what we refuse on purpose explains itself; anything else might quote content."""
    if isinstance(error, RequestValidationError):
        return "each of `fields` names what is wrong and how; what stood there is not said back"
    return str(error) if isinstance(error, AppError) and error.status < 500 else ""


def _faults(error: RequestValidationError) -> list[dict[str, str]]:
    """Name what was wrong in a request, and how; never what stood there."""
    return [{"field": ".".join(str(part) for part in e["loc"]), "code": e["type"]} for e in error.errors()]


def _route(request: Request) -> str:
    return getattr(request.scope.get("route"), "path", "")
