"""An answer that comes in drops ends with the call's own time, so that no claim is outlived. Guards 3, 4."""

import asyncio
import contextlib
import time

from pydantic import SecretStr

from bots.channels.telegram import channel
from core.settings import Settings
from tests.simulator.process import TELEGRAM_SECRET, TELEGRAM_TOKEN


async def test_an_answer_in_drops_is_unclear_before_the_claim_runs_out() -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        with contextlib.suppress(ConnectionError):
            while True:
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(1)

    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    settings = Settings(
        telegram_bot_token=SecretStr(TELEGRAM_TOKEN),
        telegram_webhook_secret=SecretStr(TELEGRAM_SECRET),
        telegram_api_base=f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}",
    )
    telegram = channel.TelegramChannel(settings)
    part = {"method": "sendMessage", "text": "สวัสดี", "parse_mode": "HTML"}
    begun = time.monotonic()
    result = await telegram.send(part, mode="send", address="7")
    assert result.outcome == "unclear"
    assert time.monotonic() - begun < 11
    await telegram.close()
    server.close()
