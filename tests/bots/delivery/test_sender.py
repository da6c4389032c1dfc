"""Answers on their way, through the real SDKs and every trouble of the platforms. Guards 3, 4."""

from typing import Any

import pytest

from core.crypto.data_keys import destroy_data_key
from core.messages.content import Content, Text
from core.messages.queue import queue
from tests.bots.delivery.answers import (
    LONG_AGO,
    SECRET,
    attempts,
    fate,
    known,
    line_person,
    shown,
    staff_answer,
    staffs_words,
    telegram_person,
    wait_out,
)
from tests.support.house import House


@pytest.mark.parametrize(
    ("fault", "modes", "times"),
    [
        ("server_error", [("reply", "unclear"), ("reply", "sent")], 1),
        ("server_error_after_effect", [("reply", "unclear"), ("reply", "token_gone")], 1),
        ("disconnect", [("reply", "unclear"), ("reply", "sent")], 1),
        ("disconnect_after_effect", [("reply", "unclear"), ("reply", "token_gone")], 1),
        ("rate_limited", [("reply", "wait"), ("reply", "sent")], 1),
        ("concurrency", [("reply", "wait"), ("reply", "sent")], 1),
    ],
)
async def test_a_troubled_line_reply_arrives_once_and_is_called_sent(
    house: House, fault: Any, modes: list[Any], times: int
) -> None:
    dao = await line_person(house)
    await house.phones.add_fault("line", "reply", fault, count=1)
    await house.phones.say(dao.id, "เมนู")
    await house.turn()
    await wait_out(house)
    assert await fate(house) == ("sent", None)
    assert await attempts(house) == modes
    assert await shown(house, dao) == times


async def test_a_reply_whose_token_is_over_is_pushed(house: House) -> None:
    dao = await line_person(house)
    await house.phones.say(dao.id, "เมนู")
    await house.phones.advance(61)
    await house.work()
    assert await fate(house) == ("sent", None)
    assert await attempts(house) == [("reply", "token_gone"), ("push", "sent")]
    assert await shown(house, dao) == 1


async def test_a_doubtful_reply_past_its_token_is_pushed_and_marked_resent(house: House) -> None:
    dao = await line_person(house)
    await house.phones.add_fault("line", "reply", "disconnect_after_effect", count=1)
    await house.phones.say(dao.id, "เมนู")
    await house.turn()
    await house.settle()
    await house.rows("UPDATE message SET answerable_until = now() - interval '1 second'")
    await wait_out(house)
    assert await fate(house) == ("resent", None)
    assert [mode for mode, _ in await attempts(house)] == ["reply", "push"]


@pytest.mark.parametrize(
    "fault", ["server_error_after_effect", "disconnect_after_effect", "server_error", "disconnect"]
)
async def test_a_troubled_push_arrives_once_thanks_to_its_stored_key(house: House, fault: Any) -> None:
    dao = await line_person(house)
    identity = await known(house, dao)
    before = await shown(house, dao)
    await house.phones.add_fault("line", "push", fault, count=1)
    message = await staff_answer(house, identity)
    await wait_out(house)
    assert await fate(house, message) == ("sent", None)
    keys = await house.rows(
        "SELECT retry_key, outcome FROM message_attempt WHERE message_id = :m ORDER BY id", m=message
    )
    assert len({row.retry_key for row in keys}) == 1
    assert keys[-1].outcome == ("already" if "after" in fault else "sent")
    assert await shown(house, dao) == before + 1


@pytest.mark.parametrize(
    ("kind", "fault", "state", "times"),
    [
        ("answer", "disconnect_after_effect", "resent", 2),
        ("answer", "disconnect", "resent", 1),
        ("answer", "server_error", "resent", 1),
        ("staff", "disconnect_after_effect", "unknown", 1),
        ("staff", "server_error", "unknown", 0),
        ("staff", "retry_after", "sent", 1),
        ("answer", "retry_after", "sent", 1),
    ],
)
async def test_trouble_on_telegram_is_never_hidden(
    house: House, kind: Any, fault: Any, state: str, times: int
) -> None:
    ek = await telegram_person(house)
    identity = await known(house, ek)
    before = await shown(house, ek)
    await house.phones.add_fault("telegram", "sendMessage", fault, count=1, value=1)
    message = await staff_answer(house, identity, kind=kind)
    await wait_out(house)
    assert (await fate(house, message))[0] == state
    assert await shown(house, ek) == before + times


async def closed_until_later(house: House) -> bool:
    query = "SELECT closed_until > now() + interval '590 s' FROM rate_bucket WHERE channel = 'telegram'"
    return bool(await house.value(query))


async def test_a_wait_for_one_chat_is_that_chats_alone(house: House) -> None:
    """One person who floods us must not silence Telegram for everybody."""
    ek, dao = await telegram_person(house), await telegram_person(house)
    floods, writes = await known(house, ek), await known(house, dao)
    await house.phones.add_fault("telegram", "sendMessage", "retry_after", count=1, value=600)
    waiting = await staff_answer(house, floods)
    await house.settle()
    assert not await closed_until_later(house)
    arrives = await staff_answer(house, writes)
    await house.settle()
    assert (await fate(house, waiting))[0] == "pending"
    assert (await fate(house, arrives))[0] == "sent"


