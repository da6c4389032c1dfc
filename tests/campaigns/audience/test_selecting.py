"""Whom an audience means, and whom a campaign reaches now. Guards 8."""

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from campaigns.audience.bounds import AudienceError
from campaigns.audience.selecting import SHARES, in_holdout, members, sendable, share_of
from campaigns.plans.audience import (
    AnsweredRule,
    Audience,
    ChannelRule,
    CheckedRule,
    LanguageRule,
    ProvinceRule,
    Rule,
    ScoreRule,
    SeenRule,
    SubjectRule,
    TagRule,
)
from core.clock import utc_now
from core.contacts.models import Contact
from core.db.database import driver_connection
from core.ids import new_id
from tests.campaigns.audience.crowd import Crowd

EVERYBODY = Audience(weekly_cap=0)


async def meant(crowd: Crowd, audience: Audience, subject: str = "") -> list[UUID]:
    async with crowd.database.unit_of_work() as session:
        rows = await session.execute(members(audience, subject, utc_now()))
        return [row.contact_id for row in rows]


async def reached(crowd: Crowd, audience: Audience, subject: str = "") -> set[UUID]:
    async with crowd.database.unit_of_work() as session:
        rows = await session.execute(sendable(audience, subject, utc_now()))
        return {row.contact_id for row in rows}


def only(*rules: Rule) -> Audience:
    return Audience(include=rules)


def but(*rules: Rule) -> Audience:
    return Audience(exclude=rules)


async def test_everybody_who_agreed_is_meant_once_and_nobody_else(crowd: Crowd) -> None:
    agreed = await crowd.come(5)
    await crowd.come(2, agreed=False)
    stopped, erased = await crowd.come(2), await crowd.come(1)
    await crowd.agree(stopped, granted=False)
    await crowd.run("UPDATE contact SET erased_at = :now WHERE id = ANY(:ids)", erased)
    found = await meant(crowd, EVERYBODY)
    assert sorted(found) == sorted(agreed)


async def test_who_stopped_a_subject_is_not_meant_by_its_campaigns(crowd: Crowd) -> None:
    stays, stops = await crowd.come(1), await crowd.come(1)
    await crowd.agree(stops, "family", granted=False)
    assert set(await meant(crowd, EVERYBODY, "family")) == set(stays)
    assert set(await meant(crowd, EVERYBODY, "elderly")) == {*stays, *stops}


async def test_a_person_of_two_addresses_is_meant_at_the_newest_that_is_open(crowd: Crowd) -> None:
    dao = await crowd.come(1)
    await crowd.address(dao, "telegram")
    statement = members(EVERYBODY, "", utc_now())

    async def channels(audience: Audience = EVERYBODY) -> list[str]:
        async with crowd.database.unit_of_work() as session:
            rows = await session.execute(members(audience, "", utc_now()))
            return [row.channel for row in rows]

    assert [column.name for column in statement.selected_columns] == [
        "contact_id", "identity_id", "channel", "language",
    ]  # fmt: skip
    assert await channels() == ["telegram"]
    assert await channels(only(ChannelRule(channels=("line",)))) == ["line"]
    assert await channels(but(ChannelRule(channels=("line",)))) == []
    await crowd.run("UPDATE channel_identity SET blocked_at = :now WHERE channel = 'telegram'")
    assert await channels() == ["line"]


async def test_each_rule_holds_for_whom_it_says_and_excludes_the_same(crowd: Crowd) -> None:
    dao, ek, fah = await crowd.come(3)
    author = await crowd.author()
    campaign = await crowd.campaign(author)
    await crowd.run("UPDATE contact SET language = 'en' WHERE id = ANY(:ids)", [dao])
    await crowd.live_in([dao], "10")
    await crowd.live_in([ek], "11")
    await crowd.tag([dao], "อบรม")
    await crowd.answered(campaign, [dao], "q1", "a", right=True)
    await crowd.answered(campaign, [ek], "q1", "b", right=False)
    await crowd.write([dao], days_ago=1)
    await crowd.write([ek], days_ago=9)
    await crowd.check([dao], days_ago=1)
    await crowd.agree([ek, fah], "family", granted=False)
    of = str(campaign)
    for rule, holds in {
        LanguageRule(languages=("en",)): {dao},
        ProvinceRule(provinces=("10",)): {dao},
        ProvinceRule(provinces=("10", "11")): {dao, ek},
        TagRule(tags=("อบรม", "อื่น")): {dao},
        AnsweredRule(campaign=of, question="q1"): {dao, ek},
        AnsweredRule(campaign=of, question="q1", choices=("b",)): {ek},
        AnsweredRule(campaign=of, question="q2"): set(),
        ScoreRule(campaign=of, least=50): {dao},
        ScoreRule(campaign=of, most=49): {ek},
        SeenRule(days=7): {dao},
        SeenRule(days=10): {dao, ek},
        CheckedRule(days=7): {dao},
        ChannelRule(channels=("line",)): {dao, ek, fah},
        SubjectRule(subjects=("family",)): {dao},
        # Takes one of them, if not the other.
        SubjectRule(subjects=("family", "elderly")): {dao, ek, fah},
    }.items():
        assert set(await meant(crowd, only(rule))) == holds, rule
        assert set(await meant(crowd, but(rule))) == {dao, ek, fah} - holds, rule


