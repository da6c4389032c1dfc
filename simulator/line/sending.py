"""reply, push, multicast, broadcast and their validation. Source: LINE reference, "Message"."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import UNSET, UnsetType

from simulator.asgi import Request, Response
from simulator.faults import Fault
from simulator.ids import LINE_CHAT, LINE_USER
from simulator.line import requests
from simulator.line.account import LineAccount
from simulator.line.decoding import decode, decode_messages
from simulator.line.delivering import Sending, deliver_to_many, deliver_to_one, note
from simulator.line.errors import (
    CONCURRENCY,
    MONTHLY_LIMIT,
    RATE_LIMIT,
    REPLY_REFUSED,
    SENT_ALREADY,
    RefusalError,
    answer,
    error,
    invalid_property,
)
from simulator.line.retry_keys import is_uuid
from simulator.outages import answer_through

RETRY_KEY = b"x-line-retry-key"


async def reply(line: LineAccount, request: Request) -> Response:
    if request.header(RETRY_KEY) is not None:
        raise RefusalError(error(400, "X-Line-Retry-Key is not supported by this endpoint"))
    body = decode(requests.reply_decoder, request.body)
    messages = decode_messages(body.messages, request.body)
    chat = line.reply_tokens.chat_of(body.reply_token)
    sending = Sending(
        method="reply",
        request_id=request.request_id,
        chats=[chat] if chat else [],
        messages=messages,
        raws=body.messages,
        reply_token=body.reply_token,
    )
    return await through_faults(line, request, sending, lambda: _reply(line, sending))


def _reply(line: LineAccount, sending: Sending) -> Response:
    chat = line.reply_tokens.use(sending.reply_token or "")
    if chat is None:
        note(line, sending, effective=False, outcome="invalid_reply_token")
        return error(400, REPLY_REFUSED)
    return answer({"sentMessages": deliver_to_one(line, sending, chat)})


async def push(line: LineAccount, request: Request) -> Response:
    body = decode(requests.push_decoder, request.body)
    messages = decode_messages(body.messages, request.body)
    if LINE_CHAT.fullmatch(body.to) is None:
        raise RefusalError(invalid_property("to"))
    sending = Sending(
        method="push",
        request_id=request.request_id,
        chats=[body.to],
        messages=messages,
        raws=body.messages,
        retry_key=retry_key(request),
        units=_units(body.custom_aggregation_units),
    )
    return await through_faults(line, request, sending, lambda: _push(line, sending))


def _push(line: LineAccount, sending: Sending) -> Response:
    to = sending.chats[0]

    def send() -> list[dict[str, Any]]:
        if not line.knows(to):
            note(line, sending, effective=False, outcome="unknown_recipient")
            raise RefusalError(error(400, "Failed to send messages"))
        return deliver_to_one(line, sending, to)

    refused, sent = once(line, sending, send)
    return refused or answer({"sentMessages": sent})


async def multicast(line: LineAccount, request: Request) -> Response:
    """One id that is malformed or nobody's refuses the whole call, as LINE's reference says it may."""
    body = decode(requests.multicast_decoder, request.body)
    messages = decode_messages(body.messages, request.body)
    for index, to in enumerate(body.to):
        if LINE_USER.fullmatch(to) is None or not line.knows(to):
            raise RefusalError(invalid_property(f"to[{index}]"))
    sending = Sending(
        method="multicast",
        request_id=request.request_id,
        chats=list(dict.fromkeys(body.to)),
        messages=messages,
        raws=body.messages,
        retry_key=retry_key(request),
        units=_units(body.custom_aggregation_units),
    )
    return await through_faults(line, request, sending, lambda: send_to_many(line, sending))


async def broadcast(line: LineAccount, request: Request) -> Response:
    body = decode(requests.broadcast_decoder, request.body)
    sending = Sending(
        method="broadcast",
        request_id=request.request_id,
        chats=line.followers(),
        messages=decode_messages(body.messages, request.body),
        raws=body.messages,
        retry_key=retry_key(request),
    )
    return await through_faults(line, request, sending, lambda: send_to_many(line, sending))


async def validate(line: LineAccount, request: Request) -> Response:
    body = decode(requests.validate_decoder, request.body)
    decode_messages(body.messages, request.body)
    faults = line.world.faults.take("line", "validate", ())
    return await answer_through(faults, request, lambda: answer({}), lambda fault: words(fault, ""))


async def through_faults(
    line: LineAccount, request: Request, sending: Sending, effect: Callable[[], Response]
) -> Response:
    faults = line.world.faults.take("line", sending.method, sending.chats)
    if not faults:
        return effect()

    def refuse(fault: Fault) -> Response:
        if fault.kind == "blocked":
            for chat in sending.chats:
                if chat in line.world.people:
                    line.world.people[chat].blocked = True
            return effect()
        if not fault.kind.endswith("_after_effect"):
            note(line, sending, effective=False, outcome=fault.kind)
        return words(fault, sending.request_id)

    return await answer_through(faults, request, effect, refuse)


def words(fault: Fault, request_id: str) -> Response:
    """How LINE says this failure."""
    if fault.kind in ("rate_limited", "concurrency", "quota_exhausted"):
        message = {"rate_limited": RATE_LIMIT, "concurrency": CONCURRENCY, "quota_exhausted": MONTHLY_LIMIT}
        return error(429, message[fault.kind])
    if fault.kind == "conflict":
        conflict = error(409, SENT_ALREADY)
        conflict.headers = [(b"x-line-accepted-request-id", request_id.encode())]
        return conflict
    return error(500, "Internal Server Error")


def once(
    line: LineAccount, sending: Sending, send: Callable[[], list[dict[str, Any]]]
) -> tuple[Response | None, list[dict[str, Any]]]:
    """Runs `send` unless its retry key was accepted before (409) or the month's quota is used up (429)."""
    if sending.retry_key is not None:
        accepted = line.retry_keys.accepted(sending.retry_key)
        if accepted is not None:
            note(line, sending, effective=False, outcome="conflict")
            more = {"sentMessages": accepted.sent} if sending.method == "push" else {}
            conflict = error(409, SENT_ALREADY, **more)
            conflict.headers = [(b"x-line-accepted-request-id", accepted.request_id.encode())]
            return conflict, []
    cost = sum(line.cost(chat) for chat in sending.chats if line.reaches(chat))
    if not line.has_quota_for(cost):
        note(line, sending, effective=False, outcome="quota_exhausted")
        return error(429, MONTHLY_LIMIT), []
    sent = send()
    line.used_quota += cost
    if sending.retry_key is not None:
        line.retry_keys.accept(sending.retry_key, sending.request_id, sent)
    return None, sent


def send_to_many(line: LineAccount, sending: Sending) -> Response:
    def send() -> list[dict[str, Any]]:
        deliver_to_many(line, sending)
        return []

    refused, _ = once(line, sending, send)
    return refused or answer({}, sending.status)


def retry_key(request: Request) -> str | None:
    key = request.header(RETRY_KEY)
    if key is not None and not is_uuid(key):
        raise RefusalError(error(400, "Invalid retry key"))
    return key


def _units(units: list[str] | UnsetType) -> list[str]:
    return [] if units is UNSET else units
