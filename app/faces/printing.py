"""Documents as PDF, drawn by a process of their own."""

import msgspec

from app.faces.document import Document
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
    drawn = run_apart(
        "app.faces.press", msgspec.json.encode(document), seconds=SECONDS, environment=passed_on(_PASSED_ON)
    )
    if drawn is None or not drawn.startswith(_BEGINS):
        raise UnprintedError("the document was not drawn")
    return drawn
