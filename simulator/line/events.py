"""Webhook events as LINE really sends them. Source: LINE reference, "Webhook Event Objects"."""

from __future__ import annotations

from typing import Any

from simulator.line.account import LineAccount
from simulator.line.counting import utf16_units
from simulator.phone import Group, Person

Event = dict[str, Any]


def source_of(person: Person | None, group: Group | None) -> dict[str, str]:
    if group is None:
        return {"type": "user", "userId": person.id if person else ""}
    source = {"type": "group", "groupId": group.id}
    return {**source, "userId": person.id} if person else source


def make_event(
    line: LineAccount, kind: str, source: dict[str, str], *, standby: bool, replies: bool, **fields: Any
) -> Event:
    """`replies`: this kind of event carries a reply token (never in standby, where another system answers)."""
    at_ms = line.world.clock.now_ms()
    event: Event = {"type": kind, **fields}
    event["webhookEventId"] = line.world.ids.ulid(at_ms)
    event["deliveryContext"] = {"isRedelivery": False}
    event["timestamp"] = at_ms
    event["source"] = source
    if replies and not standby:
        event["replyToken"] = line.reply_tokens.issue(source.get("groupId") or source["userId"])
    event["mode"] = "standby" if standby else "active"
    return event


def message_content(
    line: LineAccount, kind: str, chat: str, *, quotable: bool = True, **fields: Any
) -> dict[str, Any]:
    """Common part of a message in an event; text, stickers, images and videos can be quoted."""
    world = line.world
    message_id = world.ids.line_message()
    content: dict[str, Any] = {"type": kind, "id": message_id}
    if quotable:
        content["quoteToken"] = world.ids.hexadecimal(40)
    read_token = world.ids.hexadecimal(64)
    line.read_tokens[read_token] = (chat, message_id)
    content["markAsReadToken"] = read_token
    return {**content, **fields}


def mention_of_bot(line: LineAccount, text: str) -> tuple[str, dict[str, Any]]:
    """The text with the bot's name before it, and the `mention` that marks it."""
    name = f"@{line.world.options.bot_name}"
    mentionee = {
        "index": 0,
        "length": utf16_units(name),
        "type": "user",
        "userId": line.user_id,
        "isSelf": True,
    }
    return f"{name} {text}", {"mentionees": [mentionee]}
