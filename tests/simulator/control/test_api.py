"""The control API shows what happened and lets time pass."""

import asyncio

import aiohttp
import pytest
from linebot.v3.messaging import (
    AsyncMessagingApi,
    PushMessageRequest,
    ReplyMessageRequest,
    ShowLoadingAnimationRequest,
    TextMessage,
)

from simulator.changes import Change
from simulator.client import SimulatorClient, SimulatorError
from simulator.control.shapes import Say
from simulator.phone import Person
from tests.simulator.process import LINE_TOKEN, TELEGRAM_TOKEN
from tests.simulator.receiver import Receiver


async def test_people_keep_the_ids_they_are_given(phones: SimulatorClient) -> None:
    user = "U" + "0f" * 16
    await phones.create_person("line", "มานี", person_id=user)
    await phones.create_people("telegram", "คน", ids=["81", "82"])
    assert [person.id for person in await phones.people()] == [user, "81", "82"]
    for platform, bad in (("line", "U1"), ("telegram", "-5")):
        with pytest.raises(SimulatorError, match="is no"):
            await phones.create_people(platform, "x", ids=[bad])


async def test_one_webhook_does_not_mix_platforms(
    phones: SimulatorClient, somsri: Person, ton: Person
) -> None:
    with pytest.raises(SimulatorError, match="One webhook carries one platform"):
        await phones.say_many([Say(person=somsri.id, text="x"), Say(person=ton.id, text="y")])


async def test_what_does_not_exist_is_said_so(phones: SimulatorClient, somsri: Person) -> None:
    with pytest.raises(SimulatorError, match="create it first"):
        await phones.follow("U" + "0" * 32)
    with pytest.raises(SimulatorError, match="shows no message"):
        await phones.press(somsri.id, "123", index=0)
    async with aiohttp.ClientSession() as session:
        async with session.post(f"{phones.base}/control/dance", data=b"{}") as response:
            assert response.status == 404
        async with session.post(f"{phones.base}/control/say", data=b'{"people":1}') as response:
            assert response.status == 400
        async with session.get(f"{phones.base}/elsewhere") as response:
            assert response.status == 404


async def test_traffic_shows_both_directions_without_secrets(
    phones: SimulatorClient, somsri: Person, ton: Person, receiver: Receiver, line: AsyncMessagingApi
) -> None:
    await phones.say(somsri.id, "สวัสดี")
    token = receiver.event["replyToken"]
    await line.reply_message(ReplyMessageRequest(replyToken=token, messages=[TextMessage(text="ตอบ")]))
    me_url = f"{phones.telegram_base}/bot{TELEGRAM_TOKEN}/getMe"
    async with aiohttp.ClientSession() as session, session.get(me_url) as response:
        assert (await response.json())["ok"]
    await phones.say(ton.id, "สวัสดี")
    exchanges = await phones.traffic(limit=10)
    assert [one.direction for one in exchanges] == ["webhook", "request", "request", "webhook"]
    webhook, reply, me, update = exchanges
    assert webhook.request_headers["x-line-signature"]
    assert "สวัสดี" in webhook.request_body
    assert (reply.status, reply.request_headers["authorization"]) == (200, "•••")
    assert "sentMessages" in reply.response_body
    assert me.url == "/telegram/bot•••/getMe"
    assert update.request_headers["x-telegram-bot-api-secret-token"] == "•••"
    shown = repr(exchanges)
    assert LINE_TOKEN not in shown
    assert TELEGRAM_TOKEN not in shown


async def test_changes_are_told_as_they_happen(phones: SimulatorClient, somsri: Person) -> None:
    seen: list[Change] = []

    async def listen() -> None:
        async for change in phones.changes():
            seen.append(change)
            if {"chat_changed", "webhook_sent"} <= {one.kind for one in seen}:
                return

    listening = asyncio.create_task(listen())
    async with asyncio.timeout(10):
        # Who listens later than the first text was said hears of the next.
        while not listening.done():
            await phones.say(somsri.id, "สวัสดี")
            await asyncio.sleep(0.05)
    await listening
    assert ("chat_changed", somsri.id) in [(change.kind, change.chat) for change in seen]


async def test_the_dots_dance_until_the_answer(
    phones: SimulatorClient, somsri: Person, line: AsyncMessagingApi
) -> None:
    await line.show_loading_animation(ShowLoadingAnimationRequest(chatId=somsri.id, loadingSeconds=10))
    activity = (await phones.timeline(somsri.id)).activity
    assert activity is not None
    assert activity.action == "loading"
    await line.push_message(PushMessageRequest(to=somsri.id, messages=[TextMessage(text="มาแล้ว")]))
    assert (await phones.timeline(somsri.id)).activity is None


async def test_time_goes_forward_only(phones: SimulatorClient) -> None:
    before = (await phones.bot())["now"]
    await phones.advance(3600)
    assert (await phones.bot())["now"] >= before + 3600
    with pytest.raises(SimulatorError, match="only goes forward"):
        await phones.advance(-1)


async def test_a_reset_forgets_everything_but_the_webhooks(
    phones: SimulatorClient, somsri: Person, receiver: Receiver
) -> None:
    await phones.say(somsri.id, "x")
    await phones.add_fault("line", "push", "server_error")
    await phones.reset()
    assert await phones.people() == []
    assert await phones.faults() == []
    assert await phones.traffic() == []
    assert (await phones.record()).events == []
    await phones.create_person("line", "สมศรี", person_id=somsri.id)
    assert (await phones.say(somsri.id, "อีกครั้ง")).accepted
