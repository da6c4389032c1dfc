"""The console on a database of its own, behind a real socket, with staff who are signed in and a clock that stands."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import httpx
import uvicorn
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncSession

from app.examiner import Examiner
from app.main import create_app
from app.runtime import Runtime
from core import clock
from core.accounts.invitations import add_account
from core.accounts.sessions import start_session
from core.crypto.data_keys import DataKeys
from core.crypto.keyset import new_keyset
from core.db.database import Database
from core.ids import new_id
from core.permissions import ROLES, Role
from core.settings import Settings
from tests.app.conftest import Browser
from tests.support.postgres import TestCluster

# A Monday morning in Bangkok: the pictures do not change with the day they are taken on.
_NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
_NAMES: dict[Role, str] = {
    "hotline_officer": "อนงค์ ใจดี", "supervisor": "บุญส่ง รักษ์ดี", "campaign_manager": "มาลี ศรีสุข",
    "campaign_approver": "วิชัย แก้วมณี", "partner_officer": "ชัย สุขใจ", "auditor": "ดวงใจ ตั้งตรง",
    "administrator": "สมชาย วงศ์ใหญ่",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stage:
    """An application, and an account for each role."""

    runtime: Runtime
    app: FastAPI
    address: str
    accounts: dict[Role, UUID]

    async def token(self, role: Role, *, confirmed: bool = True) -> str:
        """Sign somebody in, in a browser of their own."""
        async with self.runtime.database.unit_of_work() as session:
            return await start_session(session, self.accounts[role], confirmed=confirmed)

    @contextlib.asynccontextmanager
    async def browser(self, role: Role) -> AsyncIterator[Browser]:
        """A browser without a screen."""
        async with httpx.AsyncClient(base_url=self.address, timeout=60) as client:
            browser = Browser(client, self.address)
            browser.account_id = self.accounts[role]
            client.cookies.set("rootan", await self.token(role))
            await browser.get("/console/account")
            yield browser


@contextlib.asynccontextmanager
async def open_stage(cluster: TestCluster, folder: Path) -> AsyncIterator[Stage]:
    database_url = await cluster.copy()
    database, keys = Database(database_url), DataKeys(new_keyset())
    clock.set_now(lambda: _NOW)
    try:
        async with database.unit_of_work() as session:
            accounts = {
                role: await _member(session, keys, role, f"{role}@rootan.test", _NAMES[role])
                for role in ROLES
            }
        listener = socket.create_server(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        runtime = Runtime(_settings(folder, address), database, keys)
        app = create_app(runtime, Examiner(runtime))
        async with _serving(app, listener):
            yield Stage(runtime, app, address, accounts)
    finally:
        clock.set_now(None)
        await database.close()
        await cluster.drop(database_url)


def _settings(folder: Path, address: str) -> Settings:
    """With both chats and mail switched on, so that every page shows all it can."""
    return Settings(
        data_dir=folder, env="development", base_url=address, smtp_url=SecretStr("smtp://127.0.0.1:9?from=no-reply@example.org"),
        telegram_bot_token=SecretStr("1:t"), telegram_webhook_secret=SecretStr("s"),
        line_channel_secret=SecretStr("s"), line_channel_access_token=SecretStr("t"),
    )  # fmt: skip


async def _member(session: AsyncSession, keys: DataKeys, role: Role, email: str, name: str) -> UUID:
    account = await add_account(session, keys, email=email, name=name, role=role)
    account.password_hash, account.role_confirmed_by = "hash", new_id()
    return account.id


@contextlib.asynccontextmanager
async def _serving(app: FastAPI, listener: socket.socket) -> AsyncIterator[None]:
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=1))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield
    finally:
        server.should_exit = True
        await serving
