from uuid import UUID

import pytest
import sqlalchemy as sa

from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.errors import InvalidInputError, NotFoundError
from core.ids import new_id
from referrals.intake import open_referral
from referrals.models import Referral
from referrals.queue import claim, release
from referrals.teams.roster import close_team, create_team, make_fallback
from referrals.teams.routing import Facts, Routes, Rule, choose_team, raise_priority, route
from referrals.teams.rules import EmptyRuleError, add_rule, drop_rule, list_rules, move_rule
from referrals.urgency import set_priority
from tests.referrals.conftest import Refer
from tests.referrals.teams.conftest import Hire
from tests.support.cast import make_person

FALLBACK, CHILD, NORTH, ABROAD = (UUID(int=n) for n in range(1, 5))


def rule(team_id: UUID, **codes: set[str]) -> Rule:
    return Rule(new_id(), team_id, **{name: frozenset(found) for name, found in codes.items()})


def facts(*kinds: str, place: str | None = None, language: str = "th", priority: str = "P2") -> Facts:
    return Facts(frozenset(kinds), place, language, priority)


ROUTES = Routes(
    (
        rule(CHILD, kinds={"child_abuse"}),
        rule(NORTH, places={"province:TH-57", "province:TH-50"}, priorities={"P2", "P3"}),
        rule(ABROAD, places={"abroad"}),
        rule(ABROAD, languages={"other"}),
    ),
    FALLBACK,
)


@pytest.mark.parametrize(
    ("given", "team"),
    [
        (facts(), FALLBACK),
        (facts("child_abuse", "danger"), CHILD),
        (facts("child_abuse", place="province:TH-57"), CHILD),
        (facts("danger", place="province:TH-57"), NORTH),
        (facts("danger", place="province:TH-57", priority="P0"), FALLBACK),
        (facts(place="country:KH"), ABROAD),
        (facts(place="abroad"), ABROAD),
        (facts(place="thailand"), FALLBACK),
        (facts(language="en"), FALLBACK),
        (facts(language="my"), ABROAD),
    ],
)
def test_the_first_rule_in_which_all_fits_decides(given: Facts, team: UUID) -> None:
    assert choose_team(ROUTES, given).team_id == team


def test_without_any_team_a_report_has_none() -> None:
    assert choose_team(Routes((), None), facts()).team_id is None


def test_a_report_that_somebody_holds_stays_as_urgent_as_its_clock_knows() -> None:
    held = Referral(id=new_id(), state="claimed", priority="P2")
    raise_priority(held, "P0")
    assert (held.priority, held.unheld_since) == ("P0", None)
    raise_priority(held, "P3")
    assert held.priority == "P0"


async def _team_of(database: Database, referral_id: UUID) -> UUID | None:
    async with database.unit_of_work() as session:
        team: UUID | None = await session.scalar(
            sa.select(Referral.team_id).where(Referral.id == referral_id)
        )
        return team


async def test_a_new_report_goes_to_the_fallback_unless_a_rule_says_otherwise(
    database: Database, refer: Refer, hire: Hire
) -> None:
    boon = await hire("Boon", "supervisor")
    async with database.unit_of_work() as session:
        first, second = await create_team(session, "A"), await create_team(session, "B")
    assert await _team_of(database, await refer("Dao", "P0")) == first
    async with database.unit_of_work() as session:
        await add_rule(
            session, team_id=second, kinds=(), places=(), languages=(), priorities=("P0",), by=boon
        )
    assert await _team_of(database, await refer("Ek", "P0")) == second
    assert await _team_of(database, await refer("Fah", "P1")) == first


async def test_it_goes_elsewhere_when_more_is_known_but_only_while_nobody_holds_it(
    database: Database, keys: DataKeys, hire: Hire
) -> None:
    boon = await hire("Boon", "supervisor")
    async with database.unit_of_work() as session:
        first, child = await create_team(session, "A"), await create_team(session, "B")
        await add_rule(
            session, team_id=child, kinds=("child_abuse",), places=(), languages=(), priorities=(), by=boon
        )
        person = await make_person(session, keys, name="Dao")

    async def say(*kinds: str, priority: str = "P2") -> UUID:
        async with database.unit_of_work() as session:
            return await open_referral(
                session, keys, contact_id=person.contact_id, identity_id=person.identity_id, channel="line",
                source="staff_request", priority=priority, kinds=kinds, reasons=(), receipt="Dao",
            )  # type: ignore[arg-type]  # fmt: skip

    referral_id = await say()
    assert await _team_of(database, referral_id) == first
    await say("child_abuse", priority="P0")
    assert await _team_of(database, referral_id) == child
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, referral_id)
        assert referral.unheld_since is not None
        referral.state, referral.claimed_by, referral.team_id = "claimed", boon, first
        await session.flush()
        await route(session, referral)
        assert referral.team_id == first


