"""The last exchanges in both directions, for the side panel; secrets are masked when shown."""

from __future__ import annotations

import re
from collections import deque
from typing import Literal

import msgspec

Direction = Literal["webhook", "request"]
Headers = list[tuple[bytes, bytes]]
_SECRET_HEADERS = {"authorization", "x-telegram-bot-api-secret-token"}
_BOT_TOKEN = re.compile(r"/bot[0-9]+:[^/]+")
_SHOWN_BYTES = 64 * 1024


class Exchange(msgspec.Struct, kw_only=True):
    """One HTTP exchange as it travelled. `status` 0 means that no answer came."""

    number: int
    direction: Direction
    platform: str
    method: str
    url: str
    at: float
    duration_ms: float
    status: int
    request_headers: Headers
    request_body: bytes
    response_headers: Headers
    response_body: bytes
    note: str = ""


class ExchangeShown(msgspec.Struct, kw_only=True):
    """An exchange ready for a page: decoded and masked, bodies cut at 64 KiB."""

    number: int
    direction: Direction
    platform: str
    method: str
    url: str
    at: float
    duration_ms: float
    status: int
    request_headers: dict[str, str]
    request_body: str
    response_headers: dict[str, str]
    response_body: str
    note: str = ""


class Traffic:
    def __init__(self, keep: int) -> None:
        self._exchanges: deque[Exchange] = deque(maxlen=keep)
        self._number = 0

    def add(
        self,
        *,
        direction: Direction,
        platform: str,
        method: str,
        url: str,
        at: float,
        duration_ms: float,
        status: int,
        request: tuple[Headers, bytes],
        response: tuple[Headers, bytes],
        note: str = "",
    ) -> None:
        self._number += 1
        self._exchanges.append(
            Exchange(
                number=self._number,
                direction=direction,
                platform=platform,
                method=method,
                url=url,
                at=at,
                duration_ms=duration_ms,
                status=status,
                request_headers=request[0],
                request_body=request[1],
                response_headers=response[0],
                response_body=response[1],
                note=note,
            )
        )

    def last(self, limit: int) -> list[ExchangeShown]:
        """Newest last."""
        return [_show(exchange) for exchange in list(self._exchanges)[-limit:]] if limit > 0 else []

    def clear(self) -> None:
        self._exchanges.clear()


def _show(exchange: Exchange) -> ExchangeShown:
    return ExchangeShown(
        number=exchange.number,
        direction=exchange.direction,
        platform=exchange.platform,
        method=exchange.method,
        url=_BOT_TOKEN.sub("/bot•••", exchange.url),
        at=exchange.at,
        duration_ms=round(exchange.duration_ms, 3),
        status=exchange.status,
        request_headers=_mask(exchange.request_headers),
        request_body=_text(exchange.request_body),
        response_headers=_mask(exchange.response_headers),
        response_body=_text(exchange.response_body),
        note=exchange.note,
    )


def _mask(headers: Headers) -> dict[str, str]:
    shown = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers}
    return {name: "•••" if name in _SECRET_HEADERS else value for name, value in shown.items()}


def _text(body: bytes) -> str:
    cut = body[:_SHOWN_BYTES].decode("utf-8", "replace")
    return cut if len(body) <= _SHOWN_BYTES else f"{cut}… ({len(body)} bytes)"
