"""Answers in LINE's own form and words.

Source of the words: LINE reference, "Error responses" and the error examples of each call.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec
import orjson

from simulator.asgi import Response
from simulator.line.messages import TYPES
from simulator.line.strict import SEPARATOR

REPLY_REFUSED = "Invalid reply token"
MONTHLY_LIMIT = "You have reached your monthly limit."
RATE_LIMIT = "The API rate limit has been exceeded. Try again later."
CONCURRENCY = "Too many concurrent requests. Try again later."
SENT_ALREADY = "The retry key is already accepted"
NOT_FOUND = "Not found"

_PATH = re.compile(r" - at `(?:key in )?\$?([^`]*)`$")
_WORDS: list[tuple[re.Pattern[str], str, str]] = [
    (re.compile(r"Object missing required field `(\w+)`"), "May not be empty", "field"),
    (re.compile(r"Object contains unknown field `(\w+)`"), "Unknown property", "field"),
    (re.compile(r"Invalid (enum )?value '.*'$", re.DOTALL), "Must be one of the documented values", ""),
    (re.compile(r"Expected `array` of length <= (\d+)"), "Size must be between 1 and {}", "number"),
    (re.compile(r"Expected `array` of length >= \d+"), "Size must be at least 1", ""),
    (re.compile(r"Expected `str` of length <= (\d+)"), "Length must be between 0 and {}", "number"),
    (re.compile(r"Expected `str` of length >= \d+"), "May not be empty", ""),
]


class RefusalError(Exception):
    """A call is refused; `response` is what the caller gets."""

    def __init__(self, response: Response, outcome: str = "refused") -> None:
        super().__init__(outcome)
        self.response = response
        self.outcome = outcome


def answer(body: Any, status: int = 200) -> Response:
    return Response(status, orjson.dumps(body))


def error(status: int, message: str, **more: Any) -> Response:
    return answer({"message": message, **more}, status)


def invalid(field: str, message: str) -> Response:
    """400 with one detail, as the validation of message objects answers."""
    return error(400, "The request body has 1 error(s)", details=[{"message": message, "property": field}])


def invalid_property(name: str) -> Response:
    return error(400, f"The property, {name}, in the request body is invalid (line: -, column: -)")


def unparsable() -> Response:
    return error(400, "The request body could not be parsed as JSON (line: 1, column: 1)")


def from_validation(problem: msgspec.ValidationError, prefix: str = "") -> Response:
    """Words a decoding error; `prefix` is the property the decoded part sits in."""
    text = str(problem)
    where = _PATH.search(text)
    path = (where[1] if where else "").replace("[...]", "[]").lstrip(".")
    reason = text[: where.start()] if where else text
    if SEPARATOR in reason:
        field, message = reason.split(SEPARATOR, 1)
        return invalid(_join(prefix, path, field), message)
    if path == "type" and prefix.startswith("messages"):
        return invalid(_join(prefix, path), f"Must be one of the following values: [{TYPES}]")
    for pattern, words, role in _WORDS:
        match = pattern.match(reason)
        if match:
            field = match[1] if role == "field" else ""
            return invalid(_join(prefix, path, field), words.format(match[1]) if role == "number" else words)
    return invalid(_join(prefix, path), f"Invalid value: {reason}")


def _join(*parts: str) -> str:
    joined = ".".join(part for part in parts if part)
    return joined.replace(".[", "[")
