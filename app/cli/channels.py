"""`rootan channels`: connecting LINE and Telegram, and uploading what their menus show."""

import asyncio
from collections.abc import Sequence
from enum import StrEnum

import typer

from app.cli.findings import Finding, report
from app.cli.process import prepare_process
from app.cli.setup.static_files import VENDOR
from bots.channels.line.channel import LineChannel
from bots.channels.line.menu_picture import TILES, draw_menu
from bots.channels.line.rich_menu import MenuWords, upload_menu
from bots.channels.telegram.channel import TelegramChannel
from bots.copy import copy, whole_messages
from core.errors import SettingsError, UnavailableError
from core.settings import Settings

cli = typer.Typer()
channels = typer.Typer(name="channels", help="LINE and Telegram.", no_args_is_help=True)
cli.add_typer(channels)

_FONT = VENDOR / "sarabun-thai-600-normal.woff2"
_LINE_SWITCHES = """
Now in the consoles of LINE (the service can't reach these switches):
  LINE Developers console → your channel → Messaging API
    Use webhook          on
    Webhook redelivery   on   (off by default; without it an event sent while we are away is lost)
  LINE Official Account Manager → Settings → Response settings
    Chat                 off  (staff answer in our console)
    Greeting message     off  (the service greets and shows the privacy notice)
    Auto-reply messages  off"""


class Platform(StrEnum):
    line = "line"
    telegram = "telegram"


@channels.command()
def connect(platform: Platform) -> None:
    """Check the token, register the webhook address and have it tested."""
    settings = prepare_process()
    work = _connect_line if platform is Platform.line else _connect_telegram
    good = report(asyncio.run(work(settings)))
    if platform is Platform.line:
        print(_LINE_SWITCHES)
    if not good:
        raise typer.Exit(1)


@channels.command()
def sync() -> None:
    """Upload what the menus show: LINE's menu below the chat, Telegram's commands."""
    settings = prepare_process()
    if not (settings.line_on or settings.telegram_on):
        raise SettingsError(
            "LINE and Telegram are off; set ROOTAN_LINE_CHANNEL_SECRET and ROOTAN_LINE_CHANNEL_ACCESS_TOKEN,"
            " or ROOTAN_TELEGRAM_BOT_TOKEN and ROOTAN_TELEGRAM_WEBHOOK_SECRET"
        )
    asyncio.run(_sync(settings))


async def _sync(settings: Settings) -> None:
    if settings.line_on:
        await _upload_line_menu(settings)
    else:
        print("LINE is off: its menu stays as it is")
    if settings.telegram_on:
        await _upload_commands(settings, menu_commands())
    else:
        print("Telegram is off: its commands stay as they are")


def menu_words() -> MenuWords:
    """Return what LINE's menu says; it is one for all, so in Thai."""
    said = copy()
    labels = {tile.press: said.say("th", f"menu.rich.tiles.{tile.press}") for tile in TILES}
    return MenuWords(said.say("th", "menu.rich.bar"), labels)


async def _upload_line_menu(settings: Settings) -> None:
    words = menu_words()
    if not _FONT.is_file():
        raise SettingsError("the typeface for LINE's menu is missing; run `make setup` first")
    done = await upload_menu(settings, words, draw_menu(words.labels, _FONT))
    shown = " · ".join(words.labels.values())
    print(f"LINE shows the menu: {shown}" + (" (as before)" if done == "unchanged" else ""))


def menu_commands() -> list[tuple[str, str]]:
    """Return Telegram's commands with what each is called on our buttons, in the order of `words.toml`."""
    said = copy()
    return [
        (word.removeprefix("/"), said.say("th", label))
        for word, press in whole_messages().items()
        if word.startswith("/") and said.has(label := f"buttons.labels.{press}")
    ]


async def _connect_line(settings: Settings) -> list[Finding]:
    if not settings.line_on:
        raise SettingsError(
            "LINE is off; set ROOTAN_LINE_CHANNEL_SECRET and ROOTAN_LINE_CHANNEL_ACCESS_TOKEN"
        )
    channel = LineChannel(settings)
    try:
        return [Finding(check.ok, "LINE", check.text) for check in await channel.connect(settings.base_url)]
    finally:
        await channel.close()


async def _connect_telegram(settings: Settings) -> list[Finding]:
    if not settings.telegram_on:
        raise SettingsError(
            "Telegram is off; set ROOTAN_TELEGRAM_BOT_TOKEN and ROOTAN_TELEGRAM_WEBHOOK_SECRET"
        )
    channel = TelegramChannel(settings)
    try:
        return [
            Finding(check.ok, "Telegram", check.text) for check in await channel.connect(settings.base_url)
        ]
    finally:
        await channel.close()


async def _upload_commands(settings: Settings, commands: Sequence[tuple[str, str]]) -> None:
    channel = TelegramChannel(settings)
    try:
        await channel.set_commands(commands)
    except Exception as error:
        raise UnavailableError(f"Telegram did not take the commands ({type(error).__name__})") from error
    finally:
        await channel.close()
    print(f"Telegram shows {len(commands)} commands: " + " ".join(f"/{name}" for name, _ in commands))
