from uuid import UUID

import pytest
import sqlalchemy as sa

from core.contacts.models import Contact
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.ids import new_id
from referrals.cases import answer
from referrals.intake import append_citizen_words, cancel_referral, take_back_words
from referrals.listing import reading
from referrals.listing.filters import VIEWS, View
from referrals.models import Referral
from referrals.queue import TAKEN_BACK_SHOWN, claim
from referrals.teams.models import Team, TeamMember
from tests.conftest import MovableClock
from tests.referrals.conftest import Refer
from tests.referrals.listing.conftest import Look, TurnPage


async def _change(database: Database, referral_id: UUID, **values: object) -> None:
    async with database.unit_of_work() as session:
        await session.execute(sa.update(Referral).where(Referral.id == referral_id).values(**values))


async def _claim(database: Database, referral_id: UUID, account_id: UUID) -> None:
    async with database.unit_of_work() as session:
        await claim(session, referral_id, account_id)


async def _team(database: Database, name: str, *members: UUID) -> UUID:
    team_id = new_id()
    async with database.unit_of_work() as session:
        session.add(Team(id=team_id, name=name, created_at=reading.utc_now()))
        await session.flush()
        session.add_all(TeamMember(team_id=team_id, account_id=member) for member in members)
    return team_id


async def test_it_puts_urgency_before_waiting_and_waiting_before_arrival(
    refer: Refer, anong: UUID, look: Look, standing_clock: MovableClock
) -> None:
    opened = {}
    for name, priority in (("a", "P2"), ("b", "P1"), ("c", "P2"), ("d", "P0"), ("e", "P3")):
        opened[name] = await refer(name, priority)
        standing_clock.advance(minutes=1)
    assert await look(anong) == [opened[name] for name in "dbace"]
    assert await look(anong, priority=("P0", "P2")) == [opened[name] for name in "dac"]


async def test_each_view_holds_its_own(database: Database, refer: Refer, anong: UUID, look: Look) -> None:
    waiting, mine, bots, aside, flagged, ended = [await refer(name) for name in "abcdef"]
    for one in (mine, bots, aside):
        await _claim(database, one, anong)
    await _change(database, bots, bot_dialogue="intake")
    later = reading.utc_now() + TAKEN_BACK_SHOWN
    await _change(database, aside, snoozed_until=later, snoozed_for="other")
    await _change(database, flagged, open_flags=2)
    await _change(database, ended, state="closed", closed_as="helped", closed_at=reading.utc_now())
    expected: dict[View, list[UUID]] = {
        "waiting": [waiting, flagged], "mine": [mine, bots], "team": [], "held": [mine, bots, aside], "bot": [bots],
        "snoozed": [aside], "flagged": [flagged], "overdue": [], "ended": [ended],
    }  # fmt: skip
    assert {view: await look(anong, view=view) for view in VIEWS} == expected


async def test_my_teams_are_one_list_in_order_and_nobody_elses(
    database: Database, refer: Refer, anong: UUID, boon: UUID, look: Look
) -> None:
    teams = [await _team(database, name, anong) for name in ("north", "south")]
    theirs = await _team(database, "west", boon)
    ids = [await refer(name, p) for name, p in (("a", "P2"), ("b", "P0"), ("c", "P1"), ("d", "P0"))]
    for referral_id, team in zip(ids, [teams[0], teams[1], teams[0], theirs], strict=True):
        await _change(database, referral_id, team_id=team)
    assert await look(anong, view="team") == [ids[1], ids[2], ids[0]]
    assert await look(anong, team=theirs) == [ids[3]]


async def test_a_cry_for_help_that_was_taken_back_still_waits_for_a_day(
    database: Database, refer: Refer, anong: UUID, look: Look, standing_clock: MovableClock
) -> None:
    lesser, urgent = await refer("Ek", "P2"), await refer("Dao", "P0")
    async with database.unit_of_work() as session:
        for referral_id in (lesser, urgent):
            referral = await session.get_one(Referral, referral_id)
            await cancel_referral(session, referral.identity_id)
    assert await look(anong) == [urgent]
    standing_clock.advance(seconds=TAKEN_BACK_SHOWN.total_seconds() + 1)
    assert await look(anong) == []
    assert await look(anong, view="ended") == [urgent, lesser]


async def test_late_is_what_nobody_claimed_in_time_or_answered_in_time(
    database: Database, keys: DataKeys, refer: Refer, anong: UUID, look: Look, standing_clock: MovableClock
) -> None:
    unclaimed, unanswered, answered = [await refer(n, "P0", words="ช่วยด้วย") for n in "abc"]
    for one in (unanswered, answered):
        await _claim(database, one, anong)
    standing_clock.advance(minutes=4)
    async with database.unit_of_work() as session:
        await answer(
            session, keys, referral_id=answered, account_id=anong, text="ค่ะ", notice="-", form_id=new_id()
        )
    assert await look(anong, view="overdue") == []
    standing_clock.advance(minutes=2)
    assert set(await look(anong, view="overdue")) == {unclaimed, unanswered}
    await _change(database, unclaimed, unheld_since=standing_clock.moment)
    assert await look(anong, view="overdue") == [unanswered]


