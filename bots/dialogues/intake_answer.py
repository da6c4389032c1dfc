"""What an answer brings with it: a referral opened or raised, the receipt, numbers to call, consent and wishes."""

from collections.abc import Sequence
from typing import NamedTuple, get_args

import msgspec

from bots.dialogues.intake_clock import minutes_here, say_time, zone_there
from bots.dialogues.intake_progress import Progress, given
from bots.dialogues.numbers import numbers_bubble, say_number
from bots.dialogues.speech import text
from bots.dialogues.staff import in_fours
from bots.engine.steps import (
    AgencyConsentEffect,
    ContactRuleEffect,
    Effect,
    Facts,
    HandWordsEffect,
    Language,
    MinorEffect,
    OpenReferralEffect,
    State,
    StoreAnswersEffect,
)
from core.messages.content import Bubble
from nlp.findings import CrisisKind
from referrals.directory.hotlines import hotline
from referrals.questionnaires.asking import hotline_kinds, is_abroad, receipt_due
from referrals.questionnaires.questionnaire import Question, Questionnaire
from referrals.triage.assessment import judge

_CONSUL = "02-572-8442"
_MINUTES = 60
_EMERGENCY = ("danger", "detention")
_CRISES: frozenset[str] = frozenset(get_args(CrisisKind))


class Brought(NamedTuple):
    """What an answer leads to beside the next question."""

    progress: Progress
    bubbles: tuple[Bubble, ...] = ()
    effects: tuple[Effect, ...] = ()
    # Somebody is in danger now.
    urgent: bool = False


def bring(
    state: State,
    questionnaire: Questionnaire,
    before: Progress,
    progress: Progress,
    question: Question,
    facts: Facts,
) -> Brought:
    """All that follows from the answer to `question`, given `before` and after it."""
    language = state.language
    numbers = _numbers(language, questionnaire, before, progress, facts)
    child, child_effects = _of_a_child(state, question, progress)
    sent = send(questionnaire, progress, question.id, facts)
    receipt, told = _receipt(language, questionnaire, sent.progress)
    opening: tuple[Bubble, ...] = ()
    if sent.urgent:
        opening = (text(language, "intake.raised" if before.sent else "intake.sent_now"),)
        numbers = numbers or (_emergency(language, questionnaire, progress, facts),)
    return Brought(
        progress=told,
        bubbles=(*opening, *numbers, *child, *receipt),
        effects=(*sent.effects, *_wishes(questionnaire, before, progress, question, facts), *child_effects),
        urgent=sent.urgent,
    )


def send(questionnaire: Questionnaire, progress: Progress, question: str, facts: Facts) -> Brought:
    """Store the answer where staff have the report; open it where it is due or cannot wait."""
    kinds = report_kinds(questionnaire, progress)
    found = judge(questionnaire, progress.answers, progress.kinds)
    standing = facts.open_referral
    urgent = found.priority == "P0" and (standing is None or standing.priority != "P0")
    due = found.priority == "P0" or receipt_due(questionnaire, progress.answers)
    if standing is None and not due:
        return Brought(progress)
    effects: list[Effect] = []
    if standing is None or found.priority < standing.priority or not progress.sent:
        effects.append(
            OpenReferralEffect(
                found.priority, "report", kinds=kinds, reasons=tuple(found.reasons), receipt=facts.receipt
            )
        )
    if standing is None:
        progress = msgspec.structs.replace(progress, receipt=facts.receipt)
    return _handed(questionnaire, progress, question, effects, urgent=urgent)


def hand_over(questionnaire: Questionnaire, progress: Progress, question: str) -> Brought:
    """What staff don't have yet, for the referral that stands or that this turn opens; `question` was answered now."""
    return _handed(questionnaire, progress, question, [], urgent=False)


def _handed(
    questionnaire: Questionnaire, progress: Progress, question: str, effects: list[Effect], *, urgent: bool
) -> Brought:
    answers = given(progress, question) if progress.sent else given(progress)
    if answers:
        effects.append(StoreAnswersEffect(questionnaire.name, answers))
    if progress.words:
        effects.append(HandWordsEffect(progress.words))
    sent = msgspec.structs.replace(progress, sent=True, words=())
    return Brought(sent, effects=tuple(effects), urgent=urgent)


def report_kinds(questionnaire: Questionnaire, progress: Progress) -> tuple[str, ...]:
    """Kinds of danger by answers and by words."""
    told = set(hotline_kinds(questionnaire, progress.answers)) | set(progress.kinds)
    return tuple(sorted(told & _CRISES))


def _receipt(
    language: Language, questionnaire: Questionnaire, progress: Progress
) -> tuple[tuple[Bubble, ...], Progress]:
    """Once, when the first questions are through: the code of the report, or that it joined the one before."""
    if progress.receipt_told or not progress.sent or not receipt_due(questionnaire, progress.answers):
        return (), progress
    told = msgspec.structs.replace(progress, receipt_told=True)
    if not progress.receipt:
        return (text(language, "intake.joined"),), told
    return (text(language, "intake.receipt", code=in_fours(progress.receipt)),), told


