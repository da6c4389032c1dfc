"""The service inside the test's own process: the real web application, the real parts of a worker, a real database,
and behind them the simulator as the process it is. Turns are run when the test says so."""

import asyncio
import base64
import contextlib
import hmac
import socket
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import Any
from unittest import mock
from uuid import UUID

import httpx
import orjson
import sqlalchemy as sa
import uvicorn
from pydantic import SecretStr

from app import webhooks
from app.chores import Chores
from app.main import create_service
from app.runtime import Runtime
from app.worker.bulk import bulk_parts
from app.worker.channels import make_channels
from app.worker.replies import reply_parts
from bots import inbox
from bots.delivery.sender import Sender
from bots.dispatch.dispatcher import Dispatcher
from bots.outgoing import Outgoing
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.jobs.worker import Handler
from core.settings import Settings
from simulator.client import SimulatorClient
from tests.simulator.process import LINE_SECRET, LINE_TOKEN, TELEGRAM_SECRET, TELEGRAM_TOKEN, running

# A crowded machine may take its time; what an impatient inbox does is told by its own tests.
_PATIENCE = 15.0


class Front:
    """The address the platforms know; whichever house is open answers there."""

    def __init__(self) -> None:
        self.service: Any = None
        self.address = ""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if self.service is None:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        await self.service(scope, receive, send)


@contextlib.asynccontextmanager
async def open_front() -> AsyncIterator[Front]:
    front = Front()
    door = socket.create_server(("127.0.0.1", 0))
    front.address = f"http://127.0.0.1:{door.getsockname()[1]}"
    server = uvicorn.Server(uvicorn.Config(front, lifespan="off", ws="none", log_config=None))
    serving = asyncio.create_task(server._serve([door]))
    yield front
    server.should_exit = True
    await serving


@contextlib.asynccontextmanager
async def open_simulator(front: Front) -> AsyncIterator[SimulatorClient]:
    patience = ("--line-timeout", str(_PATIENCE))
    async with (
        running(f"{front.address}/webhooks", *patience) as (address, _),
        SimulatorClient(address) as phones,
    ):
        yield phones


def settings_for(phones: SimulatorClient, folder: Path, **more: Any) -> Settings:
    """Both channels on, both at the simulator."""
    return Settings(
        data_dir=folder,
        line_channel_secret=SecretStr(LINE_SECRET),
        line_channel_access_token=SecretStr(LINE_TOKEN),
        line_api_base=phones.line_base,
        line_data_api_base=phones.line_data_base,
        telegram_bot_token=SecretStr(TELEGRAM_TOKEN),
        telegram_webhook_secret=SecretStr(TELEGRAM_SECRET),
        telegram_api_base=phones.telegram_base,
        **{"telegram_messages_per_second": 1_000, **more},
    )


class House:
    """One web process and one worker with what sends to many, as far as they can be told apart here."""

    def __init__(
        self,
        runtime: Runtime,
        phones: SimulatorClient,
        service: Any,
        handlers: dict[str, Handler],
        sender: Sender,
    ) -> None:
        self.runtime = runtime
        self.database = runtime.database
        self.keys = runtime.keys
        self.phones = phones
        self.service = service
        self.handlers = handlers
        self.sender = sender
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=service), base_url="http://127.0.0.1:8000"
        )

    async def post_line(self, body: Any, *, signature: str | None = None) -> int:
        """Post a LINE webhook body (bytes, or JSON to be), signed unless told otherwise; return the status."""
        raw = body if isinstance(body, bytes) else orjson.dumps(body)
        headers = {b"X-Line-Signature": (sign(raw) if signature is None else signature).encode("latin-1")}
        return (await self.client.post("/webhooks/line", content=raw, headers=headers)).status_code

    async def post_telegram(self, body: Any, *, secret: str = TELEGRAM_SECRET) -> int:
        raw = body if isinstance(body, bytes) else orjson.dumps(body)
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
        return (await self.client.post("/webhooks/telegram", content=raw, headers=headers)).status_code

    async def rows(self, query: str, **values: Any) -> list[Any]:
        """Run raw SQL and return its rows as tuples with names."""
        async with self.database.engine.begin() as connection:
            result = await connection.execute(sa.text(query), values)
            return list(result.all()) if result.returns_rows else []

    async def value(self, query: str, **values: Any) -> Any:
        found = await self.rows(query, **values)
        return found[0][0] if found else None

    async def turn(self, event_ids: Sequence[UUID] | None = None) -> None:
        """Run the turns of all that waits (or of these events), as the job would."""
        if event_ids is None:
            rows = await self.rows(
                "SELECT id FROM inbound_event WHERE handled_at IS NULL ORDER BY received_at, id"
            )
            event_ids = [row.id for row in rows]
        if event_ids:
            await self.handlers["turns"](list(event_ids))

    async def settle(self) -> None:
        """Return when nothing that may go out now is still to go out."""
        async with asyncio.timeout(_PATIENCE):
            while True:
                await self.handlers["deliver"]([])
                moving = await self.value(
                    "SELECT count(*) FROM message WHERE state = 'sending' OR (state = 'pending' AND batch_id IS NULL"
                    " AND reason IS DISTINCT FROM 'held' AND (not_before IS NULL OR not_before <= now()))"
                )
                if not moving and not self.sender.under_way:
                    return
                await asyncio.sleep(0.02)

    async def work(self) -> None:
        """Turns, then deliveries."""
        await self.turn()
        await self.settle()

    async def said_to(self, person: str) -> list[str]:
        """Return every text that the person's phone shows from us, oldest first."""
        return [shown_text(i) for i in (await self.phones.timeline(person)).items if i.author == "bot"]


