"""After a quick exit a Telegram chat holds nothing but the decoy's line, whatever happens on the way. Guards 2, 6, 9, 11."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from bots.copy import copy
from bots.dialogues.speech import LEAVE
from core.clock import set_now
from core.jobs.queue import unpack_ids
from core.messages.content import Content, Text
from core.messages.queue import queue
from simulator.control.shapes import Say
from simulator.phone import Item, Person
from tests.support.house import House, shown_text

CRY = "ช่วยด้วย โดนขังอยู่ในตึก เขายึดพาสปอร์ตไว้"
ANSWER = "เจ้าหน้าที่ตอบว่า พบกันที่ศาลา"
HOME = copy().say("th", "decoy.home")
WORD = "มะม่วงสีฟ้า"


async def new_person(house: House, platform: Any = "telegram") -> Person:
    return await house.phones.create_person(platform, "เอก")


async def say(house: House, person: Person, *texts: str) -> None:
    for text in texts:
        await house.phones.say(person.id, text)
        await house.work()


async def leave(house: House, person: Person) -> None:
    """Press the newest way out."""
    newest = [i for i in await shown(house, person) if i.author == "bot" and "กลับหน้าแรก" in shown_text(i)][-1]
    await house.phones.press(person.id, newest.id, data=LEAVE)
    await house.work()


async def jobs(house: House) -> list[UUID]:
    rows = await house.rows("SELECT payload FROM pgqueuer WHERE entrypoint = 'clear_chat'")
    return [event_id for row in rows for event_id in unpack_ids(row.payload)]


async def clear(house: House) -> None:
    """Run the jobs that stand, as a worker would, each once."""
    rows = await house.rows("DELETE FROM pgqueuer WHERE entrypoint = 'clear_chat' RETURNING payload")
    for row in rows:
        await house.handlers["clear_chat"](unpack_ids(row.payload))


async def shown(house: House, person: Person) -> list[Item]:
    return [item for item in (await house.phones.timeline(person.id)).items if item.deleted_at is None]


async def words(house: House, person: Person) -> list[str]:
    return [shown_text(item).split("\n")[0] for item in await shown(house, person)]


async def staff_write(house: House, person: Person, text: str = ANSWER) -> UUID:
    key = house.keys.keyset.index(f"{person.platform}-address", person.id)
    identity_id = await house.value("SELECT id FROM channel_identity WHERE address_key = :k", k=key)
    async with house.database.unit_of_work() as session:
        return await queue(
            session, house.keys, identity_id=identity_id, content=Content((Text(text),)), kind="staff", lane="hotline"
        )  # fmt: skip


async def test_the_chat_holds_only_the_decoys_line(house: House) -> None:
    person = await new_person(house)
    await say(house, person, "สวัสดี", CRY, "อยู่ปอยเปต")
    await leave(house, person)
    await clear(house)
    assert await words(house, person) == [HOME]
    assert await jobs(house) == []


async def test_a_typed_exit_is_gone_too(house: House) -> None:
    person = await new_person(house)
    await say(house, person, CRY, "ออก")
    await clear(house)
    assert await words(house, person) == [HOME]


async def test_what_comes_after_the_exit_stays(house: House) -> None:
    person = await new_person(house)
    await say(house, person, CRY, "ออก")
    set_now(lambda: datetime.now(UTC) + timedelta(seconds=5))
    await say(house, person, "วันนี้ฝนตกไหม")
    await clear(house)
    assert await words(house, person) == [HOME, "วันนี้ฝนตกไหม", copy().say("th", "decoy.talk.weather")]


async def test_a_crash_between_commit_and_job_loses_nothing(house: House) -> None:
    person = await new_person(house)
    await say(house, person, CRY, "ออก")
    assert len(await jobs(house)) == 1
    assert len(await words(house, person)) > 3
    assert await house.value("SELECT count(*) FROM referral") == 1
    await clear(house)
    assert await words(house, person) == [HOME]


async def test_the_job_may_run_twice(house: House) -> None:
    person = await new_person(house)
    await say(house, person, CRY, "ออก")
    again = await jobs(house)
    await clear(house)
    await house.handlers["clear_chat"](again)
    assert await words(house, person) == [HOME]


@pytest.mark.parametrize("fault", ["server_error", "disconnect", "retry_after", "disconnect_after_effect"])
async def test_while_telegram_is_away_it_is_tried_again(house: House, fault: Any) -> None:
    person = await new_person(house)
    await say(house, person, CRY, "ออก")
    await house.phones.add_fault("telegram", "deleteMessages", fault, count=1, value=1)
    await clear(house)
    assert len(await jobs(house)) == 1
    later = await house.value(
        "SELECT execute_after > now() + interval '1 second' FROM pgqueuer WHERE entrypoint = 'clear_chat'"
    )
    assert later
    await clear(house)
    assert await words(house, person) == [HOME]
    assert await jobs(house) == []


async def test_it_gives_up_when_nothing_can_be_deleted_any_more(house: House) -> None:
    person = await new_person(house)
    await say(house, person, CRY, "ออก")
    await house.rows("UPDATE inbound_event SET received_at = received_at - interval '49 hours'")
    await clear(house)
    assert await jobs(house) == []


async def test_what_is_too_old_is_passed_over_and_spares_its_neighbours(house: House) -> None:
    person = await new_person(house)
    await say(house, person, "สวัสดี")
    # To the platform's clock only: our own still takes it for young enough.
    await house.phones.advance(49 * 3600)
    await say(house, person, CRY, "ออก")
    await clear(house)
    left = await words(house, person)
    assert left[0] == "สวัสดี"
    assert left[-1] == HOME
    assert CRY not in left
    assert not [said for said in left if "ส่งเรื่อง" in said]


async def test_more_than_one_call_takes(house: House) -> None:
    person = await new_person(house)
    for _ in range(7):
        await house.phones.say_many([Say(person=person.id, text=f"ข้อความ {number}") for number in range(16)])
        await house.work()
    await say(house, person, CRY, "ออก")
    await clear(house)
    assert await words(house, person) == [HOME]


async def test_an_answer_that_was_still_on_its_way_is_deleted_when_it_came(house: House) -> None:
    person = await new_person(house)
    await say(house, person, CRY)
    await house.rows("UPDATE message SET state = 'sending', claimed_until = now() + interval '1 minute'")
    await house.phones.say(person.id, "ออก")
    await house.turn()
    await clear(house)
    assert len(await jobs(house)) == 1
    await house.rows("UPDATE message SET state = 'sent' WHERE state = 'sending'")
    await house.settle()
    await clear(house)
    assert await words(house, person) == [HOME]


async def test_what_still_waited_to_be_answered_is_not_answered(house: House) -> None:
    person = await new_person(house)
    await say(house, person, "สวัสดี")
    await house.rows(
        "UPDATE message SET state = 'pending', parts_done = 0, not_before = now() + interval '1 hour', tries = 0"
    )
    await say(house, person, "ออก")
    assert await house.value("SELECT count(*) FROM message WHERE state = 'skipped' AND reason = 'left'") == 1
    await clear(house)
    assert await words(house, person) == [HOME]


async def test_what_was_asked_in_the_same_breath_is_not_answered(house: House) -> None:
    person = await new_person(house)
    await say(house, person, "สวัสดี")
    await house.phones.say(person.id, CRY)
    await house.phones.say(person.id, "ออก")
    await house.work()
    await clear(house)
    assert await words(house, person) == [HOME]
    assert await house.value("SELECT priority FROM referral") == "P0"


@pytest.mark.parametrize("platform", ["line", "telegram"])
async def test_what_staff_write_waits_until_the_person_is_back(house: House, platform: Any) -> None:
    person = await new_person(house, platform)
    await say(house, person, CRY, "ออก")
    message = await staff_write(house, person)
    await house.settle()
    await say(house, person, "สวัสดี", "เมนู", "ดูคำตอบ")
    after = await house.rows("SELECT state, reason FROM message WHERE id = :id", id=message)
    assert [tuple(row) for row in after] == [("pending", "held")]
    assert not [said for said in await house.said_to(person.id) if ANSWER in said]
    await house.rows("UPDATE conversation SET last_inbound_at = now()")
    await house.settle()
    assert not [said for said in await house.said_to(person.id) if ANSWER in said]
    await come_back(house, person)
    assert [said for said in await house.said_to(person.id) if ANSWER in said]


@pytest.mark.parametrize("platform", ["line", "telegram"])
async def test_what_staff_write_waits_while_the_person_says_that_somebody_is_near(
    house: House, platform: Any
) -> None:
    person = await new_person(house, platform)
    await say(house, person, CRY)
    message = await staff_write(house, person)
    await house.rows("UPDATE message SET reason = 'held' WHERE id = :id", id=message)
    await say(house, person, "ไม่สะดวก")
    await house.settle()
    assert (await words(house, person))[-1].startswith("ได้เลย ไว้สะดวกค่อยพิมพ์มา")
    assert not [said for said in await house.said_to(person.id) if ANSWER in said]
    await say(house, person, "สะดวกแล้ว")
    assert [said for said in await house.said_to(person.id) if ANSWER in said]


async def test_a_late_decoy_line_is_no_cover_that_makes_curious(house: House) -> None:
    person = await new_person(house)
    await say(house, person, "สวัสดี")
    await house.phones.say(person.id, "ออก")
    set_now(lambda: datetime.now(UTC) + timedelta(minutes=5))
    await house.work()
    await clear(house)
    assert await words(house, person) == [HOME]


async def test_staff_see_that_the_person_hides_and_when_they_are_back(house: House) -> None:
    person = await new_person(house)
    await say(house, person, CRY, "ออก")
    assert "in_decoy" in await house.value("SELECT reasons FROM referral")
    await come_back(house, person)
    assert "in_decoy" not in await house.value("SELECT reasons FROM referral")
    marks = await house.rows("SELECT mark FROM referral_entry WHERE author = 'system' ORDER BY id")
    assert [row.mark for row in marks] == ["hidden", "back"]


async def test_a_cry_in_the_decoy_raises_the_case_and_shows_nothing(house: House) -> None:
    person = await new_person(house)
    await say(house, person, "คุยกับเจ้าหน้าที่", "ออก")
    assert await house.value("SELECT priority FROM referral") == "P2"
    await say(house, person, CRY)
    row = (await house.rows("SELECT priority, reasons FROM referral"))[0]
    assert row.priority == "P0"
    assert {"crisis_words", "in_decoy"} <= set(row.reasons)
    assert (await words(house, person))[-1] in copy().lines("th", "decoy.other")


async def test_neither_the_code_word_nor_the_receipt_joins_the_thread(house: House) -> None:
    person = await new_person(house)
    await say(house, person, "คุยกับเจ้าหน้าที่", "ตั้งคำลับ", WORD, WORD, "เขาอยู่ใกล้ ๆ", "ออก", WORD)
    said = await house.rows("SELECT count(*) AS n FROM referral_entry WHERE author = 'citizen'")
    # What asked for staff, what asked for a word, and what was told; none of the three words.
    assert said[0].n == 3
    assert await house.value("SELECT code_word_key FROM referral") is not None
    assert (await words(house, person))[-1].startswith("กลับมาแล้ว")


async def test_the_receipt_opens_where_no_word_was_chosen(house: House) -> None:
    person = await new_person(house)
    await say(house, person, CRY)
    shown_before = "\n".join(await house.said_to(person.id))
    code = shown_before.partition("เลขติดตาม\n")[2].splitlines()[0]
    await say(house, person, "ออก", "1111 2222 3333 4444")
    assert await house.value("SELECT hidden FROM conversation") is True
    await say(house, person, code)
    assert await house.value("SELECT hidden FROM conversation") is False


async def test_on_line_nothing_is_deleted_and_the_line_tells_how(house: House) -> None:
    person = await new_person(house, "line")
    await say(house, person, CRY, "ออก")
    assert await jobs(house) == []
    assert (await words(house, person))[-2:] == [copy().say("th", "leaving.tidy"), HOME]


async def come_back(house: House, person: Person) -> None:
    """Knock, as who has neither word nor receipt, after the minute that must pass."""
    set_now(lambda: datetime.now(UTC) + timedelta(minutes=2))
    await house.phones.advance(120)
    for _ in range(3):
        await say(house, person, "กลับหน้าแรก")


@pytest.fixture(autouse=True)
def real_clock() -> Iterator[None]:
    yield
    set_now(None)
