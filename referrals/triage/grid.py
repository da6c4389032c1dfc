"""The indicators among the answers: act, means and purpose, and the ILO's numbers."""

from collections.abc import Iterator, Mapping
from typing import Literal

import msgspec

from referrals.questionnaires.questionnaire import Answers, Choice, Element, Questionnaire

Column = Literal["act", "means", "purpose"]
Cell = tuple[str, str]  # question id, code of the choice
Grid = Mapping[Column, tuple[Cell, ...]]
_COLUMNS: tuple[tuple[Element, Column], ...] = (("A", "act"), ("M", "means"), ("P", "purpose"))


class Indicator(msgspec.Struct, frozen=True):
    """A choice with a strength that was answered."""

    question: str
    choice: Choice

    @property
    def kind(self) -> tuple[tuple[str, ...], tuple[int, ...]]:
        """What two indicators must differ in to be of different kinds."""
        return self.choice.elements, self.choice.ilo


def indicators(questionnaire: Questionnaire, answers: Answers) -> tuple[Indicator, ...]:
    """Every indicator that was answered, in order of the questions, also where a later answer closed its question."""
    return tuple(_indicators(questionnaire, answers))


def _indicators(questionnaire: Questionnaire, answers: Answers) -> Iterator[Indicator]:
    for question in questionnaire.questions:
        given = answers.get(question.id, ())
        for choice in question.choices if given else ():
            if choice.strength and choice.code in given:
                yield Indicator(question.id, choice)


def grid_of(found: tuple[Indicator, ...]) -> Grid:
    return {
        column: tuple((one.question, one.choice.code) for one in found if element in one.choice.elements)
        for element, column in _COLUMNS
    }


def ilo_of(found: tuple[Indicator, ...]) -> tuple[int, ...]:
    """Numbers of the ILO's 11 indicators of forced labour that were seen, ascending."""
    return tuple(sorted({number for one in found for number in one.choice.ilo}))


def facts_of(found: tuple[Indicator, ...]) -> frozenset[str]:
    """What the rules may ask of the indicators as a whole (see rules.toml)."""
    facts = {column for column, cells in grid_of(found).items() if cells}
    strong = [one for one in found if one.choice.strength == "S"]
    tests = {
        "strong_means": any("M" in one.choice.elements for one in strong),
        "strong_sign": any(one.choice.elements for one in strong),
        "two_signs": any(
            one.question != other.question and one.kind != other.kind for one in found for other in found
        ),
        "two_offer_signs": len([one for one in strong if one.question.startswith("J")]) > 1,
    }
    return frozenset(facts) | frozenset(name for name, holds in tests.items() if holds)
