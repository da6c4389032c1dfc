"""From an occasion to the plan of a campaign, on its next day; and the year as a calendar."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import NamedTuple

from campaigns.plans.blocks import Block, Wording
from campaigns.plans.plan import Plan, Step
from campaigns.plans.times import Drip, Once, Schedule
from campaigns.ready.checking import faults_in
from campaigns.ready.programme import (
    AskedBlock,
    Course,
    Occasion,
    Programme,
    ReadyBlock,
    ReadyStep,
    Yearly,
    read_programme,
)
from campaigns.ready.questions import quiz_block
from campaigns.sayings import read_folder
from core.clock import BANGKOK
from core.errors import NotFoundError
from core.languages import in_language


class Ready(NamedTuple):
    """A campaign that only needs an author: what `drafting.create_campaign` takes."""

    title: str
    plan: Plan
    origin: str


class Due(NamedTuple):
    """An occasion in the calendar, on the day on which its first step goes out."""

    day: date
    programme: str
    occasion: Occasion


@cache
def programmes() -> Mapping[str, Programme]:
    """All programmes by id, in the order in which they are offered; raises ContentError that lists every problem."""
    return load_programmes(resources.files("campaigns.ready").joinpath("occasions"))


def load_programmes(folder: Traversable) -> Mapping[str, Programme]:
    """Read and check the programmes of a folder; raises ContentError."""
    return read_folder(folder, read_programme, faults_in)


def make_ready(programme_id: str, occasion_id: str, today: date) -> Ready:
    """The occasion as a campaign on its next day after `today` (Bangkok); raises NotFoundError."""
    occasion = find_occasion(programme_id, occasion_id)
    return Ready(
        in_language(occasion.title, "th"), plan_of(occasion, today), f"pack:{programme_id}/{occasion_id}"
    )


def find_occasion(programme_id: str, occasion_id: str) -> Occasion:
    """Raises NotFoundError."""
    programme = programmes().get(programme_id)
    found = (one for one in (programme.occasions if programme else ()) if one.id == occasion_id)
    occasion = next(found, None)
    if occasion is None:
        raise NotFoundError("nothing is ready under this name")
    return occasion


def plan_of(occasion: Occasion, today: date) -> Plan:
    """The plan as its authors would have written it, for the next day after `today`."""
    return Plan(
        steps=tuple(_step(step) for step in occasion.steps),
        audience=occasion.audience,
        schedule=_schedule(occasion, today),
        subject=occasion.subject,
    )


def next_day(when: Yearly, today: date) -> date:
    """The next day after `today` on which it begins."""
    this_year = date(today.year, when.month, when.day)
    return this_year if this_year > today else this_year.replace(year=today.year + 1)


def calendar(first: date, last: date) -> Sequence[Due]:
    """What begins from the first day to the last, both included, in the order of its days."""
    return sorted(_due(first, last), key=lambda due: (due.day, due.programme, due.occasion.id))


def _due(first: date, last: date) -> Iterator[Due]:
    for programme in programmes().values():
        for occasion in programme.occasions:
            when = occasion.when
            if isinstance(when, Course):
                continue
            for year in range(first.year, last.year + 1):
                day = date(year, when.month, when.day)
                if first <= day <= last:
                    yield Due(day, programme.id, occasion)


def _schedule(occasion: Occasion, today: date) -> Schedule:
    when = occasion.when
    if isinstance(when, Course):
        return Drip(begins=when.begins, at=when.at, days=when.days)
    day = next_day(when, today)
    if len(when.days) > 1:
        return Drip(begins="date", at=when.at, days=when.days, date=day)
    return Once(datetime.combine(day, when.at, BANGKOK).astimezone(UTC))


def _step(step: ReadyStep) -> Step:
    return Step((Wording(blocks=tuple(_block(block) for block in step.blocks), notice=step.notice),))


def _block(block: ReadyBlock) -> Block:
    if isinstance(block, AskedBlock):
        return quiz_block(block.quiz, block.question, compares=block.compares)
    return block
