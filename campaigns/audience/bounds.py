"""What an audience may hold: bounds that keep it one statement which ends, and values that no database chokes on."""

from collections.abc import Iterator, Sequence
from uuid import UUID

import regex

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
from core.errors import InvalidInputError

# Twice as many combinations with every rule more; figures are made of all of them.
MOST_RULES = 12
MOST_VALUES = 100
LONGEST_VALUE = 80
# Nothing that campaigns look at is kept longer (core/retention/classes.toml).
MOST_DAYS = 730
# Half of an audience is compared with the other half at most.
MOST_HOLDOUT = 50
MOST_A_WEEK = 21
_PRINTABLE = regex.compile(r"[^\p{C}]+")


class AudienceError(InvalidInputError):
    """The audience can't be looked up; the message says what to change."""

    code = "audience"


def check_audience(audience: Audience) -> None:
    """Raises AudienceError that says every fault."""
    faults = [*_of_figures(audience)]
    for rule in (*audience.include, *audience.exclude):
        faults += _of_values(_values(rule))
        faults += _of_bounds(rule)
    if faults:
        raise AudienceError("; ".join(dict.fromkeys(faults)))


def _of_figures(audience: Audience) -> Iterator[str]:
    if len(audience.include) + len(audience.exclude) > MOST_RULES:
        yield f"use {MOST_RULES} rules at most"
    if not 0 <= audience.holdout <= MOST_HOLDOUT:
        yield f"hold out 0 to {MOST_HOLDOUT} per cent"
    if not 0 <= audience.weekly_cap <= MOST_A_WEEK:
        yield f"the cap is 0 to {MOST_A_WEEK} a week"


def _values(rule: Rule) -> Sequence[str]:
    """Every word of a rule; a rule of none holds for nobody, which nobody means."""
    if isinstance(rule, AnsweredRule):
        return (rule.campaign, rule.question, *rule.choices)
    if isinstance(rule, ScoreRule):
        return (rule.campaign,)
    if isinstance(rule, SeenRule | CheckedRule):
        return ("days",)
    return _listed(rule)


def _listed(rule: SubjectRule | ChannelRule | LanguageRule | ProvinceRule | TagRule) -> Sequence[str]:
    if isinstance(rule, SubjectRule):
        return rule.subjects
    if isinstance(rule, ChannelRule):
        return rule.channels
    if isinstance(rule, LanguageRule):
        return rule.languages
    return rule.provinces if isinstance(rule, ProvinceRule) else rule.tags


def _of_values(values: Sequence[str]) -> Iterator[str]:
    if not 1 <= len(values) <= MOST_VALUES:
        yield f"choose 1 to {MOST_VALUES} values in every rule"
    if any(len(value) > LONGEST_VALUE or not _PRINTABLE.fullmatch(value) for value in values):
        yield f"a value has 1 to {LONGEST_VALUE} printable characters"


def _of_bounds(rule: Rule) -> Iterator[str]:
    if isinstance(rule, SeenRule | CheckedRule) and not 1 <= rule.days <= MOST_DAYS:
        yield f"look back 1 to {MOST_DAYS} days"
    if isinstance(rule, ScoreRule) and not 0 <= rule.least <= rule.most <= 100:
        yield "a score lies between 0 and 100 per cent, the lower bound first"
    if isinstance(rule, ScoreRule | AnsweredRule) and not _is_id(rule.campaign):
        yield "choose the campaign whose answers count"


def _is_id(written: str) -> bool:
    try:
        return bool(UUID(written))
    except ValueError:
        return False
