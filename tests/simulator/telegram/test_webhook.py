"""How Telegram updates travel: in order within a chat, and again until a 2xx comes."""

import asyncio

import telegram

from simulator.client import SimulatorClient
from simulator.control.shapes import Say
from simulator.inbound import Inbound
from simulator.phone import Person
from tests.simulator.process import TELEGRAM_SECRET
from tests.simulator.receiver import Receiver


async def test_an_update_carries_the_secret(phones: SimulatorClient, ton: Person, receiver: Receiver) -> None:
    done = await phones.say(ton.id, "สวัสดี")
    assert receiver.got[-1].headers["x-telegram-bot-api-secret-token"] == TELEGRAM_SECRET
    assert receiver.update["update_id"] == int(done.event_ids[0])


async def test_an_update_comes_again_until_it_is_taken(
    phones: SimulatorClient, ton: Person, receiver: Receiver, bot: telegram.Bot
) -> None:
    receiver.statuses = [500, 502, 500]
    await phones.set_inbound("telegram", Inbound(retry_delay_s=0.02))
    assert (await phones.say(ton.id, "สวัสดี")).status == 500
    assert (await bot.get_webhook_info()).pending_update_count == 1
    await phones.settle()
    assert len({received.body for received in receiver.got}) == 1
    (row,) = (await phones.record()).events
    assert row.statuses == [500, 502, 500, 200]
    info = await bot.get_webhook_info()
    assert (info.pending_update_count, info.last_error_message) == (0, "Wrong response from the webhook: 500")


async def test_a_later_update_of_a_chat_waits_for_the_earlier_ones(
    phones: SimulatorClient, ton: Person, receiver: Receiver
) -> None:
    other = await phones.create_person("telegram", "แนน")
    receiver.statuses = [500]
    await phones.set_inbound("telegram", Inbound(retry_delay_s=0.1))
    await phones.say(ton.id, "หนึ่ง")
    await phones.say(ton.id, "สอง", wait=False)
    await phones.say(other.id, "คนอื่น")
    await phones.settle()
    assert [one.json["message"]["text"] for one in receiver.got] == ["หนึ่ง", "คนอื่น", "หนึ่ง", "สอง"]


async def test_a_reset_ends_what_still_waits_for_its_turn(
    phones: SimulatorClient, ton: Person, receiver: Receiver
) -> None:
    receiver.statuses = [500] * 100
    await phones.set_inbound("telegram", Inbound(retry_delay_s=0.05))
    await phones.say(ton.id, "หนึ่ง")
    waiting = asyncio.create_task(phones.say(ton.id, "สอง"))
    await asyncio.sleep(0.1)
    await phones.reset()
    assert (await asyncio.wait_for(waiting, 2)).reason == "stopped"
    taken = len(receiver.got)
    await asyncio.sleep(0.2)
    assert len(receiver.got) == taken


async def test_update_ids_count_up_in_the_order_of_acts(
    phones: SimulatorClient, ton: Person, receiver: Receiver
) -> None:
    done = await phones.say_many([Say(person=ton.id, text=str(number)) for number in range(5)])
    ids = [one.json["update_id"] for one in receiver.got]
    assert ids == list(range(ids[0], ids[0] + 5)) == [int(event_id) for event_id in done.event_ids]


async def test_updates_can_double_and_get_lost(
    phones: SimulatorClient, ton: Person, receiver: Receiver
) -> None:
    await phones.set_inbound("telegram", Inbound(duplicates=1))
    await phones.say(ton.id, "หนึ่ง")
    await phones.settle()
    assert len(receiver.got) == 2
    await phones.set_inbound("telegram", Inbound(lost=1))
    assert (await phones.say(ton.id, "สอง")).reason == "lost"
    assert len(receiver.got) == 2


async def test_any_body_can_be_posted(phones: SimulatorClient, receiver: Receiver) -> None:
    await asyncio.gather(*(phones.raw("telegram", b"{}", proof) for proof in ("correct", "wrong", "missing")))
    secrets = {one.headers.get("x-telegram-bot-api-secret-token") for one in receiver.got}
    assert secrets == {TELEGRAM_SECRET, f"{TELEGRAM_SECRET}x", None}
