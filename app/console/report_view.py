"""A report as staff read it: act, means and purpose in the person's own answers, what is unknown, what they wish."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app.console.texts import FIRST, say, say_or, spoken
from core.contacts.models import ContactRule
from core.languages import Language, in_language
from referrals.models import Referral
from referrals.questionnaires.asking import wording
from referrals.questionnaires.places import say_place
from referrals.questionnaires.questionnaire import SKIPPED, UNSURE, Answers, Question, Questionnaire
from referrals.reports import Consent, Report, Told
from referrals.triage.assessment import Assessment
from referrals.triage.rules import words

_PIN = "geo:"
_PLACES = ("province:", "country:", _PIN)
_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Line:
    """A question and what was answered, in words."""

    question: str
    answer: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Ask:
    """A question that is still open, as staff read it and as the person would be asked."""

    shown: str
    words: str


@dataclass(frozen=True, slots=True)
class View:
    """Everything that the page shows of a report."""

    grid: Mapping[str, tuple[Line, ...]]
    others: tuple[Line, ...]
    unknown: tuple[Ask, ...]
    bands: tuple[str, ...]
    signs: tuple[str, ...]
    place: str
    province: str
    consents: tuple[Consent, ...]
    wish: str


def view_of(
    report: Report, referral: Referral, rule: ContactRule | None, language: Language = FIRST
) -> View | None:
    """Put a report into words, questions to the person in their `language`; None where there is nothing told."""
    found = report.assessment
    if found is None:
        return None
    answers = {question: told.codes for question, told in report.answers.items()}
    lines = {question: _line(told, answers) for question, told in report.answers.items()}
    cells = {column: [question for question, _ in found.grid[column]] for column in found.grid}
    shown = {question for questions in cells.values() for question in questions}
    return View(
        grid={
            column: tuple(lines[question] for question in dict.fromkeys(questions))
            for column, questions in cells.items()
        },
        others=tuple(line for question, line in lines.items() if question not in shown),
        unknown=tuple(_unknown(report, found, answers, language)),
        bands=tuple(triage_word("band", code) for code in referral.bands),
        signs=tuple(triage_word("ilo", str(number)) for number in found.ilo),
        place=", ".join(_places(report, referral)),
        province=_province(referral),
        consents=report.consents,
        wish=_wish(rule),
    )


def say_reason(code: str) -> str:
    """A reason of a referral in words, whether triage or the conversation gave it."""
    return triage_word("reason", code)


def triage_word(kind: Literal["reason", "band", "ilo"], code: str) -> str:
    """A code of triage in words, or the console's own for one that is not of triage."""
    known = words()[kind].get(code)
    return known[spoken.get()] if known else say_or(f"{kind}.{code}", "reason.other")


def _line(told: Told, answers: Answers) -> Line:
    question = told.questionnaire.by_id.get(told.question)
    if question is None:
        return Line(told.question, ", ".join(told.codes), told.at)
    asked = wording(told.questionnaire, question, answers)[spoken.get()]
    return Line(asked, ", ".join(_answer(question, code) for code in told.codes), told.at)


def _answer(question: Question, code: str) -> str:
    if code in {SKIPPED, UNSURE}:
        return say(f"report.{code}")
    choice = question.choice(code)
    if choice is not None:
        return choice.label[spoken.get()]
    kind, _, rest = code.partition(":")
    return (
        say_place(code, spoken.get())
        if code.startswith(_PLACES)
        else (rest if kind in {"text", "time"} else code)
    )


def _unknown(report: Report, found: Assessment, answers: Answers, language: Language) -> Iterator[Ask]:
    newest: Questionnaire = max(report.answers.values(), key=lambda one: one.at).questionnaire
    for question in found.unknown:
        said = wording(newest, newest.by_id[question], answers)
        yield Ask(said[spoken.get()], in_language(said, language))


def _places(report: Report, referral: Referral) -> Iterator[str]:
    """A pin first: it is what brings help; then province or country."""
    pins = [code for told in report.answers.values() for code in told.codes if code.startswith(_PIN)]
    yield from (say_place(code, spoken.get()) for code in dict.fromkeys(pins))
    if referral.place:
        yield say_place(referral.place, spoken.get())


def _province(referral: Referral) -> str:
    """Its code by ISO 3166-2; "" for anywhere else."""
    kind, _, code = (referral.place or "").partition(":")
    return code if kind == "province" else ""


def _wish(rule: ContactRule | None) -> str:
    if rule is None or not rule.may_write_first:
        return say("report.wish.wait")
    if rule.from_minute is None or rule.until_minute is None:
        return say("report.wish.any")
    return say("report.wish.hours", start=_clock(rule.from_minute), end=_clock(rule.until_minute))


def _clock(minute: int) -> str:
    return f"{minute % _DAY // 60:02}:{minute % 60:02}"
