from uuid import UUID

import pytest

from core.crypto.data_keys import DataKeys
from core.db.database import Database
from referrals.desk.meaning import meant_by
from referrals.desk.search import (
    FREE,
    LONGEST,
    SearchLengthError,
    SearchPaceError,
    find_referrals,
    read_query,
    spend_search,
)
from referrals.desk.terms import fill_due_terms, words_of
from referrals.desk.titles import set_title
from referrals.models import Referral
from tests.conftest import MovableClock
from tests.referrals.conftest import Refer


async def _find(database: Database, keys: DataKeys, query: str) -> dict[UUID, list[str]]:
    async with database.unit_of_work() as session:
        await fill_due_terms(session, keys)
        looked_for = read_query(query)
        return dict(
            await find_referrals(session, keys.keyset, looked_for, meant_by(looked_for), words_of(looked_for))
        )


@pytest.mark.parametrize(
    ("words", "query", "kind"),
    [
        ("โทร 081-234-5678 นะ", "0812345678", "phone"),
        ("โทร 081-234-5678 นะ", "+66 81 234 5678", "phone"),
        ("โทร 081-234-5678 นะ", "๐๘๑ ๒๓๔ ๕๖๗๘", "phone"),
        ("แอดไลน์ badagent99", "@badagent99", "line_id"),
        ("line: BadAgent99", "badagent99", "line_id"),
        ("telegram: badagent99", "badagent99", "telegram"),
        ("เพจ facebook.com/goodjobs", "goodjobs", "facebook"),
        ("โอนเข้าบัญชี 123-4-56789-0 กสิกร", "1234567890", "bank_account"),
        ("ส่งมาที่ job@bad.example.com", "job@bad.example.com", "email"),
        ("สมัครที่ https://badjobs.com/a", "badjobs.com", "url"),
        ("ชื่อ สมชาย ใจดี", "สมชาย ใจดี", "name"),
        ("ชื่อ สมชาย ใจดี", "สมชาย", "name"),
    ],
)
async def test_an_exact_thing_finds_the_report_it_stands_in(
    database: Database, keys: DataKeys, refer: Refer, words: str, query: str, kind: str
) -> None:
    referral_id = await refer("Dao", words=words)
    await refer("Ek", words="ไม่เกี่ยวกัน")
    assert kind in (await _find(database, keys, query)).get(referral_id, [])


@pytest.mark.parametrize("query", ["0812345679", "badagent9", "badagent", "4-56789", "สม", "ขัง"])
async def test_something_near_finds_nothing(
    database: Database, keys: DataKeys, refer: Refer, query: str
) -> None:
    await refer("Dao", words="โดนขัง โทร 081-234-5678 line: badagent99 บัญชี 123-4-56789-0 กสิกร ชื่อสมชาย")
    assert await _find(database, keys, query) == {}


async def test_titles_are_found_by_all_their_words(database: Database, keys: DataKeys, refer: Refer) -> None:
    ids = {}
    for name, title in (("a", "โรงงานเย็บผ้า แม่สอด"), ("b", "โรงงานปลา")):
        ids[name] = await refer(name)
        async with database.unit_of_work() as session:
            await set_title(session, keys, await session.get_one(Referral, ids[name]), title)
    assert set(await _find(database, keys, "โรงงาน")) == set(ids.values())
    assert set(await _find(database, keys, "เย็บผ้า โรงงาน")) == {ids["a"]}
    assert await _find(database, keys, "โรงงาน รถยนต์") == {}


async def test_the_newest_come_first(database: Database, keys: DataKeys, refer: Refer) -> None:
    ids = [await refer(name, words="line: badagent99") for name in "abc"]
    assert list(await _find(database, keys, "badagent99")) == ids[::-1]


@pytest.mark.parametrize("typed", ["", "ก", " \0 ", "ก" * (LONGEST + 1), "9" * 1_000_000])
def test_too_little_and_too_much_are_refused(typed: str) -> None:
    with pytest.raises(SearchLengthError):
        read_query(typed)


async def test_searches_come_back_with_time_and_each_account_counts_alone(
    database: Database, anong: UUID, boon: UUID, standing_clock: MovableClock
) -> None:
    async def spend(account_id: UUID) -> None:
        async with database.unit_of_work() as session:
            await spend_search(session, account_id)

    for _ in range(FREE):
        await spend(anong)
    with pytest.raises(SearchPaceError) as refused:
        await spend(anong)
    assert refused.value.seconds == 3
    await spend(boon)
    standing_clock.advance(seconds=3)
    await spend(anong)
    with pytest.raises(SearchPaceError):
        await spend(anong)
    standing_clock.advance(minutes=10)
    for _ in range(FREE):
        await spend(anong)
