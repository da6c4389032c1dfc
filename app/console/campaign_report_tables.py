"""What came of a campaign as tables: its page, its files and its paper are drawn from the same ones.

Counts come rounded and hidden (campaigns.figures); nothing here makes another figure of them but shares of shown counts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from app.console.texts import say, say_or, spoken
from app.console.thai_time import exact
from app.faces.sheets import Sheet
from campaigns.plans.plan import Plan
from campaigns.plans.questions import questions_of
from campaigns.reports.afterwards import DEEDS, Difference, Group
from campaigns.reports.learning import Answers
from campaigns.reports.outcomes import Outcomes
from campaigns.reports.trials import Trialled
from core.languages import in_language


class Cell(NamedTuple):
    """Words, the number for spreadsheets (None where it is hidden or no number), how long its bar is (0 to 100)."""

    text: str
    value: int | float | None = None
    bar: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """`key` names its texts; `title` stands where a table is of something with a name of its own."""

    key: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    title: str
    note: str = ""


def tables_of(outcomes: Outcomes, plan: Plan, trials: Mapping[UUID, Trialled]) -> list[Table]:
    """All tables that have something to say."""
    tables = [
        _delivered(outcomes), _compared(outcomes), _gains(outcomes), *_answers(outcomes, plan), *_trials(trials),
        _reported(outcomes), _links(outcomes), _units(outcomes),
    ]  # fmt: skip
    return [table for table in tables if table.rows]


def sheets_of(tables: Iterable[Table]) -> list[Sheet]:
    """The tables as a spreadsheet takes them; what is hidden says so."""
    return [
        Sheet(
            table.title,
            table.headings,
            [[cell.text if cell.value is None else cell.value for cell in row] for row in table.rows],
        )
        for table in tables
    ]


def _table(key: str, columns: Iterable[str], rows: Iterable[tuple[Cell, ...]], title: str = "") -> Table:
    headings = tuple(say(f"campaign_report.column.{column}") for column in columns)
    return Table(key, headings, tuple(rows), title or say(f"campaign_report.table.{key}"))


def people(count: int | None, of: int | None = None) -> Cell:
    """A count of people, with a bar of its share."""
    if count is None:
        return Cell(say("count.few"))
    return Cell(f"{count:,}", count, min(100, round(100 * count / of)) if of else None)


def _delivered(outcomes: Outcomes) -> Table:
    found = outcomes.delivered
    lines = [
        ("members", found.members), ("holdout", found.holdout), ("sent", found.sent), ("unknown", found.unknown),
        ("waiting", found.waiting), ("left_out", found.left_out),
    ]  # fmt: skip
    rows = [(Cell(say(f"campaign_report.line.{key}")), people(count, found.members)) for key, count in lines]
    rows += [
        (
            Cell(say_or(f"campaign_run.failed.{why}", "campaign_run.failed.other")),
            people(count, found.members),
        )
        for why, count in found.failed.items()
    ]
    return _table("delivered", ("what", "people"), rows)


def _compared(outcomes: Outcomes) -> Table:
    rows = []
    for deed in DEEDS:
        here, there = getattr(outcomes.members, deed), getattr(outcomes.holdout, deed)
        rows.append(
            (
                Cell(say(f"campaign_report.deed.{deed}")),
                _share(here, outcomes.members),
                _share(there, outcomes.holdout) if deed != "answered" else Cell("–"),
                Cell(_say_difference(outcomes.differences.get(deed)) if deed != "answered" else "–"),
            )
        )
    return _table("compared", ("deed", "members", "holdout", "difference"), rows)


def _share(count: int | None, group: Group) -> Cell:
    if count is None or not group.people:
        return people(count)
    share = 100 * count / group.people
    return Cell(
        say("campaign_report.share", n=f"{count:,}", share=f"{share:.0f}"), count, min(100, round(share))
    )


def _say_difference(found: Difference | None) -> str:
    if found is None:
        return say("campaign_report.no_difference")
    key = "sure" if found.is_sure else "unsure"
    return say(f"campaign_report.{key}", low=f"{found.low:+.1f}", high=f"{found.high:+.1f}")


def _gains(outcomes: Outcomes) -> Table:
    rows = [
        (
            Cell(gain.measures), people(gain.people), _per_cent(gain.before), _per_cent(gain.after),
            Cell(f"{gain.gain:+d}", gain.gain) if gain.gain is not None else Cell(say("count.few")),
        )
        for gain in outcomes.gains
    ]  # fmt: skip
    return _table("gains", ("measure", "people", "before", "after", "gain"), rows)


def _per_cent(share: int | None) -> Cell:
    return Cell(say("count.few")) if share is None else Cell(f"{share}%", share, share)


def _answers(outcomes: Outcomes, plan: Plan) -> list[Table]:
    asked = {question.id: question for question in questions_of(plan)}
    tables = []
    for found in outcomes.answers:
        question = asked[found.question]
        language = spoken.get()
        labels = {choice.id: in_language(choice.label, language) for choice in question.choices}
        title = say("campaign_report.asked", question=in_language(question.question, language))
        tables.append(_table("answers", ("answer", "people"), _choices(found, labels), title))
    return tables


def _choices(found: Answers, labels: Mapping[str, str]) -> list[tuple[Cell, ...]]:
    return [
        (Cell(labels.get(code, code)), people(count, found.people)) for code, count in found.choices.items()
    ]


def _trials(trials: Mapping[UUID, Trialled]) -> list[Table]:
    tables = []
    for trial in trials.values():
        rows = [
            (
                Cell(arm.variant.upper()), people(arm.people), people(arm.did, arm.people),
                Cell("–" if arm.low is None else f"{arm.low}–{arm.high}%"),
            )
            for arm in trial.arms
        ]  # fmt: skip
        key = "campaign_run.sure" if trial.is_sure else "campaign_run.leads" if trial.leads else ""
        note = say(key, name=trial.leads.upper()) if key and trial.leads else say("campaign_run.no_lead")
        made = _table("trial", ("wording", "people", "did", "between"), rows)
        tables.append(Table(made.key, made.headings, made.rows, made.title, note))
    return tables


def _reported(outcomes: Outcomes) -> Table:
    found = outcomes.reported
    if found.withheld:
        words = Cell(say(f"campaign_report.withheld.{found.withheld}"))
        return _table("reported", ("what",), [(words,)])
    rows = [
        (Cell(say("campaign_report.line.members")), people(found.members)),
        (Cell(say("campaign_report.line.holdout")), people(found.holdout)),
    ]
    made = _table("reported", ("what", "people"), rows)
    return Table(made.key, made.headings, made.rows, made.title, say("campaign_report.reported_note"))


def _links(outcomes: Outcomes) -> Table:
    most = max((link.opened or 0 for link in outcomes.links), default=0)
    rows = [
        (
            Cell(link.address), Cell(link.variant.upper() or "–"),
            Cell(say("campaign_report.few_times")) if link.opened is None
            else Cell(f"{link.opened:,}", link.opened, round(100 * link.opened / most)),
        )
        for link in outcomes.links
    ]  # fmt: skip
    return _table("links", ("address", "wording", "times"), rows)


def _units(outcomes: Outcomes) -> Table:
    rows = [
        (
            Cell(unit.variant.upper() or "–"), Cell(say_or(f"rule.language.{unit.language}", "rule.language.other")),
            people(unit.impressions), people(unit.clicks),
            Cell(exact(unit.read_at) if unit.read_at else say("campaign_report.not_read")),
        )
        for unit in outcomes.units
    ]  # fmt: skip
    return _table("units", ("wording", "language", "seen", "clicked", "read_at"), rows)
