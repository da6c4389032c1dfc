import pytest
import sqlalchemy as sa

from core.contacts.models import Contact, ContactRule
from core.contacts.wishes import mark_minor, set_contact_rule
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from tests.support.cast import Person, make_person


@pytest.fixture
async def dao(database: Database, keys: DataKeys) -> Person:
    async with database.unit_of_work() as session:
        return await make_person(session, keys, name="Dao")


async def test_the_latest_wish_takes_the_place_of_the_one_before(database: Database, dao: Person) -> None:
    async with database.unit_of_work() as session:
        await set_contact_rule(
            session, dao.contact_id, may_write_first=True, from_minute=1_020, until_minute=1_260
        )
    async with database.unit_of_work() as session:
        await set_contact_rule(session, dao.contact_id, may_write_first=False)
    async with database.unit_of_work() as session:
        rule = (await session.scalars(sa.select(ContactRule))).one()
        assert (rule.may_write_first, rule.from_minute, rule.until_minute) == (False, None, None)


async def test_a_person_is_under_age_by_their_word_and_no_longer_so_by_their_word(
    database: Database, dao: Person
) -> None:
    for minor in (True, False):
        async with database.unit_of_work() as session:
            await mark_minor(session, dao.contact_id, minor=minor)
        async with database.unit_of_work() as session:
            assert (await session.get_one(Contact, dao.contact_id)).minor is minor
