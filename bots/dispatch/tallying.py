"""Adding the rounds of quizzes that a batch of turns finished to the sums of the day."""

from collections.abc import Iterable
from typing import Any

from bots.dispatch.turn import Turn
from bots.engine.steps import QuizEffect
from campaigns.quizzes.outcomes import Answered, add_answers
from core.clock import bangkok, utc_now


async def tally_quizzes(connection: Any, turns: Iterable[Turn]) -> None:
    """Count what was answered, in one statement for all turns; nothing where nobody finished a round."""
    answers = [
        Answered(effect.quiz, one.question, one.phase, one.right)
        for turn in turns
        for _, effect in turn.effects
        if isinstance(effect, QuizEffect)
        for one in effect.answers
    ]
    if answers:
        await add_answers(connection, answers, bangkok(utc_now()).date())
