"""From frozen to the phones, through real SDKs and every trouble of the platforms. Guards 3, 4, 7, 8, 10."""

import asyncio
from collections import Counter
from uuid import UUID

import orjson
import pytest

from campaigns.audience.traits import seal_name
from campaigns.plans.plan import Trial
from campaigns.sender.units import unit_of
from core.clock import utc_now
from core.db.database import driver_connection
from core.messages.content import Button, Content, Text
from core.messages.queue import Recipient, queue_batch
from core.messages.quota import note_quota
from simulator.faults import Kind
from simulator.record import DeliveryRow
from tests.campaigns.sender.going import Going, begin, live_at, plan, wording
from tests.support.house import House
from tests.support.multitudes import Resident

pytestmark = pytest.mark.usefixtures("daytime")
_PATIENCE = 60.0


async def neighbours(house: House, line: int, telegram: int = 0) -> list[Resident]:
    """People with phones who agreed to news."""
    found: list[Resident] = []
    for channel, count in (("line", line), ("telegram", telegram)):
        if count:
            people = await house.phones.create_people(channel, "คน", count=count)  # type: ignore[arg-type]
            found += await live_at(house.database, house.keys, channel, [one.id for one in people])
    return found


async def come_to(house: House, going: Going, *states: str) -> str:
    """Return the run's state as soon as it is one of these."""
    async with asyncio.timeout(_PATIENCE):
        while (state := (await going.run()).state) not in states:
            await house.rows(
                "UPDATE message SET not_before = now() WHERE not_before > now() AND state = 'pending'"
            )
            await house.rows(
                "UPDATE message_chunk SET not_before = NULL WHERE not_before > now() AND done_at IS NULL"
            )
            await house.rows("UPDATE rate_bucket SET closed_until = NULL")
            await asyncio.sleep(0.1)
    return state


async def arrived(house: House) -> Counter[str]:
    """How often each person's phone showed something of ours."""
    return Counter(row.person for row in await deliveries(house) if row.effective)


async def deliveries(house: House) -> list[DeliveryRow]:
    methods = ("multicast", "push", "sendMessage")
    return [row for row in (await house.phones.record()).deliveries if row.method in methods]


async def test_each_gets_it_once_on_their_own_channel_under_one_unit(house: House) -> None:
    people = await neighbours(house, 6, 4)
    going = await begin(house.database, house.keys)
    assert await come_to(house, going, "done") == "done"
    assert await arrived(house) == Counter(one.address for one in people)
    assert await going.states() == {("sent", None): 10}
    calls = [one for one in await house.phones.traffic(100) if one.url.endswith("/multicast")]
    bodies = [orjson.loads(one.request_body) for one in calls]
    assert [body["customAggregationUnits"] for body in bodies] == [[unit_of(going.run_id, "")]]
    assert bodies[0]["messages"][0]["altText"] == "มีข้อความใหม่"


async def test_a_multicast_in_every_trouble_arrives_once_under_one_key(house: House) -> None:
    people = await neighbours(house, 5)
    troubles: tuple[Kind, ...] = (
        "rate_limited", "concurrency", "server_error", "disconnect", "server_error_after_effect",
        "disconnect_after_effect",
    )  # fmt: skip
    for trouble in troubles:
        await house.phones.add_fault("line", "multicast", trouble, count=1)
    going = await begin(house.database, house.keys)
    await come_to(house, going, "done")
    assert await arrived(house) == Counter(one.address for one in people)
    assert await going.states() == {("sent", None): 5}
    keys = await house.rows("SELECT DISTINCT retry_key FROM message_attempt")
    assert len(keys) == 1
    assert {fault.struck for fault in await house.phones.faults()} == {1}


async def test_bad_ids_in_a_multicast_are_found_and_hold_up_nobody(house: House) -> None:
    people = await neighbours(house, 9)
    await live_at(house.database, house.keys, "line", ["U" + "0" * 32, "nobody at all"])
    going = await begin(house.database, house.keys)
    await come_to(house, going, "done")
    assert await arrived(house) == Counter(one.address for one in people)
    assert await going.states() == {("sent", None): 9, ("failed", "refused"): 2}
    assert await house.value("SELECT sum(members) FROM message_chunk") == 11


async def call_them(house: House, people: list[Resident], names: list[str]) -> None:
    async with house.database.unit_of_work() as session:
        connection = await driver_connection(session)
        row = await connection.fetchrow(
            "SELECT k.id, k.wrapped FROM data_key k JOIN contact c ON c.data_key_id = k.id"
        )
        key = house.keys.open(row["id"], row["wrapped"])
        for one, name in zip(people, names, strict=True):
            await connection.execute(
                "INSERT INTO contact_trait (contact_id, name, changed_at) VALUES ($1, $2, $3)",
                one.contact_id, seal_name(key, one.contact_id, name).sealed, utc_now(),
            )  # fmt: skip


