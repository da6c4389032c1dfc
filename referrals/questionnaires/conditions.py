"""Conditions on answers, written as data.

"G2=self|other" holds when one of these was answered; "P5q!=can" holds unless one of these was answered, so also while
nothing was; "@abroad" is a named condition or a fact, "!@abroad" its opposite; "a or b" joins alternatives.
A place "country:KH" counts as `country` too.
"""

from collections.abc import Iterable, Mapping

from referrals.questionnaires.questionnaire import SKIPPED, UNSURE, Answers

Named = Mapping[str, tuple[str, ...]]
_NO_FACTS: frozenset[str] = frozenset()


def hold(
    conditions: Iterable[str], answers: Answers, named: Named, facts: frozenset[str] = _NO_FACTS
) -> bool:
    """Whether all conditions hold; raises ValueError for one that can't be read."""
    return all(
        any(_holds(part, answers, named, facts) for part in condition.split(" or "))
        for condition in conditions
    )


def names_in(conditions: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
    """The ids of questions and the names that conditions refer to."""
    questions: set[str] = set()
    names: set[str] = set()
    for part in (part.strip() for condition in conditions for part in condition.split(" or ")):
        bare = part.removeprefix("!")
        if bare.startswith("@"):
            names.add(bare[1:])
        else:
            questions.add(part.partition("=")[0].removesuffix("!"))
    return frozenset(questions), frozenset(names)


def was_stated(answers: Answers, id: str) -> bool:  # noqa: A002 - the field's own word
    """Whether the question has an answer that says something: not skipped, not unsure, not open."""
    return bool(answers.get(id)) and not {SKIPPED, UNSURE} & set(answers[id])


def _holds(part: str, answers: Answers, named: Named, facts: frozenset[str]) -> bool:
    part = part.strip()
    if part.startswith("!@"):
        return not _holds(part[1:], answers, named, facts)
    if part.startswith("@"):
        name = part[1:]
        return name in facts or (name in named and hold(named[name], answers, named, facts))
    asked, equals, codes = part.partition("=")
    if not equals or not codes:
        raise ValueError(f"condition {part!r}: write Q=code, Q!=code or @name")
    given = {head for code in answers.get(asked.removesuffix("!"), ()) for head in (code, _head(code))}
    return given.isdisjoint(codes.split("|")) is asked.endswith("!")


def _head(code: str) -> str:
    return code.partition(":")[0]
