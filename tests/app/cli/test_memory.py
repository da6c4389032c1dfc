"""What a web process takes once every page was looked at: the lexicons are another process's."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator
from typing import Any

import httpx
import psutil
from fastapi.routing import APIRoute

from app.main import create_app
from app.runtime import Runtime
from core.accounts.invitations import add_account
from core.accounts.sessions import read_session, start_session
from core.accounts.tokens import OFFERED, look_over, make_token
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.ids import new_id
from core.permissions import SCOPES
from core.settings import Settings
from tests.app.cli.conftest import CommandLine, bare_environment

# The budget of the house rules.
MOST_BYTES = 200_000_000
OFFER = "รับแอดมินตอบแชต ปอยเปต เดินทางฟรี ไม่ต้องใช้พาสปอร์ต แอดไลน์ @admin99"
WIDE = [f"/console/statistics/file?form={form}" for form in ("pdf", "xlsx", "csv")]


@contextlib.asynccontextmanager
async def serving(rootan: CommandLine) -> AsyncIterator[tuple[str, psutil.Process]]:
    """Serve as people do, with an interpreter of its own; yields the address and the process."""
    settings = rootan.settings | {"ROOTAN_BASE_URL": "http://127.0.0.1:8000"}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "app.cli", "serve", "--port", "0",
        cwd=rootan.folder, env=bare_environment() | settings, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        async with asyncio.timeout(120):
            line = (await process.stdout.readline()).decode()
            address = line.removeprefix("listening on ").strip()
            async with httpx.AsyncClient(base_url=address) as client:
                while not await _answers(client):
                    await asyncio.sleep(0.1)
        yield address, psutil.Process(process.pid)
    finally:
        process.terminate()
        await process.wait()


async def _answers(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/healthz")).status_code == 200
    except httpx.TransportError:
        return False


class Staff:
    """A supervisor's browser and program."""

    def __init__(self, client: httpx.AsyncClient, csrf: str, token: str) -> None:
        self.client, self.csrf, self.token = client, csrf, token

    async def post(self, path: str, **fields: str) -> httpx.Response:
        origin = {"Origin": str(self.client.base_url).rstrip("/")}
        return await self.client.post(path, data={"csrf": self.csrf} | fields, headers=origin)

    async def call(self, path: str, body: Any) -> httpx.Response:
        return await self.client.post(
            f"/api/v1{path}", json=body, headers={"Authorization": f"Bearer {self.token}"}
        )


def _is_plain(path: str) -> bool:
    """A page of the console that needs no id, and whose answer ends."""
    return path.startswith("/console") and not any(part in path for part in ("{", "live", "sign-out"))


@contextlib.asynccontextmanager
async def at_work(address: str, database: Database, keys: DataKeys) -> AsyncIterator[Staff]:
    async with database.unit_of_work() as session:
        account = await add_account(session, keys, email="boon@example.org", name="Boon", role="supervisor")
        account.password_hash, account.role_confirmed_by = "hash", new_id()
        cookie = await start_session(session, account.id, confirmed=True)
        signed_in = await read_session(session, cookie)
        assert signed_in is not None
        scopes = SCOPES["supervisor"] & set(OFFERED)
        token = await make_token(
            session, account.id, look_over(SCOPES["supervisor"], name="test", scopes=scopes, days=1)
        )
    async with httpx.AsyncClient(base_url=address, cookies={"rootan": cookie}, timeout=120) as client:
        yield Staff(client, signed_in.csrf, token)


async def test_a_web_process_keeps_to_its_memory_whatever_it_is_asked(
    rootan: CommandLine, settings: Settings, database: Database, keys: DataKeys
) -> None:
    plain = [
        route.path
        for route in create_app(Runtime(settings, database, keys)).routes
        if isinstance(route, APIRoute) and "GET" in route.methods and _is_plain(route.path)
    ]
    assert len(plain) > 30
    async with serving(rootan) as (address, process), at_work(address, database, keys) as staff:
        for path in plain + WIDE:
            assert (await staff.client.get(path)).status_code < 500, path
        for _ in range(5):
            judged = await staff.call("/screenings", {"id": "x", "text": OFFER})
            assert judged.json()["band"] == "danger"
            fields = {"form_id": str(new_id()), "text": OFFER, "q.G4": "เชียงใหม่", "q.G2": "self"}
            assert (await staff.post("/console/telephone", **fields)).status_code == 200
            assert (await staff.post("/console/search", text="@admin99")).status_code == 200
        assert process.memory_info().rss <= MOST_BYTES