async def test_what_is_personal_goes_to_each_by_name_with_a_key_of_its_own(house: House) -> None:
    people = await neighbours(house, 3)
    await call_them(house, people[:2], ["ดาว", "เอก"])
    await house.phones.add_fault("line", "push", "disconnect_after_effect", count=1)
    going = await begin(house.database, house.keys, plan(wording("คุณ{name|เพื่อน} ถามก่อนโอน")))
    await come_to(house, going, "done")
    rows = await deliveries(house)
    assert Counter(row.person for row in rows if row.effective) == Counter(one.address for one in people)
    said = {row.person: row.text for row in rows if row.effective}
    traffic = [one for one in await house.phones.traffic(100) if one.url.endswith("/push")]
    words = {orjson.loads(one.request_body)["to"]: one.request_body for one in traffic}
    assert said.keys() == words.keys()
    for one, name in zip(people, ("คุณดาว", "คุณเอก", "คุณเพื่อน"), strict=True):
        assert name in words[one.address]
    keys = await house.rows("SELECT message_id, retry_key FROM message_attempt WHERE mode = 'push'")
    assert len({(row.message_id, row.retry_key) for row in keys}) == 3
    assert all(orjson.loads(one.request_body)["customAggregationUnits"] for one in traffic)
    assert await going.states() == {("sent", None): 3}
    assert await house.value("SELECT used FROM quota_use WHERE channel = 'line'") == 3


async def test_a_troubled_telegram_message_is_sent_once_or_called_what_it_is(house: House) -> None:
    people = await neighbours(house, 0, 5)
    troubles: tuple[Kind, ...] = ("retry_after", "server_error", "disconnect_after_effect", "blocked")
    for trouble, one in zip(troubles, people, strict=False):
        await house.phones.add_fault("telegram", "sendMessage", trouble, count=1, value=1, person=one.address)
    going = await begin(house.database, house.keys)
    await come_to(house, going, "done")
    shown = await arrived(house)
    assert [shown[one.address] for one in people] == [1, 0, 1, 0, 1]
    assert await going.states() == {
        ("sent", None): 2, ("unknown", "no_answer_from_platform"): 2, ("failed", "blocked"): 1,
    }  # fmt: skip


async def test_a_quota_that_ends_in_the_middle_pauses_with_nothing_lost(house: House) -> None:
    people = await neighbours(house, 4)
    await house.phones.set_quota(2)
    going = await begin(house.database, house.keys)
    assert await come_to(house, going, "paused", "done") == "paused"
    assert (await going.run()).reason == "quota"
    assert await going.states() == {("pending", None): 4}
    assert await arrived(house) == Counter()
    assert await house.value("SELECT used FROM quota_use WHERE channel = 'line'") == 0
    assert len(people) == 4
    await house.phones.set_quota(None)


async def test_the_reserve_is_never_spent_on_a_campaign(house: House) -> None:
    await neighbours(house, 4)
    async with house.database.unit_of_work() as session:
        connection = await driver_connection(session)
        await note_quota(connection, "line", limit=house.runtime.settings.line_quota_reserve + 3, used=0)
    going = await begin(house.database, house.keys)
    assert await come_to(house, going, "paused", "done") == "paused"
    assert await arrived(house) == Counter()


async def test_what_the_platform_will_never_take_halts_the_batch_instead_of_being_cut_to_pieces(
    house: House,
) -> None:
    people = await neighbours(house, 4)
    content = Content((Text("ข่าว"),), choices=(Button("อ่าน", url="no address"),))
    async with house.database.unit_of_work() as session:
        batch_id: UUID = await queue_batch(
            session,
            house.keys,
            content=content,
            recipients=[Recipient(p.identity_id, p.channel) for p in people],
        )
    async with asyncio.timeout(_PATIENCE):
        while await house.value("SELECT halted FROM message_batch WHERE id = :b", b=batch_id) is None:
            await asyncio.sleep(0.1)
    assert await house.value("SELECT halted FROM message_batch") == "content"
    assert await house.value("SELECT count(*) FROM message WHERE state = 'pending'") == 4
    assert await house.value("SELECT count(*) FROM message_attempt") == 1


async def test_both_wordings_of_a_trial_arrive_each_at_half(house: House) -> None:
    people = await neighbours(house, 12, 8)
    going = await begin(
        house.database, house.keys, plan(wording("หนึ่ง", "a"), wording("สอง", "b"), trial=Trial())
    )
    await come_to(house, going, "done")
    assert await arrived(house) == Counter(one.address for one in people)
    parts = await house.rows(
        "SELECT p.variant, b.intended FROM campaign_part p JOIN message_batch b ON b.id = p.batch_id"
    )
    assert sum(row.intended for row in parts) == 20
    assert all(row.intended for row in parts)
