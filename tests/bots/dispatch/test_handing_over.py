"""Staff read the offer that was judged, without its being sent again."""

from typing import Any

import sqlalchemy as sa

from core.crypto.sealing import context
from referrals.models import Referral, ReferralEntry
from tests.support.house import QuietHouse

DAO = "U" + "da0" * 10 + "da"
OFFER = "รับแอดมินตอบแชท ปอยเปต เดินทางฟรี ไม่ต้องใช้เอกสาร เงินเดือน 45,000 ทักไลน์ @Rich888"


async def does(quiet: QuietHouse, number: int, event: dict[str, Any]) -> str:
    event |= {
        "mode": "active", "timestamp": 1_700_000_000_000 + number, "webhookEventId": f"01E{number}",
        "replyToken": f"{number:032d}", "source": {"type": "user", "userId": DAO},
    }  # fmt: skip
    assert await quiet.post_line({"destination": "U", "events": [event]}) == 200
    await quiet.turn()
    # Or the next answer would queue up behind this one.
    await quiet.rows("UPDATE message SET state = 'sent', finished_at = now()")
    return str(quiet.notebook.sent[-1].envelope.content)


def press(data: str) -> dict[str, Any]:
    return {"type": "postback", "postback": {"data": data}}


def text(number: int, words: str) -> dict[str, Any]:
    return {"type": "message", "message": {"type": "text", "id": f"m{number}", "text": words}}


async def thread(quiet: QuietHouse) -> list[str]:
    async with quiet.database.unit_of_work() as session:
        referral = (await session.scalars(sa.select(Referral))).one()
        key = await quiet.keys.load(session, referral.data_key_id)
        rows = await session.scalars(sa.select(ReferralEntry).order_by(ReferralEntry.id))
        return [
            row.body.open(key, context("referral_entry", "body", row.id)).decode() for row in rows if row.body
        ]


async def test_a_report_carries_the_text_that_was_judged_once(quiet: QuietHouse) -> None:
    await does(quiet, 1, text(1, OFFER))
    assert "เขาจะเห็นข้อความที่ให้เราตรวจ" in await does(quiet, 2, press("o1:report"))
    assert "ไม่ต้องส่งซ้ำ" in await does(quiet, 3, press("s1:report"))
    assert await thread(quiet) == [OFFER]
    await does(quiet, 4, press("s1:report"))
    assert await thread(quiet) == [OFFER]


async def test_an_offer_written_to_staff_stands_in_the_thread_once(quiet: QuietHouse) -> None:
    await does(quiet, 1, press("m1:staff"))
    await does(quiet, 2, text(2, OFFER))
    await does(quiet, 3, press("s1:report"))
    assert await thread(quiet) == [OFFER]


async def test_a_text_that_is_gone_by_then_hinders_nothing(quiet: QuietHouse) -> None:
    await does(quiet, 1, text(1, OFFER))
    await quiet.rows("DELETE FROM screening_text")
    await does(quiet, 2, press("s1:report"))
    assert await thread(quiet) == []
    assert await quiet.value("SELECT count(*) FROM referral") == 1


async def test_what_is_taken_back_goes_from_the_screenings_and_from_the_copy_that_staff_have(
    quiet: QuietHouse,
) -> None:
    await does(quiet, 1, text(1, OFFER))
    await does(quiet, 2, press("s1:report"))
    assert await thread(quiet) == [OFFER]
    await does(quiet, 3, {"type": "unsend", "unsend": {"messageId": "m1"}})
    assert await thread(quiet) == []
    assert await quiet.value("SELECT count(*) FROM screening_text") == 0
    assert await quiet.value("SELECT count(*) FROM screening") == 1


async def test_what_is_taken_back_in_the_turn_that_judges_it_leaves_no_words(quiet: QuietHouse) -> None:
    offer, unsend = text(1, OFFER), {"type": "unsend", "unsend": {"messageId": "m1"}}
    for number, event in enumerate((offer, unsend), 1):
        event |= {
            "mode": "active", "timestamp": 1_700_000_000_000 + number, "webhookEventId": f"01E{number}",
            "replyToken": f"{number:032d}", "source": {"type": "user", "userId": DAO},
        }  # fmt: skip
    assert await quiet.post_line({"destination": "U", "events": [offer, unsend]}) == 200
    await quiet.turn()
    assert await quiet.value("SELECT count(*) FROM screening_text") == 0
