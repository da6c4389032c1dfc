"""Shows what was sent on the phones and writes the record of truth."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import UNSET

from simulator.line.account import LineAccount, Unit
from simulator.line.messages import Message, text_of
from simulator.phone import Item


class Sending(msgspec.Struct, kw_only=True):
    """One sending call, decoded and checked; `text` is what notifications would say."""

    method: str
    request_id: str
    chats: list[str]
    messages: list[Message]
    raws: list[msgspec.Raw]
    reply_token: str | None = None
    retry_key: str | None = None
    units: list[str] = []
    status: int = 200
    text: str = ""

    def __post_init__(self) -> None:
        self.text = "\n".join(text_of(message) for message in self.messages)


def deliver_to_one(line: LineAccount, sending: Sending, chat_id: str) -> list[dict[str, Any]]:
    """Returns `sentMessages`."""
    _count(line, sending, [chat_id])
    ids = _show(line, sending, chat_id)
    return [{"id": message_id, "quoteToken": line.world.ids.hexadecimal(40)} for message_id in ids]


def deliver_to_many(line: LineAccount, sending: Sending) -> None:
    _count(line, sending, sending.chats)
    for chat_id in sending.chats:
        _show(line, sending, chat_id)


def note(
    line: LineAccount,
    sending: Sending,
    *,
    effective: bool,
    outcome: str,
    chats: list[str] | None = None,
    message_ids: list[str] | None = None,
) -> None:
    """Writes one row of the record of truth for each chat concerned."""
    for chat in (sending.chats if chats is None else chats) or [""]:
        line.world.record.delivery(
            platform="line",
            method=sending.method,
            person=chat,
            text=sending.text,
            message_ids=message_ids or [],
            reply_token=sending.reply_token,
            retry_key=sending.retry_key,
            request_id=sending.request_id,
            effective=effective,
            outcome=outcome,
            at=line.world.clock.now(),
        )


def _count(line: LineAccount, sending: Sending, chats: list[str]) -> None:
    line.sent_by[sending.method, line.world.day()] += len(chats)
    for name in sending.units:
        _note_unit(line, sending, name, chats)


def _note_unit(line: LineAccount, sending: Sending, name: str, chats: list[str]) -> None:
    unit, now = line.units.setdefault(name, Unit()), line.world.clock.now()
    unit.bubbles = max(unit.bubbles, len(sending.messages))
    line.unit_of[sending.request_id] = name, now
    for chat in chats:
        if line.reaches(chat):
            line.unseen.setdefault(chat, {})[name] = now


def _show(line: LineAccount, sending: Sending, chat_id: str) -> list[str]:
    """Shows the messages in one chat and records them; returns their ids, shown or not."""
    world = line.world
    shown = line.reaches(chat_id)
    ids = [world.ids.line_message() for _ in sending.messages]
    if shown:
        now = world.clock.now()
        for message, raw, message_id in zip(sending.messages, sending.raws, ids, strict=True):
            item = Item(
                id=message_id,
                at=now,
                author="bot",
                author_id=line.user_id,
                kind=str(message.__struct_config__.tag),
                message=raw,
                text=text_of(message),
                via=sending.method,
                request_id=sending.request_id,
            )
            chat = world.show(chat_id, "line", item)
            if message.quick_reply is not UNSET:
                chat.quick_reply, chat.quick_reply_of = raw, message_id
    outcome = "sent" if shown else "not_shown"
    note(line, sending, effective=shown, outcome=outcome, chats=[chat_id], message_ids=ids)
    return ids
