"""The consent ledger: the newest line holds, no line is ever changed. Guards 8."""

import pytest
import sqlalchemy as sa

from core.clock import utc_now
from core.consent import Consent, ConsentEvent, consent_granted, record_consent, takes_subject
from core.contacts.holds import broadcasts_held, hold_broadcasts
from core.contacts.models import Contact
from core.contacts.subjects import SUBJECTS
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from tests.conftest import MovableClock
from tests.support.cast import make_person


async def test_the_newest_line_holds_and_all_lines_stay(database: Database, keys: DataKeys) -> None:
    async with database.unit_of_work() as session:
        dao = await make_person(session, keys, name="ดาว")
    for granted in (True, False, True, False):
        async with database.unit_of_work() as session:
            await record_consent(
                session, dao.contact_id, "campaigns", granted=granted, wording="campaigns.1.th", source="word"
            )
    async with database.unit_of_work() as session:
        lines = (await session.scalars(sa.select(ConsentEvent.granted).order_by(ConsentEvent.id))).all()
        assert lines == [True, False, True, False]
        assert await session.scalar(sa.select(Consent.granted)) is False


@pytest.mark.parametrize("topic", ["campaigns", "keep_text"])
async def test_only_who_agreed_to_a_topic_is_found_by_it(
    database: Database, keys: DataKeys, topic: str
) -> None:
    async with database.unit_of_work() as session:
        dao = await make_person(session, keys, name="ดาว")
        await make_person(session, keys, name="เอก")
        await record_consent(session, dao.contact_id, "campaigns", granted=True, wording="w", source="button")
        found = await session.scalars(sa.select(Contact.id).where(consent_granted(Contact.id, topic)))  # type: ignore[arg-type]
        assert found.all() == ([dao.contact_id] if topic == "campaigns" else [])


async def test_a_hold_stands_until_its_hour_or_until_released(
    database: Database, keys: DataKeys, standing_clock: MovableClock
) -> None:
    async with database.unit_of_work() as session:
        dao, ek = [await make_person(session, keys, name=n) for n in ("ดาว", "เอก")]
        await hold_broadcasts(session, dao.contact_id)
        await hold_broadcasts(session, ek.contact_id, utc_now())
        held = sa.select(Contact.id).where(broadcasts_held(Contact.id, utc_now()))
        assert (await session.scalars(held)).all() == [dao.contact_id]
        await hold_broadcasts(session, dao.contact_id, utc_now())
        assert (await session.scalars(held)).all() == []


async def test_a_stopped_subject_is_left_out_and_the_others_go_on(database: Database, keys: DataKeys) -> None:
    async with database.unit_of_work() as session:
        dao = await make_person(session, keys, name="ดาว")
        await make_person(session, keys, name="เอก")
        await record_consent(session, dao.contact_id, "campaigns", granted=True, wording="w", source="button")
        await record_consent(session, dao.contact_id, "family", granted=False, wording="w", source="button")
        for subject in SUBJECTS:
            found = await session.scalars(sa.select(Contact.id).where(takes_subject(Contact.id, subject)))
            assert found.all() == ([] if subject == "family" else [dao.contact_id])
        await record_consent(session, dao.contact_id, "campaigns", granted=False, wording="w", source="word")
        left = await session.scalars(sa.select(Contact.id).where(takes_subject(Contact.id, "welfare")))
        assert left.all() == []
