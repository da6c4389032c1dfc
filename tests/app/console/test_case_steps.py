from uuid import UUID

from core.db.database import Database
from referrals.models import Referral
from tests.app.conftest import Browser
from tests.app.console.test_referral_case import _audit


async def _priority(database: Database, referral_id: UUID) -> str:
    async with database.unit_of_work() as session:
        return (await session.get_one(Referral, referral_id)).priority


async def test_urgency_sinks_only_with_a_reason_and_its_history_stays(
    anong: Browser, referral_id: UUID, database: Database
) -> None:
    await anong.post(f"/console/referrals/{referral_id}/claim")
    refused = await anong.post(f"/console/referrals/{referral_id}/priority", priority="P2")
    assert refused.status_code == 400
    assert "ต้องบอกเหตุผล" in refused.text
    lowered = await anong.post(f"/console/referrals/{referral_id}/priority", priority="P2", why="ถึงบ้านแล้ว")
    assert lowered.status_code == 303
    page = (await anong.get(f"/console/referrals/{referral_id}")).text
    assert "P0 → P2" in page
    assert "ถึงบ้านแล้ว" in page
    assert await _priority(database, referral_id) == "P2"


async def test_a_colleague_raises_and_never_lowers_what_another_holds(
    anong: Browser, boon: Browser, referral_id: UUID, database: Database
) -> None:
    await boon.post(f"/console/referrals/{referral_id}/claim")
    lowering = await anong.post(f"/console/referrals/{referral_id}/priority", priority="P3", why="เบา")
    assert lowering.status_code == 403
    assert "เบา" not in (await boon.get(f"/console/referrals/{referral_id}")).text
    assert ("referral.set_priority", "refused") in await _audit(database, referral_id)
    assert await _priority(database, referral_id) == "P0"


async def test_the_reason_is_hidden_from_who_may_not_read_the_words(
    anong: Browser, boon: Browser, referral_id: UUID
) -> None:
    await boon.post(f"/console/referrals/{referral_id}/claim")
    await boon.post(f"/console/referrals/{referral_id}/priority", priority="P1", why="เหตุผลลับ")
    page = (await anong.get(f"/console/referrals/{referral_id}")).text
    assert "P0 → P1" in page
    assert "เหตุผลลับ" not in page


async def test_the_bot_holds_it_until_staff_take_it_back(
    anong: Browser, boon: Browser, referral_id: UUID, database: Database
) -> None:
    await anong.post(f"/console/referrals/{referral_id}/claim")
    assert (await anong.post(f"/console/referrals/{referral_id}/bot", dialogue="dance")).status_code == 400
    assert (await anong.post(f"/console/referrals/{referral_id}/bot", dialogue="intake")).status_code == 303
    assert "บอทดูแลอยู่" in (await anong.get(f"/console/referrals/{referral_id}")).text
    await boon.get(f"/console/referrals/{referral_id}")
    assert (await boon.post(f"/console/referrals/{referral_id}/bot/end")).status_code == 409
    assert (await anong.post(f"/console/referrals/{referral_id}/bot/end")).status_code == 303
    assert "บอทดูแลอยู่" not in (await anong.get(f"/console/referrals/{referral_id}")).text