async def test_a_row_names_the_clock_that_runs(
    database: Database, refer: Refer, anong: UUID, turn_page: TurnPage, standing_clock: MovableClock
) -> None:
    referral_id = await refer("Dao", "P0", words="ช่วยด้วย")
    (row,) = (await turn_page(anong)).rows
    assert row.clock == "claim"
    assert row.due is not None
    assert (row.due - row.opened_at).total_seconds() == 300
    await _claim(database, referral_id, anong)
    (row,) = (await turn_page(anong, view="mine")).rows
    assert (row.clock, row.person_waits, row.holder) == ("answer", True, "Anong")


@pytest.mark.parametrize(
    ("filters", "values"),
    [
        ({"kind": "detention"}, {"kinds": ["danger", "detention"]}),
        ({"place": "province:TH-27"}, {"place": "province:TH-27"}),
        ({"place": "abroad"}, {"place": "country:KH"}),
        ({"channel": "telegram"}, {"channel": "telegram"}),
        ({"flag": "any"}, {"open_flags": 1}),
        ({"age": "older"}, {"opened_at": sa.func.now() - sa.text("interval '30 days'")}),
    ],
)
async def test_each_filter_keeps_what_fits(
    database: Database,
    refer: Refer,
    anong: UUID,
    look: Look,
    filters: dict[str, str],
    values: dict[str, object],
) -> None:
    fitting, _ = await refer("Dao"), await refer("Ek")
    await _change(database, fitting, **values)
    assert await look(anong, **filters) == [fitting]


async def test_the_language_of_the_person_is_a_filter(
    database: Database, refer: Refer, anong: UUID, look: Look
) -> None:
    spoken = {}
    for name, language in (("a", "th"), ("b", "en"), ("c", "my")):
        spoken[language] = await refer(name)
        async with database.unit_of_work() as session:
            referral = await session.get_one(Referral, spoken[language])
            (await session.get_one(Contact, referral.contact_id)).language = language
    assert await look(anong, language="en") == [spoken["en"]]
    assert await look(anong, language="other") == [spoken["my"]]


async def test_pages_follow_each_other_without_gap_or_double(
    refer: Refer, anong: UUID, turn_page: TurnPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PAGE", 2)
    every = [await refer(name, f"P{i % 2}") for i, name in enumerate("abcde")]
    seen, after = [], None
    while True:
        page = await turn_page(anong, after)
        seen += [row.id for row in page.rows]
        after = page.next
        if after is None:
            break
    assert len(seen) == 5
    assert set(seen) == set(every)


async def test_ended_ones_are_turned_newest_first(
    database: Database, refer: Refer, anong: UUID, turn_page: TurnPage, standing_clock: MovableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(reading, "PAGE", 1)
    ids = []
    for name in "abc":
        ids.append(await refer(name))
        await _change(database, ids[-1], state="closed", closed_as="helped", closed_at=standing_clock.moment)
        standing_clock.advance(minutes=1)
    seen, after = [], None
    for _ in ids:
        page = await turn_page(anong, after, view="ended")
        seen += [row.id for row in page.rows]
        after = page.next
    assert seen == ids[::-1]
    assert after is None


async def test_a_rare_filter_looks_through_so_many_and_goes_on_where_it_stopped(
    database: Database, refer: Refer, anong: UUID, turn_page: TurnPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "WINDOW", 2)
    ids = [await refer(name) for name in "abc"]
    await _change(database, ids[2], channel="telegram")
    first = await turn_page(anong, channel="telegram")
    assert first.rows == []
    assert first.next is not None
    second = await turn_page(anong, first.next, channel="telegram")
    assert [row.id for row in second.rows] == [ids[2]]
    assert second.next is None


async def test_the_person_waits_who_wrote_last(
    database: Database, keys: DataKeys, refer: Refer, anong: UUID, turn_page: TurnPage
) -> None:
    referral_id = await refer("Dao", words="ช่วยด้วย")
    await _claim(database, referral_id, anong)

    async def waits() -> bool:
        (row,) = (await turn_page(anong, view="mine")).rows
        return row.person_waits

    assert await waits()
    async with database.unit_of_work() as session:
        await answer(
            session, keys, referral_id=referral_id, account_id=anong, text="ค่ะ", notice="-", form_id=new_id()
        )
    assert not await waits()
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, referral_id)
        await append_citizen_words(
            session, keys, identity_id=referral.identity_id, words=[(new_id(), "ยังอยู่")]
        )
    assert await waits()


async def test_words_taken_back_no_longer_wait_for_an_answer(
    database: Database, keys: DataKeys, refer: Refer, anong: UUID, look: Look, standing_clock: MovableClock
) -> None:
    referral_id, event_id = await refer("Dao", "P0"), new_id()
    await _claim(database, referral_id, anong)
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, referral_id)
        await append_citizen_words(
            session, keys, identity_id=referral.identity_id, words=[(event_id, "ช่วยด้วย")]
        )
    standing_clock.advance(minutes=6)
    assert await look(anong, view="overdue") == [referral_id]
    async with database.unit_of_work() as session:
        await take_back_words(session, [event_id])
    assert await look(anong, view="overdue") == []