def sign(raw: bytes, secret: str = LINE_SECRET) -> str:
    return base64.b64encode(hmac.digest(secret.encode(), raw, "sha256")).decode()


def shown_text(item: Any) -> str:
    """Everything readable in one message of a phone, whatever its form."""
    words: list[str] = []

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            for name, inner in value.items():
                if name in ("text", "altText", "caption", "label") and isinstance(inner, str):
                    words.append(inner)
                elif name != "entities":
                    walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    walk(item.message)
    return "\n".join(words)


async def _rest(_chores: Chores) -> None:
    await asyncio.Event().wait()


@contextlib.contextmanager
def _no_chores() -> Iterator[None]:
    """They took a quarter of the time of a house, and have tests of their own."""
    with mock.patch.object(Chores, "run", _rest):
        yield


@contextlib.contextmanager
def _patience() -> Iterator[None]:
    with (
        mock.patch.object(inbox, "_DATABASE_SECONDS", _PATIENCE),
        mock.patch.object(webhooks, "_SECONDS", 2 * _PATIENCE),
    ):
        yield


@contextlib.asynccontextmanager
async def open_house(
    front: Front,
    phones: SimulatorClient,
    database: Database,
    keys: DataKeys,
    folder: Path,
    *,
    chores: bool = False,
    **more: Any,
) -> AsyncIterator[House]:
    """Open a house on a simulator that remembers nothing, with or without a worker's chores."""
    await phones.reset()
    await phones.set_quota(None)
    runtime = Runtime(settings_for(phones, folder, **more), database, keys)
    service = create_service(runtime)
    with _patience(), contextlib.nullcontext() if chores else _no_chores():
        async with (
            _alive(service),
            bulk_parts(runtime) as bulk,
            reply_parts(runtime, bulk.batches.wake) as (handlers, sender, _),
        ):
            house = House(runtime, phones, service, handlers, sender)
            front.service = service
            try:
                yield house
            finally:
                front.service = None
                await sender.drain(5)
                await house.client.aclose()


class Notebook:
    """In place of delivery: notes what the dispatcher hands over, sends nothing."""

    def __init__(self) -> None:
        self.sent: list[Outgoing] = []
        self.typing: list[tuple[str, str]] = []
        self.acknowledged: list[tuple[str, str]] = []
        self.left: list[tuple[str, str, int, list[str]]] = []
        self.has_room = True

    def may_send_now(self, channel: str, count: int) -> bool:
        return self.has_room and bool(channel) and count > 0

    def send_soon(self, outgoing: Sequence[Outgoing]) -> None:
        self.sent += outgoing

    def show_typing(self, channel: str, address: str) -> None:
        self.typing.append((channel, address))

    def acknowledge(self, channel: str, handle: str) -> None:
        self.acknowledged.append((channel, handle))

    def leave_buttons(
        self, channel: str, address: str, message: int, buttons: Sequence[dict[str, Any]]
    ) -> None:
        self.left.append((channel, address, message, [button["text"] for button in buttons]))


class QuietHouse(House):
    """A house from which nothing goes out: the web application and the dispatcher, with a notebook behind them."""

    def __init__(self, runtime: Runtime, phones: SimulatorClient, service: Any) -> None:
        self.notebook = Notebook()
        channels = make_channels(runtime.settings)
        self.dispatcher = Dispatcher(
            runtime.database, runtime.keys, channels, self.notebook, runtime.settings.base_url
        )

        async def turns(event_ids: list[UUID]) -> None:
            await self.dispatcher.handle(event_ids)

        super().__init__(runtime, phones, service, {"turns": turns}, self.notebook)  # type: ignore[arg-type]

    async def empty(self) -> None:
        """Forget everybody and everything that happened."""
        self.notebook.__init__()  # type: ignore[misc]
        await self.rows(
            "TRUNCATE message_attempt, message, inbound_event, conversation, channel_identity, consent, consent_event,"
            " contact_rule, broadcast_hold, referral_entry, referral, screening, contact, pgqueuer CASCADE"
        )


@contextlib.asynccontextmanager
async def open_quiet_house(
    database: Database, keys: DataKeys, folder: Path, *, bot_name: str = "rootan_bot"
) -> AsyncIterator[QuietHouse]:
    nowhere = SimulatorClient("http://127.0.0.1:9")
    runtime = Runtime(settings_for(nowhere, folder), database, keys)
    service = create_service(runtime)
    with _patience():
        async with _alive(service):
            service.bot_name = bot_name
            house = QuietHouse(runtime, nowhere, service)
            yield house
            await house.client.aclose()


@contextlib.asynccontextmanager
async def _alive(service: Any) -> AsyncIterator[None]:
    """Start and stop an ASGI application as a server does."""
    told: asyncio.Queue[Any] = asyncio.Queue()
    heard: asyncio.Queue[Any] = asyncio.Queue()
    scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}
    living = asyncio.create_task(service(scope, told.get, heard.put))
    told.put_nowait({"type": "lifespan.startup"})
    assert (await heard.get())["type"] == "lifespan.startup.complete"
    yield
    told.put_nowait({"type": "lifespan.shutdown"})
    await heard.get()
    await living
