"""Guards invariant 18 for reports: ended ones are erased, open ones never."""

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.errors import KeyDestroyedError
from core.ids import new_id
from core.messages.models import Message
from referrals.cases import answer
from referrals.intake import append_citizen_words, open_referral
from referrals.models import ReceiptTry, Referral, ReferralEntry
from referrals.queue import claim
from referrals.retention import (
    KEPT_AFTER_CLOSING,
    RECEIPT_TRIES,
    erase_ended_referrals,
    forget_receipt_tries,
)
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
    async with database.unit_of_work() as session:
        assert await erase_ended_referrals(session) == 1
        assert await erase_ended_referrals(session) == 0
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
    async with database.unit_of_work() as session:
        assert await erase_ended_referrals(session) == 1
    async with database.unit_of_work() as session:
        message = (await session.scalars(sa.select(Message))).one()
        assert (message.state, message.reason, message.content) == ("skipped", "erased", None)


async def test_it_forgets_wrong_codes_of_long_ago(database: Database) -> None:
    now, little = utc_now(), timedelta(minutes=1)
    async with database.unit_of_work() as session:
        session.add(ReceiptTry(source_key=b"old", tries=9, last_at=now - RECEIPT_TRIES - little))
        session.add(ReceiptTry(source_key=b"new", tries=1, last_at=now - RECEIPT_TRIES + little))
    async with database.unit_of_work() as session:
        await forget_receipt_tries(session)
    async with database.unit_of_work() as session:
        assert (await session.scalars(sa.select(ReceiptTry.source_key))).all() == [b"new"]
