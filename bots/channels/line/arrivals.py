"""LINE's webhook body, taken apart into events without judging them."""

import base64
import hashlib
import hmac
from typing import Any

from bots.channels.base import Arrival, Overheard
from bots.channels.reading import at, flag_of, int_of, parse_json, text_of, write_json
from core.errors import InvalidInputError

# LINE: a reply token works for one minute after the webhook was received; a little is left for the way.
TOKEN_SECONDS = 55


def is_genuine(secret: bytes, raw: bytes, signature: str) -> bool:
    """Check X-Line-Signature: base64 of HMAC-SHA256 over the raw body (LINE, "Verify webhook signature")."""
    expected = base64.b64encode(hmac.digest(secret, raw, "sha256"))
    return hmac.compare_digest(expected, signature.encode("ascii", "replace"))


def read_arrivals(raw: bytes) -> list[Arrival]:
    """Split a body into its events; raises InvalidInputError when it is not a webhook body at all."""
    body = parse_json(raw)
    events = body.get("events") if isinstance(body, dict) else None
    if not isinstance(events, list):
        raise InvalidInputError("a LINE webhook body has a list of events")
    taken: dict[str, bytes] = {}
    return [_arrival(event, taken) for event in events if isinstance(event, dict)]


def _arrival(event: dict[str, Any], taken: dict[str, bytes]) -> Arrival:
    """`taken` holds what the body's earlier events said, by their id."""
    stored = write_json(event)
    unsent = text_of(event, "unsend", "messageId")
    return Arrival(
        channel="line",
        event_id=_event_id(event, stored, taken),
        address=address_of(event),
        position=int_of(event, "timestamp") or 0,
        message=text_of(event, "message", "id") or unsent,
        body=b"" if is_unaddressed(event) else stored,
    )


def _event_id(event: dict[str, Any], stored: bytes, taken: dict[str, bytes]) -> str:
    """Return LINE's id. Without one of its own (or with a neighbour's) an event is known by what it says."""
    given = text_of(event, "webhookEventId")
    if given and taken.setdefault(given, stored) == stored:
        return given
    return "sha256:" + hashlib.sha256(stored).hexdigest()[:40]


def address_of(event: dict[str, Any]) -> str | None:
    """A group is its own conversation: what is said there never mixes with a member's private chat."""
    source = at(event, "source")
    kind = text_of(source, "type")
    if kind in ("group", "room"):
        return text_of(source, kind + "Id") or None
    return text_of(source, "userId") or None


def is_unaddressed(event: dict[str, Any]) -> bool:
    """Tell talk in a group that does not mention the bot; its words may not be kept (invariant 6)."""
    in_group = text_of(event, "source", "type") in ("group", "room")
    return in_group and text_of(event, "type") in ("message", "messageEdited") and not mentions_bot(event)


def overheard(raw: bytes, received: float) -> list[Overheard]:
    """The texts of a body that `read_arrivals` leaves out. `received` (seconds since 1970) starts a token's life."""
    body, taken = parse_json(raw), dict[str, bytes]()
    events = [event for event in body.get("events", ()) if isinstance(event, dict)]
    return [
        Overheard(
            arrival,
            text_of(event, "message", "text"),
            text_of(event, "replyToken"),
            received + TOKEN_SECONDS if text_of(event, "replyToken") else 0.0,
        )
        for event in events
        if not (arrival := _arrival(event, taken)).body and text_of(event, "mode") != "standby"
    ]


def mentions_bot(event: dict[str, Any]) -> bool:
    mentionees = at(event, "message", "mention", "mentionees")
    return isinstance(mentionees, list) and any(flag_of(m, "isSelf") for m in mentionees)