async def test_all_of_include_and_none_of_exclude_must_hold(crowd: Crowd) -> None:
    dao, ek, _ = await crowd.come(3)
    await crowd.tag([dao, ek], "a")
    await crowd.tag([ek], "b")
    audience = Audience(include=(TagRule(tags=("a",)),), exclude=(TagRule(tags=("b",)),))
    assert set(await meant(crowd, audience)) == {dao}


async def test_what_a_minor_does_is_looked_at_by_no_rule(crowd: Crowd) -> None:
    child = await crowd.come(1)
    campaign = await crowd.campaign(await crowd.author())
    await crowd.run("UPDATE contact SET minor = TRUE WHERE id = ANY(:ids)", child)
    await crowd.answered(campaign, child, "q1", "a", right=True)
    await crowd.write(child, days_ago=1)
    await crowd.check(child, days_ago=1)
    of = str(campaign)
    for rule in (
        SeenRule(days=7), CheckedRule(days=7), ScoreRule(campaign=of), AnsweredRule(campaign=of, question="q1"),
    ):  # fmt: skip
        assert await meant(crowd, only(rule)) == []
        assert await meant(crowd, but(rule)) == child


async def test_no_campaign_reaches_who_is_held_blocked_or_had_enough_this_week(crowd: Crowd) -> None:
    free, held, blocked, full, over = [one for _ in range(5) for one in await crowd.come(1)]
    await crowd.hold([held])
    await crowd.run("UPDATE channel_identity SET blocked_at = :now WHERE contact_id = ANY(:ids)", [blocked])
    campaign = await crowd.campaign(await crowd.author())
    for day in (1, 6):
        await crowd.sent(campaign, [full], utc_now() - timedelta(days=day))
    for day in (1, 8):
        await crowd.sent(campaign, [over], utc_now() - timedelta(days=day))
    # What one did not get, to compare with, was no message.
    for day in (1, 2):
        await crowd.sent(campaign, [free], utc_now() - timedelta(days=day, hours=1), "holdout")
    everybody = {free, held, blocked, full, over}
    assert set(await meant(crowd, Audience(weekly_cap=2))) == everybody
    assert await reached(crowd, Audience(weekly_cap=2)) == {free, over}
    assert await reached(crowd, Audience(weekly_cap=0)) == everybody - {held, blocked}


async def test_a_hold_that_ended_holds_nobody(crowd: Crowd) -> None:
    dao = await crowd.come(1)
    await crowd.hold(dao)
    assert await reached(crowd, EVERYBODY) == set()
    await crowd.run("UPDATE broadcast_hold SET until = :now")
    assert await reached(crowd, EVERYBODY) == set(dao)


async def test_the_database_joins_sets_and_looks_nobody_up_alone(crowd: Crowd) -> None:
    """A million people take seconds only so; a condition that becomes a subplan is asked of each."""
    of = str(new_id())
    rules: tuple[Rule, ...] = (
        LanguageRule(languages=("en",)), ProvinceRule(provinces=("10",)), TagRule(tags=("a",)), SeenRule(days=7),
        AnsweredRule(campaign=of, question="q1"), ScoreRule(campaign=of), CheckedRule(days=7),
        ChannelRule(channels=("line",)), SubjectRule(subjects=("family", "elderly")),
    )  # fmt: skip
    async with crowd.database.unit_of_work() as session:
        for audience in (only(*rules), but(*rules)):
            statement = sendable(audience, "family", utc_now()).compile(
                dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}
            )
            connection = await driver_connection(session)
            plan = "\n".join(row[0] for row in await connection.fetch(f"EXPLAIN {statement}"))
            assert "Join" in plan
            assert "SubPlan" not in plan


async def test_a_campaign_that_is_none_is_refused_and_no_statement_is_made(crowd: Crowd) -> None:
    with pytest.raises(AudienceError):
        members(only(AnsweredRule(campaign="x' OR true --", question="q")), "", utc_now())


async def test_a_holdout_is_drawn_at_random_once_and_anew_for_another_run(crowd: Crowd) -> None:
    people = await crowd.come(2_000)
    first, second = new_id(), new_id()

    async def drawn(run: UUID) -> set[UUID]:
        async with crowd.database.unit_of_work() as session:
            return set(await session.scalars(sa.select(Contact.id).where(in_holdout(run, Contact.id, 10))))

    held_out, again, other = await drawn(first), await drawn(first), await drawn(second)
    assert held_out == again
    assert held_out <= set(people)
    # Of 2,000 about 200; seven standard deviations to either side.
    assert all(106 < len(one) < 294 for one in (held_out, other))
    assert len(held_out & other) < 100


async def test_shares_of_one_run_for_two_uses_have_nothing_to_do_with_each_other(crowd: Crowd) -> None:
    await crowd.come(2_000)
    run = new_id()
    async with crowd.database.unit_of_work() as session:
        pairs = (
            await session.execute(
                sa.select(share_of(run, Contact.id, "holdout"), share_of(run, Contact.id, "variant"))
            )
        ).all()
    assert all(0 <= share < SHARES for pair in pairs for share in pair)
    low = [other for one, other in pairs if one < SHARES // 2]
    assert 0.4 < sum(other < SHARES // 2 for other in low) / len(low) < 0.6
