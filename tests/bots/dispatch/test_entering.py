"""Entry points through the dispatcher: a keyword on LINE and a link on Telegram, from the webhook to the notes."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from bots.dialogues.speech import LEAVE
from campaigns.entries import open_entry, read_entry
from campaigns.models import Campaign
from campaigns.plans.times import Recurring
from core.messages.content import Text
from tests.bots.dispatch.test_reporting import DAO, Chat, press, text
from tests.campaigns.office import agreed_to, hire, plan
from tests.support.house import QuietHouse

KEYWORD = "รู้ทันงาน"
EK = 700_700


@pytest.fixture
async def entry(quiet: QuietHouse) -> UUID:
    """The entry point of a campaign that is under way."""
    maker = await hire(quiet.database, quiet.keys, "Malee", "campaign_manager")
    checker = await hire(quiet.database, quiet.keys, "Chai")
    now = datetime.now(UTC)
    made = plan(Recurring("year", now.time().replace(tzinfo=None), now.date()))
    campaign_id = await agreed_to(quiet.database, maker, checker, made)
    async with quiet.database.unit_of_work() as session:
        (await session.get_one(Campaign, campaign_id)).state = "running"
        await session.flush()
        return await open_entry(session, campaign_id=campaign_id, keyword=KEYWORD, tag="ตลาด", by=maker)


async def starts(quiet: QuietHouse, payload: str, update: int = 1) -> str:
    """Ek opens a link on Telegram; what the bot says."""
    message: dict[str, Any] = {
        "message_id": update, "date": 1_700_000_000, "text": f"/start {payload}".strip(),
        "chat": {"id": EK, "type": "private", "first_name": "Ek"},
        "from": {"id": EK, "is_bot": False, "first_name": "Ek"},
    }  # fmt: skip
    assert await quiet.post_telegram({"update_id": update, "message": message}) == 200
    await quiet.turn()
    content = quiet.notebook.sent[-1].envelope.content
    return "\n".join(bubble.text for bubble in content.bubbles if isinstance(bubble, Text))


async def used(quiet: QuietHouse) -> int:
    return int(await quiet.value("SELECT coalesce(sum(used), 0) FROM entry_day"))


async def test_a_keyword_is_answered_with_the_first_step_and_the_person_is_tagged(
    quiet: QuietHouse, entry: UUID
) -> None:
    chat = Chat(quiet)
    answer = await chat.sends(text("one", "รู้ทันงานค่ะ"))
    assert any(isinstance(bubble, Text) and "ข้อที่ 1" in bubble.text for bubble in answer.bubbles)
    await chat.sends(text("two", "อีกเรื่อง"))
    assert await used(quiet) == 1
    assert await quiet.value("SELECT tag FROM contact_tag") == "ตลาด"


async def test_a_link_on_telegram_is_answered_and_one_of_nothing_greets(
    quiet: QuietHouse, entry: UUID
) -> None:
    async with quiet.database.unit_of_work() as session:
        code = (await read_entry(session, entry)).code
    assert "ข้อที่ 1" in await starts(quiet, code)
    await quiet.rows("UPDATE message SET state = 'sent', finished_at = now()")
    assert "ข้อที่ 1" not in await starts(quiet, "nothing", 2)
    assert await used(quiet) == 1


async def test_two_people_in_one_batch_are_both_answered(quiet: QuietHouse, entry: UUID) -> None:
    events = [
        text(f"m{number}", KEYWORD)
        | {
            "mode": "active", "timestamp": 1_700_000_000_000, "webhookEventId": f"01X{number}",
            "replyToken": f"{number:032d}", "source": {"type": "user", "userId": f"{DAO[:-1]}{number}"},
        }
        for number in range(2)
    ]  # fmt: skip
    assert await quiet.post_line({"destination": "U", "events": events}) == 200
    await quiet.turn()
    assert len(quiet.notebook.sent) == 2
    assert await used(quiet) == 2


async def test_behind_the_decoy_face_nothing_is_answered_counted_or_tagged(
    quiet: QuietHouse, entry: UUID
) -> None:
    chat = Chat(quiet)
    await chat.sends(press(LEAVE))
    answer = await chat.sends(text("one", KEYWORD))
    assert "ข้อที่ 1" not in str(answer.bubbles)
    assert await used(quiet) == 0
    assert await quiet.value("SELECT count(*) FROM contact_tag") == 0


async def test_a_keyword_does_not_join_the_thread_that_staff_read(quiet: QuietHouse, entry: UUID) -> None:
    chat = Chat(quiet)
    await chat.sends(text("staff", "คุยกับเจ้าหน้าที่"))
    before = await quiet.value("SELECT count(*) FROM referral_entry")
    await chat.sends(text("one", KEYWORD))
    assert await quiet.value("SELECT count(*) FROM referral_entry") == before
    assert await used(quiet) == 1
