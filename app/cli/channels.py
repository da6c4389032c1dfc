"""`rootan channels`: connecting LINE and Telegram, and uploading what their menus show."""

import asyncio
from enum import StrEnum

import typer

from app.cli.findings import Finding, report
from app.cli.process import prepare_process
from app.cli.setup.static_files import VENDOR
from bots.channels.line.channel import LineChannel
from bots.channels.line.menu_picture import MENUS, Fonts, draw_menu
from bots.channels.line.rich_menu import Menu, upload_menus
from bots.channels.telegram.channel import TelegramChannel
from bots.channels.telegram.commands import upload_commands
from bots.copy import copy
from bots.dialogues.own_menu import menu_name
from core.errors import SettingsError
from core.languages import WHOLE
from core.settings import Settings

cli = typer.Typer()
channels = typer.Typer(name="channels", help="LINE and Telegram.", no_args_is_help=True)
cli.add_typer(channels)

_FONTS = Fonts(VENDOR / "sarabun-thai-600-normal.woff2", VENDOR / "sarabun-latin-600-normal.woff2")
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
    """Upload what the menus show: LINE's menus below the chat, Telegram's commands and menu button."""
    settings = prepare_process()
    if not (settings.line_on or settings.telegram_on):
        raise SettingsError(
            "LINE and Telegram are off; set ROOTAN_LINE_CHANNEL_SECRET and ROOTAN_LINE_CHANNEL_ACCESS_TOKEN,"
            " or ROOTAN_TELEGRAM_BOT_TOKEN and ROOTAN_TELEGRAM_WEBHOOK_SECRET"
        )
    asyncio.run(_sync(settings))


async def _sync(settings: Settings) -> None:
    if settings.line_on:
        await sync_line(settings)
    else:
        print("LINE is off: its menus stay as they are")
    if settings.telegram_on:
        await sync_telegram(settings)
    else:
        print("Telegram is off: its commands stay as they are")


def line_menus() -> list[Menu]:
    """Draw LINE's menus in both languages, the one for everybody first; raises SettingsError without the typeface."""
    if not all(font.is_file() for font in _FONTS):
        raise SettingsError("the typeface for LINE's menus is missing; run `make setup` first")
    said, made = copy(), []
    for language in WHOLE:
        for kind, tiles in MENUS.items():
            labels = {tile.press: said.say(language, f"menu.rich.{kind}.{tile.press}") for tile in tiles}
            picture = draw_menu(tiles, labels, _FONTS)
            bar = said.say(language, "menu.rich.bar")
            made.append(Menu(menu_name(kind, language), bar, tiles, labels, picture))
    return made


def telegram_commands() -> dict[str, list[tuple[str, str]]]:
    """Telegram's commands with their descriptions by language; "" is for phones in any other language."""
    said = copy()
    names = [key.rpartition(".")[2] for key in said.keys("menu.commands.")]
    by_language = {
        language: [(name, said.say(language, f"menu.commands.{name}")) for name in names]
        for language in WHOLE
    }
    return {"": by_language["en"], **by_language}


async def sync_line(settings: Settings) -> None:
    """Upload LINE's menus, and say what they show."""
    menus = line_menus()
    new = await upload_menus(settings, menus)
    print(f"LINE shows the menu: {' · '.join(menus[0].labels.values())}")
    print(f"LINE holds {len(menus)} menus: {', '.join(menu.name for menu in menus)} " + _how_many(new))


async def sync_telegram(settings: Settings) -> None:
    """Upload Telegram's commands, and say which."""
    commands = telegram_commands()
    new = await upload_commands(settings, commands)
    names = " ".join(f"/{name}" for name, _ in commands[""])
    print(f"Telegram shows {len(commands[''])} commands in {len(WHOLE)} languages: {names} " + _how_many(new))


def _how_many(new: int) -> str:
    return f"({new} new)" if new else "(as before)"


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
