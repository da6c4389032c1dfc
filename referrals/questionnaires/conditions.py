"""Conditions on answers, written as data.

"G2=self|other" holds when one of these was answered; "P5q!=can" holds unless one of these was answered, so also while
nothing was; "@abroad" is a named condition or a fact, "!@abroad" its opposite; "a or b" joins alternatives.
A place "country:KH" counts as `country` too.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

from referrals.questionnaires.questionnaire import SKIPPED, UNSURE, Answers

Named = Mapping[str, tuple[str, ...]]
_NO_FACTS: frozenset[str] = frozenset()


class _Part(NamedTuple):
    """One alternative: a named condition (no codes) or answers of a question, either of them perhaps denied."""

    name: str
    codes: frozenset[str]
    denied: bool


def hold(
    conditions: Iterable[str], answers: Answers, named: Named, facts: frozenset[str] = _NO_FACTS
) -> bool:
    """Whether all conditions hold; raises ValueError for one that can't be read."""
    return all(
        any(_holds(part, answers, named, facts) for part in _alternatives(condition))
        for condition in conditions
    )


def names_in(conditions: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
    """The ids of questions and the names that conditions refer to."""
    parts = [part for condition in conditions for part in _alternatives(condition)]
    return (
        frozenset(part.name for part in parts if part.codes),
        frozenset(part.name for part in parts if not part.codes),
    )


def was_stated(answers: Answers, id: str) -> bool:  # noqa: A002 - the field's own word
    """Whether the question has an answer that says something: not skipped, not unsure, not open."""
    return bool(answers.get(id)) and not {SKIPPED, UNSURE} & set(answers[id])


def _holds(part: _Part, answers: Answers, named: Named, facts: frozenset[str]) -> bool:
    if not part.codes:
        held = part.name in facts or (part.name in named and hold(named[part.name], answers, named, facts))
        return held is not part.denied
    given = answers.get(part.name, ())
    return (
        any(code in part.codes or code.partition(":")[0] in part.codes for code in given) is not part.denied
    )


@cache
def _alternatives(condition: str) -> tuple[_Part, ...]:
    return tuple(_part(text.strip()) for text in condition.split(" or "))


def _part(text: str) -> _Part:
    if text.startswith(("@", "!@")):
        return _Part(text.lstrip("!@"), frozenset(), denied=text.startswith("!"))
    name, equals, codes = text.partition("=")
    if not name or not equals or not codes:
        raise ValueError(f"condition {text!r}: write Q=code, Q!=code or @name")
    return _Part(name.removesuffix("!"), frozenset(codes.split("|")), denied=name.endswith("!"))
