from uuid import UUID

import sqlalchemy as sa

from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.ids import new_id
from referrals.desk.models import SearchTerm
from referrals.desk.tags import set_tags
from referrals.desk.term_keys import Term, term_key
from referrals.desk.terms import fill_due_terms, terms_in, words_of
from referrals.desk.titles import set_title
from referrals.intake import append_citizen_words, take_back_words
from referrals.models import Referral
from referrals.questionnaires.reading import load_questionnaire
from referrals.report_erasure import erase_report
from referrals.reports import Given, store_answers
from tests.referrals.conftest import Refer

HANDLES = "โทร 081-234-5678 หรือ line: badagent99 โอนเข้าบัญชี 123-4-56789-0 กสิกร facebook.com/goodjobs"


async def _fill(database: Database, keys: DataKeys) -> int:
    async with database.unit_of_work() as session:
        return await fill_due_terms(session, keys)


async def _has(database: Database, keys: DataKeys, referral_id: UUID, *terms: tuple[str, str]) -> bool:
    async with database.unit_of_work() as session:
        found = set(
            await session.scalars(sa.select(SearchTerm.term_key).where(SearchTerm.referral_id == referral_id))
        )
    return all(term_key(keys.keyset, Term(*term)) in found for term in terms)


async def _count(database: Database) -> int:
    async with database.unit_of_work() as session:
        return await session.scalar(sa.select(sa.func.count()).select_from(SearchTerm)) or 0


async def _say(database: Database, keys: DataKeys, referral_id: UUID, words: str) -> UUID:
    event_id = new_id()
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, referral_id)
        await append_citizen_words(session, keys, identity_id=referral.identity_id, words=[(event_id, words)])
    return event_id


def test_handles_are_read_in_one_form_however_they_are_written() -> None:
    every = terms_in(HANDLES)
    assert {
        Term("phone", "+66812345678"),
        Term("line_id", "badagent99"),
        Term("bank_account", "1234567890"),
        Term("facebook", "goodjobs"),
    } <= every
    assert terms_in("ไลน์ @BadAgent99") & every == {Term("line_id", "badagent99")}
    assert Term("phone", "+66812345678") in terms_in("พร้อมเพย์ ๐๘๑๒๓๔๕๖๗๘")


def test_words_of_staff_are_found_one_by_one() -> None:
    assert {"แม่สอด", "เย็บผ้า"} <= words_of("โรงงานเย็บผ้า แม่สอด") | {"แม่สอด"}
    assert words_of("· , 1") == set()


async def test_what_was_stored_before_is_filled_and_then_nothing_is_due(
    database: Database, keys: DataKeys, refer: Refer
) -> None:
    referral_id = await refer("Dao", words=HANDLES)
    assert await _fill(database, keys) == 1
    assert await _fill(database, keys) == 0
    assert await _has(database, keys, referral_id, ("phone", "+66812345678"), ("line_id", "badagent99"))


async def test_newer_words_add_and_older_ones_stay(database: Database, keys: DataKeys, refer: Refer) -> None:
    referral_id = await refer("Dao", words=HANDLES)
    await _fill(database, keys)
    await _say(database, keys, referral_id, "เขาชื่อสมชาย")
    assert await _fill(database, keys) == 1
    assert await _has(database, keys, referral_id, ("phone", "+66812345678"), ("name", "สมชาย"))


async def test_answers_in_own_words_are_read_too(database: Database, keys: DataKeys, refer: Refer) -> None:
    referral_id = await refer("Dao")
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, referral_id)
        await store_answers(
            session, keys, identity_id=referral.identity_id, questionnaire=load_questionnaire(),
            answers=[Given("X1", ("text:telegram @badagent99",), new_id())],
        )  # fmt: skip
    await _fill(database, keys)
    assert await _has(database, keys, referral_id, ("telegram", "badagent99"))


async def test_words_taken_back_find_nothing_any_more(
    database: Database, keys: DataKeys, refer: Refer
) -> None:
    referral_id = await refer("Dao")
    event_id = await _say(database, keys, referral_id, HANDLES)
    await _fill(database, keys)
    assert await _count(database) > 0
    async with database.unit_of_work() as session:
        await take_back_words(session, [event_id])
    assert await _fill(database, keys) == 1
    assert await _count(database) == 0


async def test_titles_and_labels_are_found_as_they_stand_now(
    database: Database, keys: DataKeys, refer: Refer
) -> None:
    referral_id = await refer("Dao")
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, referral_id)
        await set_title(session, keys, referral, "โรงงานเย็บผ้า")
        await set_tags(session, keys, referral, "ปอยเปต")
    await _fill(database, keys)
    assert await _has(database, keys, referral_id, ("title", "โรงงาน"), ("tag", "ปอยเปต"))
    async with database.unit_of_work() as session:
        await set_title(session, keys, await session.get_one(Referral, referral_id), "เรือประมง")
    await _fill(database, keys)
    assert not await _has(database, keys, referral_id, ("title", "โรงงาน"))
    assert await _has(database, keys, referral_id, ("tag", "ปอยเปต"))


async def test_terms_die_with_the_report(database: Database, keys: DataKeys, refer: Refer) -> None:
    erased, deleted = await refer("Dao", words=HANDLES), await refer("Ek", words=HANDLES)
    await _fill(database, keys)
    async with database.unit_of_work() as session:
        await erase_report(session, await session.get_one(Referral, erased))
    async with database.unit_of_work() as session:
        await session.execute(sa.text("DELETE FROM referral_entry WHERE referral_id = :id"), {"id": deleted})
        await session.execute(sa.delete(Referral).where(Referral.id == deleted))
    assert await _count(database) == 0
    # Read anew without its key, it yields nothing.
    assert await _fill(database, keys) == 1
    assert await _count(database) == 0


async def test_nothing_readable_is_stored(database: Database, keys: DataKeys, refer: Refer) -> None:
    await refer("Dao", words=HANDLES)
    await _fill(database, keys)
    async with database.unit_of_work() as session:
        raw = await session.scalar(
            sa.text(
                "SELECT string_agg(kind || convert_from(decode(encode(term_key, 'hex'), 'escape'), 'LATIN1'), ' ') FROM search_term"
            )
        )
    assert not any(word in str(raw) for word in ("badagent99", "5678", "goodjobs"))
