"""People, groups, and what their phones show."""

from __future__ import annotations

from collections import deque
from typing import Any, Literal

import msgspec

from simulator.faults import Platform

Author = Literal["person", "bot", "platform"]


class Person(msgspec.Struct, kw_only=True):
    """`id` is the platform's own id as text: `U…` on LINE, a positive number on Telegram."""

    id: str
    platform: Platform
    name: str
    language: str = "th"
    username: str = ""
    following: bool = True
    blocked: bool = False
    met: bool = True


class Group(msgspec.Struct, kw_only=True):
    """`id`: `C…` on LINE, a negative number on Telegram."""

    id: str
    platform: Platform
    name: str
    members: list[str]
    bot_inside: bool = False
    supergroup: bool = False
    migrated_to: str | None = None


class Item(msgspec.Struct, kw_only=True):
    """One thing in a chat. `message` is the platform's own object, as it travelled.

    `via` is the API method that brought it (reply, push, sendMessage, …); empty for what people wrote.
    """

    id: str
    at: float
    author: Author
    author_id: str
    kind: str
    message: Any
    text: str = ""
    via: str = ""
    request_id: str = ""
    reply_to: str = ""
    edited_at: float | None = None
    deleted_at: float | None = None
    # Telegram: the keys that were taken away, which a phone that has not heard of it yet still shows.
    former_markup: Any = None


class Activity(msgspec.Struct, kw_only=True):
    """Dots that dance: LINE's loading animation or Telegram's chat action."""

    action: str
    until: float


class Timeline(msgspec.Struct, kw_only=True):
    """A phone's screen. `quick_reply` (LINE) and `reply_keyboard` (Telegram) only while they are shown."""

    chat: str
    platform: Platform
    items: list[Item]
    quick_reply: Any = None
    quick_reply_of: str = ""
    reply_keyboard: Any = None
    activity: Activity | None = None
    toast: str = ""
    rich_menu: Any = None
    commands: list[Any] = []
    read_up_to: str = ""


class Chat:
    """One conversation, as every phone in it shows it."""

    def __init__(self, chat_id: str, platform: Platform, keep: int) -> None:
        self.id = chat_id
        self.platform: Platform = platform
        self.items: deque[Item] = deque(maxlen=keep)
        self.quick_reply: Any = None
        self.quick_reply_of = ""
        self.reply_keyboard: Any = None
        self.reply_keyboard_of = ""
        self.activity: Activity | None = None
        self.toast = ""
        self.read_up_to = ""

    def add(self, item: Item) -> None:
        """A new line ends the dancing dots and takes the quick replies of the lines before it away."""
        self.items.append(item)
        self.activity = None
        self.quick_reply = None
        self.toast = ""

    def find(self, message_id: str) -> Item | None:
        return next((item for item in reversed(self.items) if item.id == message_id), None)

    def shown_activity(self, now: float) -> Activity | None:
        return self.activity if self.activity is not None and self.activity.until > now else None
