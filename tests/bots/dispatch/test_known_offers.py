"""What the service knows of an offer beside its words reaches the card, and what the person thinks of it the labels.

Guards 15.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.demo import ensure_demo_accounts
from core.accounts.models import Account
from core.clock import bangkok, utc_now
from core.messages.content import Card
from screening.licences.reading import read_register
from screening.licences.register import replace_register
from screening.reputation import clear_handle, confirm_handle, enter_handle
from tests.screening.conftest import written
from tests.support.house import QuietHouse

DAO = "U" + "da0" * 10 + "da"
OFFER = "รับแอดมินตอบแชท ปอยเปต เดินทางฟรี ไม่ต้องใช้เอกสาร เงินเดือน 45,000 ทักไลน์ @Rich888 ใบอนุญาตเลขที่ ตย.1/2599"
REGISTER = "number,company\nตย.1/2599,บริษัท ตัวอย่างในนิทาน จำกัด\n".encode()


async def hear(quiet: QuietHouse, number: int, event: dict[str, Any]) -> list[str]:
    """Let Dao send something and return the facts on the last card."""
    event |= {
        "mode": "active", "timestamp": 1_700_000_000_000 + number, "webhookEventId": f"01E{number}",
        "replyToken": f"{number:032d}", "source": {"type": "user", "userId": DAO},
    }  # fmt: skip
    assert await quiet.post_line({"destination": "U", "events": [event]}) == 200
    await quiet.turn()
    # Or the next answer would queue up behind this one.
    await quiet.rows("UPDATE message SET state = 'sent', finished_at = now()")
    cards = [b for b in quiet.notebook.sent[-1].envelope.content.bubbles if isinstance(b, Card)]
    return [fact for card in cards for fact in card.facts]


def offer(number: int) -> dict[str, Any]:
    return {"type": "message", "message": {"type": "text", "id": f"m{number}", "text": OFFER}}


async def test_a_confirmed_handle_is_told_until_it_is_cleared(quiet: QuietHouse) -> None:
    assert await hear(quiet, 1, offer(1)) == []
    async with quiet.database.unit_of_work() as session:
        officer, supervisor = await staff(quiet, session)
        handle = await enter_handle(
            session, quiet.keys, kind="line_id", value=written("line_id", "@rich888"), by=officer
        )
        await confirm_handle(session, handle, by=supervisor)
    [told] = await hear(quiet, 2, offer(2))
    assert "@Rich888" in told
    async with quiet.database.unit_of_work() as session:
        await clear_handle(session, handle, by=supervisor)
    assert await hear(quiet, 3, offer(3)) == []


async def test_the_licence_number_is_held_against_the_register(quiet: QuietHouse) -> None:
    today = bangkok(utc_now()).date()
    async with quiet.database.unit_of_work() as session:
        await replace_register(session, read_register(REGISTER), as_of=today)
    [told] = await hear(quiet, 1, offer(1))
    assert "ตัวอย่างในนิทาน" in told
    assert f"{today.day}/{today.month}/{today.year + 543}" in told


async def test_a_doubt_labels_the_judgement_that_the_person_got(quiet: QuietHouse) -> None:
    await hear(quiet, 1, offer(1))
    await hear(quiet, 2, {"type": "postback", "postback": {"data": "o1:wrong"}})
    [label] = await quiet.rows("SELECT * FROM screening_label")
    [screening] = await quiet.rows("SELECT * FROM screening")
    assert (label.screening_id, label.author, label.rules) == (screening.id, "citizen", screening.rules)


async def staff(quiet: QuietHouse, session: AsyncSession) -> tuple[Account, Account]:
    """A hotline officer and a supervisor."""
    await ensure_demo_accounts(session, quiet.keys)
    found = {account.role: account for account in await session.scalars(sa.select(Account))}
    return found["hotline_officer"], found["supervisor"]
