from uuid import UUID

import sqlalchemy as sa

from core.audit.chain import AuditEvent
from core.db.database import Database
from core.ids import new_id
from tests.app.conftest import Browser


async def test_who_has_a_case_open_is_told_by_name_until_they_leave(
    anong: Browser, boon: Browser, referral_id: UUID
) -> None:
    here = f"/console/referrals/{referral_id}/presence"
    assert (await anong.post(here, doing="typing")).status_code == 204
    (seen,) = (await boon.get("/console/presence")).json()
    left = seen.pop("left")
    assert 25 < left <= 30
    assert seen == {"referral": str(referral_id), "name": "Anong", "doing": "typing", "me": False}
    assert (await anong.get("/console/presence")).json()[0]["me"] is True
    assert (await anong.post(f"{here}/leave")).status_code == 204
    assert (await boon.get("/console/presence")).json() == []


async def test_staying_open_is_not_another_reading(
    anong: Browser, referral_id: UUID, database: Database
) -> None:
    await anong.post(f"/console/referrals/{referral_id}/presence", doing="reading")
    await anong.get("/console/presence")
    async with database.unit_of_work() as session:
        assert list(await session.scalars(sa.select(AuditEvent.action))) == []


async def test_bad_presence_is_refused(anong: Browser, malee: Browser, referral_id: UUID) -> None:
    here = f"/console/referrals/{referral_id}/presence"
    assert (await anong.post(here, doing="dancing")).status_code == 400
    assert (await anong.post(f"/console/referrals/{new_id()}/presence")).status_code == 404
    assert (await malee.post(here)).status_code == 403
    assert (await malee.get("/console/presence")).status_code == 403
    anong.csrf = "forged"
    assert (await anong.post(here)).status_code == 403
