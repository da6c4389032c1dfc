"""The web process: webhooks on their own fast path, everything else through FastAPI."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from fastapi import FastAPI

from app import health
from app.api.mount import mount_api
from app.console.mount import mount_console
from app.examining.apart import ExaminerApart
from app.examining.asking import Examines
from app.faces.routes import add_routes
from app.listening import GroupListener
from app.partner_api.mount import mount_partner_api
from app.public.mount import mount_public
from app.runtime import Runtime, keep_hotlines
from app.sandbox.routes import add_sandbox
from app.staff_codes import StaffCodes
from app.webhooks import Webhooks
from bots.channels.telegram.names import read_bot_name
from bots.inbox import Inbox
from bots.spool import Spool

_NAME_RETRY_SECONDS = 30.0


def create_app(runtime: Runtime, examiner: Examines | None = None) -> FastAPI:
    """Return everything but the webhooks. `app.state` holds what routes need.

    Without an `examiner` a process apart examines, begun when first asked.
    """
    examiner = examiner or ExaminerApart(runtime)
    app = FastAPI(title="รู้ทัน RooTan", openapi_url=None, docs_url=None, redoc_url=None)
    app.state.runtime = runtime
    app.state.examiner = examiner
    add_routes(app, health.router)
    mount_console(app, runtime)
    mount_api(app, runtime, examiner)
    mount_partner_api(app, runtime)
    mount_public(app, runtime)
    add_sandbox(app, runtime.settings)
    return app


def create_service(runtime: Runtime) -> Webhooks:
    """Return the whole ASGI application of one web process."""
    inbox = Inbox(runtime.database, runtime.keys, Spool(runtime.settings.data_dir / "spool", runtime.keys))
    examiner = ExaminerApart(runtime)
    app = create_app(runtime, examiner)
    listener = GroupListener(runtime, inbox, examiner.ask)
    service = Webhooks(runtime.settings, inbox, app, listener, StaffCodes(runtime))

    @contextlib.asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        loops = [
            asyncio.create_task(work)
            for work in (
                inbox.run(), listener.run(), _learn_name(runtime, service), keep_hotlines(runtime.database),
            )
        ]  # fmt: skip
        yield
        for loop in loops:
            loop.cancel()
        await asyncio.gather(*loops, return_exceptions=True)
        await examiner.close()
        await runtime.database.close()

    app.router.lifespan_context = lifespan
    return service


async def _learn_name(runtime: Runtime, service: Webhooks) -> None:
    """Learn the Telegram bot's name, for mentions in groups; Telegram being away stops nothing else."""
    if not runtime.settings.telegram_on:
        return
    while not service.bot_name:
        service.bot_name = await read_bot_name(runtime.settings)
        if not service.bot_name:
            await asyncio.sleep(_NAME_RETRY_SECONDS)
