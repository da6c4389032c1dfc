"""The staff interface as an application of its own: its routes, its description, its errors."""

from typing import Any
from urllib.parse import urlsplit

from fastapi import FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import Response
from fastapi.routing import APIRoute

from app.api import (
    audit,
    campaign_figures,
    campaigns,
    case,
    case_steps,
    hotlines,
    queue,
    screenings,
    statistics,
    tasks,
)
from app.api.access import TokenAccess
from app.api.campaign_plans import describe_plans
from app.errors import Problem, install_errors
from app.examining.asking import Examines
from app.faces.gate import Gate
from app.faces.routes import add_routes
from app.runtime import Runtime

_TITLE, _VERSION = "RooTan staff API", "1"
_ABOUT = """
What the console does, for programs of the hotline's own. Errors are `application/problem+json`; their `title` is a stable
code. Nothing here may be kept longer than the console keeps it.
""".strip()
_TAGS = [
    {"name": "queue", "description": "Which reports wait, most urgent first; nothing that anybody wrote."},
    {
        "name": "case",
        "description": "One report: read and worked on by who holds it, overseen by supervisors.",
    },
    {"name": "tasks", "description": "What is to be done by when."},
    {"name": "hotlines", "description": "The directory of hotlines that citizens are told."},
    {"name": "screenings", "description": "Judging the words of an offer, and figures of recent offers."},
    {"name": "statistics", "description": "Figures of the hotline's work, small cells hidden."},
    {"name": "campaigns", "description": "What is told to whom and when, up to the word of who approves it."},
    {"name": "audit", "description": "Who did what, for auditors; nothing of any content."},
]
_PROBLEM = {
    "type": "object",
    "required": ["title", "status", "detail"],
    "properties": {
        "title": {"type": "string", "description": "A stable code.", "examples": ["held"]},
        "status": {"type": "integer", "examples": [409]},
        "detail": {"type": "string", "examples": ["somebody else holds this referral"]},
        "holder": {"type": "string", "description": "Who holds the report, where that is the reason."},
        "fields": {
            "type": "array",
            "description": "What is wrong with the call, without its values.",
            "items": {
                "type": "object",
                "required": ["field", "code"],
                "properties": {"field": {"type": "string"}, "code": {"type": "string"}},
            },
        },
    },
}


def mount_api(app: FastAPI, runtime: Runtime, examiner: Examines) -> None:
    """Add the interface under `/api`. Its description can be read by anybody: it holds no data."""
    api = make_api(runtime, examiner)
    https = urlsplit(runtime.settings.base_url).scheme == "https"
    app.mount("/api", Gate(api, https=https, larger=campaigns.MOST_BODY_BYTES), name="api")


def make_api(runtime: Runtime, examiner: Examines | None = None) -> FastAPI:
    """Return the interface as it stands behind `/api`."""
    api = FastAPI(title=_TITLE, version=_VERSION, openapi_url="/openapi.json", docs_url=None, redoc_url=None)
    api.state.runtime = runtime
    api.state.examiner = examiner
    for part in (
        queue, case, case_steps, tasks, hotlines, screenings, statistics, campaigns, campaign_figures, audit,
    ):  # fmt: skip
        add_routes(api, part.router)
    install_errors(api, _no_page)
    described: dict[str, Any] = {}

    def describe() -> dict[str, Any]:
        if not described:
            described.update(_describe(api))
        return described

    api.openapi = describe  # type: ignore[method-assign] # the framework's own way to extend the description
    return api


async def _no_page(_request: Request, problem: Problem) -> Response:
    """Nobody looks at this interface with a browser; what asks for a page all the same gets none."""
    return Response(status_code=problem.status)


def _describe(api: FastAPI) -> dict[str, Any]:
    found = get_openapi(
        title=_TITLE, version=_VERSION, description=_ABOUT, routes=api.routes, tags=_TAGS,
        servers=[{"url": "/api"}],
    )  # fmt: skip
    parts = found.setdefault("components", {})
    parts["schemas"] = describe_plans(parts.get("schemas", {})) | {"Problem": _PROBLEM}
    parts["securitySchemes"] = {
        "token": {
            "type": "http",
            "scheme": "bearer",
            "description": "Made in the console, under your account.",
        }
    }
    problem = {"$ref": "#/components/schemas/Problem"}
    parts["responses"] = {
        "Problem": {
            "description": "Refused or failed; nothing was changed.",
            "headers": {
                "Retry-After": {
                    "schema": {"type": "integer"}, "description": "Seconds, where asking again helps."
                }
            },
            "content": {"application/problem+json": {"schema": problem}},
        }
    }  # fmt: skip
    for route in routes_of(api):
        for method in route.methods or ():
            _complete(found["paths"][route.path][method.lower()], scopes_of(route))
    return found


def _complete(operation: dict[str, Any], scopes: frozenset[str]) -> None:
    """Say who may call it, and how it is refused."""
    operation["security"] = [{"token": sorted(scopes)}]
    operation["responses"]["default"] = {"$ref": "#/components/responses/Problem"}
    operation["responses"].pop("422", None)


def routes_of(api: FastAPI) -> list[APIRoute]:
    """Return the calls of the interface."""
    return [route for route in api.routes if isinstance(route, APIRoute)]


def scopes_of(route: APIRoute) -> frozenset[str]:
    """Return what a token must be made for to call it; raises LookupError for a route that does not say."""
    for dependant in route.dependant.dependencies:
        if isinstance(dependant.call, TokenAccess):
            return frozenset(dependant.call.scopes)
    raise LookupError(f"{route.path} does not say who may call it")
