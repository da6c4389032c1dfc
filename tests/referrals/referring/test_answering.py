import asyncio
from uuid import UUID

import pytest
import sqlalchemy as sa

from core.accounts.models import Account
from core.errors import NotFoundError
from referrals.agencies.models import Agency
from referrals.agencies.pairings import pair
from referrals.packets.gate import ConsentError
from referrals.referring.answering import accept, acknowledge, begin_service, decline, finish, open_request
from referrals.referring.consents import note_consent
from referrals.referring.errors import (
    AgencyUnknownError,
    AnswersItselfError,
    NamesSomebodyError,
    OverError,
    ReasonCodeError,
)
from referrals.referring.finding import ByAgency
from referrals.referring.messages import read_thread, write
from referrals.referring.reading import Sent, of_case, read_sent
from referrals.referring.sending import recall
from referrals.tracks.models import CaseEvent
from tests.conftest import MovableClock
from tests.referrals.referring.conftest import Scene


async def _sent(scene: Scene, request_id: UUID) -> Sent:
    async with scene.database.unit_of_work() as session:
        return await read_sent(session, scene.keys, request_id, scene.staff)


async def test_staff_see_when_the_agency_read_it_and_only_the_first_time_counts(
    scene: Scene, standing_clock: MovableClock
) -> None:
    request_id = await scene.send()
    assert (await scene.read(request_id)).read_at is None
    opened_at = standing_clock.moment
    await scene.do(open_request, request_id, scene.officer("police"))
    standing_clock.advance(minutes=5)
    await scene.do(open_request, request_id, scene.officer("police"))
    assert (await _sent(scene, request_id)).shared.read_at == opened_at
    # Reading is no answer.
    assert await scene.steps() == ["sent"]


async def test_it_goes_from_acknowledged_to_done_and_the_person_has_words_of_it(scene: Scene) -> None:
    request_id, krit = await scene.send(), scene.officer("police")
    for step in (acknowledge, acknowledge, accept, accept, begin_service, begin_service):
        await scene.do(step, request_id, krit)
    await scene.do(finish, request_id, krit, outcome="helped", citizen_text="ตำรวจพาออกมาแล้ว")
    assert await scene.steps() == ["sent", "acknowledged", "accepted", "in_service", "done"]
    shared = (await _sent(scene, request_id)).shared
    assert (shared.state, shared.outcome, shared.citizen_text) == ("done", "helped", "ตำรวจพาออกมาแล้ว")
    assert [kind for kind, _ in await scene.told(scene.anong)] == ["agency_accepted", "agency_done"]
    async with scene.database.unit_of_work() as session:
        told = await session.execute(
            sa.select(CaseEvent.agency_id, CaseEvent.account_id).where(
                CaseEvent.track == "referral", CaseEvent.step != "sent"
            )
        )
        makers = {tuple(row) for row in told}
    assert makers == {(scene.agencies["police"], scene.officers["police"])}


async def test_accepting_at_once_is_acknowledging_too(scene: Scene, standing_clock: MovableClock) -> None:
    request_id = await scene.send()
    await scene.do(accept, request_id, scene.officer("police"))
    await scene.do(finish, request_id, scene.officer("police"), outcome="not_reached")
    assert await scene.steps() == ["sent", "acknowledged", "accepted", "in_service", "done"]
    shared = await scene.read(request_id)
    assert shared.acknowledged_at == shared.answered_at == shared.read_at == standing_clock.moment


async def test_declining_says_why_and_who_may_take_it_and_the_hotline_is_told_loudly(scene: Scene) -> None:
    async with scene.database.unit_of_work() as session:
        await pair(session, scene.agencies["police"], scene.agencies["msdhs"], by=scene.boon)
    request_id, krit = await scene.send(), scene.officer("police")
    with pytest.raises(ReasonCodeError):
        await scene.do(decline, request_id, krit, reason="no")
    with pytest.raises(AgencyUnknownError):
        await scene.do(decline, request_id, krit, reason="other_area", next_agency_id=scene.agencies["court"])
    await scene.do(
        decline,
        request_id,
        krit,
        reason="other_area",
        note="อยู่เชียงราย",
        next_agency_id=scene.agencies["msdhs"],
    )
    sent = await _sent(scene, request_id)
    assert (sent.shared.reason, sent.shared.reason_note, sent.next_agency_id) == (
        "other_area", "อยู่เชียงราย", scene.agencies["msdhs"],
    )  # fmt: skip
    assert await scene.told(scene.anong) == [("agency_declined", scene.case)]
    # Nothing went on by itself: the next agency has nothing yet, and who declined reads nothing more.
    with pytest.raises(NotFoundError):
        await scene.read(request_id, "msdhs")
    assert (await scene.read(request_id)).fields == {}
    for late in (accept, acknowledge, begin_service):
        with pytest.raises(OverError):
            await scene.do(late, request_id, krit)


