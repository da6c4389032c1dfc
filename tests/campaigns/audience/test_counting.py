"""What managers are told of an audience, and what they can't learn by asking. Guards 8."""

import random
from collections.abc import Sequence
from datetime import timedelta
from typing import get_args
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from campaigns.audience.bounds import AudienceError
from campaigns.audience.cells import Cell, Group, _statement
from campaigns.audience.counting import (
    Counted,
    TooFewError,
    check_size,
    count_audience,
    count_cells,
    list_tags,
    rounded,
)
from campaigns.audience.selecting import members, sendable
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
from core.ids import new_id
from tests.campaigns.audience.crowd import Crowd

CAMPAIGN = str(new_id())
# Of every kind that a manager has.
EVERY_RULE: tuple[Rule, ...] = (
    SubjectRule(subjects=("family",)), ChannelRule(channels=("line",)), LanguageRule(languages=("th",)),
    ProvinceRule(provinces=("10",)), SeenRule(days=30), AnsweredRule(campaign=CAMPAIGN, question="q1"),
    ScoreRule(campaign=CAMPAIGN), CheckedRule(days=30), TagRule(tags=("อบรม",)),
)  # fmt: skip
# What statements that managers see the figures of may read: nothing that a report writes.
MAY_READ = {
    "contact", "consent", "channel_identity", "conversation", "contact_trait", "contact_tag", "campaign_answer",
    "campaign_member", "campaign_run", "screening",
}  # fmt: skip


async def count(crowd: Crowd, audience: Audience | None = None, subject: str = "") -> Counted:
    async with crowd.database.unit_of_work() as session:
        return await count_audience(session, audience or Audience(), subject)


@pytest.mark.parametrize(("agreed", "said"), [(0, None), (1, None), (19, None), (20, 20), (30, 30)])
async def test_fewer_than_twenty_are_not_counted(crowd: Crowd, agreed: int, said: int | None) -> None:
    await crowd.come(agreed)
    assert (await count(crowd)).total == said


async def test_it_says_how_many_each_rule_is_of_and_why_others_get_nothing(crowd: Crowd) -> None:
    people = await crowd.come(120)
    never = await crowd.come(30, agreed=False)
    await crowd.tag([*people[:60], *never], "อบรม")
    await crowd.live_in(people[40:80], "10")
    await crowd.agree(people[:20], "family", granted=False)
    campaign = await crowd.campaign(await crowd.author())
    await crowd.sent(campaign, people[20:40], utc_now() - timedelta(days=1))
    audience = Audience(
        include=(TagRule(tags=("อบรม",)),), exclude=(ProvinceRule(provinces=("10",)),), weekly_cap=1
    )
    assert await count(crowd, audience, "family") == Counted(
        total=20, include=(40,), exclude=(40,), no_consent=30, stopped=20, capped=20
    )


async def test_an_audience_of_fewer_than_twenty_gets_no_campaign(crowd: Crowd) -> None:
    people = await crowd.come(40)
    await crowd.tag(people[:19], "น้อย")
    await crowd.tag(people[:20], "พอ")
    # Whoever of them could be reached: that they are held is nobody's to learn.
    await crowd.hold(people)
    async with crowd.database.unit_of_work() as session:
        await check_size(session, Audience(include=(TagRule(tags=("พอ",)),)), "")
        with pytest.raises(TooFewError):
            await check_size(session, Audience(include=(TagRule(tags=("น้อย",)),)), "")


async def test_tags_are_listed_with_how_many_agreed_people_they_are_of(crowd: Crowd) -> None:
    people, never = await crowd.come(30), await crowd.come(10, agreed=False)
    await crowd.tag(people, "ข")
    await crowd.tag([people[0], *never], "ก")
    async with crowd.database.unit_of_work() as session:
        assert [(one.tag, one.people) for one in await list_tags(session)] == [("ก", None), ("ข", 30)]


@pytest.mark.parametrize(
    "audience",
    [
        Audience(include=(TagRule(tags=()),)),
        Audience(include=(TagRule(tags=("a\0b",)),)),
        Audience(include=(TagRule(tags=("a" * 81,)),)),
        Audience(include=(ProvinceRule(provinces=tuple("10" for _ in range(101))),)),
        Audience(exclude=(SeenRule(days=0),)),
        Audience(exclude=(CheckedRule(days=10**9),)),
        Audience(include=(ScoreRule(campaign=CAMPAIGN, least=60, most=40),)),
        Audience(include=(AnsweredRule(campaign="none", question="q"),)),
        Audience(include=tuple(SeenRule(days=n) for n in range(1, 14))),
        Audience(holdout=51),
        Audience(weekly_cap=-1),
    ],
)
async def test_an_audience_out_of_bounds_is_refused_in_words(crowd: Crowd, audience: Audience) -> None:
    with pytest.raises(AudienceError, match=r"\w+ \w+"):
        await count(crowd, audience)


