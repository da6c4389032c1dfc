"""Load from a process of its own: prepared requests over a few kept-alive connections on loopback.

Bounded by the number of requests given and by `--seconds`. Prints one JSON line.
"""

import argparse
import asyncio
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import msgspec
import uvloop


class Requests(msgspec.Struct, frozen=True):
    """What a load run posts: one path, bodies, and a signature for each."""

    path: str
    header: str
    bodies: list[bytes]
    signatures: list[str]


def as_http(requests: Requests) -> list[bytes]:
    """Write every request out beforehand, so that sending it costs next to nothing."""
    return [
        f"POST {requests.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"{requests.header}: {signature}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        + body
        for body, signature in zip(requests.bodies, requests.signatures, strict=True)
    ]


class _Outcome:
    def __init__(self) -> None:
        self.statuses: dict[int, int] = {}
        self.latencies: list[float] = []

    def note(self, status: int, seconds: float) -> None:
        self.statuses[status] = self.statuses.get(status, 0) + 1
        self.latencies.append(seconds)


class _Connection(asyncio.Protocol):
    """One kept-alive connection: the next request goes out when the last was answered and its time has come."""

    def __init__(self, work: Iterator[tuple[float, bytes]], until: float, outcome: _Outcome) -> None:
        self._work = work
        self._until = until
        self._outcome = outcome
        self._received = b""
        self._started = 0.0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are asyncio's in all but descent.
        self._transport = cast("asyncio.Transport", transport)
        self._next()

    def _next(self) -> None:
        due, request = next(self._work, (0.0, b""))
        now = time.monotonic()
        if not request or now > self._until:
            self._transport.close()
            return
        if due > now:
            asyncio.get_running_loop().call_later(due - now, self._post, due, request)
        else:
            # At a fixed rate, waiting for a free connection counts as latency.
            self._post(due or now, request)

    def _post(self, started: float, request: bytes) -> None:
        self._started = started
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, mark, body = self._received.partition(b"\r\n\r\n")
        if not mark or len(body) < _content_length(head):
            return
        self._received = b""
        self._outcome.note(int(head[9:12]), time.monotonic() - self._started)
        self._next()

    def connection_lost(self, _error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)


async def _connect(port: int, work: Iterator[tuple[float, bytes]], until: float, outcome: _Outcome) -> None:
    loop = asyncio.get_running_loop()
    _, connection = await loop.create_connection(lambda: _Connection(work, until, outcome), "127.0.0.1", port)
    await connection.done


def _content_length(head: bytes) -> int:
    lowered = head.lower()
    at = lowered.find(b"content-length:")
    return int(lowered[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0


async def run(
    port: int, requests: Requests, *, connections: int, rate: float, seconds: float
) -> dict[str, object]:
    """Post everything, at `rate` a second where it is not 0, and return counts and latencies in milliseconds."""
    outcome, start = _Outcome(), time.monotonic() + 0.05
    prepared = as_http(requests)
    work = ((start + n / rate if rate else 0.0, request) for n, request in enumerate(prepared))
    began_at, began = time.time(), time.monotonic()
    await asyncio.gather(*(_connect(port, work, began + seconds, outcome) for _ in range(connections)))
    taken = time.monotonic() - began
    ordered = sorted(outcome.latencies)
    return {
        "began_at": began_at,
        "seconds": taken,
        "statuses": outcome.statuses,
        "per_second": len(ordered) / taken,
        "p50": 1000 * ordered[len(ordered) // 2],
        "p95": 1000 * ordered[int(len(ordered) * 0.95)],
        "p99": 1000 * ordered[int(len(ordered) * 0.99)],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Post prepared requests to a server on loopback.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--requests", type=Path, required=True)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--rate", type=float, default=0.0, help="requests a second; 0 is as fast as answered")
    parser.add_argument("--seconds", type=float, default=60.0, help="give up after")
    given = parser.parse_args()
    requests = msgspec.msgpack.decode(given.requests.read_bytes(), type=Requests)
    result = uvloop.run(
        run(given.port, requests, connections=given.connections, rate=given.rate, seconds=given.seconds)
    )
    print(json.dumps(result))


if __name__ == "__main__":
    main()
