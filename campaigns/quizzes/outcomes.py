"""How quizzes went, as sums of a day: of nobody in particular, and shown only where they are of at least 20 rounds.

Only whole rounds that somebody played for the first time are counted, so that before and after are of the same people.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from campaigns.figures import SMALLEST_COUNT, floored
from campaigns.models import QuizTally
from campaigns.quizzes.quiz import MEASURED, Phase, quizzes

# The rows are locked in one order in every transaction, so that two of them never wait for each other.
_ADD = """
INSERT INTO quiz_tally AS kept (quiz, question, phase, day, asked, "right")
SELECT quiz, question, phase, $4, asked, rightly
FROM unnest($1::text[], $2::text[], $3::text[], $5::int[], $6::int[])
  AS n(quiz, question, phase, asked, rightly)
ORDER BY quiz, question, phase
ON CONFLICT (quiz, question, phase, day)
DO UPDATE SET asked = kept.asked + excluded.asked, "right" = kept."right" + excluded."right"
"""
_STEP = 5  # per cent


class Answered(NamedTuple):
    """One answer, without who gave it."""

    quiz: str
    question: str
    phase: Phase
    right: bool


class Outcome(NamedTuple):
    """What one quiz taught. None: fewer than 20 rounds. Shares in per cent, in steps of five; `gain` is their difference."""

    quiz: str
    rounds: int | None
    before: int | None
    after: int | None
    gain: int | None


async def add_answers(connection: Any, answers: Iterable[Answered], day: date) -> None:
    """Add answers to the day's sums in one statement, on an asyncpg connection inside a transaction."""
    asked: Counter[tuple[str, str, str]] = Counter()
    right: Counter[tuple[str, str, str]] = Counter()
    for one in answers:
        cell = (one.quiz, one.question, one.phase)
        asked[cell] += 1
        right[cell] += one.right
    if not asked:
        return
    cells = list(asked)
    await connection.execute(
        _ADD,
        [cell[0] for cell in cells],
        [cell[1] for cell in cells],
        [cell[2] for cell in cells],
        day,
        [asked[cell] for cell in cells],
        [right[cell] for cell in cells],
    )


async def quiz_outcomes(session: AsyncSession, first: date, last: date) -> list[Outcome]:
    """How each quiz went from the first day to the last, both included."""
    rows = await session.execute(
        sa.select(QuizTally.quiz, QuizTally.phase, sa.func.sum(QuizTally.asked), sa.func.sum(QuizTally.right))
        .where(QuizTally.day.between(first, last), QuizTally.phase != "between")
        .group_by(QuizTally.quiz, QuizTally.phase)
    )
    found = {(quiz, phase): (int(asked), int(right)) for quiz, phase, asked, right in rows}
    return [
        _outcome(quiz_id, found.get((quiz_id, "before"), (0, 0)), found.get((quiz_id, "after"), (0, 0)))
        for quiz_id in quizzes()
    ]


def _outcome(quiz_id: str, before: tuple[int, int], after: tuple[int, int]) -> Outcome:
    rounds = min(before[0], after[0]) // MEASURED
    if rounds < SMALLEST_COUNT:
        return Outcome(quiz_id, None, None, None, None)
    shares = [_share(right, asked) for asked, right in (before, after)]
    return Outcome(quiz_id, floored(rounds), shares[0], shares[1], shares[1] - shares[0])


def _share(right: int, asked: int) -> int:
    return round(100 * right / asked / _STEP) * _STEP
