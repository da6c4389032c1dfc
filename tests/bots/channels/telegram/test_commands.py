"""Telegram's lists of commands and the button that opens them, against the simulated platform."""

from pathlib import Path

import pytest
import telegram
from pydantic import SecretStr

from app.cli.channels import telegram_commands
from bots.channels.telegram.commands import upload_commands
from bots.copy import whole_messages
from core.errors import UnavailableError
from core.messages.wording import never_at_a_glance, never_said
from simulator.client import SimulatorClient
from tests.simulator.process import TELEGRAM_TOKEN
from tests.support.house import settings_for


async def test_every_language_has_its_list_and_a_second_upload_changes_nothing(
    fresh: SimulatorClient, tmp_path: Path
) -> None:
    settings = settings_for(fresh, tmp_path)
    assert await upload_commands(settings, telegram_commands()) == 4
    assert await upload_commands(settings, telegram_commands()) == 0
    async with telegram.Bot(TELEGRAM_TOKEN, base_url=f"{fresh.telegram_base}/bot") as bot:
        thai = await bot.get_my_commands(language_code="th")
        assert {one.command: one.description for one in thai}["help"] == "วิธีใช้"
        assert (await bot.get_my_commands())[0].description.startswith("Send a text")
        assert isinstance(await bot.get_chat_menu_button(), telegram.MenuButtonCommands)


async def test_a_wrong_token_is_told(fresh: SimulatorClient, tmp_path: Path) -> None:
    settings = settings_for(fresh, tmp_path).model_copy(update={"telegram_bot_token": SecretStr("1:wrong")})
    with pytest.raises(UnavailableError, match="did not take the commands"):
        await upload_commands(settings, telegram_commands())


def test_every_command_is_understood_and_none_tells_anything() -> None:
    for commands in telegram_commands().values():
        for name, description in commands:
            assert f"/{name}" in whole_messages()
            assert never_said(description) + never_at_a_glance(f"{name} {description}") == []
        assert not {name for name, _ in commands} & {"sos", "report", "track", "forget", "cancel"}
