"""Answers in the Bot API's own form: `ok` with a result, or an error with its real HTTP status."""

from __future__ import annotations

from typing import Any

import orjson

from simulator.asgi import Response

BLOCKED = "Forbidden: bot was blocked by the user"
CHAT_NOT_FOUND = "Bad Request: chat not found"


class RefusalError(Exception):
    """A call is refused; `response` is what the caller gets."""

    def __init__(self, status: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.response = failure(status, description, **parameters)


def result(value: Any) -> Response:
    return Response(200, orjson.dumps({"ok": True, "result": value}))


def failure(status: int, description: str, **parameters: Any) -> Response:
    body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    if parameters:
        body["parameters"] = parameters
    return Response(status, orjson.dumps(body))


def bad(description: str) -> RefusalError:
    return RefusalError(400, f"Bad Request: {description}")
