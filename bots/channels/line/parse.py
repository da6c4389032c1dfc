"""One stored LINE event, read into our own words."""

from typing import Any, Literal

from bots.channels.line.arrivals import TOKEN_SECONDS, mentions_bot
from bots.channels.reading import at, flag_of, int_of, number_of, text_of
from bots.engine.events import Event, EventKind

_MESSAGES: dict[str, EventKind] = {
    "text": "text", "image": "picture", "video": "file", "audio": "audio", "file": "file", "location": "location",
    "sticker": "sticker",
}  # fmt: skip
_EVENTS: dict[str, EventKind] = {
    "postback": "press", "follow": "follow", "unfollow": "unfollow", "unsend": "unsend", "messageEdited": "edit",
    "join": "join", "memberJoined": "other", "leave": "leave", "memberLeft": "other",
}  # fmt: skip


def parse_event(event: dict[str, Any], received: float) -> Event:
    """Read an event. `received` (seconds since 1970) starts the life of its reply token."""
    kind = _kind(event)
    place: Literal["direct", "group"] = (
        "group" if text_of(event, "source", "type") in ("group", "room") else "direct"
    )
    token = text_of(event, "replyToken")
    return Event(
        kind=kind,
        place=place,
        addressed=place == "direct" or mentions_bot(event),
        text=_text(event, place) if kind in ("text", "edit") else "",
        author=text_of(event, "source", "userId") if place == "group" else "",
        data=text_of(event, "postback", "data"),
        media=_media(event, kind),
        size=int_of(event, "message", "fileSize") or 0,
        latitude=number_of(event, "message", "latitude"),
        longitude=number_of(event, "message", "longitude"),
        message=text_of(event, "unsend", "messageId") or text_of(event, "message", "id"),
        handle=token,
        handle_until=received + TOKEN_SECONDS if token else 0.0,
        said_at=(int_of(event, "timestamp") or 0) / 1000,
        standby=text_of(event, "mode") == "standby",
    )


def _kind(event: dict[str, Any]) -> EventKind:
    if text_of(event, "type") == "message":
        return _MESSAGES.get(text_of(event, "message", "type"), "other")
    return _EVENTS.get(text_of(event, "type"), "other")


def _text(event: dict[str, Any], place: str) -> str:
    """What was said; in a group without our own name, by which we were called. Places count UTF-16 units."""
    text = text_of(event, "message", "text")
    mentionees = at(event, "message", "mention", "mentionees")
    if place == "direct" or not isinstance(mentionees, list):
        return text
    units = text.encode("utf-16-le", "surrogatepass")
    ours = [
        (2 * start, 2 * (start + length))
        for one in mentionees
        if flag_of(one, "isSelf")
        if (start := int_of(one, "index")) is not None and (length := int_of(one, "length")) is not None
        if 0 <= start <= start + length <= len(units) // 2
    ]
    for start, end in sorted(ours, reverse=True):
        units = units[:start] + units[end:]
    return units.decode("utf-16-le", "replace").strip()


def _media(event: dict[str, Any], kind: EventKind) -> str:
    """Only what LINE itself keeps can be fetched; pictures of other hosts are never asked for."""
    if kind not in ("picture", "audio", "file"):
        return ""
    provider = text_of(event, "message", "contentProvider", "type")
    return text_of(event, "message", "id") if provider in ("", "line") else ""