# --- what an attacker tries -------------------------------------------------------------------------------------------


def tables_of(statement: sa.Select[object]) -> set[str]:
    return {
        one.name
        for one in sa.sql.visitors.iterate(statement)
        if isinstance(one, sa.sql.expression.TableClause)
    }


def test_no_rule_and_no_figure_reads_what_a_report_writes() -> None:
    for rule in EVERY_RULE:
        audience = Audience(include=(rule,), exclude=(rule,))
        for statement in (members(audience, "family", utc_now()), _statement(audience, "family", utc_now())):
            assert tables_of(statement) <= MAY_READ, rule
            said = str(statement.compile(dialect=postgresql.dialect()))
            # Of these two tables only that and when, never what came of it or whether somebody hides.
            for column in ("hidden", "state", "band", "score", "indicators", "wave_id"):
                assert f"conversation.{column}" not in said
                assert f"screening.{column}" not in said
    # What goes out does look at holds: the silence above is no blindness of the test.
    assert "broadcast_hold" in tables_of(sendable(Audience(), "", utc_now()))


def test_the_test_above_has_every_rule_there_is() -> None:
    assert {type(rule) for rule in EVERY_RULE} == set(get_args(Rule))


async def everything_a_manager_sees(crowd: Crowd, audiences: Sequence[Audience]) -> list[object]:
    seen: list[object] = []
    async with crowd.database.unit_of_work() as session:
        for audience in audiences:
            seen.append(await count_audience(session, audience, "family"))
            try:
                seen.append(await check_size(session, audience, "family"))
            except TooFewError as error:
                seen.append(str(error))
        seen.append(await list_tags(session))
    return seen


async def test_reports_change_no_figure_whatever_is_included_excluded_or_capped(crowd: Crowd) -> None:
    people = await crowd.come(60)
    campaign = await crowd.campaign(await crowd.author())
    rules = (*EVERY_RULE[:5], AnsweredRule(campaign=str(campaign), question="q1"), *EVERY_RULE[6:])
    await crowd.tag(people[:21], "อบรม")
    await crowd.live_in(people[10:40], "10")
    await crowd.answered(campaign, people[:30], "q1", "a", right=True)
    await crowd.write(people[:50], days_ago=1)
    await crowd.check(people[20:45], days_ago=1)
    await crowd.sent(campaign, people[:25], utc_now() - timedelta(days=1))
    audiences = [
        Audience(weekly_cap=1),
        *(Audience(include=(rule,), weekly_cap=1) for rule in rules),
        *(Audience(exclude=(rule,), weekly_cap=1) for rule in rules),
        Audience(include=(rules[3],), exclude=(rules[8],), holdout=50),
    ]
    before = await everything_a_manager_sees(crowd, audiences)
    for held in ([people[0]], people[5:24], people):
        await crowd.hold(held)
        assert await everything_a_manager_sees(crowd, audiences) == before
        await crowd.release()
    # And holds were felt where they must be.
    await crowd.hold(people[:10])
    async with crowd.database.unit_of_work() as session:
        statement = sendable(Audience(weekly_cap=0), "family", utc_now())
        reached = {row.contact_id for row in await session.execute(statement)}
    assert reached == set(people[10:])


async def test_who_was_held_during_a_run_had_a_place_in_it_so_that_the_cap_tells_nothing(
    crowd: Crowd,
) -> None:
    people = await crowd.come(20)
    await crowd.hold(people[:1])
    # The run's members are whom the audience means, held or not: that is what freezing writes.
    async with crowd.database.unit_of_work() as session:
        rows = await session.execute(members(Audience(), "", utc_now()))
        meant = [row.contact_id for row in rows]
    await crowd.sent(await crowd.campaign(await crowd.author()), meant, utc_now())
    assert (await count(crowd, Audience(weekly_cap=1))).capped == 20