async def test_telegrams_wait_for_two_people_closes_the_channel_for_everybody(house: House) -> None:
    people = [await known(house, await telegram_person(house)) for _ in range(2)]
    await house.phones.add_fault("telegram", "sendMessage", "retry_after", count=2, value=600)
    for person in people:
        await staff_answer(house, person)
    await house.settle()
    assert await closed_until_later(house)
    assert not house.sender.may_send_now("telegram", 1)


async def test_whoever_blocked_us_is_noted_and_not_written_to_again(house: House) -> None:
    ek = await telegram_person(house)
    identity = await known(house, ek)
    await house.phones.add_fault("telegram", "sendMessage", "blocked", count=1)
    first = await staff_answer(house, identity)
    await house.settle()
    second = await staff_answer(house, identity)
    await house.settle()
    assert await fate(house, first) == ("failed", "blocked")
    assert await fate(house, second) == ("failed", "blocked")
    assert await house.value("SELECT count(*) FROM message_attempt WHERE message_id = :m", m=second) == 0
    await house.phones.unblock(ek.id)
    await house.phones.say(ek.id, "เมนู")
    await house.work()
    assert (await fate(house))[0] == "sent"


async def test_a_used_up_quota_fails_what_needs_it_and_replies_go_on(house: House) -> None:
    dao = await line_person(house)
    identity = await known(house, dao)
    await house.phones.set_quota(0)
    message = await staff_answer(house, identity)
    await house.settle()
    assert await fate(house, message) == ("failed", "quota")
    await house.phones.say(dao.id, "เมนู")
    await house.work()
    assert (await fate(house))[0] == "sent"


async def test_one_persons_answers_go_out_in_sequence_however_slow_the_first(house: House) -> None:
    dao = await line_person(house)
    identity = await known(house, dao)
    await house.phones.add_fault("line", "push", "slow", count=1, value=300)
    for n in range(4):
        await staff_answer(house, identity, f"ข้อที่ {n}")
    await house.settle()
    said = await staffs_words(house, dao)
    assert said == [f"ข้อที่ {n}" for n in range(4)]


async def test_a_failing_first_holds_its_person_back_and_nobody_else(house: House) -> None:
    dao, mali = await line_person(house), await house.phones.create_person("line", "มะลิ")
    ids = [await known(house, dao), await known(house, mali)]
    await house.phones.add_fault("line", "push", "server_error", person=dao.id, count=1)
    for n in range(2):
        await staff_answer(house, ids[0], f"ข้อที่ {n}")
    await staff_answer(house, ids[1], "ถึงมะลิ")
    await wait_out(house)
    arrived = [d.text for d in (await house.phones.record()).deliveries if d.method == "push" and d.effective]
    assert [text.partition("ตอบ:\n")[2] for text in arrived] == ["ถึงมะลิ", "ข้อที่ 0", "ข้อที่ 1"]


async def test_an_answer_that_came_too_late_is_skipped_and_says_so(house: House) -> None:
    dao = await line_person(house)
    identity = await known(house, dao)
    async with house.database.unit_of_work() as session:
        message = await queue(
            session, house.keys, identity_id=identity, content=Content((Text(SECRET),)), kind="answer", lane="reply",
        )  # fmt: skip
        await session.flush()
        connection = await session.connection()
        await connection.exec_driver_sql(
            "UPDATE message SET expires_at = now() - interval '1 s' WHERE state = 'pending'"
        )
    await house.settle()
    assert await fate(house, message) == ("skipped", "expired")


async def test_what_an_erased_person_was_to_hear_can_not_be_read_any_more(house: House) -> None:
    dao = await line_person(house)
    identity = await known(house, dao)
    await house.rows(LONG_AGO)
    message = await staff_answer(house, identity)
    async with house.database.unit_of_work() as session:
        key_id = await house.value("SELECT data_key_id FROM contact")
        await destroy_data_key(session, key_id)
    await house.rows("UPDATE message SET reason = NULL WHERE state = 'pending'")
    await house.settle()
    assert await fate(house, message) == ("failed", "unreadable")


async def test_a_long_answer_goes_out_in_parts_and_goes_on_where_it_stopped(house: House) -> None:
    ek = await telegram_person(house)
    identity = await known(house, ek)
    text = "\n\n".join(f"ย่อหน้าที่ {n} " + "ข้อความยาว" * 150 for n in range(9))
    await house.phones.add_fault("telegram", "sendMessage", "retry_after", count=1, value=1)
    message = await staff_answer(house, identity, text)
    await wait_out(house)
    assert await fate(house, message) == ("sent", None)
    items = (await house.phones.timeline(ek.id)).items
    parts = [str(i.message["text"]) for i in items if "ย่อหน้าที่" in str(i.message.get("text"))]
    assert len(parts) > 1
    assert "".join("".join(parts).split()) == "เจ้าหน้าที่ตอบ:" + "".join(text.split())


async def test_the_ledger_adds_up_and_every_end_has_a_reason_where_it_needs_one(house: House) -> None:
    dao, ek = await line_person(house), await telegram_person(house)
    ids = [await known(house, dao), await known(house, ek)]
    await house.phones.add_fault("telegram", "sendMessage", "disconnect_after_effect", count=1)
    await house.phones.set_quota(0)
    for identity in ids:
        await staff_answer(house, identity)
    await wait_out(house)
    rows = await house.rows("SELECT state, reason, finished_at FROM message")
    assert all(row.finished_at is not None for row in rows)
    assert all((row.reason is not None) == (row.state in ("failed", "skipped", "unknown")) for row in rows)
    assert {row.state for row in rows} == {"sent", "failed", "unknown"}
