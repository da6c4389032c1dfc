"""A course survives the turns between: it is kept in the sealed state, and nobody reads it in the tables."""

from typing import Any

from campaigns.lessons import packs
from tests.support.house import QuietHouse

DAO = "U" + "da0" * 10 + "da"
COURSE = packs()["job_scams"]


async def does(quiet: QuietHouse, number: int, event: dict[str, Any]) -> str:
    event |= {
        "mode": "active", "timestamp": 1_700_000_000_000 + number, "webhookEventId": f"01L{number}",
        "replyToken": f"{number:032d}", "source": {"type": "user", "userId": DAO},
    }  # fmt: skip
    assert await quiet.post_line({"destination": "U", "events": [event]}) == 200
    await quiet.turn()
    await quiet.rows("UPDATE message SET state = 'sent', finished_at = now()")
    return str(quiet.notebook.sent[-1].envelope.content)


def press(data: str) -> dict[str, Any]:
    return {"type": "postback", "postback": {"data": data}}


def text(number: int, words: str) -> dict[str, Any]:
    return {"type": "message", "message": {"type": "text", "id": f"m{number}", "text": words}}


async def test_a_course_is_begun_by_keyword_answered_by_typing_and_gone_on_with_later(
    quiet: QuietHouse,
) -> None:
    assert COURSE.about["th"] in await does(quiet, 1, text(1, "งานหลอก"))
    assert "บทที่ 1/8" in await does(quiet, 2, press("e1:l.job_scams.pay_first"))
    assert "งานที่ต้องจ่ายก่อน ปล่อยไปได้" in await does(quiet, 3, text(3, "ไม่โอนค่ะ"))
    await does(quiet, 4, press("m1:menu"))
    assert "ทำต่อบทที่ 2" in await does(quiet, 5, press("e1:menu"))


async def test_what_somebody_learns_is_unreadable_in_the_tables(quiet: QuietHouse) -> None:
    await does(quiet, 1, press("e1:l.victims_rights.claim"))
    kept = str(await quiet.rows("SELECT * FROM conversation")) + str(
        await quiet.rows("SELECT * FROM message")
    )
    assert "victims_rights" not in kept
    assert "เงินชดเชย" not in kept
