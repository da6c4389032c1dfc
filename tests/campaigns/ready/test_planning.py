from datetime import UTC, date, datetime, time

import pytest

from campaigns.approval import submit
from campaigns.composer.checking import faults_of, stops
from campaigns.drafting import create_campaign
from campaigns.lessons import packs
from campaigns.plans.audience import Audience
from campaigns.plans.blocks import LessonBlock, QuizBlock
from campaigns.plans.hours import time_faults
from campaigns.plans.plan import Plan, decode_plan, encode_plan
from campaigns.plans.times import Drip, Once
from campaigns.ready.planning import calendar, make_ready, plan_of, programmes
from campaigns.ready.programme import Course, Occasion
from core.clock import bangkok, utc_now
from core.contacts.subjects import SUBJECTS
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.errors import NotFoundError
from core.messages.wording import never_at_a_glance
from tests.campaigns.office import hire

TODAY = date(2026, 11, 23)


def occasions() -> list[Occasion]:
    return [occasion for programme in programmes().values() for occasion in programme.occasions]


def test_the_ministrys_programmes_are_all_ready() -> None:
    assert set(programmes()) == {
        "anti_violence", "job_scams", "family_school", "newborn_grant", "elderly", "volunteering"
    }  # fmt: skip
    assert {occasion.subject for occasion in occasions()} == set(SUBJECTS)


def test_the_year_against_violence_has_25_november_and_what_leads_to_it() -> None:
    days = [due for due in calendar(date(2027, 1, 1), date(2027, 12, 31)) if due.programme == "anti_violence"]
    assert (date(2027, 11, 25), "nov_25") in [(due.day, due.occasion.id) for due in days]
    assert len({due.day.month for due in days}) >= 5


def test_job_scams_come_by_season_and_measure_what_was_learnt() -> None:
    plans = [plan_of(occasion, TODAY) for occasion in programmes()["job_scams"].occasions]
    assert len(plans) >= 4
    measured = [
        [block for step in plan.steps for block in step.wordings[0].blocks if isinstance(block, QuizBlock)]
        for plan in plans
    ]
    pairs = [
        [(one.measures, one.phase) for one in asked] for asked in measured if asked and asked[0].measures
    ]
    assert len(pairs) >= 3
    assert all(
        pair[0][0] == pair[-1][0] and [phase for _, phase in pair] == ["before", "after"] for pair in pairs
    )


def test_the_family_school_is_a_course_of_its_own_for_everybody_who_joins() -> None:
    plan = make_ready("family_school", "course", TODAY).plan
    assert plan.schedule == Drip(begins="entered", at=time(18), days=(0, 4, 8, 12, 16, 20, 24, 28))
    told = [b.lesson for step in plan.steps for b in step.wordings[0].blocks if isinstance(b, LessonBlock)]
    assert told == [lesson.id for lesson in packs()["family_school"].lessons]


def test_an_occasion_becomes_a_campaign_on_its_next_day() -> None:
    ready = make_ready("anti_violence", "nov_25", TODAY)
    assert ready.origin == "pack:anti_violence/nov_25"
    assert ready.plan.schedule == Once(datetime(2026, 11, 25, 5, tzinfo=UTC))
    later = make_ready("anti_violence", "nov_25", date(2026, 11, 25)).plan.schedule
    assert later == Once(datetime(2027, 11, 25, 5, tzinfo=UTC))
    november = make_ready("anti_violence", "nov_month", TODAY).plan.schedule
    assert november == Drip(begins="date", at=time(18), days=(0, 7, 14), date=date(2027, 11, 3))


def test_a_calendar_over_new_year_is_in_the_order_of_its_days() -> None:
    days = [due.day for due in calendar(date(2026, 12, 1), date(2027, 1, 31))]
    assert days == sorted(days)
    assert days[0] == date(2026, 12, 5)
    assert days[-1].year == 2027


@pytest.mark.parametrize("occasion", occasions(), ids=lambda one: f"{one.subject}-{one.id}")
def test_what_is_ready_can_be_kept_sourced_and_shown_anywhere(occasion: Occasion) -> None:
    plan = plan_of(occasion, TODAY)
    assert decode_plan(encode_plan(plan)) == plan
    assert occasion.source["th"].strip()
    assert occasion.as_of <= TODAY
    assert (plan.subject, plan.audience) == (occasion.subject, Audience())
    assert not plan.emergency
    assert not stops(faults_of(plan, media={}))
    assert time_faults(plan, datetime(2026, 11, 23, 5, tzinfo=UTC)) == ()
    assert all(not never_at_a_glance(text) for step in occasion.steps for text in step.notice.values())


async def test_all_of_it_can_be_submitted_as_it_is(database: Database, keys: DataKeys) -> None:
    malee = await hire(database, keys, "Malee", "campaign_manager")
    today = bangkok(utc_now()).date()
    async with database.unit_of_work() as session:
        for programme in programmes().values():
            for occasion in programme.occasions:
                ready = make_ready(programme.id, occasion.id, today)
                campaign_id = await create_campaign(
                    session, title=ready.title, plan=ready.plan, author_id=malee, origin=ready.origin
                )
                await submit(session, campaign_id, revision=1, by=malee)


def test_nothing_is_sent_that_would_betray_who_prepares_to_leave() -> None:
    told = {
        block.lesson
        for one in programmes()["anti_violence"].occasions
        for block in _blocks(plan_of(one, TODAY))
        if isinstance(block, LessonBlock)
    }
    assert told
    assert not told & {"plan", "mend"}


def test_it_begins_in_the_day_with_three_hours_left_before_the_quiet_ones() -> None:
    for occasion in occasions():
        schedule = plan_of(occasion, TODAY).schedule
        at = bangkok(schedule.at).time() if isinstance(schedule, Once) and schedule.at else occasion.when.at
        assert time(8) <= at <= time(18)
        assert isinstance(occasion.when, Course) or at == occasion.when.at


def test_what_is_not_there_is_said() -> None:
    with pytest.raises(NotFoundError):
        make_ready("anti_violence", "new_moon", TODAY)
    with pytest.raises(NotFoundError):
        make_ready("moon", "nov_25", TODAY)


def _blocks(plan: Plan) -> list[object]:
    return [block for step in plan.steps for wording in step.wordings for block in wording.blocks]
