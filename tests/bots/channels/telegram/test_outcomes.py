"""What Telegram's refusals mean, through python-telegram-bot as it is. Guards 4."""

from typing import Any

import httpx
import pytest
import telegram as ptb
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TimedOut,
)

from bots.channels.telegram import channel as telegram_module
from bots.channels.telegram.channel import TelegramChannel
from bots.channels.telegram.outcomes import read_error
from simulator.client import SimulatorClient
from simulator.phone import Person
from tests.support.house import settings_for

PART = {"method": "sendMessage", "text": "สวัสดีค่ะ", "parse_mode": "HTML"}


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (Forbidden("Forbidden: bot was blocked by the user"), "blocked"),
        (Forbidden("Forbidden: user is deactivated"), "blocked"),
        (BadRequest("Chat not found"), "blocked"),
        (BadRequest("Message text is empty"), "refused"),
        (ChatMigrated(-100123), "refused"),
        (InvalidToken(), "not_sent"),
        (caused(TimedOut(), httpx.ConnectTimeout("")), "not_sent"),
        (caused(TimedOut(), httpx.PoolTimeout("")), "not_sent"),
        (caused(TimedOut(), httpx.ReadTimeout("")), "unclear"),
        (caused(TimedOut(), httpx.WriteTimeout("")), "unclear"),
        (caused(NetworkError(""), httpx.ConnectError("")), "not_sent"),
        (caused(NetworkError(""), httpx.RemoteProtocolError("")), "unclear"),
        (caused(NetworkError(""), httpx.ReadError("")), "unclear"),
        (NetworkError("Bad Gateway"), "unclear"),
        (TimedOut(), "unclear"),
    ],
    ids=repr,
)
def test_each_refusal_has_one_meaning(error: Any, outcome: str) -> None:
    assert read_error(error).outcome == outcome


def test_the_time_to_wait_is_the_one_that_telegram_names() -> None:
    result = read_error(RetryAfter(17))
    assert (result.outcome, result.wait) == ("wait", 17.0)


@pytest.mark.parametrize(
    ("fault", "value", "outcome", "arrives"),
    [
        ("retry_after", 3, "wait", 0),
        ("rate_limited", 0, "wait", 0),
        ("blocked", 0, "blocked", 0),
        ("server_error", 0, "unclear", 0),
        ("server_error_after_effect", 0, "unclear", 1),
        ("disconnect", 0, "unclear", 0),
        ("disconnect_after_effect", 0, "unclear", 1),
        ("slow", 20, "sent", 1),
    ],
)
async def test_trouble_on_the_way_is_named_for_what_it_is(
    telegram: TelegramChannel,
    fresh: SimulatorClient,
    ton: Person,
    fault: Any,
    value: float,
    outcome: str,
    arrives: int,
) -> None:
    await fresh.add_fault("telegram", "sendMessage", fault, count=1, value=value)
    result = await telegram.send(PART, mode="send", address=ton.id)
    assert result.outcome == outcome
    assert result.wait == (value or 1 if outcome == "wait" else 0) or fault == "rate_limited"
    assert len((await fresh.timeline(ton.id)).items) == arrives


@pytest.mark.parametrize(("fault", "arrives"), [("timeout", 0), ("timeout_after_effect", 1)])
async def test_silence_is_unclear_and_waited_for_only_so_long(
    telegram: TelegramChannel, fresh: SimulatorClient, ton: Person, monkeypatch: Any, fault: Any, arrives: int
) -> None:
    monkeypatch.setattr(telegram_module, "_SECONDS", 0.3)
    await fresh.add_fault("telegram", "sendMessage", fault, count=1)
    assert (await telegram.send(PART, mode="send", address=ton.id)).outcome == "unclear"
    assert len((await fresh.timeline(ton.id)).items) == arrives


async def test_somebody_who_is_nobody_is_gone(telegram: TelegramChannel) -> None:
    assert (await telegram.send(PART, mode="send", address="987654321")).outcome == "blocked"


async def test_a_group_that_moved_refuses_its_old_address(
    telegram: TelegramChannel, fresh: SimulatorClient, ton: Person
) -> None:
    group = await fresh.create_group("telegram", "บ้านเรา", [ton.id])
    await fresh.add_bot(group.id, ton.id)
    await fresh.migrate(group.id, ton.id)
    assert (await telegram.send(PART, mode="send", address=group.id)).outcome == "refused"


async def test_a_platform_that_cannot_be_reached_was_sent_nothing(
    tmp_path: Any, fresh: SimulatorClient
) -> None:
    settings = settings_for(fresh, tmp_path).model_copy(update={"telegram_api_base": "http://127.0.0.1:9"})
    channel = TelegramChannel(settings)
    try:
        assert (await channel.send(PART, mode="send", address="5")).outcome == "not_sent"
        await channel.learn_name()
        assert channel.bot_name == ""
        await channel.show_typing("5")
        await channel.acknowledge("x")
        assert await channel.fetch_media("x", limit=10) is None
    finally:
        await channel.close()


async def test_the_bots_own_name_is_learned(telegram: TelegramChannel, fresh: SimulatorClient) -> None:
    await telegram.learn_name()
    assert telegram.bot_name == (await fresh.bot())["username"]


async def test_a_picture_is_fetched_up_to_a_limit(
    telegram: TelegramChannel, fresh: SimulatorClient, ton: Person, picture: bytes
) -> None:
    await fresh.send_picture(ton.id, picture)
    (item,) = (await fresh.timeline(ton.id)).items
    media = item.message["photo"][-1]["file_id"]
    assert await telegram.fetch_media(media, limit=len(picture)) == picture
    assert await telegram.fetch_media(media, limit=len(picture) - 1) is None
    assert await telegram.fetch_media("nothing", limit=10) is None


async def test_the_client_is_made_without_asking_telegram_anything(
    telegram: TelegramChannel, fresh: SimulatorClient, ton: Person
) -> None:
    """`Bot.initialize` calls getMe: with Telegram away nothing would start."""
    await telegram.send(PART, mode="send", address=ton.id)
    methods = {e.url.rsplit("/", 1)[1] for e in await fresh.traffic() if e.direction == "request"}
    assert methods == {"sendMessage"}
    assert isinstance(telegram._bot, ptb.Bot)
