"""A member of staff at a screen, and the real server behind it."""

import asyncio
import contextlib
import dataclasses
import socket
from collections.abc import AsyncIterator
from uuid import UUID

import uvicorn
from playwright.async_api import Browser, Locator, Page, expect

from app.examiner import Examiner
from app.main import create_app
from app.runtime import Runtime
from core.accounts.demo import DemoAccount
from core.accounts.roster import find_account
from core.accounts.second_factor import code_at, current_step
from core.accounts.sessions import start_session
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.ids import new_id
from referrals.intake import append_citizen_words, open_referral
from tests.support.cast import make_person

# Well before a page asks by itself: a thread every 10 s, the queue every 30 s.
LIVE_MS = 5_000
_MOST_TABS = 150


@contextlib.asynccontextmanager
async def serve(runtime: Runtime, port: int = 0, name: str = "127.0.0.1") -> AsyncIterator[str]:
    """Run the application on a real server; yields its address."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    address = f"http://{name}:{listener.getsockname()[1]}"
    settings = runtime.settings.model_copy(update={"base_url": address})
    here = dataclasses.replace(runtime, settings=settings)
    application = create_app(here, Examiner(here))
    server = uvicorn.Server(uvicorn.Config(application, log_config=None, timeout_graceful_shutdown=1))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield address
    finally:
        server.should_exit = True
        await serving


class Desk:
    """Whatever the page's policy or script complains of is kept."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "console", lambda m: self.complaints.append(m.text) if m.type in ("error", "warning") else None
        )

    async def sign_in(self, demo: DemoAccount) -> None:
        """Password and code, by keyboard; most tests come in instead."""
        await self.page.goto(f"{self.address}/console")
        await self.page.keyboard.type(demo.email)
        await self.page.keyboard.press("Tab")
        await self.page.keyboard.type(demo.password)
        await self.page.keyboard.press("Enter")
        await expect(self.page.locator("#code")).to_be_focused()
        await self.page.keyboard.type(code_at(demo.totp_secret, current_step()))
        await self.page.keyboard.press("Enter")
        await self.page.wait_for_url("**/console/*")

    async def come_in(self, database: Database, demo: DemoAccount, path: str) -> None:
        """Be signed in already, and open a page."""
        async with database.unit_of_work() as session:
            account = await find_account(session, demo.email)
            assert account is not None
            token = await start_session(session, account.id, confirmed=True)
        await self.page.context.add_cookies([{"name": "rootan", "value": token, "url": self.address}])
        await self.page.goto(self.address + path)

    async def tab_to(self, target: Locator) -> None:
        """Press Tab until something has the focus, as whoever has no mouse does."""
        for _ in range(_MOST_TABS):
            await self.page.keyboard.press("Tab")
            if await target.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"{target} is out of reach of the keyboard")


async def open_desk(chromium: Browser, address: str, width: int = 1280, height: int = 800) -> Desk:
    context = await chromium.new_context(viewport={"width": width, "height": height})
    return Desk(await context.new_page(), address)


async def until_listening(page: Page) -> None:
    """What happens before the page listens is seen only at its next look."""
    await expect(page.locator("body[data-listening]")).to_have_count(1, timeout=10_000)


async def arrive(database: Database, keys: DataKeys, name: str, words: str, priority: str = "P0") -> UUID:
    async with database.unit_of_work() as session:
        person = await make_person(session, keys, name=name)
        referral_id = await open_referral(
            session, keys, contact_id=person.contact_id, identity_id=person.identity_id, channel="line",
            source="crisis", priority=priority, kinds=("detention",), reasons=("crisis_words",), receipt=name,
        )  # type: ignore[arg-type]  # fmt: skip
        await append_citizen_words(session, keys, identity_id=person.identity_id, words=[(new_id(), words)])
    return referral_id
