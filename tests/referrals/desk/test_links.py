from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.ids import new_id
from referrals.desk.links import read_earlier, read_links
from referrals.desk.models import SearchTerm
from referrals.models import Referral
from referrals.teams.models import Team
from tests.referrals.conftest import Refer


def name(session: AsyncSession, keys: DataKeys, referral_id: UUID, kind: str, value: str) -> None:
    term = keys.keyset.index(f"search-{kind}", value)
    session.add(SearchTerm(referral_id=referral_id, kind=kind, term_key=term))


async def test_referrals_that_share_a_handle_are_linked_by_its_kind_alone(
    database: Database, keys: DataKeys, refer: Refer
) -> None:
    dao, ek, fah, gun = [await refer(one, "P1") for one in ("Dao", "Ek", "Fah", "Gun")]
    async with database.unit_of_work() as session:
        team = Team(id=new_id(), name="เหนือ", created_at=utc_now())
        session.add(team)
        await session.flush()
        (await session.get_one(Referral, ek)).team_id = team.id
        for referral_id in (dao, ek, fah):
            name(session, keys, referral_id, "line_id", "boss99")
        for referral_id in (dao, fah):
            name(session, keys, referral_id, "bank_account", "1112223334")
        # The same word as a title or a name links nobody.
        for referral_id in (dao, gun):
            name(session, keys, referral_id, "title", "boss99")
            name(session, keys, referral_id, "name", "สมชาย")
        await session.flush()
        links = await read_links(session, await session.get_one(Referral, dao))
    assert list(links) == ["line_id", "bank_account"]
    assert [(one.id, one.priority, one.state, one.team) for one in links["line_id"]] == [
        (fah, "P1", "open", None),
        (ek, "P1", "open", "เหนือ"),
    ]
    assert [one.id for one in links["bank_account"]] == [fah]


async def test_other_referrals_of_the_same_person_are_no_links_but_told_apart(
    database: Database, keys: DataKeys, refer: Refer
) -> None:
    dao, later, ek = [await refer(one) for one in ("Dao", "Later", "Ek")]
    async with database.unit_of_work() as session:
        mine = await session.get_one(Referral, dao)
        (await session.get_one(Referral, later)).contact_id = mine.contact_id
        for referral_id in (dao, later, ek):
            name(session, keys, referral_id, "phone", "+66812345678")
        await session.flush()
        links = await read_links(session, mine)
        earlier = await read_earlier(session, mine)
    assert {kind: [one.id for one in linked] for kind, linked in links.items()} == {"phone": [ek]}
    assert [one.id for one in earlier] == [later]
