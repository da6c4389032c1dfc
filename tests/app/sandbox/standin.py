"""A simulator in a process of its own, a bot that stands in for ours, and the page on a real server."""

import asyncio
import io
import json
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import uvicorn
from aiohttp import web
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from PIL import Image

from app.faces.drawing import SHARED
from app.sandbox.desk import HERE
from app.sandbox.routes import add_sandbox
from core.settings import Settings

LINE_TOKEN = "line-token-of-the-stand-in"
TELEGRAM_TOKEN = "123456789:telegram-token-of-the-stand-in-ok"

CARD = {
    "type": "flex",
    "altText": "ผลตรวจข้อความของคุณพร้อมแล้ว",
    "contents": {
        "type": "bubble",
        "header": {
            "type": "box",
            "layout": "vertical",
            "paddingAll": "14px",
            "backgroundColor": "#B42318",
            "contents": [
                {"type": "text", "text": "⛔ อันตราย", "weight": "bold", "size": "lg", "color": "#FFFFFF"}
            ],
        },
        "body": {
            "type": "box",
            "layout": "vertical",
            "spacing": "md",
            "contents": [
                {"type": "text", "text": "อย่าเพิ่งไป อย่าเพิ่งโอน", "weight": "bold", "size": "lg", "wrap": True},
                {"type": "separator", "margin": "lg"},
                {
                    "type": "box",
                    "layout": "vertical",
                    "margin": "lg",
                    "contents": [
                        {"type": "text", "text": "“ไม่มีพาสปอร์ตก็ไปได้”", "color": "#12343B", "wrap": True},
                        {
                            "type": "text",
                            "text": "ข้ามแดนแบบไม่มีเอกสาร กลับเองไม่ได้",
                            "size": "sm",
                            "color": "#475467",
                            "wrap": True,
                        },
                    ],
                },
                {
                    "type": "text",
                    "text": "ทำต่อ: ถามชื่อบริษัทและเลขใบอนุญาต",
                    "size": "sm",
                    "wrap": True,
                    "margin": "lg",
                },
            ],
        },
        "footer": {
            "type": "box",
            "layout": "vertical",
            "spacing": "sm",
            "contents": [
                {
                    "type": "button",
                    "style": "primary",
                    "color": "#0F766E",
                    "height": "sm",
                    "action": {
                        "type": "postback",
                        "label": "แจ้งเรื่องนี้",
                        "data": "report:1",
                        "displayText": "แจ้งเรื่องนี้",
                    },
                },
                {
                    "type": "button",
                    "height": "sm",
                    "action": {"type": "postback", "label": "คุยกับเจ้าหน้าที่", "data": "staff:1"},
                },
            ],
        },
        "styles": {"footer": {"separator": True}},
    },
    "quickReply": {
        "items": [
            {"type": "action", "action": {"type": "message", "label": "เมนู", "text": "เมนู"}},
            {"type": "action", "action": {"type": "location", "label": "ส่งตำแหน่ง"}},
        ]
    },
}
HTML = (
    "<b>⛔ อันตราย</b>\nอย่าเพิ่งไป อย่าเพิ่งโอน\n"
    "<blockquote>“ไม่มีพาสปอร์ตก็ไปได้”</blockquote>\n"
    "ข้ามแดนแบบไม่มีเอกสาร กลับเองไม่ได้\n\n<b>ทำต่อ</b> ถามชื่อบริษัทและเลขใบอนุญาต"
)
KEYS = {
    "inline_keyboard": [
        [
            {"text": "แจ้งเรื่องนี้", "callback_data": "report:1"},
            {"text": "คุยกับเจ้าหน้าที่", "callback_data": "staff:1"},
        ],
        [{"text": "กรมการจัดหางาน", "url": "https://www.doe.go.th"}],
    ]
}
AFTER_PRESS = "รับเรื่องแล้วค่ะ ตอนนี้พิมพ์คุยสะดวกไหม"


def a_picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (60, 40), "#0F766E").save(buffer, "JPEG")
    return buffer.getvalue()


