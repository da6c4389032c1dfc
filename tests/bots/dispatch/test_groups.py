"""Groups through the platforms themselves: asking, switching warnings on and off, leaving."""

from typing import Literal

import pytest

from simulator.phone import Group, Person
from tests.support.house import House

OFFER = "รับแอดมินตอบแชท ปอยเปต เดินทางฟรี ไม่ต้องใช้เอกสาร เงินเดือน 45,000"
Platform = Literal["line", "telegram"]


async def gather(house: House, platform: Platform) -> tuple[Group, Person, Person]:
    """A group that Ton made, Ek and we in it."""
    ton, ek = [await house.phones.create_person(platform, name) for name in ("ต้น", "เอก")]
    group = await house.phones.create_group(platform, "บ้านเรา", [ton.id, ek.id])
    await house.phones.add_bot(group.id, ton.id)
    await work(house)
    house.service.bot_name = "rootan_bot"
    return group, ton, ek


async def work(house: House) -> None:
    """Turns, what a platform is asked, the turns that follow, deliveries."""
    await house.work()
    for row in await house.rows(
        "SELECT id FROM inbound_event WHERE outcome IS NOT NULL AND body IS NOT NULL"
    ):
        await house.handlers["ask_keeper"]([row.id])
    await house.work()


async def last(house: House, group: Group) -> str:
    said = await house.said_to(group.id)
    return said[-1] if said else ""


async def switched_on(house: House) -> list[str]:
    return [row.channel for row in await house.rows("SELECT channel FROM group_setting WHERE warns")]


@pytest.mark.parametrize("platform", ["line", "telegram"])
async def test_whoever_asks_gets_the_verdict_and_nothing_of_it_is_kept(
    house: House, platform: Platform
) -> None:
    group, ton, _ = await gather(house, platform)
    await house.phones.say(ton.id, f"ตรวจ {OFFER}", group=group.id, mention_bot=True)
    await work(house)
    answer = await last(house, group)
    assert answer.startswith("⛔ อันตราย")
    assert "อย่าเพิ่งไป อย่าเพิ่งโอน" in answer
    for table in ("screening", "screening_text", "referral", "group_setting"):
        assert await house.value(f"SELECT count(*) FROM {table}") == 0


async def test_on_telegram_a_message_is_judged_that_is_answered_with_our_name(house: House) -> None:
    group, ton, ek = await gather(house, "telegram")
    posted = await house.phones.say(ek.id, OFFER, group=group.id)
    await work(house)
    before = await house.said_to(group.id)
    await house.phones.say(
        ton.id, "งานนี้จริงไหม", group=group.id, mention_bot=True, reply_to=posted.message_ids[0]
    )
    await work(house)
    said = await house.said_to(group.id)
    assert len(said) == len(before) + 1
    assert said[-1].startswith("⛔ อันตราย")


async def test_on_telegram_a_keeper_switches_warnings_and_nobody_else(house: House) -> None:
    group, ton, ek = await gather(house, "telegram")
    await house.phones.say(ek.id, "เปิดเตือน", group=group.id, mention_bot=True)
    await work(house)
    assert "เฉพาะแอดมิน" in await last(house, group)
    assert await switched_on(house) == []
    await house.phones.say(ton.id, "เปิดเตือน", group=group.id, mention_bot=True)
    await work(house)
    assert await last(house, group) != ""
    assert await switched_on(house) == ["telegram"]
    await house.phones.say(ton.id, "ปิดเตือน", group=group.id, mention_bot=True)
    await work(house)
    assert await switched_on(house) == []


async def test_on_line_two_members_switch_warnings(house: House) -> None:
    group, ton, ek = await gather(house, "line")
    for person, on in ((ton, []), (ton, []), (ek, ["line"])):
        await house.phones.say(person.id, "เปิดเตือน", group=group.id, mention_bot=True)
        await work(house)
        assert await switched_on(house) == on
    assert "เปิดเตือนแล้ว" in await last(house, group)


@pytest.mark.parametrize("platform", ["line", "telegram"])
async def test_when_we_leave_the_setting_goes(house: House, platform: Platform) -> None:
    group, ton, ek = await gather(house, platform)
    for person in (ek, ton):
        await house.phones.say(person.id, "เปิดเตือน", group=group.id, mention_bot=True)
        await work(house)
    assert await switched_on(house) == [platform]
    await house.phones.remove_bot(group.id, ton.id)
    await work(house)
    assert await switched_on(house) == []
