"""Drawing pages: one template environment, strict about missing values, with the console's words and times."""

import dataclasses
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

import jinja2
from fastapi import Request
from fastapi.responses import HTMLResponse

from app.auth import Caller
from app.console import thai_time
from app.console.frame import room_at, rooms_of
from app.console.speaking import theme_of
from app.console.texts import help_of, load_texts, say, say_or, spoken
from app.console.words import harmless
from app.errors import Problem, problem_of
from app.faces.drawing import make_environment, static_address
from core.clock import utc_now
from core.errors import AppError

_HERE = Path(__file__).parent
STATIC = _HERE / "static"


@cache
def _environment() -> jinja2.Environment:
    environment = make_environment(_HERE / "templates")
    environment.globals |= {
        "say": say, "say_or": say_or, "spoken": spoken, "rooms_of": rooms_of, "static": partial(static_address, STATIC),
    }  # fmt: skip
    environment.filters |= {
        "ago": _ago,
        "exact": thai_time.exact,
        "day": thai_time.day,
        "stamp": _stamp,
        "remaining": _remaining,
        "harmless": harmless,
        "people": _people,
        "megabytes": _megabytes,
    }
    return environment


def draw(
    request: Request, template: str, caller: Caller | None, *, status: int = 200, **values: Any
) -> HTMLResponse:
    """Render a template; `caller` is None where nobody is signed in. A `problem` is said on the page itself."""
    if isinstance(values.get("problem"), AppError):
        values["problem"] = problem_of(values["problem"])
    html = _environment().get_template(template).render(**_frame(request, caller), now=utc_now(), **values)
    return HTMLResponse(html, status)


def _frame(request: Request, caller: Caller | None) -> dict[str, Any]:
    """What stands around every page: where it lies, what can be done on it, and in which colours."""
    path = request.url.path
    return {
        "caller": caller,
        "path": path,
        "room": room_at(path, caller.scopes) if caller else None,
        "theme": theme_of(request),
        # Drawn as the answer to a form: loading it anew would send the form again.
        "posted": request.method == "POST",
        "help": help_of(getattr(request.scope.get("route"), "name", "")) if caller else [],
    }


async def draw_problem(request: Request, problem: Problem) -> HTMLResponse:
    """Draw the page of an error: what happened, what to do, and the text that was typed."""
    caller: Caller | None = getattr(request.state, "caller", None)
    if f"problem.{problem.code}.what" not in load_texts():
        problem = dataclasses.replace(problem, code="failed" if problem.status >= 500 else "invalid")
    return draw(request, "problem.html", caller, status=problem.status, problem=problem)


def _people(count: int | None) -> str:
    """Say a floored count; None is fewer than twenty."""
    return say("count.few") if count is None else say("count.about", n=f"{count:,}")


def _megabytes(size: int) -> str:
    """Say a size in bytes; nothing is shown as none."""
    return f"{max(size / 1_000_000, 0.1):.1f} MB"


def _ago(moment: datetime) -> str:
    return thai_time.ago(moment, utc_now())


def _stamp(moment: datetime) -> str:
    return thai_time.stamp(moment, utc_now())


def _remaining(due: datetime) -> str:
    return thai_time.remaining(due, utc_now())
