"""The whole outcome, as its page gets it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from campaigns.models import Campaign
from campaigns.reports.outcomes import read_outcomes
from core.crypto.data_keys import DataKeys
from core.crypto.keyset import Keyset
from core.db.database import Database
from core.errors import NotFoundError
from core.ids import new_id
from tests.campaigns.reports.test_reported import LATER, SENT, campaign, report


async def test_whoever_reported_it_looks_the_same(database: Database, keys: DataKeys, keyset: Keyset) -> None:
    """Fifty-nine friends of the manager and one more; whether that one reported, or all of them, shows nowhere."""
    async with database.unit_of_work() as session:
        of, people = await campaign(session, keys, 60)
        seen = []
        for reporting in ([], people[:1], people[1:]):
            await report(session, reporting, SENT + timedelta(days=1))
            seen += [await read_outcomes(session, keyset, of, at) for at in (SENT, LATER)]
    assert seen[0] == seen[2] == seen[4]
    assert seen[1] == seen[3] == seen[5]


async def test_a_campaign_of_before_plans_were_kept_has_an_empty_outcome(
    database: Database, keys: DataKeys, keyset: Keyset
) -> None:
    async with database.unit_of_work() as session:
        of, _ = await campaign(session, keys, 1)
        await session.execute(sa.update(Campaign).values(plan={}))
        found = await read_outcomes(session, keyset, of, LATER)
    assert (found.gains, found.answers, found.links, found.units) == ((), (), (), ())
    assert found.members.people is None


async def test_what_does_not_exist_is_not_found(database: Database, keyset: Keyset) -> None:
    with pytest.raises(NotFoundError):
        async with database.unit_of_work() as session:
            await read_outcomes(session, keyset, new_id(), LATER)
