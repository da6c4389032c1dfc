"""Turns: in order, once, all or nothing, and nobody held up by a neighbour. Guards 2, 5, 6, 9."""

import asyncio
import re
from typing import Any

import pytest
import sqlalchemy as sa

from bots.dispatch.people import lock_people
from core.crypto.data_keys import destroy_data_key
from core.crypto.sealing import context, seal
from core.db.database import driver_connection
from core.messages.content import Card, Content, Text
from tests.support.house import QuietHouse

DAO, EK = "U" + "da0" * 10 + "da", "U" + "ec" * 16
OFFER = "รับแอดมินตอบแชท ปอยเปต เดินทางฟรี ไม่ต้องใช้เอกสาร เงินเดือน 45,000 ทักไลน์ @rich888"
CRY = "ช่วยด้วย โดนขังอยู่ในตึก เขายึดพาสปอร์ตไว้"


def said(number: int, text: str, *, by: str = DAO, **more: Any) -> dict[str, Any]:
    return {
        "type": "message", "mode": "active", "timestamp": 1_700_000_000_000 + number, "webhookEventId": f"01E{number}",
        "replyToken": f"{number:032d}", "source": {"type": "user", "userId": by},
        "message": {"type": "text", "id": f"m{number}", "text": text},
    } | more  # fmt: skip


def did(number: int, kind: str, *, by: str = DAO, **more: Any) -> dict[str, Any]:
    return {
        "type": kind, "mode": "active", "timestamp": 1_700_000_000_000 + number, "webhookEventId": f"01E{number}",
        "source": {"type": "user", "userId": by},
    } | more  # fmt: skip


async def hear(quiet: QuietHouse, *events: dict[str, Any], turn: bool = True) -> None:
    assert await quiet.post_line({"destination": "U", "events": events}) == 200
    if turn:
        await quiet.turn()


async def outcomes(quiet: QuietHouse) -> dict[str, str | None]:
    rows = await quiet.rows("SELECT event_id, outcome FROM inbound_event ORDER BY position")
    return {row.event_id: row.outcome for row in rows}


def words_of(content: Content) -> str:
    return "\n".join(
        b.text if isinstance(b, Text) else f"{b.title}\n{b.lead}" if isinstance(b, Card) else b.alt
        for b in content.bubbles
    )


def answers(quiet: QuietHouse) -> list[str]:
    return [words_of(out.envelope.content) for out in quiet.notebook.sent]


async def test_quick_messages_are_answered_together_each_accounted_for(quiet: QuietHouse) -> None:
    await hear(quiet, said(1, OFFER), said(2, "ขอบคุณค่ะ"), said(3, "เมนู"))
    assert await outcomes(quiet) == {"01E1": "merged", "01E2": "merged", "01E3": "answered"}
    rows = await quiet.rows("SELECT DISTINCT answer_id FROM inbound_event")
    assert [row.answer_id for row in rows] == [quiet.notebook.sent[0].message_id]


async def test_events_are_taken_in_the_platforms_order_whatever_order_they_came_in(quiet: QuietHouse) -> None:
    await hear(quiet, said(2, "หยุด"), turn=False)
    await hear(quiet, said(1, "รับข่าว"))
    rows = await quiet.rows("SELECT granted FROM consent_event ORDER BY id")
    assert [row.granted for row in rows] == [True, False]
    assert await quiet.value("SELECT granted FROM consent WHERE topic = 'campaigns'") is False


async def test_a_job_for_handled_events_is_a_no_op(quiet: QuietHouse) -> None:
    await hear(quiet, said(1, OFFER))
    ids = [row.id for row in await quiet.rows("SELECT id FROM inbound_event")]
    await asyncio.gather(*(quiet.turn(ids) for _ in range(4)))
    assert await quiet.value("SELECT count(*) FROM message") == 1
    assert await quiet.value("SELECT count(*) FROM screening") == 1


async def test_of_two_jobs_at_once_for_one_person_one_answers(quiet: QuietHouse) -> None:
    await hear(quiet, said(1, OFFER), said(2, "ขอบคุณ"), turn=False)
    ids = [row.id for row in await quiet.rows("SELECT id FROM inbound_event")]
    await asyncio.gather(*(quiet.turn(ids) for _ in range(6)))
    assert await quiet.value("SELECT count(*) FROM message") == 1
    assert await quiet.value("SELECT count(*) FROM contact") == 1


async def test_more_than_one_turn_holds_are_answered_in_several(quiet: QuietHouse) -> None:
    await hear(quiet, *(said(n, "สวัสดี") for n in range(1, 46)))
    for _ in range(2):
        assert await quiet.value("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'turns'") > 1
        await quiet.turn()
    assert set((await outcomes(quiet)).values()) == {"merged", "answered"}
    assert (
        len(quiet.notebook.sent) + await quiet.value("SELECT count(*) FROM message WHERE state = 'pending'")
        >= 3
    )


