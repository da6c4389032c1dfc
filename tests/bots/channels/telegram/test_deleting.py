"""Deleting from a person's chat, and learning by which id, through python-telegram-bot as it is."""

from typing import Any

import pytest

from bots.channels.base import ClearingChannel
from bots.channels.line.channel import LineChannel
from bots.channels.telegram.channel import TelegramChannel
from simulator.client import SimulatorClient
from simulator.phone import Person

TEXT = {"method": "sendMessage", "text": "สวัสดีค่ะ", "parse_mode": "HTML"}


async def test_what_was_sent_is_known_by_its_id_and_deleted_by_it(
    telegram: TelegramChannel, fresh: SimulatorClient, ton: Person
) -> None:
    theirs = await fresh.say(ton.id, "ของฉัน")
    sent = await telegram.send(TEXT, mode="send", address=ton.id)
    assert sent.message is not None
    result = await telegram.delete_messages(ton.id, [int(theirs.message_ids[0]), sent.message])
    assert result.outcome == "sent"
    assert [i for i in (await fresh.timeline(ton.id)).items if i.deleted_at is None] == []


async def test_what_is_gone_already_is_passed_over(telegram: TelegramChannel, ton: Person) -> None:
    assert (await telegram.delete_messages(ton.id, [99_999_999])).outcome == "sent"


async def test_one_that_is_too_old_is_a_refusal(
    telegram: TelegramChannel, fresh: SimulatorClient, ton: Person
) -> None:
    sent = await telegram.send(TEXT, mode="send", address=ton.id)
    await fresh.advance(49 * 3600)
    assert (await telegram.delete_messages(ton.id, [sent.message or 0])).outcome == "refused"


@pytest.mark.parametrize(
    ("fault", "outcome"), [("retry_after", "wait"), ("server_error", "unclear"), ("disconnect", "unclear")]
)
async def test_trouble_is_named_for_what_it_is(
    telegram: TelegramChannel, fresh: SimulatorClient, ton: Person, fault: Any, outcome: str
) -> None:
    await fresh.add_fault("telegram", "deleteMessages", fault, count=1, value=1)
    assert (await telegram.delete_messages(ton.id, [1])).outcome == outcome


def test_only_telegram_lets_us_delete(telegram: TelegramChannel, line: LineChannel) -> None:
    assert isinstance(telegram, ClearingChannel)
    assert not isinstance(line, ClearingChannel)
