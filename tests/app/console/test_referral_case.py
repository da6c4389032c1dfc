from uuid import UUID

import sqlalchemy as sa

from core.db.database import Database
from core.ids import new_id
from core.messages.models import Message


async def test_it_shows_the_words_only_after_the_claim(anong, referral_id: UUID, canary: str) -> None:
    before = await anong.get(f"/console/referrals/{referral_id}")
    assert before.status_code == 200
    assert canary not in before.text
    claimed = await anong.post(f"/console/referrals/{referral_id}/claim")
    assert claimed.status_code == 303
    after = await anong.get(f"/console/referrals/{referral_id}")
    assert canary in after.text


async def test_it_queues_the_answer_and_says_how_far_it_got(anong, referral_id: UUID, database: Database) -> None:
    await anong.post(f"/console/referrals/{referral_id}/claim")
    await anong.get(f"/console/referrals/{referral_id}")
    answered = await anong.post(f"/console/referrals/{referral_id}/answers", text="สวัสดีค่ะ", form_id=new_id())
    assert answered.status_code == 303
    page = await anong.get(f"/console/referrals/{referral_id}")
    assert "สวัสดีค่ะ" in page.text
    async with database.unit_of_work() as session:
        message = (await session.scalars(sa.select(Message))).one()
        assert (message.kind, message.lane, message.author_id) == ("staff", "hotline", anong.account_id)
