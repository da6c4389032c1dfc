from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from app.console.holding import until_of
from app.console.texts import say
from core.audit.chain import AuditEvent
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.ids import new_id
from referrals.desk.models import ReferralFlag
from referrals.desk.snoozing import SnoozeTimeError
from referrals.models import Referral
from tests.app.conftest import Browser


@pytest.fixture
async def case(anong: Browser, referral_id: UUID, database: Database) -> str:
    """Dao's case, P2, held by Anong."""
    async with database.unit_of_work() as session:
        await session.execute(sa.update(Referral).values(priority="P2"))
    await anong.post(f"/console/referrals/{referral_id}/claim")
    return f"/console/referrals/{referral_id}"


async def _holder(database: Database, case: str) -> UUID | None:
    async with database.unit_of_work() as session:
        return (await session.get_one(Referral, UUID(case.rpartition("/")[2]))).claimed_by


async def test_a_colleague_is_offered_a_case_and_accepts_it_from_the_queue(
    anong: Browser, boon: Browser, case: str, database: Database, canary: str
) -> None:
    assert (await anong.post(f"{case}/hand-over", to=f"account:{boon.account_id}")).status_code == 303
    assert await _holder(database, case) == anong.account_id
    queue = (await boon.get("/console/referrals")).text
    assert say("queue.offered.title") in queue
    assert canary not in queue
    assert f"{case}/hand-over/accept" in queue
    accepted = await boon.post(f"{case}/hand-over/accept")
    assert (accepted.status_code, accepted.headers["location"]) == (303, case)
    assert await _holder(database, case) == boon.account_id
    assert (await anong.post(f"{case}/answers", text="ค่ะ", form_id=new_id())).status_code == 409


@pytest.mark.parametrize(
    "to", ["", "account:", "account:me", "team:00000000-0000-0000-0000-000000000000", "x" * 61]
)
async def test_a_receiver_who_is_none_is_refused(
    anong: Browser, case: str, database: Database, to: str
) -> None:
    assert (await anong.post(f"{case}/hand-over", to=to)).status_code == 400
    assert await _holder(database, case) == anong.account_id


async def test_only_a_supervisor_takes_over_and_only_with_a_reason(
    anong: Browser, boon: Browser, case: str, database: Database
) -> None:
    await boon.post(f"{case}/claim")
    assert (await boon.post(f"{case}/take-over", text="")).status_code == 400
    assert await _holder(database, case) == anong.account_id
    assert (await boon.post(f"{case}/take-over", text="อนงค์ออกเวรแล้ว")).status_code == 303
    assert await _holder(database, case) == boon.account_id
    assert (await anong.post(f"{case}/take-over", text="เอาคืน")).status_code == 403
    assert await _holder(database, case) == boon.account_id
    async with database.unit_of_work() as session:
        rows = await session.execute(
            sa.select(AuditEvent.actor_id, AuditEvent.outcome).where(
                AuditEvent.action == "referral.take_over"
            )
        )
        assert sorted(outcome for _, outcome in rows) == ["ok", "refused", "refused"]


async def test_a_flag_and_its_resolving_are_on_the_page_and_a_strange_flag_is_not_found(
    anong: Browser, boon: Browser, case: str, other_referral_id: UUID, database: Database
) -> None:
    assert (await anong.post(f"{case}/flags", text="รอพาสปอร์ต", form_id=new_id())).status_code == 303
    async with database.unit_of_work() as session:
        (flag_id,) = await session.scalars(sa.select(ReferralFlag.id))
    assert "รอพาสปอร์ต" in (await anong.get(f"{case}/holding")).text
    assert say("queue.flagged") in (await boon.get("/console/referrals?view=flagged")).text
    elsewhere = f"/console/referrals/{other_referral_id}/flags/{flag_id}/resolve"
    assert (await boon.post(elsewhere, text="ผิด")).status_code == 404
    too_long = await anong.post(f"{case}/flags/{flag_id}/resolve", text="ก" * 301)
    assert too_long.status_code == 400
    assert "ก" * 301 in too_long.text
    assert (await anong.post(f"{case}/flags/{flag_id}/resolve", text="ได้แล้ว")).status_code == 303
    assert "ได้แล้ว" in (await anong.get(f"{case}/holding")).text


async def test_words_of_a_flag_are_hidden_from_who_may_not_read_the_case(
    anong: Browser, boon: Browser, case: str, database: Database
) -> None:
    await anong.post(f"{case}/flags", text="รอพาสปอร์ต", form_id=new_id())
    await boon.post(f"{case}/take-over", text="อนงค์ออกเวรแล้ว")
    page = (await anong.get(f"{case}/holding")).text
    assert "รอพาสปอร์ต" not in page
    assert say("holding.flag_hidden") in page


async def test_it_is_put_aside_and_brought_back(anong: Browser, case: str) -> None:
    assert (await anong.post(f"{case}/snooze", reason="waits_for_person", choice="4h")).status_code == 303
    assert case not in (await anong.get("/console/referrals/rows?view=mine")).text
    assert case in (await anong.get("/console/referrals/rows?view=snoozed")).text
    assert (await anong.post(f"{case}/wake")).status_code == 303
    assert case in (await anong.get("/console/referrals/rows?view=mine")).text
    for choice, until in (("chosen", ""), ("chosen", "soon"), ("never", "")):
        refused = await anong.post(f"{case}/snooze", reason="other", choice=choice, until=until)
        assert refused.status_code == 400


def test_tomorrow_is_tomorrow_in_bangkok_and_chosen_times_are_too() -> None:
    late = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)  # 24 November, 1.00 in Bangkok
    assert until_of("tomorrow", "", late) == datetime(2026, 11, 25, 1, 30, tzinfo=UTC)
    assert until_of("1h", "", late) == late + timedelta(hours=1)
    assert until_of("chosen", "2026-11-24T09:00", late) == datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
    with pytest.raises(SnoozeTimeError):
        until_of("chosen", "2026-13-01T09:00", late)


async def test_whoever_only_looks_is_offered_nothing_to_do(
    anong: Browser, boon: Browser, case: str, referral_id: UUID, keys: DataKeys
) -> None:
    theirs = (await anong.get(f"{case}/holding")).text
    assert f'action="{case}/hand-over"' in theirs
    assert f'action="{case}/take-over"' not in theirs
    supervisors = (await boon.get(f"{case}/holding")).text
    assert f'action="{case}/take-over"' in supervisors
    assert f'action="{case}/snooze"' not in supervisors
