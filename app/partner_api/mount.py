"""The partner interface as an application of its own: its routes, its description, its errors."""

from typing import Any
from urllib.parse import urlsplit

from fastapi import FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import Response
from fastapi.routing import APIRoute

from app.errors import Problem, install_errors
from app.faces.gate import Gate
from app.faces.routes import add_routes
from app.partner_api import answers, batches, cases, files, hooks, messages, steps, token
from app.partner_api.access import ProgramAccess
from app.runtime import Runtime
from referrals.agencies.programs import PROGRAM_SCOPES

_TITLE, _VERSION = "RooTan partner API", "1"
_ABOUT = """
For programs of agencies to which cases are referred: they read what was referred to them, answer, and tell how cases go
on. Errors are `application/problem+json`; their `title` is a stable code, their `detail` says the same in words.
""".strip()
_TAGS = [
    {"name": "token", "description": "OAuth 2 client credentials."},
    {"name": "cases", "description": "What was referred to your agency, and nothing else."},
    {"name": "answers", "description": "Acknowledging, accepting, declining, ending."},
    {"name": "tracks", "description": "How a case goes on: victim, prosecution, compensation."},
    {"name": "messages", "description": "Between the hotline and your agency."},
    {"name": "files", "description": "Files of a case, and files of many steps."},
    {"name": "hooks", "description": "Where you want to be told that something changed."},
]
_PROBLEM = {
    "type": "object",
    "required": ["title", "status", "detail"],
    "properties": {
        "title": {"type": "string", "description": "A stable code.", "examples": ["out_of_order"]},
        "status": {"type": "integer", "examples": [400]},
        "detail": {"type": "string", "examples": ["this step does not follow where the track stands"]},
        "fields": {
            "type": "array",
            "description": "What is wrong with the call, without its values.",
            "items": {
                "type": "object",
                "required": ["field", "code"],
                "properties": {"field": {"type": "string"}, "code": {"type": "string"}},
            },
        },
        "faults": {
            "type": "array",
            "description": "What is wrong with a file, line by line.",
            "items": {"$ref": "#/components/schemas/Fault"},
        },
    },
}


def mount_partner_api(app: FastAPI, runtime: Runtime) -> None:
    """Add the interface under `/partner`. Its description can be read by anybody: it holds no data."""
    https = urlsplit(runtime.settings.base_url).scheme == "https"
    larger = files.MOST_BODY_BYTES | batches.MOST_BODY_BYTES
    gate = Gate(make_partner_api(runtime), https=https, larger=larger, forms=batches.BODY_FORMS)
    app.mount("/partner", gate, name="partner_api")


def make_partner_api(runtime: Runtime) -> FastAPI:
    """Return the interface as it stands behind `/partner`."""
    api = FastAPI(title=_TITLE, version=_VERSION, openapi_url="/openapi.json", docs_url=None, redoc_url=None)
    api.state.runtime = runtime
    for part in (token, cases, answers, steps, messages, files, batches, hooks):
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
        servers=[{"url": "/partner"}],
    )  # fmt: skip
    parts = found.setdefault("components", {})
    parts["schemas"] = parts.get("schemas", {}) | {"Problem": _PROBLEM}
    parts["securitySchemes"] = {
        "program": {
            "type": "oauth2",
            "flows": {"clientCredentials": {"tokenUrl": "/partner/v1/token", "scopes": dict.fromkeys(PROGRAM_SCOPES, "")}},
        }
    }  # fmt: skip
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
    operation["security"] = [{"program": sorted(scopes)}] if scopes else []
    operation["responses"]["default"] = {"$ref": "#/components/responses/Problem"}
    operation["responses"].pop("422", None)


def routes_of(api: FastAPI) -> list[APIRoute]:
    """Return the calls of the interface."""
    return [route for route in api.routes if isinstance(route, APIRoute)]


def scopes_of(route: APIRoute) -> frozenset[str]:
    """Return what a token must be given for to call it; none for where tokens are given.

    Raises LookupError for a route that does not say.
    """
    for dependant in route.dependant.dependencies:
        if isinstance(dependant.call, ProgramAccess):
            return frozenset(dependant.call.scopes)
    if route.name == token.ACTION:
        return frozenset()
    raise LookupError(f"{route.path} does not say who may call it")
