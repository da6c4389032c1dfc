"""Judges a report: how soon it should be claimed, why, what it may come under, and what is still unknown.

Never a verdict: identification belongs to the multidisciplinary team. The same input gives the same answer.
"""

from collections.abc import Collection

import msgspec

from referrals.questionnaires.asking import applies
from referrals.questionnaires.conditions import hold, was_stated
from referrals.questionnaires.questionnaire import SKIPPED, Answers, Question, Questionnaire
from referrals.triage.grid import Grid, facts_of, grid_of, ilo_of, indicators
from referrals.triage.rules import Priority, rules

MOST_SUGGESTED = 3


class Assessment(msgspec.Struct, frozen=True):
    """`reasons` and `bands` are codes of words.toml, `unknown` ids of questions; `rules` is their version."""

    priority: Priority
    reasons: tuple[str, ...]
    bands: tuple[str, ...]
    grid: Grid
    ilo: tuple[int, ...]
    unknown: tuple[str, ...]
    rules: str


class Judgement(msgspec.Struct, frozen=True):
    """The part of an assessment that a turn of the chat needs; without `unknown` it takes a tenth of the time."""

    priority: Priority
    reasons: tuple[str, ...]
    bands: tuple[str, ...]


def assess(questionnaire: Questionnaire, answers: Answers, *, kinds: Collection[str] = ()) -> Assessment:
    """Judge the answers as far as they go; `kinds` are those of the crisis words that were heard."""
    found = indicators(questionnaire, answers)
    judged = judge(questionnaire, answers, kinds)
    return Assessment(
        priority=judged.priority,
        reasons=judged.reasons,
        bands=judged.bands,
        grid=grid_of(found),
        ilo=ilo_of(found),
        unknown=_unknown(questionnaire, answers, kinds, judged),
        rules=rules().version,
    )


def judge(questionnaire: Questionnaire, answers: Answers, kinds: Collection[str] = ()) -> Judgement:
    """Priority, reasons and bands alone."""
    table = rules()
    facts = facts_of(indicators(questionnaire, answers)) | {f"heard_{kind}" for kind in kinds}
    met = [rule for rule in table.rule if hold(rule.when, answers, table.conditions, facts)]
    bands = [band.band for band in table.band if hold(band.when, answers, table.conditions, facts)]
    return Judgement(
        priority=min((rule.priority for rule in met), default="P3"),
        reasons=tuple(dict.fromkeys(rule.reason for rule in met)) or ("advice",),
        bands=tuple(dict.fromkeys(bands)),
    )


def _unknown(
    questionnaire: Questionnaire, answers: Answers, kinds: Collection[str], judged: Judgement
) -> tuple[str, ...]:
    """Open questions whose answer could raise the priority or add a band, those that would raise it most first.

    What was skipped comes last: the person may not want to be asked again.
    """
    ranked = []
    for at, question in enumerate(questionnaire.questions):
        if was_stated(answers, question.id) or not applies(questionnaire, question, answers):
            continue
        possible = [
            judge(questionnaire, {**answers, question.id: (choice.code,)}, kinds)
            for choice in question.choices
            if _tells(question, choice.code)
        ]
        best = min((one.priority for one in possible), default=judged.priority)
        if best < judged.priority or any(set(one.bands) - set(judged.bands) for one in possible):
            skipped = SKIPPED in answers.get(question.id, ())
            ranked.append((skipped, min(best, judged.priority), at, question.id))
    return tuple(id_ for *_, id_ in sorted(ranked)[:MOST_SUGGESTED])


def _tells(question: Question, code: str) -> bool:
    """Whether the choice is an indicator or says what the report is about."""
    choice = question.choice(code)
    return choice is not None and bool(choice.strength or choice.kinds or question.id == "G5")
