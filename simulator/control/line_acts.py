"""What a person does on LINE, and the webhook it makes."""

from __future__ import annotations

import msgspec
import orjson

from simulator.control.buttons import choose, line_actions, menu_actions, quick_reply_actions
from simulator.control.shapes import ControlError, Done, Edit, GroupChange, Press, Say, SayMany, Unsend
from simulator.line import insight
from simulator.line.account import Content
from simulator.line.events import Event, make_event, mention_of_bot, message_content, source_of
from simulator.line.platform import LinePlatform
from simulator.line.richmenus import menu_shown_to
from simulator.phone import Group, Item, Person
from simulator.posting import Posted

_MEDIA = {"picture": "image", "audio": "audio", "video": "video", "file": "file"}
_MEDIA_TYPES = {
    "picture": "image/jpeg",
    "audio": "audio/mp4",
    "video": "video/mp4",
    "file": "application/octet-stream",
}
_NOT_INSIDE = Posted(status=0, latency_ms=0, reason="bot_not_in_group")


class LineActs:
    def __init__(self, platform: LinePlatform) -> None:
        self._platform = platform
        self._line = platform.line
        self._world = platform.line.world

    async def say_many(self, asked: SayMany) -> Done:
        events, ids = [], []
        for say in asked.messages:
            event = self._message_event(say)
            ids.append(event["message"]["id"])
            events.append(event)
        return await self._send(events, wait=asked.wait, message_ids=ids)

    async def press(self, asked: Press) -> Done:
        person = self._world.person(asked.person)
        chat_id = asked.group or person.id
        action = choose(self._buttons(asked, chat_id), asked)
        kind = action["type"]
        self.look(person)
        if kind == "uri":
            self._click(asked, chat_id, action["uri"])
            return Done(opened=action["uri"])
        if kind == "clipboard":
            return Done(copied=action["clipboardText"])
        if kind in ("camera", "cameraRoll"):
            return Done(asks="picture")
        if kind == "location":
            return Done(asks="location")
        if kind == "message":
            say = Say(person=person.id, text=action["text"], group=asked.group)
            return await self.say_many(SayMany(messages=[say]))
        return await self._postback(person, asked, action)

    def look(self, person: Person) -> None:
        """The person opens the chat, and does nothing."""
        insight.look(self._line, person.id)

    async def follow(self, person: Person) -> Done:
        again = person.blocked
        person.following, person.blocked = True, False
        event = self._event("follow", person, None, replies=True, follow={"isUnblocked": again})
        return await self._send([event])

    async def unfollow(self, person: Person) -> Done:
        """On LINE an account is left by blocking it."""
        person.blocked = True
        return await self._send([self._event("unfollow", person, None, replies=False)])

    async def unsend(self, asked: Unsend) -> Done:
        person = self._world.person(asked.person)
        item = self._world.item(asked.group or person.id, asked.message_id)
        if item.author_id != person.id:
            raise ControlError("Only one's own message can be unsent.")
        item.deleted_at = self._world.clock.now()
        if asked.message_id in self._line.contents:
            self._line.contents[asked.message_id].unsent = True
        self._world.changes.tell("chat_changed", "line", asked.group or person.id)
        group = self._world.group(asked.group) if asked.group else None
        event = self._event("unsend", person, group, replies=False, unsend={"messageId": asked.message_id})
        return await self._send([event])

    async def edit(self, asked: Edit) -> Done:
        """Only in groups, where LINE tells the bot of edits."""
        if asked.group is None:
            raise ControlError("LINE tells of edits in groups only: name the group.")
        person, group = self._world.person(asked.person), self._world.group(asked.group)
        item = self._world.item(group.id, asked.message_id)
        if item.author_id != person.id or item.kind != "text":
            raise ControlError("Only one's own text can be edited.")
        before = msgspec.json.decode(item.message)
        content = {key: before[key] for key in ("type", "id", "quoteToken")} | {"text": asked.text}
        item.message = msgspec.Raw(orjson.dumps(content))
        item.text, item.edited_at = asked.text, self._world.clock.now()
        self._world.changes.tell("chat_changed", "line", group.id)
        return await self._send([self._event("messageEdited", person, group, replies=True, message=content)])

    async def add_bot(self, asked: GroupChange) -> Done:
        group = self._world.group(asked.group)
        group.bot_inside = True
        return await self._send([self._event("join", None, group, replies=True)])

    async def remove_bot(self, asked: GroupChange) -> Done:
        group = self._world.group(asked.group)
        group.bot_inside = False
        return await self._send([self._event("leave", None, group, replies=False)])

    async def join(self, asked: GroupChange) -> Done:
        group = self._world.group(asked.group)
        group.members.append(self._world.person(asked.person).id)
        members = [{"type": "user", "userId": asked.person}]
        return await self._group_event(group, "memberJoined", replies=True, joined={"members": members})

    async def leave(self, asked: GroupChange) -> Done:
        group = self._world.group(asked.group)
        group.members.remove(asked.person)
        members = [{"type": "user", "userId": asked.person}]
        return await self._group_event(group, "memberLeft", replies=False, left={"members": members})

    async def _group_event(self, group: Group, kind: str, *, replies: bool, **fields: object) -> Done:
        return await self._send([self._event(kind, None, group, replies=replies, **fields)])

    async def _postback(self, person: Person, asked: Press, action: dict[str, str]) -> Done:
        postback: dict[str, object] = {"data": action.get("data", "")}
        if action["type"] == "datetimepicker":
            value = asked.value or action.get("initial", "")
            if not value:
                raise ControlError("Give the date picker a value, as 2026-11-23, 13:30 or 2026-11-23T13:30.")
            postback["params"] = {action["mode"]: value}
        if action["type"] == "richmenuswitch":
            postback["params"] = self._switch_menu(person, action["richMenuAliasId"])
        said = action.get("displayText") or action.get("text")
        group = self._world.group(asked.group) if asked.group else None
        if said:
            content: dict[str, object] = {"id": self._world.ids.line_message(), "type": "text", "text": said}
            self._show(person, group, content, said)
        else:
            self._world.chat(asked.group or person.id, "line").quick_reply = None
        return await self._send([self._event("postback", person, group, replies=True, postback=postback)])

    def _click(self, asked: Press, chat_id: str, url: str) -> None:
        if asked.message_id:
            item = self._world.item(chat_id, asked.message_id)
            insight.click(self._line, asked.person, item.request_id, url)

    def _switch_menu(self, person: Person, alias: str) -> dict[str, str]:
        menu_id = self._line.aliases.get(alias)
        if menu_id is None:
            return {"newRichMenuAliasId": alias, "status": "RICHMENU_ALIAS_ID_NOTFOUND"}
        self._line.menu_of[person.id] = menu_id
        return {"newRichMenuAliasId": alias, "status": "SUCCESS"}

    def _buttons(self, asked: Press, chat_id: str) -> list[dict[str, str]]:
        if asked.menu:
            return menu_actions(menu_shown_to(self._line, asked.person) or {})
        chat = self._world.chat(chat_id, "line")
        quick = (
            quick_reply_actions(msgspec.json.decode(chat.quick_reply)) if chat.quick_reply is not None else []
        )
        if not asked.message_id:
            return quick
        item = self._world.item(chat_id, asked.message_id)
        inside = line_actions(msgspec.json.decode(item.message)) if item.author == "bot" else []
        return [*inside, *quick] if chat.quick_reply_of == item.id else inside

    def _message_event(self, say: Say) -> Event:
        person = self._world.person(say.person)
        group = self._world.group(say.group) if say.group else None
        if group is None and (person.blocked or not person.following):
            raise ControlError("This person left the account: follow it again first.")
        if group is None:
            self.look(person)
        content = self._content(say, group.id if group else person.id)
        self._show(person, group, content, content.get("text", ""))
        return self._event("message", person, group, replies=True, message=content)

    def _content(self, say: Say, chat: str) -> dict[str, object]:
        if say.kind == "text":
            return self._text_content(say, chat)
        if say.kind == "sticker":
            return message_content(
                self._line,
                "sticker",
                chat,
                packageId=say.package_id,
                stickerId=say.sticker_id,
                stickerResourceType="STATIC",
            )
        if say.kind == "location":
            place = {"title": say.title, "address": say.address} if say.title or say.address else {}
            where = {"latitude": say.latitude, "longitude": say.longitude}
            return message_content(self._line, "location", chat, quotable=False, **place, **where)
        if say.kind == "contact":
            raise ControlError("LINE sends no contact cards to bots: say it as text or picture.")
        return self._media_content(say, chat)

    def _text_content(self, say: Say, chat: str) -> dict[str, object]:
        text, mention = mention_of_bot(self._line, say.text) if say.mention_bot else (say.text, None)
        content = message_content(self._line, "text", chat, text=text)
        if mention:
            content["mention"] = mention
        if say.reply_to:
            content["quotedMessageId"] = say.reply_to
        return content

    def _media_content(self, say: Say, chat: str) -> dict[str, object]:
        kind = _MEDIA[say.kind]
        fields: dict[str, object] = {"contentProvider": {"type": "line"}}
        if say.kind == "file":
            fields = {"fileName": say.file_name or "file.bin", "fileSize": len(say.data)}
        if say.kind in ("audio", "video"):
            fields["duration"] = say.duration_ms
        content = message_content(self._line, kind, chat, quotable=kind in ("image", "video"), **fields)
        self._line.contents[content["id"]] = Content(
            kind=kind,
            body=say.data,
            media_type=say.media_type or _MEDIA_TYPES[say.kind],
            ready_after=self._world.clock.now() + say.preparing_s,
        )
        return content

    def _show(self, person: Person, group: Group | None, content: dict[str, object], text: object) -> None:
        item = Item(
            id=str(content["id"]),
            at=self._world.clock.now(),
            author="person",
            author_id=person.id,
            kind=str(content["type"]),
            message=msgspec.Raw(orjson.dumps(content)),
            text=str(text or ""),
            reply_to=str(content.get("quotedMessageId", "")),
        )
        self._world.show(group.id if group else person.id, "line", item)

    def _event(
        self, kind: str, person: Person | None, group: Group | None, *, replies: bool, **fields: object
    ) -> Event:
        standby = self._platform.webhook.mischief.settings.standby
        source = source_of(person, group)
        event = make_event(self._line, kind, source, standby=standby, replies=replies, **fields)
        message = event.get("message", {})
        self._world.record.event(
            platform="line",
            event_id=event["webhookEventId"],
            person=person.id if person else "",
            chat=group.id if group else source.get("userId", ""),
            type_=f"{kind}:{message['type']}" if message else kind,
            text=message.get("text", "") or event.get("postback", {}).get("data", ""),
            message_id=message.get("id", ""),
            at=self._world.clock.now(),
        )
        return event

    async def _send(
        self, events: list[Event], *, wait: bool = True, message_ids: list[str] | None = None
    ) -> Done:
        ids = [event["webhookEventId"] for event in events]
        self._world.changes.tell("people_changed", "line")
        if not self._heard(events[0]):
            return _done(_NOT_INSIDE, ids, message_ids or [])
        if not wait:
            self._platform.webhook.spawn(self._platform.webhook.deliver(events))
            return Done(event_ids=ids, message_ids=message_ids or [], reason="not_waited_for")
        return _done(await self._platform.webhook.deliver(events), ids, message_ids or [])

    def _heard(self, event: Event) -> bool:
        """LINE tells the bot nothing about groups it is not in, but for its leaving."""
        group_id = event["source"].get("groupId")
        return group_id is None or event["type"] == "leave" or self._world.group(group_id).bot_inside


def _done(posted: Posted, event_ids: list[str], message_ids: list[str]) -> Done:
    return Done(
        event_ids=event_ids,
        message_ids=message_ids,
        status=posted.status,
        accepted=posted.accepted,
        latency_ms=round(posted.latency_ms, 3),
        reason=posted.reason,
    )
