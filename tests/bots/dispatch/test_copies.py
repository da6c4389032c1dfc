"""The link and the last message as they arrive on the phone, on both platforms."""

import re

import pytest

from bots.dispatch.forgetting import carry_out
from core.contacts.erasure import due_wishes
from tests.support.house import House

PLATFORMS = pytest.mark.parametrize("platform", ["line", "telegram"])


async def say(house: House, person: str, *texts: str) -> str:
    for words in texts:
        await house.phones.say(person, words)
        await house.work()
    return (await house.said_to(person))[-1]


@PLATFORMS
async def test_the_link_arrives_opens_once_and_is_not_sent_twice(house: House, platform: str) -> None:
    person = (await house.phones.create_person(platform, "ดาว")).id
    await say(house, person, "สวัสดี", "ขอไฟล์ข้อมูล")
    link_ids = [row.id for row in await house.rows("SELECT id FROM copy_link")]
    for _ in range(2):
        await house.handlers["send_copy_link"](link_ids)
        await house.settle()
    told = "\n".join(await house.said_to(person))
    links = re.findall(r"https?://\S+?(/media/copy/[\w-]+)", told)
    assert len(links) == 1
    # Who never talked to staff gets what there is.
    page = await house.client.post(links[0])
    assert page.status_code == 200
    assert "เกี่ยวกับคุณ" in page.text
    assert (await house.client.post(links[0])).status_code == 404


@PLATFORMS
async def test_the_last_message_arrives_before_the_keys_go(house: House, platform: str) -> None:
    person = (await house.phones.create_person(platform, "ดาว")).id
    await say(house, person, "สวัสดี", "ลบข้อมูลของฉัน", "ใช่ ลบทั้งหมด")
    for _ in range(2):
        async with house.database.unit_of_work() as session:
            due = await due_wishes(session)
        await house.handlers["forget_menus"](due)
        for request_id in due:
            async with house.database.unit_of_work() as session:
                await carry_out(session, house.keys, request_id)
        await house.settle()
    told = "\n".join(await house.said_to(person))
    assert "ลบข้อมูลของคุณแล้ว" in told
    assert re.search(r"เลขยืนยันการลบ\n(?:[0-9A-F]{4}-){3}[0-9A-F]{4}", told)
    assert await house.value("SELECT done_at IS NOT NULL FROM erasure_request")
    # And the conversation begins anew: a stranger is told what we keep.
    assert "เรื่องข้อมูลของคุณ" in await say(house, person, "สวัสดี")
    assert await house.value("SELECT count(*) FROM contact") == 2


async def test_nothing_of_ones_data_is_spoken_of_behind_the_decoy_face(house: House) -> None:
    person = (await house.phones.create_person("line", "ดาว")).id
    await say(house, person, "สวัสดี", "ขอไฟล์ข้อมูล", "กลับหน้าแรก")
    link_ids = [row.id for row in await house.rows("SELECT id FROM copy_link")]
    await house.handlers["send_copy_link"](link_ids)
    await house.settle()
    assert "/media/copy/" not in "\n".join(await house.said_to(person))


async def test_asked_for_many_times_in_a_row_one_link_is_sent(house: House) -> None:
    person = (await house.phones.create_person("line", "ดาว")).id
    await say(house, person, "สวัสดี", *["ขอไฟล์ข้อมูล"] * 4)
    assert await house.value("SELECT count(*) FROM copy_link") == 1