async def test_a_turn_is_all_or_nothing(quiet: QuietHouse) -> None:
    """The last statement of the turn fails: state, effects, replies and marks are all as before."""
    await hear(quiet, said(1, "สวัสดี"))
    before = await everything(quiet)
    await quiet.rows(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'refused'; END $$"
    )
    await quiet.rows(
        "CREATE TRIGGER refuse BEFORE UPDATE OF handled_at ON inbound_event FOR EACH ROW"
        " WHEN (NEW.outcome IN ('answered', 'merged', 'no_answer')) EXECUTE FUNCTION refuse()"
    )
    sent = len(quiet.notebook.sent)
    await hear(quiet, said(2, CRY), said(3, "รับข่าว"), said(4, OFFER))
    assert await everything(quiet) == before
    assert len(quiet.notebook.sent) == sent
    await quiet.rows("DROP TRIGGER refuse ON inbound_event")
    await quiet.turn()
    assert set((await outcomes(quiet)).values()) <= {"answered", "merged"}
    assert await quiet.value("SELECT count(*) FROM referral") == 1


async def everything(quiet: QuietHouse) -> list[Any]:
    tables = (
        "conversation",
        "message",
        "message_attempt",
        "referral",
        "referral_entry",
        "consent_event",
        "screening",
    )
    return [sorted(map(repr, await quiet.rows(f"SELECT * FROM {table}"))) for table in tables]


async def test_a_follow_is_greeted_and_an_unfollow_withdraws_consent_and_closes_the_way(
    quiet: QuietHouse,
) -> None:
    await hear(quiet, did(1, "follow", replyToken="1" * 32))
    await hear(quiet, said(2, "รับข่าว"))
    assert await quiet.value("SELECT granted FROM consent") is True
    await hear(quiet, did(3, "unfollow"))
    assert await quiet.value("SELECT granted FROM consent") is False
    assert await quiet.value("SELECT blocked_at IS NOT NULL FROM channel_identity") is True
    assert (await outcomes(quiet))["01E3"] == "no_answer"


async def test_who_comes_back_is_reached_again_and_asks_for_news_anew(quiet: QuietHouse) -> None:
    await hear(quiet, said(1, "รับข่าว"))
    await hear(quiet, did(2, "unfollow"))
    await hear(quiet, did(3, "follow", replyToken="3" * 32))
    assert await quiet.value("SELECT blocked_at FROM channel_identity") is None
    assert await quiet.value("SELECT granted FROM consent") is False
    assert await quiet.value("SELECT count(*) FROM message") == 2


@pytest.mark.parametrize("number", [0, 9])
async def test_somebody_who_blocked_us_is_not_answered_and_nothing_breaks(
    quiet: QuietHouse, number: int
) -> None:
    """Also when the block came before what they wrote, in the same body."""
    await hear(quiet, said(1, "สวัสดี"), did(number, "unfollow") | {"timestamp": 1_700_000_000_000 + number})
    assert None not in (await outcomes(quiet)).values()


async def thread(quiet: QuietHouse) -> list[Any]:
    return [
        tuple(row) for row in await quiet.rows(
            "SELECT author, body IS NOT NULL AS kept, taken_back_at IS NOT NULL AS back FROM referral_entry ORDER BY id"
        )
    ]  # fmt: skip


async def test_an_unsend_purges_inbox_and_thread(quiet: QuietHouse) -> None:
    await hear(quiet, said(1, CRY))
    assert await thread(quiet) == [("citizen", True, False)]
    await hear(quiet, did(2, "unsend", unsend={"messageId": "m1"}))
    assert await thread(quiet) == [("citizen", False, True)]
    assert await quiet.value("SELECT body FROM inbound_event WHERE event_id = '01E1'") is None


async def test_what_was_unsent_before_its_turn_never_reaches_the_thread(quiet: QuietHouse) -> None:
    await hear(quiet, said(1, CRY))
    await hear(quiet, said(2, "ชื่อจริงของฉันคือ ก"), did(3, "unsend", unsend={"messageId": "m2"}))
    assert sum(kept for _, kept, _ in await thread(quiet)) == 1
    assert await quiet.value("SELECT body FROM inbound_event WHERE event_id = '01E2'") is None


async def test_nobody_can_unsend_another_persons_words(quiet: QuietHouse) -> None:
    await hear(quiet, said(1, CRY))
    await hear(quiet, did(2, "unsend", by=EK, unsend={"messageId": "m1"}))
    assert await thread(quiet) == [("citizen", True, False)]


