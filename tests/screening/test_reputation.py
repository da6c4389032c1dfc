"""Reported handles: hashed for all, read by staff once several named one, told to citizens once staff confirmed it."""

from datetime import timedelta
from uuid import UUID

import pytest

from core.accounts.models import Account
from core.clock import bangkok, utc_now
from core.crypto.data_keys import destroy_data_key
from core.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from core.ids import new_id
from nlp.judgement import judge
from screening.radar import FEWEST_SENDERS
from screening.reputation import (
    HandleOnDesk,
    NotProposedError,
    SecondPersonError,
    clear_handle,
    confirm_handle,
    enter_handle,
    list_handles,
    name_handles,
    propose_handle,
)
from tests.screening.conftest import OFFER, OTHER_OFFER, Ground, Sender, written

SAME_BOSS = "งานกดไลก์ออนไลน์ รายได้วันละ 1,500 บาท ไม่ต้องมีประสบการณ์ จ่ายสดทุกวัน ทักไลน์ @canaryboss"


async def listed(ground: Ground) -> list[HandleOnDesk]:
    member = await ground.member("hotline_officer")
    async with ground.database.unit_of_work() as session:
        return await list_handles(session, ground.keys, by=member)


async def named(ground: Ground) -> int:
    async with ground.database.unit_of_work() as session:
        return await name_handles(session, ground.keys, judge)


async def report_by(ground: Ground, count: int, text: str = OFFER) -> list[Sender]:
    people = await ground.people(count)
    for person in people:
        await ground.send(text, person)
    return people


async def test_a_handle_reaches_the_desk_once_several_established_people_named_it(ground: Ground) -> None:
    await report_by(ground, FEWEST_SENDERS - 1)
    await ground.send(OFFER, *await ground.people(5, known=timedelta(hours=2)), None)
    await ground.refresh()
    assert await listed(ground) == []
    await report_by(ground, 1, SAME_BOSS)
    await ground.refresh()
    assert await named(ground) == 1
    assert [(h.kind, h.value, h.senders, h.verdict) for h in await listed(ground)] == [
        ("line_id", "@canaryboss", FEWEST_SENDERS, "open")
    ]


async def test_one_person_who_names_a_handle_a_hundred_times_is_one(ground: Ground) -> None:
    [person] = await report_by(ground, 1)
    for number in range(5):
        await ground.send(OFFER.replace("45,000", f"{30 + number},000"), *[person] * 20)
    assert await ground.value("SELECT count(*) FROM handle_report WHERE kind = 'line_id'") == 1


async def test_handles_of_offers_without_warning_signs_are_not_kept(ground: Ground) -> None:
    await report_by(ground, 1, OTHER_OFFER + " โทร 0812345678")
    assert await ground.value("SELECT count(*) FROM handle_report") == 0


async def entered(ground: Ground, by: Account, handle: str = "@CanaryBoss") -> UUID:
    async with ground.database.unit_of_work() as session:
        return await enter_handle(
            session, ground.keys, kind="line_id", value=written("line_id", handle), by=by
        )


async def test_citizens_hear_of_a_handle_only_while_it_is_confirmed(ground: Ground) -> None:
    asker = await ground.person()
    officer, supervisor = await ground.member("hotline_officer"), await ground.member("supervisor")
    handle = await entered(ground, officer)
    assert (await ground.ask(OFFER, asker)).standing.handles == ()
    async with ground.database.unit_of_work() as session:
        await confirm_handle(session, handle, by=supervisor)
    [told] = (await ground.ask(SAME_BOSS, asker)).standing.handles
    assert (told.kind, SAME_BOSS[told.start : told.end]) == ("line_id", "@canaryboss")
    assert told.confirmed_on == bangkok(utc_now()).date()
    async with ground.database.unit_of_work() as session:
        await clear_handle(session, handle, by=supervisor)
    assert (await ground.ask(OFFER, asker)).standing.handles == ()


async def test_nobody_confirms_what_they_proposed_themselves(ground: Ground) -> None:
    one, other = await ground.member("supervisor"), await ground.member("supervisor")
    handle = await entered(ground, one)
    async with ground.database.unit_of_work() as session:
        with pytest.raises(SecondPersonError):
            await confirm_handle(session, handle, by=one)
        await propose_handle(session, handle, grounds="official_warning", by=other)
        with pytest.raises(SecondPersonError):
            await confirm_handle(session, handle, by=other)
        await confirm_handle(session, handle, by=one)
        with pytest.raises(ConflictError):
            await propose_handle(session, handle, grounds="own_check", by=other)
        [shown] = await list_handles(session, ground.keys, by=one, verdict="confirmed")
    assert (shown.proposed_by, shown.grounds, shown.decided_by) == (other.name, "official_warning", one.name)


async def test_what_people_named_waits_for_somebody_who_says_why(ground: Ground) -> None:
    await report_by(ground, FEWEST_SENDERS)
    await ground.refresh()
    supervisor = await ground.member("supervisor")
    handle = await ground.value("SELECT id FROM reported_handle WHERE kind = 'line_id'")
    async with ground.database.unit_of_work() as session:
        with pytest.raises(NotProposedError):
            await confirm_handle(session, handle, by=supervisor)
        with pytest.raises(InvalidInputError):
            await propose_handle(session, handle, grounds="rumour", by=supervisor)  # type: ignore[arg-type]


async def test_what_was_cleared_needs_a_new_proposal(ground: Ground) -> None:
    officer, supervisor = await ground.member("hotline_officer"), await ground.member("supervisor")
    handle = await entered(ground, officer)
    async with ground.database.unit_of_work() as session:
        await clear_handle(session, handle, by=supervisor)
        with pytest.raises(NotProposedError):
            await confirm_handle(session, handle, by=supervisor)
        await propose_handle(session, handle, grounds="several_reports", by=officer)
        await confirm_handle(session, handle, by=supervisor)


async def test_what_staff_enter_twice_stands_once(ground: Ground) -> None:
    officer = await ground.member("hotline_officer")
    async with ground.database.unit_of_work() as session:
        first = await enter_handle(
            session, ground.keys, kind="phone", value=written("phone", "0891234567"), by=officer
        )
    async with ground.database.unit_of_work() as session:
        assert (
            await enter_handle(
                session, ground.keys, kind="phone", value=written("phone", "+66 89 123 4567"), by=officer
            )
            == first
        )


async def test_only_who_answers_for_it_may_tell_citizens(ground: Ground) -> None:
    officer = await ground.member("hotline_officer")
    manager = await ground.member("campaign_manager")
    async with ground.database.unit_of_work() as session:
        handle = await enter_handle(
            session, ground.keys, kind="phone", value=written("phone", "0891234567"), by=officer
        )
        with pytest.raises(ForbiddenError):
            await confirm_handle(session, handle, by=officer)
        with pytest.raises(ForbiddenError):
            await list_handles(session, ground.keys, by=manager)
    with pytest.raises(NotFoundError):
        async with ground.database.unit_of_work() as session:
            await confirm_handle(session, new_id(), by=await ground.member("supervisor"))


async def test_a_handle_stays_nameless_where_no_text_opens_any_more(ground: Ground) -> None:
    people = await report_by(ground, FEWEST_SENDERS)
    await ground.refresh()
    async with ground.database.unit_of_work() as session:
        for person in people:
            key_id = await ground.value("SELECT data_key_id FROM contact WHERE id = $1", person.contact_id)
            await destroy_data_key(session, key_id)
    assert await named(ground) == 0
    assert {h.value for h in await listed(ground)} == {""}
