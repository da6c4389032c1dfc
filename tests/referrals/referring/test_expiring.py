from uuid import UUID

import pytest
import sqlalchemy as sa

from core.clock import utc_now
from referrals.agencies.directory import close_agency
from referrals.models import Referral
from referrals.queue import claim
from referrals.referring.answering import accept
from referrals.referring.errors import OverError
from referrals.referring.expiring import expire_due
from referrals.referring.finding import ByHotline
from referrals.referring.models import AgencyReferral
from referrals.report_erasure import destroy_content
from referrals.reports import write_consent
from tests.conftest import MovableClock
from tests.referrals.conftest import Refer
from tests.referrals.referring.conftest import Scene

# Refuses that anything is told of one case, as a damaged row would.
_REFUSE = """
ALTER TABLE case_event ADD CONSTRAINT damaged CHECK (referral_id <> '%s') NOT VALID
"""


async def _expire(scene: Scene) -> int:
    async with scene.database.unit_of_work() as session:
        return await expire_due(session, scene.keys, now=utc_now())


async def test_what_nobody_answered_in_the_agencys_duty_time_comes_back_loudly(
    scene: Scene, standing_clock: MovableClock
) -> None:
    request_id = await scene.send()
    # Eight hours of duty from ten o'clock: half past four today, and an hour and a half tomorrow.
    standing_clock.advance(hours=23, minutes=59)
    assert await _expire(scene) == 0
    standing_clock.advance(minutes=1)
    assert [await _expire(scene), await _expire(scene)] == [1, 0]
    assert await scene.steps() == ["sent", "expired"]
    assert await scene.told(scene.anong) == [("agency_expired", scene.case)]
    assert (await scene.told(scene.officers["police"]))[-1] == ("agency_request_over", None)
    assert (await scene.read(request_id)).fields == {}
    with pytest.raises(OverError):
        await scene.do(accept, request_id, scene.officer("police"))
    # The next one may go out now.
    await scene.send("msdhs", after_id=request_id)


async def test_what_was_accepted_does_not_expire(scene: Scene, standing_clock: MovableClock) -> None:
    request_id = await scene.send()
    await scene.do(accept, request_id, scene.officer("police"))
    standing_clock.advance(days=30)
    assert await _expire(scene) == 0


async def test_what_waits_for_an_agency_that_was_closed_comes_back_at_once(scene: Scene) -> None:
    await scene.send()
    async with scene.database.unit_of_work() as session:
        await close_agency(session, scene.agencies["police"])
    assert await _expire(scene) == 1
    assert await scene.steps() == ["sent", "expired"]


async def test_of_an_erased_case_nothing_is_waited_for(scene: Scene, standing_clock: MovableClock) -> None:
    request_id = await scene.send()
    async with scene.database.unit_of_work() as session:
        await destroy_content(session, await session.get_one(Referral, scene.case, with_for_update=True))
    standing_clock.advance(days=3)
    assert await _expire(scene) == 0
    assert await _state(scene, request_id) == "recalled"
    shared = await scene.read(request_id)
    assert (shared.fields, shared.note) == ({}, None)


async def _state(scene: Scene, request_id: UUID) -> str | None:
    async with scene.database.unit_of_work() as session:
        return await session.scalar(sa.select(AgencyReferral.state).where(AgencyReferral.id == request_id))


async def test_one_that_cannot_be_ended_holds_up_no_other(
    scene: Scene, refer: Refer, standing_clock: MovableClock
) -> None:
    await scene.send()
    other = await refer("Ek")
    async with scene.database.unit_of_work() as session:
        await claim(session, other, scene.anong)
        await write_consent(session, other, "police", granted=True, with_identity=False, wording="1")
        await session.execute(sa.text(_REFUSE % scene.case))
    second = await scene.send(by=ByHotline(other, scene.anong))
    standing_clock.advance(days=3)
    assert await _expire(scene) == 1
    assert await _state(scene, second) == "expired"