class StandIn:
    """Answers every text with a card and every press with a line, through the platforms' own interfaces."""

    def __init__(self, *, think_s: float = 0.0) -> None:
        self.simulator = ""
        self.think_s = think_s
        self._work: set[asyncio.Task[None]] = set()

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/line", self._take(self._answer_line))
        app.router.add_post("/telegram", self._take(self._answer_telegram))
        return app

    async def rest(self) -> None:
        await asyncio.gather(*self._work, return_exceptions=True)

    def _take(self, answer: Any) -> Any:
        async def take(request: web.Request) -> web.Response:
            body = await request.json()
            self._work.add(task := asyncio.create_task(answer(body)))
            task.add_done_callback(self._work.discard)
            return web.json_response({})

        return take

    async def _answer_line(self, body: dict[str, Any]) -> None:
        for event in body["events"]:
            user = event["source"]["userId"]
            if event["type"] == "message":
                await self._line("chat/loading/start", {"chatId": user, "loadingSeconds": 5})
                await asyncio.sleep(self.think_s)
                await self._line("message/reply", {"replyToken": event["replyToken"], "messages": [CARD]})
            elif event["type"] == "postback":
                line = {"type": "text", "text": AFTER_PRESS}
                await self._line("message/push", {"to": user, "messages": [line]})

    async def _answer_telegram(self, update: dict[str, Any]) -> None:
        if "callback_query" in update:
            query = update["callback_query"]
            await self._telegram("answerCallbackQuery", callback_query_id=query["id"], text="รับแล้ว")
            await self._telegram("sendMessage", chat_id=query["from"]["id"], text=AFTER_PRESS)
        elif "message" in update:
            chat = update["message"]["chat"]["id"]
            await self._telegram("sendChatAction", chat_id=chat, action="typing")
            await asyncio.sleep(self.think_s)
            await self._telegram(
                "sendMessage", chat_id=chat, text=HTML, parse_mode="HTML", reply_markup=json.dumps(KEYS)
            )

    async def _line(self, path: str, body: dict[str, Any]) -> None:
        headers = {"authorization": f"Bearer {LINE_TOKEN}"}
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{self.simulator}/line/v2/bot/{path}", json=body, headers=headers) as response,
        ):
            assert response.status < 300, await response.text()

    async def _telegram(self, method: str, **fields: Any) -> None:
        address = f"{self.simulator}/telegram/bot{TELEGRAM_TOKEN}/{method}"
        async with aiohttp.ClientSession() as session, session.post(address, data=fields) as response:
            assert response.status == 200, await response.text()


@asynccontextmanager
async def run_stand_in(*, think_s: float = 0.0) -> AsyncIterator[StandIn]:
    """A stand-in bot and its simulator; `simulator` is the address of the latter."""
    bot = StandIn(think_s=think_s)
    runner = web.AppRunner(bot.app())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "simulator",
        f"--line-webhook={address}/line",
        f"--line-token={LINE_TOKEN}",
        f"--telegram-webhook={address}/telegram",
        f"--telegram-token={TELEGRAM_TOKEN}",
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        bot.simulator = json.loads(await process.stdout.readline())["address"]
        yield bot
    finally:
        process.terminate()
        await process.wait()
        await bot.rest()
        await runner.cleanup()


def make_page_app(simulator_url: str) -> FastAPI:
    """An application that has nothing but the sandbox page and the static libraries."""
    app = FastAPI()
    add_sandbox(app, Settings(env="demo", simulator_url=simulator_url))
    app.mount("/static/faces", StaticFiles(directory=SHARED))
    vendor = HERE.parent / "static" / "vendor"
    if vendor.is_dir():
        app.mount("/static/vendor", StaticFiles(directory=vendor))
    return app


@asynccontextmanager
async def run_page(simulator_url: str) -> AsyncIterator[str]:
    """The page on a real server on a free port; its address."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        make_page_app(simulator_url), log_level="critical", lifespan="on", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving
        listening.close()
