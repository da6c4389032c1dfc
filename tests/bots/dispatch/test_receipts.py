"""A receipt through the whole turn: typed on another phone, slowed, opened, changed. Guards 9, 11 and 17."""

from typing import Any

import pytest
import sqlalchemy as sa

from core.crypto.sealing import context
from referrals.hiding import set_code_word
from referrals.models import Referral, ReferralEntry
from tests.support.house import QuietHouse

DAO, EK = "U" + "da0" * 10 + "da", "U" + "e4c" * 10 + "e4"
WORD = "มะม่วงสุก"
WRONG = "0000 0000 0000 0001"


class Phones:
    """People who type and press; the report is Dao's."""

    def __init__(self, quiet: QuietHouse) -> None:
        self.quiet, self.number = quiet, 0

    async def does(self, who: str, event: dict[str, Any]) -> str:
        self.number += 1
        event |= {
            "mode": "active", "timestamp": 1_700_000_000_000 + self.number, "webhookEventId": f"01R{self.number}",
            "replyToken": f"{self.number:032d}", "source": {"type": "user", "userId": who},
        }  # fmt: skip
        assert await self.quiet.post_line({"destination": "U", "events": [event]}) == 200
        await self.quiet.turn()
        await self.quiet.rows("UPDATE message SET state = 'sent', finished_at = now()")
        return "\n".join(b.text for b in self.quiet.notebook.sent[-1].envelope.content.bubbles)

    async def says(self, who: str, words: str) -> str:
        message = {"type": "text", "id": f"m{self.number}", "text": words}
        return await self.does(who, {"type": "message", "message": message})

    async def presses(self, who: str, data: str) -> str:
        return await self.does(who, {"type": "postback", "postback": {"data": data}})

    async def reports(self) -> str:
        """Dao asks for staff and chooses a code word; return her code."""
        told = await self.presses(DAO, "m1:staff")
        async with self.quiet.database.unit_of_work() as session:
            referral = (await session.scalars(sa.select(Referral))).one()
            await set_code_word(session, self.quiet.keys.keyset, referral.identity_id, WORD)
        return told.partition("เลขติดตาม\n")[2].splitlines()[0]

    async def thread(self) -> list[str]:
        async with self.quiet.database.unit_of_work() as session:
            referral = (await session.scalars(sa.select(Referral))).one()
            key = await self.quiet.keys.load(session, referral.data_key_id)
            rows = await session.scalars(sa.select(ReferralEntry).order_by(ReferralEntry.id))
            return [
                r.body.open(key, context("referral_entry", "body", r.id)).decode() for r in rows if r.body
            ]


@pytest.fixture
async def at(quiet: QuietHouse) -> Phones:
    return Phones(quiet)


async def test_somebody_opens_their_report_from_another_phone_and_adds_to_it(at: Phones) -> None:
    code = await at.reports()
    assert (await at.says(EK, code)).startswith("รายการนี้รอคนรับอยู่")
    assert (await at.says(EK, WORD)).startswith("รายการนี้รอคนรับอยู่")
    await at.presses(EK, "k1:add")
    assert await at.says(EK, "มีร่มสีฟ้าอยู่คันหนึ่ง") == "เพิ่มให้แล้ว พิมพ์ต่อได้เลย"
    assert await at.thread() == ["มีร่มสีฟ้าอยู่คันหนึ่ง"]
    # Nothing ties the report to the chat it was opened in.
    owner = await at.quiet.value("SELECT contact_id FROM referral")
    key = at.quiet.keys.keyset.index("line-address", EK)
    assert (
        await at.quiet.value("SELECT contact_id FROM channel_identity WHERE address_key = :k", k=key) != owner
    )


async def test_neither_the_code_nor_the_word_reaches_the_thread_that_staff_read(at: Phones) -> None:
    code = await at.reports()
    await at.says(DAO, code)
    await at.says(DAO, "ไม่ใช่คำนี้")
    await at.says(DAO, WORD)
    assert await at.thread() == []


