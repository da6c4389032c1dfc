"""What happened, before any platform: the events a dialogue can be told of."""

from typing import Any, Literal

import msgspec

EventKind = Literal[
    "text", "press", "picture", "reading", "sticker", "location", "audio", "file", "contact_card",
    "follow", "unfollow", "unsend", "edit", "join", "leave", "other", "evidence",
    "warning", "keeper",
]  # fmt: skip
Place = Literal["direct", "group"]
PictureProblem = Literal[
    "", "not_an_image", "too_large", "too_many_pixels", "timeout", "no_tesseract", "gone"
]
EvidenceProblem = Literal[
    "unknown_kind", "too_large", "too_many_pixels", "locked", "hidden_data", "broken", "too_many", "gone"
]

# The key under which an event of our own making stands in a stored body; platforms have no such key.
OWN = "rootan"


class Event(msgspec.Struct, frozen=True, omit_defaults=True):
    """One event of one person (or group), parsed by its channel.

    `reading` is our own: what a picture that the person sent turned out to say. So is `evidence`: why something that was
    sent for a report can't be kept. So, in a group, are `warning`: somebody posted an offer of danger, whose signs are in
    `data`; and `keeper`: whether who wanted to change the group's setting may, "yes" or "no" in `data`.
    """

    kind: EventKind
    place: Place = "direct"
    # In a group: the bot was mentioned. In a direct chat always true.
    addressed: bool = True
    text: str = ""
    # In a group: the words of the message that this one answers, where the platform tells them.
    quoted: str = ""
    # In a group: the platform's id of who said it, "" where it does not tell.
    author: str = ""
    # What a button carried back.
    data: str = ""
    # The platform's id of the picture, voice or file.
    media: str = ""
    latitude: float | None = None
    longitude: float | None = None
    # Bytes of the picture, voice or file as the platform tells them; 0 where it does not.
    size: int = 0
    # The platform's id of the message itself, or of the one that was taken back or edited.
    message: str = ""
    language: Literal["th", "en"] | None = None
    # One-time handle for a free answer, and until when it can be used (seconds since 1970).
    handle: str = ""
    handle_until: float = 0.0
    # When it was said, by the platform's clock (seconds since 1970); 0 where the platform does not tell.
    said_at: float = 0.0
    # LINE: another module holds the channel; nothing may be sent.
    standby: bool = False
    problem: PictureProblem | EvidenceProblem = ""
    # Telegram: where a press hangs on a message that still has keys to press, its other buttons (links, texts to copy).
    beside: tuple[dict[str, Any], ...] | None = None
