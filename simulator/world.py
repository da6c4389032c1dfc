"""Everything that happens in one simulator, whichever platform it happens on."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from simulator.changes import Changes
from simulator.clock import Clock
from simulator.faults import Faults, Platform
from simulator.ids import Ids
from simulator.options import Options
from simulator.phone import Chat, Group, Item, Person
from simulator.record import Record
from simulator.traffic import Traffic

_LINE_DAY = timezone(timedelta(hours=9))


class UnknownError(LookupError):
    """No such person, group or message: create it first."""


class World:
    def __init__(self, options: Options) -> None:
        self.options = options
        self.clock = Clock()
        self.ids = Ids(options.seed)
        self.changes = Changes()
        self.faults = Faults()
        self.traffic = Traffic(options.keep_exchanges)
        self.record = Record(options.record_file, options.keep_rows)
        self.people: dict[str, Person] = {}
        self.groups: dict[str, Group] = {}
        self.chats: dict[str, Chat] = {}

    def person(self, person_id: str) -> Person:
        found = self.people.get(person_id)
        if found is None:
            raise UnknownError(f"Nobody has the id {person_id}: create the person first.")
        return found

    def group(self, group_id: str) -> Group:
        found = self.groups.get(group_id)
        if found is None:
            raise UnknownError(f"No group has the id {group_id}: create it first.")
        return found

    def chat(self, chat_id: str, platform: Platform) -> Chat:
        found = self.chats.get(chat_id)
        if found is None:
            found = self.chats[chat_id] = Chat(chat_id, platform, self.options.keep_items)
        return found

    def show(self, chat_id: str, platform: Platform, item: Item) -> Chat:
        """Puts an item on the phones of a chat."""
        chat = self.chat(chat_id, platform)
        chat.add(item)
        self.changes.tell("chat_changed", platform, chat_id)
        return chat

    def item(self, chat_id: str, message_id: str) -> Item:
        found = self.chats[chat_id].find(message_id) if chat_id in self.chats else None
        if found is None:
            raise UnknownError(f"The chat {chat_id} shows no message {message_id}.")
        return found

    def day(self) -> str:
        """`yyyyMMdd` in UTC+9, the day LINE's own statistics count in."""
        return datetime.fromtimestamp(self.clock.now(), _LINE_DAY).strftime("%Y%m%d")

    def reset(self) -> None:
        self.clock.reset()
        self.people.clear()
        self.groups.clear()
        self.chats.clear()
        self.faults.clear()
        self.traffic.clear()
        self.record.clear()
        self.changes.tell("reset")
