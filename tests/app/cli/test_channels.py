"""Connecting LINE and Telegram, against the simulated platforms."""

import os
from collections.abc import AsyncIterator

import pytest

from app.cli.channels import telegram_commands
from app.cli.demo.simulated import free_port, start_simulator
from app.cli.demo.wiring import Wiring
from tests.app.cli.conftest import NOWHERE, CommandLine


@pytest.fixture(scope="module")
async def platforms() -> AsyncIterator[dict[str, str]]:
    """The settings that switch both channels on, at a simulator of their own."""
    wiring = Wiring(free_port())
    simulator, address = await start_simulator(wiring, os.environ, lambda _line: None)
    keep = ("ROOTAN_LINE", "ROOTAN_TELEGRAM")
    yield {name: value for name, value in wiring.environment({}, address).items() if name.startswith(keep)}
    await simulator.stop(5)


@pytest.fixture
def connected(rootan: CommandLine, platforms: dict[str, str]) -> CommandLine:
    rootan.settings |= platforms
    return rootan


async def test_it_connects_telegram(connected: CommandLine) -> None:
    ended = await connected.run("channels", "connect", "telegram")
    assert (ended.status, "problem" in ended.out) == (0, False)
    assert "webhook address is set" in ended.out


async def test_it_names_the_switches_of_lines_consoles(connected: CommandLine) -> None:
    ended = await connected.run("channels", "connect", "line")
    assert "https://rootan.example/webhooks/line" in ended.out
    assert "Webhook redelivery   on" in ended.out


async def test_it_says_that_a_token_is_refused(connected: CommandLine) -> None:
    connected.settings |= {
        "ROOTAN_LINE_CHANNEL_ACCESS_TOKEN": "wrong",
        "ROOTAN_TELEGRAM_BOT_TOKEN": "1:wrong",
    }
    ended = await connected.run("doctor", ROOTAN_BASE_URL=NOWHERE)
    assert "LINE refuses the token" in ended.out
    assert "Telegram refuses the token" in ended.out


async def test_it_uploads_the_menus_once(connected: CommandLine) -> None:
    ended = await connected.run("channels", "sync")
    assert ended.status == 0
    assert "LINE shows the menu: ตรวจงาน" in ended.out
    assert "/check" in ended.out
    assert (ended.out.count("(6 new)"), ended.out.count("(4 new)")) == (1, 1)
    again = await connected.run("channels", "sync")
    assert again.out.count("(as before)") == 2


async def test_it_says_that_line_did_not_take_the_menu(connected: CommandLine) -> None:
    ended = await connected.run("channels", "sync", ROOTAN_LINE_CHANNEL_ACCESS_TOKEN="wrong")
    assert ended.status == 1
    assert "LINE did not take the menu (status 401)" in ended.err


async def test_it_says_that_both_channels_are_off(rootan: CommandLine) -> None:
    ended = await rootan.run("channels", "sync")
    assert ended.status == 1
    assert "LINE and Telegram are off" in ended.err


@pytest.mark.parametrize("platform", ["line", "telegram"])
async def test_it_says_what_to_set_when_a_channel_is_off(rootan: CommandLine, platform: str) -> None:
    ended = await rootan.run("channels", "connect", platform)
    assert ended.status == 1
    assert f"ROOTAN_{platform.upper()}" in ended.err


@pytest.mark.parametrize("language", ["", "th", "en"])
def test_the_menu_fits_telegrams_limits(language: str) -> None:
    commands = telegram_commands()[language]
    assert {name for name, _ in commands} >= {"check", "quiz", "staff", "stop", "help"}
    # Telegram Bot API, BotCommand: 1-32 lower-case letters, digits, underscores; 1-256 characters.
    assert [
        n
        for n, t in commands
        if not (n.isascii() and n == n.lower() and 1 <= len(n) <= 32 and 1 <= len(t) <= 256)
    ] == []
    assert len(commands) <= 100
