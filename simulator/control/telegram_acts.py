"""What a person does on Telegram, and the update it makes."""

from __future__ import annotations

from typing import Any

import orjson

from simulator.control.buttons import choose, inline_buttons, keyboard_buttons
from simulator.control.shapes import ControlError, Done, Edit, GroupChange, Press, Say, SayMany
from simulator.phone import Group, Item, Person
from simulator.posting import Posted
from simulator.telegram import updates
from simulator.telegram.bot import Query, person_user
from simulator.telegram.platform import TelegramPlatform
from simulator.telegram.sending import photo_sizes

_NOT_INSIDE = Posted(status=0, latency_ms=0, reason="bot_not_in_group")
_PRIVATE = Posted(status=0, latency_ms=0, reason="group_privacy")


class TelegramActs:
    def __init__(self, platform: TelegramPlatform) -> None:
        self._platform = platform
        self._bot = platform.bot
        self._world = platform.bot.world

    async def say_many(self, asked: SayMany) -> Done:
        done = Done()
        for say in asked.messages:
            one = await self._say(say, wait=asked.wait)
            one.event_ids = [*done.event_ids, *one.event_ids]
            one.message_ids = [*done.message_ids, *one.message_ids]
            done = one
        return done

    async def press(self, asked: Press) -> Done:
        person = self._world.person(asked.person)
        chat_id = asked.group or person.id
        if not asked.message_id:
            return await self._press_keyboard(person, asked, chat_id)
        item = self._world.item(chat_id, asked.message_id)
        shows = item.message
        if asked.stale and item.former_markup is not None:
            shows = {**item.message, "reply_markup": item.former_markup}
        button = choose(inline_buttons(shows), asked)
        if "callback_data" not in button:
            copied = button.get("copy_text", {}).get("text", "")
            return Done(
                opened=button.get("url", ""), copied=copied, asks="" if "url" in button else "other_app"
            )
        return await self._callback(person, item, chat_id, button["callback_data"])

    async def follow(self, person: Person) -> Done:
        """Presses Start; somebody who blocked the bot unblocks it first."""
        if person.blocked:
            await self.unblock(person)
        person.met, person.following = True, True
        return await self._say(Say(person=person.id, text="/start"))

    async def unfollow(self, person: Person) -> Done:
        """Blocks the bot."""
        person.blocked = True
        change = updates.membership(self._bot, person, None, updates.MEMBER, updates.KICKED)
        return await self._emit("my_chat_member", change, person, person.id, text="")

    async def unblock(self, person: Person) -> Done:
        person.blocked = False
        change = updates.membership(self._bot, person, None, updates.KICKED, updates.MEMBER)
        return await self._emit("my_chat_member", change, person, person.id, text="")

    async def edit(self, asked: Edit) -> Done:
        person = self._world.person(asked.person)
        chat_id = asked.group or person.id
        item = self._world.item(chat_id, asked.message_id)
        if item.author_id != person.id or item.kind != "text":
            raise ControlError("Only one's own text can be edited.")
        now = self._world.clock.now()
        rest = {key: value for key, value in item.message.items() if key not in ("text", "entities")}
        item.message = {**rest, "edit_date": int(now), **updates.text_fields(asked.text)}
        item.text, item.edited_at = asked.text, now
        self._world.changes.tell("chat_changed", "telegram", chat_id)
        return await self._emit("edited_message", item.message, person, chat_id, text=asked.text)

    async def add_bot(self, asked: GroupChange) -> Done:
        person, group = self._world.person(asked.person), self._world.group(asked.group)
        group.bot_inside = True
        change = updates.membership(self._bot, person, group, updates.LEFT, updates.MEMBER)
        await self._emit("my_chat_member", change, person, group.id, text="")
        return await self._service(person, group, new_chat_members=[self._bot.user()])

    async def remove_bot(self, asked: GroupChange) -> Done:
        person, group = self._world.person(asked.person), self._world.group(asked.group)
        change = updates.membership(self._bot, person, group, updates.MEMBER, updates.KICKED)
        group.bot_inside = False
        return await self._emit("my_chat_member", change, person, group.id, text="")

    async def join(self, asked: GroupChange) -> Done:
        person, group = self._world.person(asked.person), self._world.group(asked.group)
        group.members.append(person.id)
        return await self._service(person, group, new_chat_members=[person_user(person)])

    async def leave(self, asked: GroupChange) -> Done:
        person, group = self._world.person(asked.person), self._world.group(asked.group)
        group.members.remove(person.id)
        return await self._service(person, group, left_chat_member=person_user(person))

    async def migrate(self, asked: GroupChange) -> Done:
        """A small group becomes a supergroup with a new id; `Done.id` is that id."""
        person, old = self._world.person(asked.person), self._world.group(asked.group)
        if old.supergroup:
            raise ControlError("This group is a supergroup already.")
        new = Group(
            id=str(self._world.ids.telegram_group(supergroup=True)),
            platform="telegram",
            name=old.name,
            members=list(old.members),
            bot_inside=old.bot_inside,
            supergroup=True,
        )
        self._world.groups[new.id] = new
        await self._service(person, old, migrate_to_chat_id=int(new.id))
        old.migrated_to = new.id
        done = await self._service(person, new, migrate_from_chat_id=int(old.id))
        done.id = new.id
        return done

    async def _service(self, person: Person, group: Group, **fields: Any) -> Done:
        message = updates.make_message(self._bot, person, group, **fields)
        return await self._emit("message", message, person, group.id, text="")

    async def _say(self, say: Say, *, wait: bool = True) -> Done:
        person = self._world.person(say.person)
        group = self._world.group(say.group) if say.group else None
        if group is None and person.blocked:
            raise ControlError("This person blocked the bot: follow it again first.")
        person.met = True
        message = updates.make_message(self._bot, person, group, **self._fields(say))
        chat_id = group.id if group else person.id
        if say.reply_to:
            replied = self._world.item(chat_id, say.reply_to).message
            message["reply_to_message"] = {key: replied[key] for key in replied if key != "reply_to_message"}
        text = message.get("text", "") or message.get("caption", "")
        item = Item(
            id=str(message["message_id"]),
            at=self._world.clock.now(),
            author="person",
            author_id=person.id,
            kind=say.kind,
            message=message,
            text=text,
            reply_to=say.reply_to,
        )
        self._world.show(chat_id, "telegram", item)
        done = await self._emit("message", message, person, chat_id, text=text, wait=wait)
        done.message_ids = [item.id]
        return done

    def _fields(self, say: Say) -> dict[str, Any]:
        """The part of a message that is its content; a text beside a file is its caption."""
        if say.kind == "text":
            name = self._world.options.bot_username
            return updates.text_fields(f"@{name} {say.text}" if say.mention_bot else say.text)
        caption = {"caption": say.text} if say.text else {}
        return {**self._content(say), **caption}

    def _content(self, say: Say) -> dict[str, Any]:
        if say.kind == "location":
            return {"location": {"latitude": say.latitude, "longitude": say.longitude}}
        if say.kind == "contact":
            return {"contact": {"phone_number": say.phone_number, "first_name": say.first_name or "?"}}
        if say.kind == "picture":
            return {"photo": photo_sizes(self._bot, say.data)}
        return self._file_content(say)

    def _file_content(self, say: Say) -> dict[str, Any]:
        stored = self._bot.store_file(
            say.data,
            say.media_type or "application/octet-stream",
            say.kind,
            say.file_name or f"file_{len(self._bot.files)}",
        )
        file: dict[str, Any] = {
            "file_id": stored.file_id,
            "file_unique_id": stored.file_id[-16:],
            "file_size": len(say.data),
        }
        if say.kind == "sticker":
            looks = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
            return {"sticker": {**looks, "emoji": say.emoji, "set_name": "simulated", **file}}
        if say.kind == "audio":
            return {
                "voice": {
                    "duration": say.duration_ms // 1000,
                    "mime_type": say.media_type or "audio/ogg",
                    **file,
                }
            }
        if say.kind == "video":
            return {"video": {"width": 640, "height": 360, "duration": say.duration_ms // 1000, **file}}
        named = {"file_name": say.file_name or "file.bin", "mime_type": stored.media_type}
        return {"document": {**named, **file}}

    async def _press_keyboard(self, person: Person, asked: Press, chat_id: str) -> Done:
        chat = self._world.chat(chat_id, "telegram")
        keyboard = chat.reply_keyboard or {}
        button = choose(keyboard_buttons(keyboard), asked)
        if keyboard.get("one_time_keyboard"):
            chat.reply_keyboard = None
        if button.get("request_location"):
            return Done(asks="location")
        if button.get("request_contact"):
            phone = Say(person=person.id, kind="contact", phone_number="+66800000000", first_name=person.name)
            return await self._say(phone)
        return await self._say(Say(person=person.id, text=button["text"], group=asked.group))

    async def _callback(self, person: Person, item: Item, chat_id: str, data: str) -> Done:
        query_id = str(int(self._world.ids.hexadecimal(15), 16))
        self._bot.queries[query_id] = Query(chat=chat_id, at=self._world.clock.now())
        query = {
            "id": query_id,
            "from": person_user(person),
            "message": item.message,
            "chat_instance": str(abs(int(chat_id)) * 7919),
            "data": data,
        }
        return await self._emit("callback_query", query, person, chat_id, text=data)

    async def _emit(
        self,
        kind: str,
        content: dict[str, Any],
        person: Person,
        chat_id: str,
        *,
        text: str,
        wait: bool = True,
    ) -> Done:
        update = updates.make_update(self._bot, kind, content)
        update_id = str(update["update_id"])
        self._world.record.event(
            platform="telegram",
            event_id=update_id,
            person=person.id,
            chat=chat_id,
            type_=kind,
            text=text,
            message_id=str(content.get("message_id", "")),
            at=self._world.clock.now(),
        )
        self._world.changes.tell("people_changed", "telegram")
        held = self._held_back(kind, content, chat_id)
        if held is not None:
            return _done(held, update_id)
        if not wait:
            self._platform.webhook.spawn(update, chat_id)
            return Done(event_ids=[update_id], reason="not_waited_for")
        return _done(await self._platform.webhook.deliver(update, chat_id), update_id)

    def _held_back(self, kind: str, content: dict[str, Any], chat_id: str) -> Posted | None:
        """Why Telegram tells the bot nothing: it is not in the group, or group privacy is on."""
        group = self._world.groups.get(chat_id)
        if group is None or kind == "my_chat_member":
            return None
        if not group.bot_inside:
            return _NOT_INSIDE
        service = not (content.get("text") or content.get("caption"))
        addressed = self._world.options.bot_username in orjson.dumps(content.get("text", "")).decode()
        command = any(one["type"] == "bot_command" for one in content.get("entities", []))
        answers_bot = content.get("reply_to_message", {}).get("from", {}).get("id") == self._bot.id
        heard = service or addressed or command or answers_bot or kind == "callback_query"
        return _PRIVATE if self._world.options.telegram_group_privacy and not heard else None


def _done(posted: Posted, update_id: str) -> Done:
    return Done(
        event_ids=[update_id],
        status=posted.status,
        accepted=posted.accepted,
        latency_ms=round(posted.latency_ms, 3),
        reason=posted.reason,
    )
