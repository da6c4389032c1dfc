"""In which order an agency looks at its requests."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from core.clock import utc_now
from core.ids import new_id
from referrals.models import Referral
from referrals.queue import claim
from referrals.referring.answering import accept, decline
from referrals.referring.reading import Box
from referrals.referring.turns import Place, read_turns
from referrals.tracks.models import CaseEvent, CaseStanding, TrackAlarm
from tests.conftest import MovableClock
from tests.referrals.conftest import Refer
from tests.referrals.referring.conftest import Scene

OURS, OTHERS = "ours", "others"


async def _turns(scene: Scene, box: Box, *, after: Place | None = None, limit: int = 50) -> list[UUID]:
    async with scene.database.unit_of_work() as session:
        turns = await read_turns(
            session, scene.agencies["police"], box=box, clocks=[OURS], after=after, limit=limit
        )
    return [turn.line.id for turn in turns]


@pytest.fixture
async def sent(scene: Scene, refer: Refer, standing_clock: MovableClock) -> list[tuple[UUID, Scene]]:
    """Three cases at the police, sent hour by hour, each with its scene."""
    found = []
    for name in ("Dao", "Mali", "Nok"):
        case = scene.case if name == "Dao" else await refer(name, words="ช่วยด้วย")
        here = replace(scene, case=case)
        if case != scene.case:
            async with scene.database.unit_of_work() as session:
                await claim(session, case, scene.anong)
            await here.agree("police")
        fields = {"kinds": "", "priority": ""} if name != "Mali" else {"kinds": ""}
        found.append((await here.send(fields=fields), here))
        standing_clock.moment += timedelta(hours=1)
    return found


async def test_a_life_in_danger_comes_first_then_what_is_due_first(sent: list[tuple[UUID, Scene]]) -> None:
    (dao, scene), (mali, hers), (nok, hers_too) = sent
    assert await _turns(scene, "waiting") == [dao, mali, nok]
    async with scene.database.unit_of_work() as session:
        cases = (hers.case, hers_too.case)
        await session.execute(sa.update(Referral).where(Referral.id.in_(cases)).values(priority="P0"))
    # Of Mali the police were not told how urgent it is: the order does not tell them either.
    assert await _turns(scene, "waiting") == [nok, dao, mali]
    async with scene.database.unit_of_work() as session:
        first = (await read_turns(session, scene.agencies["police"], box="waiting", clocks=[], limit=1))[0]
    assert (first.is_urgent, first.line.id) == (True, nok)
    assert await _turns(scene, "waiting", after=first.place) == [dao, mali]


async def test_work_whose_own_clock_runs_out_comes_first_and_others_clocks_count_for_nothing(
    sent: list[tuple[UUID, Scene]],
) -> None:
    (dao, scene), (mali, hers), (nok, hers_too) = sent
    for request_id, here in sent:
        await here.do(accept, request_id, here.officer("police"))
    assert await _turns(scene, "working") == [dao, mali, nok]
    now = utc_now()
    async with scene.database.unit_of_work() as session:
        for here, clock, days in ((scene, OTHERS, 1), (hers, OURS, 5), (hers_too, OTHERS, 1)):
            await session.execute(
                sa.update(CaseStanding)
                .where(CaseStanding.referral_id == here.case)
                .values(next_clock=clock, next_due_at=now + timedelta(days=days))
            )
        event_id = await session.scalar(
            sa.select(CaseEvent.id).where(CaseEvent.referral_id == hers_too.case).limit(1)
        )
        session.add(
            TrackAlarm(
                id=new_id(), referral_id=hers_too.case, clock=OURS, event_id=event_id, due_at=now - timedelta(days=1), at=now
            )
        )  # fmt: skip
    assert await _turns(scene, "working") == [nok, mali, dao]


async def test_what_is_over_comes_the_newest_first(
    sent: list[tuple[UUID, Scene]], standing_clock: MovableClock
) -> None:
    (dao, scene), (mali, _), (nok, _) = sent
    for request_id, here in (sent[1], sent[0], sent[2]):
        standing_clock.moment += timedelta(minutes=1)
        await here.do(decline, request_id, here.officer("police"), reason="no_capacity")
    assert await _turns(scene, "ended") == [nok, dao, mali]
    async with scene.database.unit_of_work() as session:
        newest = await read_turns(session, scene.agencies["police"], box="ended", clocks=[], limit=2)
    assert await _turns(scene, "ended", after=newest[-1].place) == [mali]