async def test_the_first_team_takes_the_reports_that_wait(database: Database, refer: Refer) -> None:
    referral_id = await refer("Dao")
    assert await _team_of(database, referral_id) is None
    async with database.unit_of_work() as session:
        team_id = await create_team(session, "A")
    assert await _team_of(database, referral_id) == team_id


async def test_a_closed_team_hands_its_reports_and_rules_over(
    database: Database, refer: Refer, hire: Hire
) -> None:
    boon = await hire("Boon", "supervisor")
    async with database.unit_of_work() as session:
        first, second = await create_team(session, "A"), await create_team(session, "B")
        await add_rule(session, team_id=first, kinds=(), places=(), languages=(), priorities=("P0",), by=boon)
    referral_id = await refer("Dao", "P0")
    async with database.unit_of_work() as session:
        await make_fallback(session, second)
        await close_team(session, first)
        assert await list_rules(session) == []
    assert await _team_of(database, referral_id) == second


async def test_rules_keep_their_order_and_move(database: Database, hire: Hire) -> None:
    boon = await hire("Boon", "supervisor")
    async with database.unit_of_work() as session:
        team_id = await create_team(session, "A")
        first, second, third = [
            await add_rule(
                session, team_id=team_id, kinds=(), places=(), languages=(), priorities=(priority,), by=boon
            )
            for priority in ("P0", "P1", "P2")
        ]
        await move_rule(session, third, up=True)
        assert [rule.id for rule in await list_rules(session)] == [first, third, second]
        await move_rule(session, first, up=True)
        await drop_rule(session, third)
        assert [rule.id for rule in await list_rules(session)] == [first, second]
        with pytest.raises(NotFoundError):
            await move_rule(session, third, up=True)


@pytest.mark.parametrize(
    "wrong",
    [{"kinds": ("love",)}, {"places": ("province:TH-99",)}, {"places": ("x",)}, {"priorities": ("P9",)},
     {"languages": ("xx",)}],
)  # fmt: skip
async def test_a_rule_for_something_unknown_is_refused(
    database: Database, hire: Hire, wrong: dict[str, tuple[str, ...]]
) -> None:
    boon = await hire("Boon", "supervisor")
    none: dict[str, tuple[str, ...]] = {"kinds": (), "places": (), "languages": (), "priorities": ()}
    async with database.unit_of_work() as session:
        team_id = await create_team(session, "A")
        with pytest.raises(InvalidInputError):
            await add_rule(session, team_id=team_id, by=boon, **none | wrong)
        with pytest.raises(EmptyRuleError):
            await add_rule(session, team_id=team_id, by=boon, **none)
        assert await list_rules(session) == []


async def test_a_report_goes_elsewhere_when_it_becomes_more_urgent_and_when_it_is_put_back(
    database: Database, keys: DataKeys, refer: Refer, hire: Hire
) -> None:
    boon = await hire("Boon", "supervisor")
    async with database.unit_of_work() as session:
        first, urgent, child = [await create_team(session, name) for name in "ABC"]
        await add_rule(
            session, team_id=urgent, kinds=(), places=(), languages=(), priorities=("P0",), by=boon
        )
        await add_rule(
            session, team_id=child, kinds=("child_abuse",), places=(), languages=(), priorities=(), by=boon
        )
    dao, ek = await refer("Dao", "P2"), await refer("Ek", "P2")
    async with database.unit_of_work() as session:
        await set_priority(
            session, keys, referral_id=dao, account_id=boon, priority="P0", why="", oversees=True
        )
        await claim(session, ek, boon)
    async with database.unit_of_work() as session:
        (await session.get_one(Referral, ek)).kinds = ["child_abuse"]
    assert (await _team_of(database, dao), await _team_of(database, ek)) == (urgent, first)
    async with database.unit_of_work() as session:
        await release(session, ek, boon)
    assert await _team_of(database, ek) == child
