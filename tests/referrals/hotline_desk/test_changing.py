"""Staff's changes stand before the directory that came with the program, each with who, when and what it said before."""

from datetime import date, time
from typing import Any

import msgspec
import pytest

from core.accounts.models import Account
from core.db.database import Database
from core.errors import NotFoundError
from referrals.directory.hotlines import Hotline, Opening, hotline, hotlines_for, shipped_hotlines
from referrals.hotline_desk.book import Entry, find_entry, history_of, open_for_readers, read_book
from referrals.hotline_desk.changing import (
    StaleEntryError,
    add_hotline,
    edit_hotline,
    restore_hotline,
    verify_hotline,
    withdraw_hotline,
)
from referrals.hotline_desk.checking import BadEntryError, EntryStaysError, check_entry
from tests.conftest import MovableClock

TODAY = date(2026, 11, 23)


async def entry_of(database: Database, key: str) -> Entry:
    async with database.unit_of_work() as session:
        return await find_entry(session, key)


async def edit(database: Database, key: str, by: Account, *, seen: int = 0, **fields: Any) -> None:
    async with database.unit_of_work() as session:
        found = (await find_entry(session, key)).hotline
        new = msgspec.structs.replace(found, **({"source": "called them"} | fields))
        await edit_hotline(session, key, new, seen=seen, owner_id=None, by=by.id)


async def told(database: Database, kind: str, clock: MovableClock) -> list[str]:
    async with database.unit_of_work() as session:
        await open_for_readers(session)
    return [h.number for h in hotlines_for({kind}, place_abroad=False, now=clock())]


async def test_without_changes_it_is_what_came_with_the_program(database: Database) -> None:
    async with database.unit_of_work() as session:
        book = await read_book(session)
    assert [entry.hotline for entry in book] == list(shipped_hotlines())
    assert {entry.version for entry in book} == {0}


async def test_a_new_number_reaches_dialogues_under_its_old_name(
    database: Database, keeper: Account, standing_clock: MovableClock
) -> None:
    standing_clock.advance(days=30)
    await edit(database, "1694", keeper, number="1506")
    assert await told(database, "offer", standing_clock) == ["1506"]
    assert hotline("1694").number == "1506"
    entry = await entry_of(database, "1694")
    assert (entry.version, entry.hotline.source) == (1, "called them")
    assert entry.hotline.verified_at == date(2026, 12, 23)


async def test_new_words_leave_the_day_of_verification(
    database: Database, keeper: Account, standing_clock: MovableClock
) -> None:
    standing_clock.advance(days=30)
    await edit(database, "1694", keeper, purpose={"th": "ถามเรื่องงาน", "en": "Ask about work"})
    entry = await entry_of(database, "1694")
    assert (entry.hotline.verified_at, entry.hotline.source) == (TODAY, hotline("1694").source)


async def test_its_history_tells_who_changed_what_and_what_it_said_before(
    database: Database, keeper: Account, other_keeper: Account, standing_clock: MovableClock
) -> None:
    hours = (Opening((1, 2, 3, 4, 5, 6), time(8, 0), time(18, 0)),)
    await edit(database, "1694", keeper, hours=hours)
    standing_clock.advance(days=3)
    async with database.unit_of_work() as session:
        await verify_hotline(session, "1694", source=" their page ", seen=1, by=other_keeper.id)
        newest, first = await history_of(session, "1694")
    assert (newest.act, newest.by, newest.fields) == (
        "verified",
        other_keeper.name,
        ("source", "verified_at"),
    )
    assert (first.act, first.by, first.hotline.hours) == ("edited", keeper.name, hours)
    assert first.fields == ("source", "hours")
    assert newest.hotline.source == "their page"
    assert newest.at == standing_clock()


async def test_of_two_who_change_the_same_state_the_second_is_refused(
    database: Database, keeper: Account, other_keeper: Account
) -> None:
    await edit(database, "191", keeper, holds_days=90)
    with pytest.raises(StaleEntryError):
        await edit(database, "191", other_keeper, seen=0, holds_days=30)
    assert (await entry_of(database, "191")).hotline.holds_days == 90


async def test_an_edit_that_changes_nothing_leaves_no_row(database: Database, keeper: Account) -> None:
    await edit(database, "191", keeper)
    assert (await entry_of(database, "191")).version == 0


async def test_a_number_of_their_own_is_told_verified_and_withdrawn(
    database: Database, keeper: Account, foundation: Hotline, standing_clock: MovableClock
) -> None:
    async with database.unit_of_work() as session:
        key = await add_hotline(session, foundation, owner_id=keeper.id, by=keeper.id)
    assert await told(database, "forced_labour", standing_clock) == ["191", "1300", "02-123-4567"]
    entry = await entry_of(database, key)
    assert (entry.hotline.verified_at, entry.owner) == (TODAY, keeper.name)
    async with database.unit_of_work() as session:
        await withdraw_hotline(session, key, seen=1, by=keeper.id)
    assert await told(database, "forced_labour", standing_clock) == ["191", "1300"]
    async with database.unit_of_work() as session:
        await restore_hotline(session, key, seen=2, by=keeper.id)
    assert await told(database, "forced_labour", standing_clock) == ["191", "1300", "02-123-4567"]