async def test_leaving_one_person_out_changes_nothing_that_is_said(crowd: Crowd) -> None:
    people = await crowd.come(100)
    await crowd.live_in(people[:59], "10")
    in_it, outside = people[0], people[80]
    await crowd.tag([in_it], "in")
    await crowd.tag([outside], "out")
    province = (ProvinceRule(provinces=("10",)),)
    plain = await count(crowd, Audience(include=province))
    for tag in ("in", "out"):
        without = await count(crowd, Audience(include=province, exclude=(TagRule(tags=(tag,)),)))
        assert without.total == plain.total
        assert without.exclude == (None,)


def cell(size: int, *holds: bool, mark: int | None = None) -> Cell:
    return Cell(
        agreed=True, asked=True, full=False, holds=holds,
        group=Group(size, random.getrandbits(62) if mark is None else mark),
    )  # fmt: skip


def test_rules_that_say_nearly_the_same_are_not_both_taken_away() -> None:
    audience = Audience(include=(TagRule(tags=("a",)), TagRule(tags=("b",))))
    cells = [cell(50, True, True), cell(3, True, False), cell(4, False, True), cell(900, False, False)]
    assert count_cells(cells, audience, "").total in (50, 60)


def rises_and_falls(joining: int) -> tuple[int, int]:
    """Ask for a set, then otherwise for the same with so many more people; of 4,000 sets, how many figures rose and fell."""
    chance, rises, falls = random.Random(joining), 0, 0
    for _ in range(4_000):
        size, mark, person = chance.randint(100, 1_000), chance.getrandbits(62), chance.getrandbits(62)
        before = rounded(Group(size, mark), ["total", ["a"]]) or 0
        after = rounded(Group(size + joining, mark ^ person * joining), ["total", ["a", "x"]]) or 0
        rises += after > before
        falls += after < before
    return rises, falls


def test_whether_one_person_joined_a_set_cannot_be_told_from_the_draw() -> None:
    joined, nobody = rises_and_falls(1), rises_and_falls(0)
    # Figures change where nobody joined, and fall where somebody did: no change proves anything.
    assert min(*joined, *nobody) > 4_000 // 20
    # What a change makes likelier is at most so much likelier than before.
    for one, other in zip(joined, nobody, strict=True):
        assert 1 / 1.6 < one / other < 1.6


async def test_asking_again_gives_the_same_in_whatever_order_it_is_put(crowd: Crowd) -> None:
    people = await crowd.come(97)
    await crowd.tag(people[:73], "a")
    await crowd.live_in(people[20:], "10")
    a, b = TagRule(tags=("a", "b")), ProvinceRule(provinces=("10", "11"))
    first = await count(crowd, Audience(include=(a, b)))
    for include in ((a, b), (b, a), (TagRule(tags=("b", "a", "a")), b), (a, b, a)):
        again = await count(crowd, Audience(include=include))
        assert again.total == first.total
    # What changes nobody gives no new draw to average over.
    for more in (Audience(include=(a, b), holdout=7), Audience(include=(a, b), weekly_cap=9)):
        assert (await count(crowd, more)).total == first.total
    for nobody in ("x", "y", "z"):
        padded = Audience(include=(a, b), exclude=(TagRule(tags=(nobody,)),))
        assert (await count(crowd, padded)).total == first.total


def test_figures_are_right_on_average() -> None:
    said = [rounded(Group(137, random.getrandbits(62)), ["q"]) or 0 for _ in range(4_000)]
    assert set(said) == {130, 140}
    assert 136 < sum(said) / len(said) < 138


@pytest.mark.parametrize("hidden", ["province", "tag", "answer"])
async def test_an_audience_of_one_is_not_said_and_not_sent(crowd: Crowd, hidden: str) -> None:
    people = await crowd.come(50)
    campaign = await crowd.campaign(await crowd.author())
    dao: list[UUID] = people[:1]
    await crowd.live_in(dao, "95")
    await crowd.tag(dao, "ดาว")
    await crowd.answered(campaign, dao, "q1", "yes")
    rule: Rule = {
        "province": ProvinceRule(provinces=("95",)),
        "tag": TagRule(tags=("ดาว",)),
        "answer": AnsweredRule(campaign=str(campaign), question="q1", choices=("yes",)),
    }[hidden]
    counted = await count(crowd, Audience(include=(rule,)))
    assert (counted.total, counted.include, counted.capped) == (None, (None,), None)
    async with crowd.database.unit_of_work() as session:
        with pytest.raises(TooFewError):
            await check_size(session, Audience(include=(rule,)), "")
