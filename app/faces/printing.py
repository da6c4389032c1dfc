"""Documents as PDF, drawn by a process of their own."""

import msgspec

from app.faces.document import Document
from app.faces.placard import Poster, check_poster
from core.errors import AppError
from nlp.apart import passed_on, run_apart

SECONDS = 120
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH")
_BEGINS = b"%PDF-"


class UnprintedError(AppError):
    """The document was not drawn, or not in time."""

    code = "failed"
    status = 500


def print_document(document: Document) -> bytes:
    """Return the document as a PDF; waits for a second or more, so call it in a thread. Raises UnprintedError."""
    return _print("app.faces.press", document)


def print_poster(poster: Poster) -> bytes:
    """Return the poster as a PDF; call it in a thread. Raises PosterError, UnprintedError."""
    check_poster(poster)
    return _print("app.faces.poster", poster)


def _print(program: str, what: msgspec.Struct) -> bytes:
    drawn = run_apart(program, msgspec.json.encode(what), seconds=SECONDS, environment=passed_on(_PASSED_ON))
    if drawn is None or not drawn.startswith(_BEGINS):
        raise UnprintedError("the document was not drawn")
    return drawn
