"""Telegram's list of commands in each language, and the button that opens it; written only where it differs."""

from collections.abc import Mapping, Sequence

import telegram
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from core.errors import UnavailableError
from core.settings import Settings

_SECONDS = 30.0


async def upload_commands(settings: Settings, commands: Mapping[str, Sequence[tuple[str, str]]]) -> int:
    """Have every phone show these commands (name, description) by its language, "" for all others.

    Returns how many lists and buttons are new; raises UnavailableError where Telegram did not take them.
    """
    if settings.telegram_bot_token is None:
        raise ValueError("Telegram is off: ROOTAN_TELEGRAM_BOT_TOKEN is not set")
    request = HTTPXRequest(read_timeout=_SECONDS, write_timeout=_SECONDS, connect_timeout=_SECONDS)
    bot = telegram.Bot(
        settings.telegram_bot_token.get_secret_value(),
        base_url=f"{settings.telegram_api_base.rstrip('/')}/bot",
        request=request,
        get_updates_request=request,
    )
    try:
        lists = [await _upload(bot, language, wanted) for language, wanted in commands.items()]
        return sum(lists) + await _set_button(bot)
    except TelegramError as error:
        raise UnavailableError(f"Telegram did not take the commands ({type(error).__name__})") from error
    finally:
        await request.shutdown()


async def _upload(bot: telegram.Bot, language: str, wanted: Sequence[tuple[str, str]]) -> bool:
    shown = await bot.get_my_commands(language_code=language or None)
    if [(one.command, one.description) for one in shown] == list(wanted):
        return False
    made = [telegram.BotCommand(name, text) for name, text in wanted]
    await bot.set_my_commands(made, language_code=language or None)
    return True


async def _set_button(bot: telegram.Bot) -> bool:
    """The button beside the text box opens the list."""
    if isinstance(await bot.get_chat_menu_button(), telegram.MenuButtonCommands):
        return False
    await bot.set_chat_menu_button(menu_button=telegram.MenuButtonCommands())
    return True