def _emergency(language: Language, questionnaire: Questionnaire, progress: Progress, facts: Facts) -> Bubble:
    abroad = is_abroad(questionnaire, progress.answers)
    return numbers_bubble(language, "intake.numbers", _EMERGENCY, facts, abroad=abroad)


def _numbers(
    language: Language, questionnaire: Questionnaire, before: Progress, progress: Progress, facts: Facts
) -> tuple[Bubble, ...]:
    """Whom to call, as soon as an answer tells what for; abroad the consul, and whose clock we go by."""
    abroad = is_abroad(questionnaire, progress.answers)
    known = {*hotline_kinds(questionnaire, before.answers), "abroad"}
    kinds = [kind for kind in hotline_kinds(questionnaire, progress.answers) if kind not in known]
    bubbles: list[Bubble] = []
    if kinds:
        bubbles.append(numbers_bubble(language, "intake.numbers", kinds, facts, abroad=abroad))
    if abroad and not is_abroad(questionnaire, before.answers):
        number = say_number(language, hotline(_CONSUL), facts)
        bubbles.append(text(language, "intake.abroad", number=number, time=say_time(facts.now)))
    there = _time_there(progress, facts)
    if there and there != _time_there(before, facts):
        bubbles.append(text(language, "intake.time_there", time=there))
    return tuple(bubbles)


def _time_there(progress: Progress, facts: Facts) -> str:
    """What clocks show where the person is; "" where they go as ours."""
    zone = zone_there(progress.answers)
    there = say_time(facts.now, zone) if zone else ""
    return there if there != say_time(facts.now) else ""


def _of_a_child(
    state: State, question: Question, progress: Progress
) -> tuple[tuple[Bubble, ...], tuple[Effect, ...]]:
    """A child reads a shorter notice, and no campaign looks at what they do; only by their own word of themselves."""
    minor = _says_minor(progress)
    if question.id not in {"G2", "G3"} or minor is None or minor == state.minor:
        return (), ()
    notice: tuple[Bubble, ...] = (text(state.language, "intake.child_notice"),) if minor else ()
    return notice, (MinorEffect(minor),)


def _says_minor(progress: Progress) -> bool | None:
    """None where the report is about somebody else, or the age was not told."""
    age = progress.answers.get("G3", ())
    if "self" not in progress.answers.get("G2", ()) or not {"yes", "no"} & set(age):
        return None
    return "yes" in age


def _wishes(
    questionnaire: Questionnaire, before: Progress, progress: Progress, question: Question, facts: Facts
) -> tuple[Effect, ...]:
    if question.id in {"C2", "C2n"}:
        return _consents(questionnaire, before, progress)
    if question.id in {"C3", "C3h"}:
        return (_contact_rule(progress, facts),)
    return ()


def _consents(questionnaire: Questionnaire, before: Progress, progress: Progress) -> tuple[Effect, ...]:
    """One line an agency: what is agreed to now, and what no more. The identity is withheld unless named."""
    named = "named" in progress.answers.get("C2n", ())
    agreed, earlier = _agencies(questionnaire, progress), _agencies(questionnaire, before)
    return tuple(
        AgencyConsentEffect(agency, agency in agreed, named and agency in agreed, questionnaire.hash)
        for agency in (*agreed, *(one for one in earlier if one not in agreed))
    )


def _agencies(questionnaire: Questionnaire, progress: Progress) -> Sequence[str]:
    choices = questionnaire.by_id["C2"].choices
    agencies = {choice.code for choice in choices if not choice.alone}
    return [code for code in progress.answers.get("C2", ()) if code in agencies]


def _contact_rule(progress: Progress, facts: Facts) -> ContactRuleEffect:
    """Don't write first, unless the person said otherwise; not answered is not otherwise."""
    said = progress.answers.get("C3", ())
    if "hours" in said:
        zone = zone_there(progress.answers)
        codes = progress.answers.get("C3h", ())
        hours = next((hours for code in codes if (hours := _hours(code, zone, facts))), None)
        return ContactRuleEffect(True, *hours) if hours else ContactRuleEffect(False)
    return ContactRuleEffect("chat" in said)


def _hours(code: str, zone: str | None, facts: Facts) -> tuple[int, int] | None:
    """The minutes in Bangkok of "time:18:00-21:00", said by the clock of where the person is."""
    if not code.startswith("time:"):
        return None
    start, end = (_minute(clock) for clock in code.removeprefix("time:").split("-"))
    return minutes_here(start, zone, facts.now), minutes_here(end, zone, facts.now)


def _minute(clock: str) -> int:
    hour, _, minute = clock.partition(":")
    return int(hour) * _MINUTES + int(minute)
