"""Guards invariant 18 for reports: ended ones are erased, open ones never."""

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from core.clock import utc_now
from core.crypto.data_keys import DataKeys, replay_erasures
from core.db.database import Database, driver_connection
from core.errors import KeyDestroyedError
from core.ids import new_id
from core.messages.models import Message
from core.retention.steps import run_sweep
from referrals.cases import answer
from referrals.hiding import set_code_word
from referrals.intake import append_citizen_words, open_referral
from referrals.models import AgencyConsent, ReceiptTry, Referral, ReferralEntry, ReportAnswer
from referrals.questionnaires.reading import load_questionnaire
from referrals.queue import claim
from referrals.reports import Given, record_agency_consent, store_answers, write_consent
from referrals.retention import KEPT_AFTER_CLOSING, RECEIPT_TRIES, REFERRALS
from tests.referrals.ending import end_all
from tests.support.cast import make_person


async def _report(database: Database, keys: DataKeys, name: str, closed_for: timedelta | None) -> UUID:
    async with database.unit_of_work() as session:
        person = await make_person(session, keys, name=name)
        referral_id = await open_referral(
            session, keys, contact_id=person.contact_id, identity_id=person.identity_id, channel="line",
            source="staff_request", priority="P2", kinds=(), reasons=(), receipt=name,
        )  # fmt: skip
        words = [(new_id(), "ขอคุยด้วย")]
        await append_citizen_words(session, keys, identity_id=person.identity_id, words=words)
        if closed_for is not None:
            referral = await session.get_one(Referral, referral_id)
            referral.state, referral.closed_at = "closed", utc_now() - closed_for
    return referral_id


async def test_it_erases_what_ended_long_ago_and_nothing_else(database: Database, keys: DataKeys) -> None:
    little = timedelta(minutes=1)
    long_ago = await _report(database, keys, "Dao", KEPT_AFTER_CLOSING + little)
    lately = await _report(database, keys, "Ek", KEPT_AFTER_CLOSING - little)
    still_open = await _report(database, keys, "Fon", None)
    assert await end_all(database) == 1
    assert await end_all(database) == 0
    async with database.unit_of_work() as session:
        kept = await session.scalars(
            sa.select(ReferralEntry.referral_id).where(ReferralEntry.body.is_not(None))
        )
        assert set(kept) == {lately, still_open}
        erased = await session.get_one(Referral, long_ago)
        with pytest.raises(KeyDestroyedError):
            await keys.load(session, erased.data_key_id)


async def test_an_answer_that_nobody_read_ends_with_its_report(
    database: Database, keys: DataKeys, anong: UUID
) -> None:
    referral_id = await _report(database, keys, "Dao", None)
    async with database.unit_of_work() as session:
        await claim(session, referral_id, anong)
        await answer(
            session, keys, referral_id=referral_id, account_id=anong, text="เราอยู่ตรงนี้", notice="n", form_id=new_id()
        )  # fmt: skip
        referral = await session.get_one(Referral, referral_id)
        referral.state, referral.closed_at = "closed", utc_now() - KEPT_AFTER_CLOSING - timedelta(minutes=1)
    assert await end_all(database) == 1
    async with database.unit_of_work() as session:
        message = (await session.scalars(sa.select(Message))).one()
        assert (message.state, message.reason, message.content) == ("skipped", "erased", None)


async def _guard(database: Database, keys: DataKeys, referral_id: UUID) -> None:
    """Give the report an answer, an agency that may learn of it, and a code word."""
    questionnaire = load_questionnaire("report")
    async with database.unit_of_work() as session:
        identity_id = (await session.get_one(Referral, referral_id)).identity_id
        given = [Given("G3", ("yes",), new_id())]
        await store_answers(
            session, keys, identity_id=identity_id, questionnaire=questionnaire, answers=given
        )
        await record_agency_consent(
            session, identity_id, "police", granted=True, with_identity=True, wording="w1"
        )
        await set_code_word(session, keys.keyset, identity_id, "mango")


async def _remains(database: Database, referral_id: UUID) -> tuple[int, int, bytes | None]:
    async with database.unit_of_work() as session:
        counts = [
            await session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
            for table in (ReportAnswer, AgencyConsent)
        ]
        return counts[0], counts[1], (await session.get_one(Referral, referral_id)).code_word_key


async def test_with_its_words_go_the_answers_the_agencies_and_the_code_word(
    database: Database, keys: DataKeys
) -> None:
    referral_id = await _report(database, keys, "Dao", None)
    await _guard(database, keys, referral_id)
    assert await end_all(database) == 0
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, referral_id)
        code = referral.receipt_key
        referral.state, referral.closed_at = "closed", utc_now() - KEPT_AFTER_CLOSING - timedelta(minutes=1)
    assert (await _remains(database, referral_id))[:2] == (1, 1)
    assert await end_all(database) == 1
    assert await _remains(database, referral_id) == (0, 0, None)
    async with database.unit_of_work() as session:
        left = await session.get_one(Referral, referral_id)
        assert (left.priority, left.state, left.receipt_key == code) == ("P1", "closed", False)


async def test_what_a_restored_backup_brings_back_of_an_erased_report_is_erased_again(
    database: Database, keys: DataKeys
) -> None:
    came_back, untouched = [await _report(database, keys, name, None) for name in ("Dao", "Ek")]
    for referral_id in (came_back, untouched):
        await _guard(database, keys, referral_id)
    async with database.unit_of_work() as session:
        # As a restore leaves it: the rows of before, the key destroyed by the list of erasures.
        referral = await session.get_one(Referral, came_back)
        assert await replay_erasures(session, [referral.data_key_id]) == 1
    assert await end_all(database) == 1
    assert await end_all(database) == 0
    assert (await _remains(database, came_back))[:2] == (1, 1)
    assert (await _remains(database, came_back))[2] is None
    assert (await _remains(database, untouched))[2] is not None
    async with database.unit_of_work() as session:
        assert (await session.get_one(Referral, came_back)).state == "closed"
        assert (await session.get_one(Referral, untouched)).state == "open"


async def test_a_restored_consent_is_erased_also_where_the_report_had_ended(
    database: Database, keys: DataKeys
) -> None:
    referral_id = await _report(database, keys, "Dao", KEPT_AFTER_CLOSING + timedelta(minutes=1))
    assert await end_all(database) == 1
    async with database.unit_of_work() as session:
        # As a backup of before brings it back: the key is destroyed again, the rows stand as they were.
        await write_consent(session, referral_id, "police", granted=True, with_identity=True, wording="w1")
        (await session.get_one(Referral, referral_id)).words_gone_at = None
    assert await end_all(database) == 1
    assert await end_all(database) == 0
    assert await _remains(database, referral_id) == (0, 0, None)


async def test_it_forgets_wrong_codes_of_long_ago(database: Database) -> None:
    now, little = utc_now(), timedelta(minutes=1)
    async with database.unit_of_work() as session:
        session.add(ReceiptTry(source_key=b"old", tries=9, last_at=now - RECEIPT_TRIES - little))
        session.add(ReceiptTry(source_key=b"new", tries=1, last_at=now - RECEIPT_TRIES + little))
    async with database.unit_of_work() as session:
        connection = await driver_connection(session)
        step = next(one for one in REFERRALS if one.code == "receipt_tries")
        assert await run_sweep(connection, step, RECEIPT_TRIES) == 1
    async with database.unit_of_work() as session:
        assert (await session.scalars(sa.select(ReceiptTry.source_key))).all() == [b"new"]
