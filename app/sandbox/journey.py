"""The journeys of the last messages: each webhook with the calls it led to, newest first."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec

from app.sandbox.words import WORDS, clock_of
from simulator.traffic import ExchangeShown

_SHOWN = 8
_LONGEST_BODY = 8_000
_KEYS = ("replyToken", "to", "chatId", "chat_id", "callback_query_id", "markAsReadToken")
# Headers that say nothing about the message.
_DULL = {"host", "connection", "content-length", "accept-encoding", "accept", "user-agent", "date", "server"}


class Step(msgspec.Struct, kw_only=True):
    """One HTTP exchange. Bodies are pretty-printed; `good` means that the answer was a 2xx."""

    number: int
    platform: str
    inbound: bool
    title: str
    target: str
    clock: str
    status: int
    duration: str
    good: bool
    headers: list[tuple[str, str]]
    body: str
    answer: str


class Journey(msgspec.Struct, kw_only=True):
    """`webhook` is None for what we began by ourselves; `calls` newest first."""

    number: int
    platform: str
    title: str
    clock: str
    webhook: Step | None
    calls: list[Step]


def make_journeys(exchanges: Iterable[ExchangeShown]) -> list[Journey]:
    """`exchanges` oldest first; a call belongs to the newest webhook that holds its token, chat or message."""
    journeys: list[Journey] = []
    bodies: dict[int, str] = {}
    for exchange in exchanges:
        step = _step(exchange)
        journey = None if step.inbound else _belongs_to(exchange, journeys, bodies)
        if journey is None:
            journey = _begin(step)
            journeys.append(journey)
            bodies[journey.number] = exchange.request_body if step.inbound else ""
        if not step.inbound:
            journey.calls.insert(0, step)
    return journeys[::-1][:_SHOWN]


def _begin(step: Step) -> Journey:
    return Journey(
        number=step.number,
        platform=step.platform,
        title=step.title if step.inbound else f"{WORDS['journey']['our_start']}: {step.title}",
        clock=step.clock,
        webhook=step if step.inbound else None,
        calls=[],
    )


def _belongs_to(exchange: ExchangeShown, journeys: list[Journey], bodies: dict[int, str]) -> Journey | None:
    keys = set(_keys_of(exchange))
    for journey in reversed(journeys):
        body = bodies[journey.number]
        if journey.platform == exchange.platform and any(key in body for key in keys):
            return journey
    same = [journey for journey in journeys if journey.platform == exchange.platform and journey.webhook]
    return same[-1] if same and not keys else None


def _keys_of(exchange: ExchangeShown) -> Iterator[str]:
    """What ties a call to a message: a token, a chat, or a message id in its address."""
    fields = _fields(exchange.request_body)
    for name in _KEYS:
        value = fields.get(name)
        if isinstance(value, str | int) and str(value):
            yield str(value)
    yield from (
        part for part in exchange.url.split("/") if len(part) >= 12 and part.isalnum() and part.isdigit()
    )


def _step(exchange: ExchangeShown) -> Step:
    inbound = exchange.direction == "webhook"
    return Step(
        number=exchange.number,
        platform=exchange.platform,
        inbound=inbound,
        title=_event_title(exchange.request_body) if inbound else _call_title(exchange.url),
        target=f"{exchange.method} {urlsplit(exchange.url).path}",
        clock=clock_of(datetime.fromtimestamp(exchange.at, UTC)),
        status=exchange.status,
        duration=f"{exchange.duration_ms:,.1f}"
        if exchange.duration_ms < 100
        else f"{exchange.duration_ms:,.0f}",
        good=200 <= exchange.status < 300,
        headers=sorted(
            (name, value) for name, value in exchange.request_headers.items() if name not in _DULL
        ),
        body=_pretty(exchange.request_body),
        answer=_pretty(exchange.response_body),
    )


def _event_title(body: str) -> str:
    """What happened, in a word, and the first words said."""
    data = _fields(body)
    events = data.get("events")
    event = events[0] if isinstance(events, list) and events else data
    kind = event.get("type") or next((key for key in event if key != "update_id"), "other")
    inner = event.get("message") if isinstance(event.get("message"), dict) else event.get(kind)
    message = inner if isinstance(inner, dict) else {}
    named: dict[str, str] = WORDS["event"]
    detail = next((key for key in (message.get("type"), *message) if key in named and key != "text"), kind)
    said = message.get("text") or message.get("caption") or ""
    title = named.get(detail if kind == "message" else kind, named["other"])
    return f"{title} “{_short(said)}”" if said and kind == "message" else title


def _call_title(url: str) -> str:
    calls: dict[str, str] = WORDS["call"]
    parts = [part for part in urlsplit(url).path.split("/") if part]
    return next((calls[part] for part in reversed(parts) if part in calls), parts[-1] if parts else url)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 32 else line[:31] + "…"


def _fields(body: str) -> dict[str, Any]:
    """A body as fields, whether it travelled as JSON or as a form; empty when it is neither."""
    try:
        found = json.loads(body)
    except ValueError:
        return {name: _opened(value) for name, value in parse_qsl(body)} if "=" in body else {}
    return found if isinstance(found, dict) else {}


def _opened(value: str) -> Any:
    """Telegram's form fields hold JSON inside."""
    if value[:1] not in {"{", "["}:
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _pretty(body: str) -> str:
    fields = _fields(body)
    text = json.dumps(fields, ensure_ascii=False, indent=2) if fields else body
    return text if len(text) <= _LONGEST_BODY else f"{text[:_LONGEST_BODY]}… ({WORDS['journey']['cut']})"
