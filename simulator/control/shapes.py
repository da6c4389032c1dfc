"""What travels over the control API, in both directions."""

from __future__ import annotations

from typing import Literal

import msgspec

from simulator.faults import Platform
from simulator.inbound import Inbound

Kind = Literal["text", "picture", "sticker", "location", "audio", "video", "file", "contact"]


class Ask(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Base of all requests."""


class NewPeople(Ask, kw_only=True):
    """`ids` in the platform's own form, or `count` fresh ones. `met`: they opened the chat before (Telegram)."""

    platform: Platform
    name: str
    count: int = 1
    ids: list[str] = []
    language: str = "th"
    username: str = ""
    following: bool = True
    met: bool = True


class NewGroup(Ask, kw_only=True):
    platform: Platform
    name: str
    members: list[str]
    supergroup: bool = False


class GroupChange(Ask, kw_only=True):
    """`person` joins or leaves; for the bot, `person` is who adds or removes it."""

    group: str
    person: str


class PersonChange(Ask, kw_only=True):
    person: str


class Say(Ask, kw_only=True):
    """One message of a person, privately or in a group."""

    person: str
    kind: Kind = "text"
    text: str = ""
    group: str | None = None
    mention_bot: bool = False
    data: bytes = b""
    file_name: str = ""
    media_type: str = ""
    duration_ms: int = 1000
    latitude: float = 13.7563
    longitude: float = 100.5018
    title: str = ""
    address: str = ""
    package_id: str = "446"
    sticker_id: str = "1988"
    emoji: str = "🙂"
    phone_number: str = ""
    first_name: str = ""
    reply_to: str = ""
    preparing_s: float = 0.0


class SayMany(Ask, kw_only=True):
    """On LINE all in one webhook body; on Telegram one update each, in this order."""

    messages: list[Say]
    wait: bool = True


class Press(Ask, kw_only=True):
    """Presses a button of a message: by `index` among its buttons, by `label`, or by `data`.

    Without `message_id`: the quick reply or reply keyboard shown now. `menu`: the rich menu's areas.
    `value` answers a date picker. `stale`: a phone that has not heard yet that the buttons were taken away.
    """

    person: str
    message_id: str = ""
    index: int | None = None
    label: str | None = None
    data: str | None = None
    value: str = ""
    group: str | None = None
    menu: bool = False
    stale: bool = False


class Unsend(Ask, kw_only=True):
    person: str
    message_id: str
    group: str | None = None


class Edit(Ask, kw_only=True):
    person: str
    message_id: str
    text: str
    group: str | None = None


class Raw(Ask, kw_only=True):
    """Any body to a webhook, its proof correct, wrong or missing."""

    platform: Platform
    body: bytes
    signature: Literal["correct", "wrong", "missing"] = "correct"


class SetInbound(Ask, kw_only=True):
    platform: Platform
    settings: Inbound


class Advance(Ask, kw_only=True):
    seconds: float


class Number(Ask, kw_only=True):
    """An id of a fault, or None for all; a monthly quota, or None for no limit."""

    number: int | None = None


class Nothing(Ask, kw_only=True):
    """No parameters."""


class Done(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What came of an act.

    `status` 0: no webhook went out or no answer came, `reason` says which. `opened` is the address a button opens,
    `copied` what it puts on the clipboard, `asks` what the phone now wants from the person.
    """

    event_ids: list[str] = []
    message_ids: list[str] = []
    status: int = 0
    accepted: bool = False
    latency_ms: float = 0.0
    reason: str = ""
    opened: str = ""
    copied: str = ""
    asks: str = ""
    id: str = ""


class ControlError(Exception):
    """The act is impossible as asked; the text says what to do."""
