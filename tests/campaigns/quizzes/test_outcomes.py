"""What quizzes taught: sums that add up, and nothing of few."""

import asyncio
from datetime import date

from campaigns.quizzes.outcomes import Answered, Outcome, add_answers, quiz_outcomes
from campaigns.quizzes.quiz import Quiz, quizzes
from core.db.database import Database, driver_connection

DAY, NEXT = date(2026, 11, 23), date(2026, 11, 24)
FIRST, SECOND, THIRD = quizzes().values()


def rounds(quiz: Quiz, count: int, *, before: int, after: int) -> list[Answered]:
    """Whole rounds; of each phase so many rounds answered rightly."""
    right = {"before": before, "between": 0, "after": after}
    return [
        Answered(quiz.id, question.id, question.phase, number < right[question.phase])
        for number in range(count)
        for question in quiz.questions
    ]


async def add(database: Database, answers: list[Answered], day: date = DAY) -> None:
    async with database.unit_of_work() as session:
        await add_answers(await driver_connection(session), answers, day)


async def outcomes(database: Database, first: date = DAY, last: date = NEXT) -> dict[str, Outcome]:
    async with database.unit_of_work() as session:
        return {one.quiz: one for one in await quiz_outcomes(session, first, last)}


async def test_the_gain_is_what_the_end_has_over_the_beginning(database: Database) -> None:
    await add(database, rounds(FIRST, 25, before=10, after=20))
    await add(database, rounds(FIRST, 15, before=6, after=12), NEXT)
    assert (await outcomes(database))[FIRST.id] == Outcome(FIRST.id, 40, 40, 80, 40)


async def test_fewer_than_twenty_rounds_show_nothing(database: Database) -> None:
    await add(database, rounds(FIRST, 19, before=0, after=19))
    await add(database, rounds(SECOND, 20, before=20, after=15))
    found = await outcomes(database)
    assert found[FIRST.id] == Outcome(FIRST.id, None, None, None, None)
    assert found[SECOND.id] == Outcome(SECOND.id, 20, 100, 75, -25)
    assert found[THIRD.id].rounds is None


async def test_a_range_that_leaves_few_shows_nothing(database: Database) -> None:
    await add(database, rounds(FIRST, 19, before=5, after=9))
    await add(database, rounds(FIRST, 30, before=5, after=9), NEXT)
    assert (await outcomes(database, DAY, DAY))[FIRST.id].rounds is None
    assert (await outcomes(database))[FIRST.id].rounds == 40


async def test_counts_are_floored_and_shares_in_steps_of_five(database: Database) -> None:
    await add(database, rounds(FIRST, 27, before=13, after=14))
    found = (await outcomes(database))[FIRST.id]
    assert (found.rounds, found.before, found.after) == (20, 50, 50)


async def test_many_at_once_lose_nothing(database: Database) -> None:
    forwards = [*rounds(FIRST, 1, before=1, after=1), *rounds(SECOND, 1, before=1, after=1)]
    await asyncio.gather(*(add(database, forwards if i % 2 else forwards[::-1]) for i in range(40)))
    found = await outcomes(database)
    assert (found[FIRST.id].rounds, found[SECOND.id].rounds) == (40, 40)
