"""Reads a method's parameters however they were sent: query, form, JSON or multipart."""

from __future__ import annotations

import re
from typing import Any, TypeVar, get_type_hints
from urllib.parse import parse_qsl

import msgspec
import orjson

from simulator.asgi import Request
from simulator.telegram.errors import bad
from simulator.telegram.keyboards import Exact

T = TypeVar("T", bound=Exact)
_BOUNDARY = re.compile(r'boundary="?([^";]+)"?')
_NAME = re.compile(rb'[; ]name="([^"]*)"')
_FILENAME = re.compile(rb'filename="([^"]*)"')
_texts: dict[type[Exact], set[str]] = {}


class Upload(msgspec.Struct, kw_only=True):
    name: str
    body: bytes


class Sent(msgspec.Struct, kw_only=True):
    """Parameters as they arrived, files apart."""

    fields: dict[str, Any]
    files: dict[str, Upload]


def read_sent(request: Request) -> Sent:
    fields: dict[str, Any] = dict(request.query())
    media_type = request.header(b"content-type") or ""
    if media_type.startswith("multipart/form-data"):
        return _read_multipart(media_type, request.body, fields)
    if media_type.startswith("application/json") and request.body:
        try:
            fields.update(orjson.loads(request.body))
        except (orjson.JSONDecodeError, TypeError, ValueError):
            raise bad("can't parse JSON object") from None
    elif request.body:
        fields.update(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))
    return Sent(fields=fields, files={})


def convert(sent: Sent, kind: type[T]) -> T:
    """Form fields are texts: each is read as JSON unless its parameter is a text itself.

    Raises RefusalError for missing, unknown and badly typed parameters.
    """
    texts = _text_fields(kind)
    values = {
        name: value if name in texts or not isinstance(value, str) else _from_text(value)
        for name, value in sent.fields.items()
    }
    for name, upload in sent.files.items():
        values.setdefault(name, f"attach://{upload.name}")
    try:
        return msgspec.convert(values, kind)
    except msgspec.ValidationError as problem:
        raise bad(_describe(str(problem))) from None


def _describe(problem: str) -> str:
    missing = re.match(r"Object missing required field `(\w+)`", problem)
    if missing is None:
        return problem
    return "message text is empty" if missing[1] == "text" else f"{missing[1]} is empty"


def _text_fields(kind: type[Exact]) -> set[str]:
    found = _texts.get(kind)
    if found is None:
        hints = get_type_hints(kind)
        found = _texts[kind] = {name for name, hint in hints.items() if hint in (str, str | None)}
    return found


def _from_text(value: str) -> Any:
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError:
        return value


def _read_multipart(media_type: str, body: bytes, fields: dict[str, Any]) -> Sent:
    boundary = _BOUNDARY.search(media_type)
    if boundary is None:
        raise bad("multipart boundary is missing")
    sent = Sent(fields=fields, files={})
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary[1].encode())[1:-1]:
        head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        name = _NAME.search(head)
        if name is None:
            raise bad("a part of the form has no name")
        filename = _FILENAME.search(head)
        if filename is None:
            sent.fields[name[1].decode()] = content.decode("utf-8", "replace")
        else:
            sent.files[name[1].decode()] = Upload(name=filename[1].decode("utf-8", "replace"), body=content)
    return sent
