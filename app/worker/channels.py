"""The channels that a process sends on."""

from bots.channels.base import Channel
from bots.channels.line.channel import LineChannel
from bots.channels.telegram.channel import TelegramChannel
from core.settings import Settings


def make_channels(settings: Settings) -> dict[str, Channel]:
    """Return the channels that the settings switch on."""
    channels: dict[str, Channel] = {}
    if settings.line_on:
        channels["line"] = LineChannel(settings)
    if settings.telegram_on:
        channels["telegram"] = TelegramChannel(settings)
    return channels
