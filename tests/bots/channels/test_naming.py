"""Our own public names, as the platforms tell them."""

import asyncio
from contextlib import suppress

from pydantic import SecretStr

from bots.channels.line.channel import LineChannel
from bots.channels.line.names import read_basic_id
from bots.channels.naming import learn_names
from bots.channels.telegram.channel import TelegramChannel
from bots.channels.telegram.names import read_bot_name
from core.settings import Settings
from simulator.client import SimulatorClient
from tests.simulator.process import LINE_SECRET, LINE_TOKEN, TELEGRAM_SECRET, TELEGRAM_TOKEN


async def test_both_platforms_tell_it(
    line: LineChannel, telegram: TelegramChannel, fresh: SimulatorClient
) -> None:
    learning = asyncio.create_task(learn_names([line, telegram]))
    async with asyncio.timeout(10):
        while not (line.public_id and telegram.public_id):
            await asyncio.sleep(0.02)
    learning.cancel()
    with suppress(asyncio.CancelledError):
        await learning
    assert telegram.public_id == "@" + (await fresh.bot())["username"]
    assert line.public_id == "@rootan"


async def test_web_processes_ask_without_the_sdks_and_hear_the_same(
    line: LineChannel, telegram: TelegramChannel, fresh: SimulatorClient
) -> None:
    await line.learn_name()
    await telegram.learn_name()
    settings = Settings(
        line_channel_secret=SecretStr(LINE_SECRET), line_channel_access_token=SecretStr(LINE_TOKEN),
        line_api_base=fresh.line_base, telegram_bot_token=SecretStr(TELEGRAM_TOKEN),
        telegram_webhook_secret=SecretStr(TELEGRAM_SECRET), telegram_api_base=fresh.telegram_base,
    )  # fmt: skip
    assert await read_basic_id(settings) == line.public_id != ""
    assert f"@{await read_bot_name(settings)}" == telegram.public_id
    wrong = settings.model_copy(update={"telegram_bot_token": SecretStr("1:wrong")})
    assert await read_bot_name(wrong) == ""


async def test_a_platform_that_is_away_leaves_it_unknown_or_as_it_was_set() -> None:
    nowhere = Settings(
        line_channel_secret=SecretStr("x"), line_channel_access_token=SecretStr("y"),
        line_api_base="http://127.0.0.1:9", line_basic_id="@set_by_hand",
        telegram_bot_token=SecretStr("1:x"), telegram_webhook_secret=SecretStr("z"),
        telegram_api_base="http://127.0.0.1:9",
    )  # fmt: skip
    line, telegram = LineChannel(nowhere), TelegramChannel(nowhere)
    for channel in (line, telegram):
        await channel.learn_name()
        await channel.close()
    assert (line.public_id, telegram.public_id) == ("@set_by_hand", "")
    assert (await read_basic_id(nowhere), await read_bot_name(nowhere)) == ("", "")
