"""The state of one Telegram bot."""

from __future__ import annotations

import itertools
from typing import Any

import msgspec

from simulator.phone import Group, Person
from simulator.telegram.errors import BLOCKED, CHAT_NOT_FOUND, RefusalError
from simulator.world import World


class StoredFile(msgspec.Struct, kw_only=True):
    file_id: str
    path: str
    body: bytes
    media_type: str


class Query(msgspec.Struct, kw_only=True):
    """A pressed inline button that waits for its answer."""

    chat: str
    at: float
    answered: bool = False


class WebhookSetting(msgspec.Struct, kw_only=True):
    url: str
    secret: str
    allowed_updates: list[str] = []
    max_connections: int = 40
    last_error_at: float | None = None
    last_error: str = ""


class TelegramBot:
    """Everything the platform knows about the bot."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.id = int(world.options.telegram_token.split(":", 1)[0])
        self.webhook = WebhookSetting(
            url=world.options.telegram_webhook, secret=world.options.telegram_secret
        )
        self._message_ids = itertools.count(self.world.ids.first_telegram_message)
        self.forget()

    def forget(self) -> None:
        """Back to a fresh bot; the webhook stays."""
        self._supergroup_ids: dict[str, itertools.count[int]] = {}
        self.queries: dict[str, Query] = {}
        self.files: dict[str, StoredFile] = {}
        self.commands: dict[tuple[str, str], list[Any]] = {}
        self.texts: dict[tuple[str, str], str] = {}
        self.menu_buttons: dict[int | None, Any] = {}

    def user(self) -> dict[str, Any]:
        options = self.world.options
        return {
            "id": self.id,
            "is_bot": True,
            "first_name": options.bot_name,
            "username": options.bot_username,
        }

    def next_message_id(self, chat_id: str) -> int:
        """Private chats and small groups share a row of numbers, each supergroup has its own."""
        group = self.world.groups.get(chat_id)
        if group is None or not group.supergroup:
            return next(self._message_ids)
        return next(self._supergroup_ids.setdefault(chat_id, itertools.count(1)))

    def reach(self, chat_id: int | str) -> tuple[str, dict[str, Any]]:
        """(chat id as text, chat object); raises RefusalError when the bot can't write there."""
        key = str(chat_id)
        person, group = self.world.people.get(key), self.world.groups.get(key)
        if person is not None and person.platform == "telegram":
            if not person.met:
                raise RefusalError(403, "Forbidden: bot can't initiate conversation with a user")
            if person.blocked:
                raise RefusalError(403, BLOCKED)
            return key, private_chat(person)
        if group is not None and group.platform == "telegram":
            _check_group(group)
            return key, group_chat(group)
        raise RefusalError(400, CHAT_NOT_FOUND)

    def store_file(self, body: bytes, media_type: str, folder: str, name: str) -> StoredFile:
        file_id = f"AgACAgUAAxkB{self.world.ids.hexadecimal(40)}"
        stored = StoredFile(file_id=file_id, path=f"{folder}/{name}", body=body, media_type=media_type)
        self.files[file_id] = stored
        return stored


def _check_group(group: Group) -> None:
    if group.migrated_to is not None:
        raise RefusalError(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            migrate_to_chat_id=int(group.migrated_to),
        )
    if not group.bot_inside:
        kind = "supergroup" if group.supergroup else "group"
        raise RefusalError(403, f"Forbidden: bot was kicked from the {kind} chat")


def person_user(person: Person) -> dict[str, Any]:
    user: dict[str, Any] = {"id": int(person.id), "is_bot": False, "first_name": person.name}
    if person.username:
        user["username"] = person.username
    return {**user, "language_code": person.language}


def private_chat(person: Person) -> dict[str, Any]:
    chat: dict[str, Any] = {"id": int(person.id), "first_name": person.name}
    if person.username:
        chat["username"] = person.username
    return {**chat, "type": "private"}


def group_chat(group: Group) -> dict[str, Any]:
    return {"id": int(group.id), "title": group.name, "type": "supergroup" if group.supergroup else "group"}
