"""The questions of a plan, and what a press on one of their answers means."""

from collections.abc import Iterator

import msgspec

from campaigns.plans.blocks import Choice, QuizBlock, Said, SurveyBlock
from campaigns.plans.plan import Plan

Question = QuizBlock | SurveyBlock
PROVINCE = "province"


class Asked(msgspec.Struct, frozen=True):
    """An answer that was pressed, as its campaign means it."""

    # The kind word that it gets.
    reply: Said
    # Empty for a survey, which has no right answer.
    right: bool | None = None
    # A province that may be remembered of who chose it: an ISO 3166-2 code without "TH-".
    province: str = ""
    # What the same person answered before.
    given: str = ""
    # The campaign went out: a press on a message that was sent to try it is answered, and not kept.
    counts: bool = False


def questions_of(plan: Plan, variant: str | None = None) -> Iterator[Question]:
    """Every question of the plan in its order; of one wording where `variant` is given."""
    for step in plan.steps:
        for wording in step.wordings:
            if variant in {None, wording.variant}:
                yield from (block for block in wording.blocks if isinstance(block, QuizBlock | SurveyBlock))


def find_choice(plan: Plan, question: str, choice: str, variant: str = "") -> tuple[Question, Choice] | None:
    """The choice of this id, as the person's own wording has it; else as another has it; None where none does."""
    return next(
        (
            (block, one)
            for which in (variant, None)
            for block in questions_of(plan, which)
            if block.id == question
            for one in block.choices
            if one.id == choice
        ),
        None,
    )
