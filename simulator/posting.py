"""Posts webhooks as a platform does and notes what came back."""

from __future__ import annotations

import io
import time

import aiohttp
import msgspec

from simulator.faults import Platform
from simulator.world import World


class Posted(msgspec.Struct, kw_only=True, frozen=True):
    """Outcome of one webhook post. Status 0: no answer; `reason` then says why."""

    status: int
    latency_ms: float
    reason: str = ""

    @property
    def accepted(self) -> bool:
        return 200 <= self.status < 300


class Poster:
    """One HTTP client for all webhooks; made inside the running loop."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def post(
        self, platform: Platform, url: str, headers: dict[str, str], body: bytes, timeout_s: float
    ) -> Posted:
        at, begun = self._world.clock.now(), time.perf_counter()
        status, answer_headers, answer, reason = 0, [], b"", ""
        try:
            async with self._open().post(
                url,
                data=io.BytesIO(body),
                headers=headers,
                timeout=aiohttp.ClientTimeout(total=timeout_s),
                allow_redirects=False,
            ) as response:
                answer = await response.read()
                status, answer_headers = response.status, list(response.raw_headers)
        except TimeoutError:
            reason = "request_timeout"
        except (aiohttp.ClientError, OSError, ValueError) as error:
            reason = (
                "could_not_connect" if isinstance(error, aiohttp.ClientConnectorError) else "unclassified"
            )
        posted = Posted(status=status, latency_ms=(time.perf_counter() - begun) * 1000, reason=reason)
        self._world.traffic.add(
            direction="webhook",
            platform=platform,
            method="POST",
            url=url,
            at=at,
            duration_ms=posted.latency_ms,
            status=status,
            request=([(name.encode(), value.encode()) for name, value in headers.items()], body),
            response=(answer_headers, answer),
            note=reason,
        )
        self._world.changes.tell("webhook_sent", platform)
        return posted

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=200)
            self._session = aiohttp.ClientSession(connector=connector, auto_decompress=True)
        return self._session
