"""Reading JSON that strangers send: nothing raises, wrong types read as absent."""

import json
import math
from typing import Any

import orjson

from core.errors import InvalidInputError

# orjson reads 1,024 levels but writes 254; no platform sends more than a dozen.
_MOST_LEVELS = 100
# Ids of platforms are short ASCII; anything else is replaced by its hash by the inbox.
MAX_ID = 64


def parse_json(raw: bytes) -> Any:
    """Parse a body; lone surrogates, which orjson refuses, become U+FFFD. Raises InvalidInputError."""
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        pass
    try:
        return _without_surrogates(json.loads(raw))
    except (ValueError, RecursionError):
        raise InvalidInputError("the body is not JSON") from None


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode() if not value.isascii() else value
    if isinstance(value, list):
        return [_without_surrogates(v) for v in value]
    if isinstance(value, dict):
        return {_without_surrogates(k): _without_surrogates(v) for k, v in value.items()}
    # orjson holds no integers beyond 64 bits and no NaN; they are nothing we read.
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        return None
    if isinstance(value, float) and math.isnan(value):
        return None
    return value


def write_json(value: Any) -> bytes:
    """Write what `parse_json` read; what is nested beyond reason becomes null."""
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError:
        return orjson.dumps(_without_depths(value, _MOST_LEVELS))


def _without_depths(value: Any, levels: int) -> Any:
    if not isinstance(value, dict | list):
        return value
    if levels == 0:
        return None
    if isinstance(value, list):
        return [_without_depths(v, levels - 1) for v in value]
    return {k: _without_depths(v, levels - 1) for k, v in value.items()}


def text_of(holder: Any, *path: str) -> str:
    """Return the string at `path`, "" where it is absent or of another type."""
    found = at(holder, *path)
    return found if isinstance(found, str) else ""


def int_of(holder: Any, *path: str) -> int | None:
    found = at(holder, *path)
    return found if isinstance(found, int) and not isinstance(found, bool) and abs(found) < 2**62 else None


def number_of(holder: Any, *path: str) -> float | None:
    found = at(holder, *path)
    return float(found) if isinstance(found, float) or int_of(holder, *path) is not None else None


def flag_of(holder: Any, *path: str) -> bool:
    return at(holder, *path) is True


def at(holder: Any, *path: str) -> Any:
    for name in path:
        if not isinstance(holder, dict):
            return None
        holder = holder.get(name)
    return holder
