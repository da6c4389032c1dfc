"""How the sandbox answers: strict headers on every page, trouble in words."""

from fastapi import HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from app.faces.headers import HIDDEN_HEADERS
from app.sandbox.drawing import draw_trouble
from app.sandbox.words import WORDS


def page(html: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(html, status, HIDDEN_HEADERS)


def done() -> Response:
    """Nothing to swap: the live channel brings what changed."""
    return Response(status_code=204, headers=HIDDEN_HEADERS)


def trouble(key: str, status: int, more: str = "") -> HTMLResponse:
    """One of the page's troubles by its name in the words file."""
    words = WORDS["trouble"]
    return page(draw_trouble(words[key], more or words.get(f"{key}_more", "")), status)


def refuse_foreign(request: Request) -> None:
    """A form of another site must not press buttons here (browsers say where a request comes from)."""
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise HTTPException(403, WORDS["trouble"]["foreign"])
