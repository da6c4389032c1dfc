"""From a raw body to checked message objects, or to a refusal in LINE's words."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec
import orjson

from simulator.line.errors import RefusalError, error, from_validation, invalid, unparsable
from simulator.line.messages import FlexMessage, Message

T = TypeVar("T")
BIGGEST_BODY = 2 * 1024 * 1024
BIGGEST_BUBBLE = 30 * 1024
BIGGEST_CAROUSEL = 50 * 1024
_message_decoder: msgspec.json.Decoder[Message] = msgspec.json.Decoder(Message)


def decode(decoder: msgspec.json.Decoder[T], body: bytes) -> T:
    """Raises RefusalError: 413 over 2 MB, 400 when not JSON or not of the documented shape."""
    if len(body) > BIGGEST_BODY:
        raise RefusalError(error(413, "Request body is too large"))
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as problem:
        raise RefusalError(from_validation(problem)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise RefusalError(unparsable()) from None


def decode_messages(raws: list[msgspec.Raw], body: bytes) -> list[Message]:
    """Raises RefusalError when a message object breaks the contract."""
    messages = []
    for index, raw in enumerate(raws):
        try:
            messages.append(_message_decoder.decode(raw))
        except msgspec.ValidationError as problem:
            raise RefusalError(from_validation(problem, f"messages[{index}]")) from None
        except (msgspec.DecodeError, RecursionError):
            raise RefusalError(unparsable()) from None
    if len(body) > BIGGEST_BUBBLE:
        _check_flex_sizes(messages, raws)
    return messages


def _check_flex_sizes(messages: list[Message], raws: list[msgspec.Raw]) -> None:
    """Size as it travelled, blanks taken out; how LINE counts is not documented, escaped letters count here."""
    for index, message in enumerate(messages):
        if isinstance(message, FlexMessage):
            raw = bytes(raws[index])
            escaped = rb"\u" in raw
            contents = orjson.loads(raw)["contents"]
            _check_flex_size(f"messages[{index}].contents", contents, escaped=escaped)


def _check_flex_size(field: str, contents: dict[str, Any], *, escaped: bool) -> None:
    if contents["type"] == "carousel":
        if _json_size(contents, escaped=escaped) > BIGGEST_CAROUSEL:
            raise RefusalError(invalid(field, "Carousel must be 50 KB or smaller"))
        for index, bubble in enumerate(contents["contents"]):
            _check_flex_size(f"{field}.contents[{index}]", bubble, escaped=escaped)
    elif _json_size(contents, escaped=escaped) > BIGGEST_BUBBLE:
        raise RefusalError(invalid(field, "Bubble must be 30 KB or smaller"))


def _json_size(value: Any, *, escaped: bool) -> int:
    encoded = orjson.dumps(value)
    if not escaped:
        return len(encoded)
    text = encoded.decode()
    # `\uXXXX` is six letters for each UTF-16 unit beyond ASCII.
    return sum(1 if letter < "\x80" else 6 if letter <= "\uffff" else 12 for letter in text)