async def test_of_two_officers_who_answer_otherwise_at_once_one_does(scene: Scene) -> None:
    request_id, krit = await scene.send(), scene.officer("police")
    ended = await asyncio.gather(
        scene.do(accept, request_id, krit),
        scene.do(decline, request_id, krit, reason="no_capacity"),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in ended) == ["NoneType", "OverError"]
    assert len(await scene.steps()) == 3


async def test_a_request_is_its_own_agencys_alone(scene: Scene) -> None:
    request_id = await scene.send()
    for other in (scene.officer("msdhs"), ByAgency(scene.case)):
        for step in (open_request, acknowledge, accept, begin_service):
            with pytest.raises(NotFoundError):
                await scene.do(step, request_id, other)
        with pytest.raises(NotFoundError):
            await scene.do(decline, request_id, other, reason="not_ours")
        with pytest.raises(NotFoundError):
            await scene.do(finish, request_id, other, outcome="helped")
    assert await scene.steps() == ["sent"]


async def test_staff_answer_only_for_agencies_without_officers(scene: Scene) -> None:
    request_id = await scene.send()
    with pytest.raises(AnswersItselfError):
        await scene.do(accept, request_id, scene.staff)
    await scene.do(accept, request_id, scene.officer("police"))
    async with scene.database.unit_of_work() as session:
        await note_consent(session, "court", scene.staff, granted=True, with_identity=False)
    court = await scene.send("court", fields={"needs": "ขอทราบวันนัด"})
    for step in (acknowledge, accept, begin_service):
        await scene.do(step, court, scene.staff)
    async with scene.database.unit_of_work() as session:
        told = (
            await session.execute(
                sa.select(CaseEvent.agency_id, CaseEvent.account_id, CaseEvent.source).where(
                    CaseEvent.agency_referral_id == court, CaseEvent.step == "accepted"
                )
            )
        ).one()
    assert tuple(told) == (scene.agencies["court"], scene.anong, "manual")


async def test_what_the_person_reads_names_nobody(scene: Scene) -> None:
    request_id, krit = await scene.send(), scene.officer("police")
    await scene.do(accept, request_id, krit)
    with pytest.raises(NamesSomebodyError):
        await scene.do(finish, request_id, krit, outcome="helped", citizen_text="นางสาวมาลี ถึงบ้านแล้ว")
    with pytest.raises(ReasonCodeError):
        await scene.do(finish, request_id, krit, outcome="won")
    assert (await scene.row(request_id)).state == "accepted"


async def test_a_consent_that_was_taken_back_closes_what_was_not_accepted_yet(scene: Scene) -> None:
    request_id, krit = await scene.send(), scene.officer("police")
    await scene.do(write, request_id, scene.staff, text="ด่วนค่ะ")
    await scene.agree("police", granted=False)
    shared = await scene.do(open_request, request_id, krit)
    assert (shared.fields, shared.note) == ({}, None)  # type: ignore[attr-defined]
    assert await scene.do(read_thread, request_id, krit) == []
    with pytest.raises(OverError):
        await scene.do(accept, request_id, krit)
    async with scene.database.unit_of_work() as session:
        (sent,) = await of_case(session, scene.keys, scene.staff)
    assert sent.consent_withdrawn
    await scene.do(recall, request_id, scene.staff, reason="person_asked")
    with pytest.raises(ConsentError):
        await scene.send()


async def test_an_agency_that_was_closed_reads_nothing(scene: Scene) -> None:
    request_id = await scene.send()
    async with scene.database.unit_of_work() as session:
        await session.execute(sa.update(Agency).values(closed_at=sa.func.now()))
    with pytest.raises(NotFoundError):
        await scene.read(request_id)


async def test_where_its_holder_left_supervisors_are_told(scene: Scene) -> None:
    request_id = await scene.send()
    async with scene.database.unit_of_work() as session:
        await session.execute(
            sa.update(Account).where(Account.id == scene.anong).values(disabled_at=sa.func.now())
        )
    await scene.do(decline, request_id, scene.officer("police"), reason="no_capacity")
    assert (await scene.told(scene.anong), await scene.told(scene.boon)) == (
        [],
        [("agency_declined", scene.case)],
    )


async def test_what_was_sent_on_a_ground_stands_without_the_persons_word(scene: Scene) -> None:
    await scene.agree("police", granted=False)
    request_id = await scene.send(by=scene.overseer, ground="life_danger", ground_reason="มีคนถูกทำร้าย")
    assert (await scene.read(request_id)).fields
    await scene.do(accept, request_id, scene.officer("police"))