async def test_what_was_only_partly_verified_is_told_to_nobody_until_it_is(
    database: Database, keeper: Account, foundation: Hotline, standing_clock: MovableClock
) -> None:
    async with database.unit_of_work() as session:
        unsure = msgspec.structs.replace(foundation, mark="P")
        key = await add_hotline(session, unsure, owner_id=None, by=keeper.id)
    assert await told(database, "forced_labour", standing_clock) == ["191", "1300"]
    await edit(database, key, keeper, seen=1, mark="V")
    assert (await entry_of(database, key)).hotline.mark == "P"
    async with database.unit_of_work() as session:
        await verify_hotline(session, key, source="called them", seen=1, by=keeper.id)
    assert "02-123-4567" in await told(database, "forced_labour", standing_clock)


async def test_an_old_entry_is_hidden_or_dated_and_emergencies_always_stand(
    database: Database, keeper: Account, foundation: Hotline, standing_clock: MovableClock
) -> None:
    async with database.unit_of_work() as session:
        hidden = msgspec.structs.replace(foundation, when_old="hidden", holds_days=30)
        await add_hotline(session, hidden, owner_id=None, by=keeper.id)
    standing_clock.advance(days=3650)
    assert await told(database, "forced_labour", standing_clock) == ["191", "1300"]
    assert "1669" in await told(database, "danger", standing_clock)


@pytest.mark.parametrize("key", ["191", "1300", "1669", "1694"])
async def test_what_dialogues_name_is_neither_hidden_nor_withdrawn_nor_doubted(
    database: Database, keeper: Account, key: str
) -> None:
    with pytest.raises(EntryStaysError):
        await edit(database, key, keeper, when_old="hidden")
    with pytest.raises(EntryStaysError):
        await edit(database, key, keeper, mark="U")
    with pytest.raises(EntryStaysError):
        async with database.unit_of_work() as session:
            await withdraw_hotline(session, key, seen=0, by=keeper.id)
    await edit(database, key, keeper, stays=False)
    assert (await entry_of(database, key)).version == 0


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"number": "call me"}, "number"),
        ({"dialled_from_abroad": "x"}, "dialled"),
        ({"name": {"th": "ก"}}, "name"),
        ({"purpose": {"th": "ก" * 81, "en": "x"}}, "purpose"),
        ({"kinds": frozenset()}, "kinds"),
        ({"kinds": frozenset({"weather"})}, "kinds"),
        ({"languages": ()}, "languages"),
        ({"languages": ("Thai!",)}, "languages"),
        ({"source": ""}, "source"),
        ({"holds_days": 0}, "holds_days"),
        ({"always": True, "hours": (Opening((1,), time(8), time(9)),)}, "hours"),
        ({"always": False, "hours": (Opening((), time(8), time(9)),)}, "hours"),
        ({"always": False, "hours": (Opening((8,), time(8), time(9)),)}, "hours"),
        ({"always": False, "hours": (Opening((1,), time(9), time(9)),)}, "hours"),
    ],
)
def test_what_can_not_stand_is_refused_by_the_name_of_its_field(
    foundation: Hotline, fields: dict[str, Any], said: str
) -> None:
    with pytest.raises(BadEntryError, match=f"^{said}"):
        check_entry(msgspec.structs.replace(foundation, **fields))


async def test_a_number_that_is_there_already_changes_nothing(
    database: Database, keeper: Account, foundation: Hotline
) -> None:
    twice = msgspec.structs.replace(foundation, number="191")
    async with database.unit_of_work() as session:
        with pytest.raises(BadEntryError, match="number"):
            await add_hotline(session, twice, owner_id=None, by=keeper.id)
        assert len(await read_book(session)) == len(shipped_hotlines())


async def test_only_who_may_keep_the_directory_owns_an_entry(
    database: Database, keeper: Account, officer: Account, foundation: Hotline
) -> None:
    with pytest.raises(BadEntryError, match="owner"):
        async with database.unit_of_work() as session:
            await add_hotline(session, foundation, owner_id=officer.id, by=keeper.id)


async def test_a_verification_needs_a_source_and_an_entry(database: Database, keeper: Account) -> None:
    async with database.unit_of_work() as session:
        with pytest.raises(BadEntryError, match="source"):
            await verify_hotline(session, "191", source="  ", seen=0, by=keeper.id)
        with pytest.raises(NotFoundError):
            await verify_hotline(session, "999", source="x", seen=0, by=keeper.id)
