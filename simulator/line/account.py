"""The state of one LINE Official Account."""

from __future__ import annotations

from collections import Counter, deque
from datetime import date
from typing import Any

import msgspec

from simulator.line.reply_tokens import ReplyTokens
from simulator.line.retry_keys import RetryKeys
from simulator.world import World


class Content(msgspec.Struct, kw_only=True):
    """What a person sent as a file. `ready_after` is when a video or audio is prepared."""

    kind: str
    body: bytes
    media_type: str
    ready_after: float = 0.0
    unsent: bool = False


class RichMenu(msgspec.Struct, kw_only=True):
    id: str
    menu: dict[str, Any]
    width: int
    height: int
    image: bytes = b""
    image_type: str = ""


class Narrowcast(msgspec.Struct, kw_only=True):
    accepted_at: float
    targets: int
    reached: int
    error_code: int | None = None


class Unit(msgspec.Struct, kw_only=True):
    """What people did with the messages of one aggregation unit, by day (UTC+9)."""

    bubbles: int = 0
    opened: dict[date, set[str]] = {}
    # Day, person, address.
    clicked: list[tuple[date, str, str]] = []


class LineAccount:
    """Everything the platform knows about the bot's account."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.user_id = world.ids.line_user()
        self.webhook_url = world.options.line_webhook
        self.webhook_active = bool(self.webhook_url)
        self.reply_tokens = ReplyTokens(world)
        self.retry_keys = RetryKeys(world.clock)
        self.quota = world.options.line_quota
        self.forget()

    def forget(self) -> None:
        """Back to a fresh account; the webhook address stays."""
        self.used_quota = 0
        self.contents: dict[str, Content] = {}
        self.menus: dict[str, RichMenu] = {}
        self.default_menu = ""
        self.menu_of: dict[str, str] = {}
        self.aliases: dict[str, str] = {}
        self.units: dict[str, Unit] = {}
        # By request the unit and when it was sent; by person the units whose messages they have not looked at yet.
        self.unit_of: dict[str, tuple[str, float]] = {}
        self.unseen: dict[str, dict[str, float]] = {}
        self.insight_calls: deque[float] = deque()
        self.narrowcasts: dict[str, Narrowcast] = {}
        self.sent_by: Counter[tuple[str, str]] = Counter()
        self.read_tokens: dict[str, tuple[str, str]] = {}
        self.reply_tokens.clear()
        self.retry_keys.clear()

    def reaches(self, chat_id: str) -> bool:
        """Whether a message to this person or group is shown to anybody."""
        person = self.world.people.get(chat_id)
        if person is not None:
            return person.platform == "line" and person.following and not person.blocked
        group = self.world.groups.get(chat_id)
        return group is not None and group.bot_inside

    def knows(self, chat_id: str) -> bool:
        found = self.world.people.get(chat_id) or self.world.groups.get(chat_id)
        return found is not None and found.platform == "line"

    def followers(self) -> list[str]:
        return [
            person.id
            for person in self.world.people.values()
            if person.platform == "line" and self.reaches(person.id)
        ]

    def cost(self, chat_id: str) -> int:
        """How many messages of the monthly quota one send uses: one for each person reached."""
        group = self.world.groups.get(chat_id)
        return len(group.members) if group else 1

    def has_quota_for(self, count: int) -> bool:
        return self.quota is None or self.used_quota + count <= self.quota
