"""Each scripted fault, as the real SDKs feel it."""

import uuid
from datetime import timedelta

import aiohttp
import pytest
import telegram
from linebot.v3.messaging import AsyncMessagingApi, PushMessageRequest, TextMessage
from linebot.v3.messaging.exceptions import ApiException
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TimedOut

from simulator.client import SimulatorClient
from simulator.faults import Fault, Faults
from simulator.phone import Person


def push(person: Person) -> PushMessageRequest:
    return PushMessageRequest(to=person.id, messages=[TextMessage(text="ข่าว")])


async def shown(phones: SimulatorClient, person: Person) -> int:
    return len((await phones.timeline(person.id)).items)


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        ("rate_limited", 429, "The API rate limit has been exceeded. Try again later."),
        ("concurrency", 429, "Too many concurrent requests"),
        ("quota_exhausted", 429, "You have reached your monthly limit."),
        ("conflict", 409, "The retry key is already accepted"),
        ("server_error", 500, "Internal Server Error"),
    ],
)
async def test_line_refuses_once_without_effect(
    phones: SimulatorClient, somsri: Person, line: AsyncMessagingApi, kind: str, status: int, words: str
) -> None:
    await phones.add_fault("line", "push", kind, count=1)
    with pytest.raises(ApiException) as refused:
        await line.push_message(push(somsri))
    assert refused.value.status == status
    assert words in refused.value.body
    assert await shown(phones, somsri) == 0
    await line.push_message(push(somsri))
    assert await shown(phones, somsri) == 1


async def test_line_fails_after_it_delivered_and_the_retry_key_proves_it(
    phones: SimulatorClient, somsri: Person, line: AsyncMessagingApi
) -> None:
    key = str(uuid.uuid4())
    await phones.add_fault("line", "push", "server_error_after_effect", count=1)
    with pytest.raises(ApiException) as failed:
        await line.push_message(push(somsri), x_line_retry_key=key)
    assert failed.value.status == 500
    with pytest.raises(ApiException) as conflict:
        await line.push_message(push(somsri), x_line_retry_key=key)
    assert conflict.value.status == 409
    assert await shown(phones, somsri) == 1


@pytest.mark.parametrize(("kind", "effect"), [("timeout", 0), ("timeout_after_effect", 1)])
async def test_line_never_answers(
    phones: SimulatorClient, somsri: Person, line: AsyncMessagingApi, kind: str, effect: int
) -> None:
    await phones.add_fault("line", "p*", kind, count=1)
    with pytest.raises(TimeoutError):
        await line.push_message(push(somsri), _request_timeout=0.3)
    assert await shown(phones, somsri) == effect


@pytest.mark.parametrize(("kind", "effect"), [("disconnect", 0), ("disconnect_after_effect", 1)])
async def test_line_cuts_the_line(
    phones: SimulatorClient, somsri: Person, line: AsyncMessagingApi, kind: str, effect: int
) -> None:
    await phones.add_fault("line", "push", kind, count=1)
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await line.push_message(push(somsri))
    assert await shown(phones, somsri) == effect


async def test_line_takes_its_time(phones: SimulatorClient, somsri: Person, line: AsyncMessagingApi) -> None:
    await phones.add_fault("line", "push", "slow", value=400, count=1)
    with pytest.raises(TimeoutError):
        await line.push_message(push(somsri), _request_timeout=0.2)
    await line.push_message(push(somsri), _request_timeout=0.2)


async def test_line_faults_strike_calls_beside_sending(
    phones: SimulatorClient, line: AsyncMessagingApi
) -> None:
    await phones.add_fault("line", "*", "server_error", count=2)
    for _ in range(2):
        with pytest.raises(ApiException):
            await line.get_bot_info()
    await line.get_bot_info()


async def test_a_fault_can_concern_one_person_only(
    phones: SimulatorClient, somsri: Person, line: AsyncMessagingApi
) -> None:
    manee = await phones.create_person("line", "มานี")
    await phones.add_fault("line", "push", "server_error", person=manee.id)
    await line.push_message(push(somsri))
    with pytest.raises(ApiException):
        await line.push_message(push(manee))
    await phones.clear_faults()
    await line.push_message(push(manee))


async def test_line_people_can_turn_out_to_have_blocked_the_account(
    phones: SimulatorClient, somsri: Person, line: AsyncMessagingApi
) -> None:
    await phones.add_fault("line", "push", "blocked", count=1)
    await line.push_message(push(somsri))
    assert await shown(phones, somsri) == 0
    assert (await phones.people())[0].blocked


@pytest.mark.parametrize(
    ("kind", "error", "words"),
    [
        ("blocked", Forbidden, "Forbidden: bot was blocked by the user"),
        ("rate_limited", RetryAfter, "Flood control exceeded"),
        ("server_error", NetworkError, "Internal Server Error"),
        ("disconnect", NetworkError, "Server disconnected"),
        ("timeout", TimedOut, "Timed out"),
    ],
)
async def test_telegram_fails_without_effect(
    phones: SimulatorClient, ton: Person, bot: telegram.Bot, kind: str, error: type[Exception], words: str
) -> None:
    await phones.add_fault("telegram", "sendMessage", kind, count=1)
    with pytest.raises(error, match=words):
        await bot.send_message(ton.id, "ข่าว", read_timeout=0.3)
    assert await shown(phones, ton) == 0


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("server_error_after_effect", NetworkError),
        ("timeout_after_effect", TimedOut),
        ("disconnect_after_effect", NetworkError),
    ],
)
async def test_telegram_fails_although_it_delivered(
    phones: SimulatorClient, ton: Person, bot: telegram.Bot, kind: str, error: type[Exception]
) -> None:
    await phones.add_fault("telegram", "send*", kind, count=1)
    with pytest.raises(error):
        await bot.send_message(ton.id, "ข่าว", read_timeout=0.3)
    assert await shown(phones, ton) == 1


async def test_telegram_says_how_long_to_wait(
    phones: SimulatorClient, ton: Person, bot: telegram.Bot
) -> None:
    await phones.add_fault("telegram", "sendMessage", "retry_after", value=17, count=1)
    with pytest.raises(RetryAfter) as told:
        await bot.send_message(ton.id, "ข่าว")
    assert told.value.retry_after == timedelta(seconds=17)


async def test_telegram_knows_no_strangers(phones: SimulatorClient, bot: telegram.Bot) -> None:
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(99, "ข่าว")
    stranger = await phones.create_person("telegram", "คนแปลกหน้า", met=False)
    with pytest.raises(Forbidden, match="can't initiate conversation"):
        await bot.send_message(stranger.id, "ข่าว")


def test_a_fault_the_platform_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="Telegram has no conflict"):
        Fault(platform="telegram", method="sendMessage", kind="conflict")
    with pytest.raises(ValueError, match="LINE sends no retry_after"):
        Fault(platform="line", method="push", kind="retry_after")


def test_probable_faults_repeat_with_their_seed() -> None:
    def strikes(seed: int) -> list[bool]:
        faults = Faults()
        faults.add(Fault(platform="line", method="push", kind="server_error", probability=0.5, seed=seed))
        return [bool(faults.take("line", "push", ["U"])) for _ in range(40)]

    assert strikes(1) == strikes(1)
    assert strikes(1) != strikes(2)
    assert 5 < sum(strikes(1)) < 35