GROUP = {"type": "group", "groupId": "C" + "9" * 32, "userId": DAO}
MENTION = {"mentionees": [{"type": "user", "isSelf": True, "index": 0, "length": 5}]}


async def test_of_talk_in_a_group_no_word_is_stored(quiet: QuietHouse) -> None:
    await hear(quiet, said(1, OFFER, source=GROUP), said(2, CRY, source=GROUP))
    rows = await quiet.rows("SELECT body, body_key_id, outcome FROM inbound_event")
    assert [tuple(row) for row in rows] == [(None, None, "no_answer")] * 2
    assert await quiet.value("SELECT count(*) FROM referral") == 0
    assert await quiet.value("SELECT count(*) FROM contact") == 0


async def test_a_mention_in_a_group_gets_the_one_line_and_nothing_else(quiet: QuietHouse) -> None:
    called = {"type": "text", "id": "m1", "text": f"@รู้ทัน {CRY} {OFFER}", "mention": MENTION}
    await hear(quiet, said(1, "", source=GROUP, message=called))
    (answer,) = answers(quiet)
    assert "ทักแชตส่วนตัวได้เลย" in answer
    assert len(answer.splitlines()) == 1
    for table in ("referral", "screening", "consent_event"):
        assert await quiet.value(f"SELECT count(*) FROM {table}") == 0


async def test_a_mention_in_a_telegram_group_gets_the_one_line(quiet: QuietHouse) -> None:
    chat = {"id": -55, "type": "supergroup", "title": "บ้านเรา"}
    message = {
        "message_id": 1,
        "date": 1,
        "chat": chat,
        "from": {"id": 77, "is_bot": False, "first_name": "เอก"},
    }
    assert (
        await quiet.post_telegram(
            {"update_id": 1, "message": message | {"text": f"@rootan_bot {CRY} {OFFER}"}}
        )
        == 200
    )
    assert await quiet.post_telegram({"update_id": 2, "message": message | {"text": OFFER}}) == 200
    await quiet.turn()
    (answer,) = answers(quiet)
    assert "ทักแชตส่วนตัวได้เลย" in answer
    assert await quiet.value("SELECT count(*) FROM screening") == 0


async def test_a_group_that_moved_is_no_trouble(quiet: QuietHouse) -> None:
    message = {
        "message_id": 1,
        "date": 1,
        "chat": {"id": -5, "type": "group", "title": "ก"},
        "migrate_to_chat_id": -1005,
    }
    assert await quiet.post_telegram({"update_id": 1, "message": message}) == 200
    await quiet.turn()
    assert await outcomes(quiet) == {"1": "no_answer"}


@pytest.mark.parametrize("before", [(), ("หยุด",), ("รับข่าว", "หยุด"), ("เมนู",)])
async def test_urgent_words_open_a_p0_in_any_state_also_for_who_opted_out(
    quiet: QuietHouse, before: tuple[str, ...]
) -> None:
    for number, text in enumerate(before, 1):
        await hear(quiet, said(number, text))
    await hear(quiet, said(10, CRY))
    row = (await quiet.rows("SELECT priority, state, source, rules FROM referral"))[0]
    assert (row.priority, row.state, row.source) == ("P0", "open", "crisis")
    assert row.rules
    assert await quiet.value("SELECT count(*) FROM broadcast_hold") == 1
    assert await quiet.value("SELECT kind FROM message ORDER BY id DESC LIMIT 1") == "crisis"
    assert len(await thread(quiet)) == 1


async def test_a_crisis_and_a_cancel_both_stay_visible_to_staff(quiet: QuietHouse) -> None:
    await hear(quiet, said(1, CRY))
    for number, data in ((2, "c1:cancel"), (3, "c1:cancel.yes")):
        await hear(quiet, did(number, "postback", postback={"data": data}, replyToken="2" * 32))
    assert await quiet.value("SELECT state FROM referral") == "cancelled"


async def test_a_state_nobody_can_read_any_more_starts_the_dialogue_over(quiet: QuietHouse) -> None:
    await hear(quiet, said(1, "สวัสดี"))
    async with quiet.database.unit_of_work() as session:
        connection = await driver_connection(session)
        who = ("line", quiet.keys.keyset.index("line-address", DAO))
        person = (await lock_people(connection, quiet.keys, [who], wait=True))[who]
        broken = seal(person.key, b'{"dialogue":7}', context("conversation", "state", person.conversation_id))
        await session.execute(sa.text("UPDATE conversation SET state = :s"), {"s": broken})
    await hear(quiet, said(2, "เมนู"))
    assert (await outcomes(quiet))["01E2"] == "answered"


