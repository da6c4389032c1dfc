"""How LINE webhooks travel when things go wrong."""

import asyncio

from linebot.v3.messaging import AsyncMessagingApi, ReplyMessageRequest, TextMessage

from simulator.client import SimulatorClient
from simulator.inbound import Inbound
from simulator.phone import Person
from tests.simulator.receiver import Receiver


async def test_nothing_is_redelivered_unless_told(
    phones: SimulatorClient, somsri: Person, receiver: Receiver
) -> None:
    receiver.statuses = [500]
    assert (await phones.say(somsri.id, "x")).status == 500
    await phones.settle()
    assert len(receiver.got) == 1


async def test_a_redelivery_is_the_same_event_and_says_so(
    phones: SimulatorClient, somsri: Person, receiver: Receiver
) -> None:
    receiver.statuses = [500, 503]
    await phones.set_inbound("line", Inbound(redeliveries=5, retry_delay_s=0.01))
    await phones.say(somsri.id, "x")
    await phones.settle()
    assert [event["deliveryContext"]["isRedelivery"] for event in receiver.events] == [False, True, True]
    assert len({event["webhookEventId"] for event in receiver.events}) == 1
    (row,) = (await phones.record()).events
    assert (row.statuses, row.accepted_at is not None) == ([500, 503, 200], True)


async def test_a_redelivery_gives_the_token_a_new_minute(
    phones: SimulatorClient, somsri: Person, receiver: Receiver, line: AsyncMessagingApi
) -> None:
    receiver.statuses = [500]
    await phones.set_inbound("line", Inbound(redeliveries=1, retry_delay_s=0.3))
    await phones.say(somsri.id, "x")
    await phones.advance(300)
    await phones.settle()
    token = receiver.event["replyToken"]
    await line.reply_message(ReplyMessageRequest(replyToken=token, messages=[TextMessage(text="ตอบ")]))
    assert (await phones.timeline(somsri.id)).items[-1].text == "ตอบ"


async def test_a_slow_bot_times_out_after_two_seconds(
    phones: SimulatorClient, somsri: Person, receiver: Receiver
) -> None:
    receiver.delay_s = 3
    done = await phones.say(somsri.id, "x")
    assert (done.status, done.reason) == (0, "request_timeout")
    assert 1900 < done.latency_ms < 3000
    await asyncio.sleep(1.1)


async def test_an_event_can_arrive_twice(phones: SimulatorClient, somsri: Person, receiver: Receiver) -> None:
    await phones.set_inbound("line", Inbound(duplicates=1))
    await phones.say(somsri.id, "หนึ่ง")
    await phones.say(somsri.id, "สอง")
    assert [event["message"]["text"] for event in receiver.events] == ["หนึ่ง", "หนึ่ง", "สอง"]
    assert receiver.got[0].body == receiver.got[1].body


async def test_events_can_arrive_last_first(
    phones: SimulatorClient, somsri: Person, receiver: Receiver
) -> None:
    await phones.set_inbound("line", Inbound(reorder=3))
    for text in ("หนึ่ง", "สอง", "สาม"):
        await phones.say(somsri.id, text, wait=False)
    await phones.settle()
    assert [event["message"]["text"] for event in receiver.events] == ["สาม", "สอง", "หนึ่ง"]
    times = [event["timestamp"] for event in receiver.events]
    assert times == sorted(times, reverse=True)


async def test_webhooks_can_get_lost(phones: SimulatorClient, somsri: Person, receiver: Receiver) -> None:
    await phones.set_inbound("line", Inbound(lost=1))
    assert (await phones.say(somsri.id, "หาย")).reason == "lost"
    await phones.say(somsri.id, "ถึง")
    assert [event["message"]["text"] for event in receiver.events] == ["ถึง"]


async def test_in_standby_events_carry_no_reply_token(
    phones: SimulatorClient, somsri: Person, receiver: Receiver
) -> None:
    await phones.set_inbound("line", Inbound(standby=True))
    await phones.say(somsri.id, "x")
    assert receiver.event["mode"] == "standby"
    assert "replyToken" not in receiver.event


async def test_any_body_can_be_posted_with_or_without_proof(
    phones: SimulatorClient, receiver: Receiver
) -> None:
    await phones.raw("line", b"not json", "correct")
    await phones.raw("line", b"not json", "wrong")
    await phones.raw("line", b"not json", "missing")
    signatures = [received.headers.get("x-line-signature") for received in receiver.got]
    assert signatures[0] != signatures[1]
    assert signatures[2] is None
    assert [received.body for received in receiver.got] == [b"not json"] * 3
