from uuid import UUID

import httpx
import sqlalchemy as sa

from core.audit.chain import AuditEvent
from core.db.database import Database
from core.ids import new_id
from referrals.desk.models import ReferralFlag
from referrals.models import Referral
from tests.app.conftest import ORIGIN, Browser


async def _several(browser: Browser, act: str, ids: list[UUID], **fields: object) -> httpx.Response:
    data = {"csrf": browser.csrf, "referral_id": [str(one) for one in ids]}
    return await browser.client.post(
        f"/console/referrals/several/{act}",
        data=data | {name: str(value) for name, value in fields.items()},
        headers={"Origin": ORIGIN},
    )


async def test_a_supervisor_gives_several_and_each_leaves_its_audit_row(
    anong: Browser, boon: Browser, referral_id: UUID, other_referral_id: UUID, database: Database
) -> None:
    ids = [referral_id, other_referral_id]
    done = await _several(boon, "assign", ids, to_account=anong.account_id, view="held")
    assert done.headers["location"] == "/console/referrals?view=held&done=2.0"
    async with database.unit_of_work() as session:
        holders = set(await session.scalars(sa.select(Referral.claimed_by)))
        audited = await session.scalars(
            sa.select(AuditEvent.object_id).where(
                AuditEvent.action == "queue.assign", AuditEvent.object_kind == "referral"
            )
        )
        assert set(audited) == set(ids)
    assert holders == {anong.account_id}
    assert "2" in (await boon.get(done.headers["location"])).text


async def test_several_are_flagged_once_though_the_form_is_pressed_twice(
    boon: Browser, referral_id: UUID, other_referral_id: UUID, database: Database
) -> None:
    form_id = new_id()
    for _ in range(2):
        done = await _several(
            boon, "flag", [referral_id, other_referral_id], text="นายหน้าคนเดียวกัน", form_id=form_id
        )
        assert done.status_code == 303
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(ReferralFlag)) == 2


async def test_nothing_chosen_too_many_and_officers_are_refused(
    anong: Browser, boon: Browser, referral_id: UUID, database: Database
) -> None:
    assert (await _several(boon, "assign", [], to_account=boon.account_id)).status_code == 400
    many = [new_id() for _ in range(101)]
    assert (await _several(boon, "assign", many, to_account=boon.account_id)).status_code == 400
    assert (await _several(boon, "assign", [referral_id], to_account="somebody")).status_code == 400
    assert (await _several(anong, "assign", [referral_id], to_account=anong.account_id)).status_code == 403
    assert (await _several(boon, "flag", [referral_id], text="", form_id=new_id())).status_code == 400
    async with database.unit_of_work() as session:
        assert (await session.get_one(Referral, referral_id)).claimed_by is None