async def test_somebody_who_was_erased_and_writes_again_is_a_stranger(quiet: QuietHouse) -> None:
    await hear(quiet, said(1, "รับข่าว"))
    async with quiet.database.unit_of_work() as session:
        key_id = await session.scalar(sa.text("SELECT data_key_id FROM contact"))
        await destroy_data_key(session, key_id)
    await hear(quiet, said(2, "สวัสดี"))
    assert (await outcomes(quiet))["01E2"] == "answered"
    assert await quiet.value("SELECT count(*) FROM contact") == 2


async def test_without_room_in_the_limiter_an_answer_waits_its_turn_in_the_queue(quiet: QuietHouse) -> None:
    quiet.notebook.has_room = False
    await hear(quiet, said(1, "สวัสดี"))
    assert quiet.notebook.sent == []
    assert await quiet.value("SELECT state FROM message") == "pending"
    assert await quiet.value("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'deliver'") == 1


async def test_the_next_answer_queues_up_behind_one_that_is_still_on_its_way(quiet: QuietHouse) -> None:
    await hear(quiet, said(1, "สวัสดี"))
    await hear(quiet, said(2, "เมนู"))
    states = await quiet.rows("SELECT state FROM message ORDER BY id")
    assert [row.state for row in states] == ["sending", "pending"]
    assert len(quiet.notebook.sent) == 1


async def test_every_answer_is_a_row_with_its_first_attempt_before_anything_is_sent(
    quiet: QuietHouse,
) -> None:
    await hear(quiet, said(1, "สวัสดี"))
    row = (
        await quiet.rows(
            "SELECT m.id, a.mode, a.outcome FROM message m JOIN message_attempt a ON a.message_id = m.id"
        )
    )[0]
    assert (row.id, row.mode, row.outcome) == (quiet.notebook.sent[0].message_id, "reply", None)


async def test_a_press_is_acknowledged_and_a_picture_shows_that_we_work(quiet: QuietHouse) -> None:
    person = {"id": 77, "is_bot": False, "first_name": "เอก"}
    chat = {"id": 77, "type": "private"}
    press = {
        "id": "q1",
        "from": person,
        "chat_instance": "1",
        "data": "m1:menu",
        "message": {"message_id": 1, "chat": chat},
    }
    assert await quiet.post_telegram({"update_id": 1, "callback_query": press}) == 200
    await quiet.turn()
    assert quiet.notebook.acknowledged == [("telegram", "q1")]
    await hear(quiet, said(1, "", message={"type": "image", "id": "i1", "contentProvider": {"type": "line"}}))
    assert quiet.notebook.typing == [("line", DAO)]
    assert await quiet.value("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'read_picture'") == 1


def told_others(quiet: QuietHouse, last: int) -> list[str]:
    """What the last so many answers say of others who sent the same."""
    cards = [
        b for o in quiet.notebook.sent[-last:] for b in o.envelope.content.bubbles if isinstance(b, Card)
    ]
    return [fact for card in cards for fact in card.facts]


async def let_two_days_pass(quiet: QuietHouse) -> None:
    """Everybody has been known for two days longer; a wave remembers since when it knew each of its senders."""
    await quiet.rows("UPDATE contact SET created_at = created_at - interval '2 days'")
    await quiet.rows("UPDATE wave_sender SET known_since = known_since - interval '2 days'")


async def test_the_same_offer_counts_others_only_once_they_are_established(quiet: QuietHouse) -> None:
    for number in range(4):
        await hear(quiet, said(number, OFFER, by=f"U{number:032x}"))
    await hear(quiet, said(9, OFFER))
    assert told_others(quiet, 1) == []
    await let_two_days_pass(quiet)
    await hear(quiet, said(10, OFFER, by=EK))
    facts = told_others(quiet, 1)
    assert len(facts) == 1
    assert "5" in facts[0]


async def test_of_many_who_send_the_same_at_once_nobody_is_counted_for_themselves(quiet: QuietHouse) -> None:
    for number in range(4):
        await hear(quiet, said(number, OFFER, by=f"U{number:032x}"))
    await let_two_days_pass(quiet)
    await quiet.rows("UPDATE message SET state = 'sent', finished_at = now()")
    before = len(quiet.notebook.sent)
    senders = [f"U{number:032x}" for number in range(3)] + [DAO, EK]
    await hear(quiet, *(said(20 + n, OFFER, by=sender) for n, sender in enumerate(senders)))
    order = [out.address for out in quiet.notebook.sent[before:]]
    told = [re.findall(r"\d+", fact)[0] for fact in told_others(quiet, len(senders))]
    assert dict(zip(order, told, strict=True)) == dict.fromkeys(senders[:3], "3") | {DAO: "4", EK: "4"}
