"""Reports opened after a campaign, attacked: whoever makes campaigns of chosen people learns of nobody."""

import math
from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import METADATA
from campaigns.plans.audience import AnsweredRule, Audience, ProvinceRule, Rule, ScoreRule, TagRule
from campaigns.reports.reported import EPSILON, FEWEST, Reported, blur, read_reported
from core.crypto.data_keys import DataKeys
from core.crypto.keyset import Keyset, new_keyset
from core.db.database import Database
from core.ids import new_id
from tests.campaigns.carried_out import BEFORE, add_campaign, add_run, crowd, plan_of
from tests.support.sowing import sow

SENT = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
LATER = SENT + timedelta(days=28)
PLAN = plan_of(BEFORE)


async def report(session: AsyncSession, people: list[UUID], at: datetime) -> None:
    """Rows of reports, without their words."""
    table = METADATA.tables["referral"]
    if not people:
        return
    key = await session.scalar(sa.text("SELECT data_key_id FROM contact LIMIT 1"))
    found = await session.execute(sa.text("SELECT contact_id, id FROM channel_identity"))
    identities = {row.contact_id: row.id for row in found}
    for one in people:
        await sow(
            session, table, contact_id=one, identity_id=identities[one], data_key_id=key, state="closed",
            priority="P2", opened_at=at, receipt_key=new_id().bytes,
        )  # fmt: skip


async def campaign(
    session: AsyncSession, keys: DataKeys, count: int, held_out: int = 0
) -> tuple[UUID, list[UUID]]:
    people = await crowd(session, keys, count + held_out)
    of = await add_campaign(session, keys, PLAN)
    run = await add_run(session, of, SENT)
    for variant, some in (("", people[:count]), ("holdout", people[count:])):
        await session.execute(
            sa.text(
                "INSERT INTO campaign_member (run_id, contact_id, variant) SELECT :run, unnest(CAST(:people AS uuid[])), :variant"
            ),
            {"run": run, "people": some, "variant": variant},
        )
    return of, people


async def read(
    session: AsyncSession, keyset: Keyset, of: UUID, now: datetime = LATER, **rules: object
) -> Reported:
    plan = msgspec.structs.replace(PLAN, audience=Audience(**rules))  # type: ignore[arg-type]
    return await read_reported(session, keyset, of, plan, now)


async def test_of_few_people_nothing_is_told_whatever_they_did(
    database: Database, keys: DataKeys, keyset: Keyset
) -> None:
    """Everybody chosen by hand, and all of them reported: the page says the same as if none had."""
    async with database.unit_of_work() as session:
        of, people = await campaign(session, keys, 60)
        before = await read(session, keyset, of)
        await report(session, people, SENT + timedelta(days=1))
        assert await read(session, keyset, of) == before == Reported("few")


@pytest.mark.parametrize("rule", [TagRule(("import-7",)), AnsweredRule("x", "y"), ScoreRule("x")])
@pytest.mark.parametrize("side", ["include", "exclude"])
async def test_of_people_who_can_be_picked_one_by_one_nothing_is_told(
    database: Database, keys: DataKeys, keyset: Keyset, rule: Rule, side: str
) -> None:
    async with database.unit_of_work() as session:
        of = await add_campaign(session, keys, PLAN)
        assert await read(session, keyset, of, **{side: (ProvinceRule(("50",)), rule)}) == Reported("chosen")


@pytest.mark.parametrize("cap", [0, 4])
async def test_without_a_cap_nothing_is_told(
    database: Database, keys: DataKeys, keyset: Keyset, cap: int
) -> None:
    async with database.unit_of_work() as session:
        of = await add_campaign(session, keys, PLAN)
        assert await read(session, keyset, of, weekly_cap=cap) == Reported("chosen")


async def test_nothing_is_told_before_all_of_it_has_been_over_for_a_fortnight(
    database: Database, keys: DataKeys, keyset: Keyset
) -> None:
    async with database.unit_of_work() as session:
        of, people = await campaign(session, keys, 30)
        early = LATER - timedelta(seconds=1)
        assert await read(session, keyset, of, early) == Reported("early")
        await report(session, people, SENT + timedelta(days=1))
        assert await read(session, keyset, of, early) == Reported("early")
        assert await read(session, keyset, of) == Reported("few")
        again = await add_run(session, of, SENT + timedelta(days=3), state="sending")
        assert await read(session, keyset, of) == Reported("early")
        await session.execute(sa.text("UPDATE campaign_run SET state = 'done'"))
        assert await read(session, keyset, of) == Reported("early")
        await session.execute(sa.text("DELETE FROM campaign_run WHERE id = :id"), {"id": again})
        assert await read(session, keyset, of) == Reported("few")


async def test_of_a_thousand_the_figure_is_near_and_never_exact(
    database: Database, keys: DataKeys, keyset: Keyset
) -> None:
    async with database.unit_of_work() as session:
        of, people = await campaign(session, keys, FEWEST, FEWEST - 1)
        await report(session, people[:200], SENT + timedelta(days=1))
        await report(session, people[200:260], SENT + timedelta(days=14))
        found = await read(session, keyset, of)
        assert found == await read(session, keyset, of, LATER + timedelta(days=300))
        assert found.withheld == ""
        assert found.holdout is None
        assert found.members is not None
        assert found.members % 20 == 0
        expected = 200 + blur(keyset, f"{of} False")
        assert found.members == expected - expected % 20
        # Another key, as of another house, draws otherwise: nobody can work out what was added.
        others = {(await read(session, new_keyset(), of)).members for _ in range(12)}
        assert len(others) > 1


async def test_a_minors_report_is_not_looked_at(database: Database, keys: DataKeys, keyset: Keyset) -> None:
    async with database.unit_of_work() as session:
        of, people = await campaign(session, keys, FEWEST)
        before = await read(session, keyset, of)
        await report(session, people[:100], SENT + timedelta(days=1))
        await session.execute(sa.text("UPDATE contact SET minor = true"))
        assert await read(session, keyset, of) == before


def test_one_report_more_or_less_could_as_well_be_chance(keyset: Keyset) -> None:
    """The chance of any figure changes by at most e to the EPSILON, drawn as our key draws it."""
    drawn = Counter(blur(keyset, f"campaign {number}") for number in range(40_000))
    assert abs(sum(value * times for value, times in drawn.items()) / 40_000) < 1
    for at in range(-15, 15):
        ratio = drawn[at] / drawn[at + 1]
        # As far as so few tell: five standard deviations, so that one run in thousands is unlucky.
        known_to = 5 * math.sqrt(1 / drawn[at] + 1 / drawn[at + 1])
        assert ratio == pytest.approx(math.exp(-EPSILON if at < 0 else EPSILON), rel=known_to)


def test_asking_again_draws_nothing_anew(keyset: Keyset) -> None:
    assert len({blur(keyset, "one campaign") for _ in range(50)}) == 1
    assert len({blur(keyset, f"campaign {number}") for number in range(50)}) > 10