async def test_a_code_typed_wrong_five_times_is_answered_each_time_and_locks_nobody_out(at: Phones) -> None:
    code = await at.reports()
    told = [(await at.says(EK, WRONG)).splitlines()[0] for _ in range(5)]
    assert [line.startswith("ไม่พบรายการตามเลขนี้") for line in told] == [True, True, True, False, False]
    assert all(line.startswith("ลองใหม่ในอีก ") and "วินาที" in line for line in told[3:])
    # Not even the right one is looked at meanwhile, but on another phone it is.
    assert (await at.says(EK, code)).startswith("ลองใหม่ในอีก")
    assert (await at.says("U" + "90b" * 10 + "90", code)).startswith("รายการนี้รอคนรับอยู่")


async def test_it_is_moved_to_the_new_phone_with_the_word_and_goes_on_there(at: Phones) -> None:
    code = await at.reports()
    await at.says(EK, code)
    assert "ย้ายมาคุยที่นี่แล้ว" not in await at.says(EK, "ย้ายมาคุยที่นี่")
    await at.says(EK, code)
    await at.says(EK, WORD)
    assert (await at.says(EK, "ย้ายมาคุยที่นี่")).startswith("ย้ายมาคุยที่นี่แล้ว")
    await at.says(EK, "มาถึงแล้ว")
    assert await at.thread() == ["มาถึงแล้ว"]
    assert (await at.presses(DAO, "s1:status")).startswith("ตอนนี้ไม่มีเรื่องที่เปิดอยู่")


async def test_blocked_in_the_middle_nothing_is_done_and_the_code_opens_it_again(at: Phones) -> None:
    code = await at.reports()
    await at.says(EK, code)
    await at.says(EK, WORD)
    await at.presses(EK, "k1:erase")
    await at.does(EK, {"type": "unfollow"})
    assert await at.quiet.value("SELECT state FROM referral") == "open"
    assert (await at.says(EK, code)).startswith("รายการนี้รอคนรับอยู่")


async def test_erased_from_another_phone_the_code_is_nobodys_any_more(at: Phones) -> None:
    code = await at.reports()
    for words in (code, WORD):
        await at.says(EK, words)
    await at.presses(EK, "k1:erase")
    assert (await at.presses(EK, "k1:erase.yes")).startswith("ลบแล้ว")
    assert (await at.says(DAO, code)).startswith("ไม่พบรายการตามเลขนี้")
    assert await at.quiet.value("SELECT count(*) FROM erasure") == 1


async def test_words_of_danger_meant_for_another_chats_report_stand_in_the_new_one_too(at: Phones) -> None:
    code = await at.reports()
    for words in (code, WORD):
        await at.says(EK, words)
    await at.presses(EK, "k1:add")
    cry = "ช่วยด้วย โดนขังอยู่ ออกไปไหนไม่ได้ เขาจะฆ่า"
    await at.says(EK, cry)
    rows = await at.quiet.rows(
        "SELECT r.source, count(e.body) FROM referral r JOIN referral_entry e ON e.referral_id = r.id"
        " GROUP BY r.id ORDER BY r.id"
    )
    assert rows == [("staff_request", 1), ("crisis", 1)]


async def test_a_report_that_was_erased_is_not_told_anew_by_what_the_chat_remembered(at: Phones) -> None:
    await at.presses(DAO, "m1:need")
    for label in ("สะดวก", "ไม่มี", "ตัวเอง", "ไม่ใช่", "ในไทย", "ได้", "อย่าทักก่อน"):
        choices = at.quiet.notebook.sent[-1].envelope.content.choices
        told = await at.presses(DAO, next(one.data for one in choices if one.label == label))
    await at.quiet.rows("UPDATE referral SET priority = 'P2'")
    await at.says(DAO, told.partition("เลขติดตามของคุณ\n")[2][:19])
    await at.presses(DAO, "k1:erase")
    assert (await at.presses(DAO, "k1:erase.yes")).startswith("ลบแล้ว")
    shown = [one.data for one in at.quiet.notebook.sent[-1].envelope.content.choices]
    assert "r1:go_on" not in shown
    assert "ตอนนี้อยู่ที่ไหน" not in await at.presses(DAO, "r1:go_on")
    assert await at.quiet.value("SELECT count(*) FROM report_answer") == 0
