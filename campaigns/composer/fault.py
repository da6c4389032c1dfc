"""What is wrong with a plan, as a code with its place: whoever shows it has the words."""

from collections.abc import Mapping
from typing import Literal

import msgspec

Only = Literal["", "line", "telegram"]


class Fault(msgspec.Struct, frozen=True):
    """`place` leads there by dots: step, variant (may be empty), block id, field, language; a step counts from 0.

    `channel` is the platform that would refuse it, "" where nobody should send it. What does not stop is a hint.
    """

    place: str
    code: str
    channel: Only = ""
    values: Mapping[str, str | int] = {}
    stops: bool = True


def too_long(place: str, code: str, length: int, limit: int, channel: Only = "") -> Fault:
    return Fault(place, code, channel, {"length": length, "limit": limit})
