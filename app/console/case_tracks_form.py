"""The form of a step: which steps can follow, which fields each asks for, and the step that typed fields mean."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

import regex
from starlette.datastructures import FormData

from app.console.case_agencies_words import read_id
from app.console.case_money_words import AmountError, in_plain_figures, read_baht, say_baht
from app.console.case_tracks_words import say_fund, say_step
from app.console.thai_time import day as say_day
from core.clock import BANGKOK
from core.errors import InvalidInputError, TooLargeError
from referrals.tracks.deciding import holding
from referrals.tracks.errors import StepError
from referrals.tracks.events import By, Event, NewStep
from referrals.tracks.ordering import place
from referrals.tracks.steps import COLUMNS, Kind, Step, details, steps, steps_of

# The other two follow from work on the report and on requests; nobody types them in.
TRACKS_BY_HAND = ("victim", "prosecution", "compensation")
# Years from here on are of the Buddhist era, by which people here write.
_BUDDHIST_FROM, _ERA = 2400, 543
_LONGEST = 20_000
_CLOCK = regex.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])")
_DAY = regex.compile(r"^([0-9]{4})-([0-9]{2})-([0-9]{2})$")
# As papers have it: day, month, year.
_WRITTEN = regex.compile(r"^([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})$")
_PERCENT = regex.compile(r"([0-9]{1,3})(?:\.([0-9]{1,2}))?")
_SMALL = regex.compile(r"[0-9]{1,5}")
INTERESTS = ("none", "statutory", "stated")


@dataclass(frozen=True, slots=True)
class Asked:
    """One field of a step's form; `kind` is that of a detail, or the name of its column."""

    name: str
    kind: str
    must: bool


@dataclass(frozen=True, slots=True)
class Typed:
    """What was filled in, by field, however wrong."""

    track: str = ""
    step: str = ""
    person: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def number(self) -> int | None:
        return int(self.person) if _SMALL.fullmatch(self.person) else None

    @property
    def rule(self) -> Step | None:
        return steps().get((self.track, self.step)) if self.track in TRACKS_BY_HAND else None


def read_typed(form: FormData) -> Typed:
    """Take a form as it came; raises TooLargeError for what no page of ours sends."""
    texts = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    if any(len(text) > _LONGEST for text in texts.values()):
        raise TooLargeError("shorten what you wrote")
    return Typed(texts.get("track", ""), texts.get("step", ""), texts.get("person", ""), texts)


def next_steps(events: Sequence[Event], track: str, person: int | None, by: By, today: date) -> list[Step]:
    """Return the steps that the hotline can record now, in the order of the track."""
    if track not in TRACKS_BY_HAND:
        return []
    return [
        rule
        for rule in steps_of(track)
        if by.maker in rule.makers and _may_follow(events, rule, person, by, today)
    ]


def _may_follow(events: Sequence[Event], rule: Step, person: int | None, by: By, today: date) -> bool:
    """Whether the order of steps lets it be the next one, for some source of money where it matters."""
    about = {"adds": True} if rule.versions else {}
    of = (person or 1) if rule.per == "person" else None
    new = NewStep(step=rule.code, track=rule.track, happened_on=today, person=of, details=about)
    funds = (*rule.funds, None) if rule.same or rule.once_by else (None,)
    return any(_is_next(events, replace(new, fund=fund), rule, by) for fund in funds)


def _is_next(events: Sequence[Event], new: NewStep, rule: Step, by: By) -> bool:
    try:
        return place(events, new, rule, by).kind == "new"
    except StepError:
        return False


def asked_of(rule: Step) -> list[Asked]:
    """Return the fields of a step's form, what it must tell first."""
    kinds: Mapping[str, Kind] = details()
    return [Asked(name, name if name in COLUMNS else kinds[name], name in rule.must) for name in rule.fields]


def choices_about(events: Sequence[Event], rule: Step, *, with_sums: bool) -> list[tuple[UUID, str]]:
    """Return what a step may be about, as (event, words)."""
    return [
        (event.id, _say_about(event, with_sums=with_sums))
        for event in holding(events).events
        if event.track == rule.track and event.step in rule.about
    ]


def _say_about(event: Event, *, with_sums: bool) -> str:
    parts = [
        say_step(event.track, event.step), say_day(event.happened_on),
        say_fund(event.fund) if event.fund else "", say_baht(event.amount) if with_sums and event.amount is not None else "",
    ]  # fmt: skip
    return " · ".join(part for part in parts if part)


def step_of(typed: Typed, rule: Step) -> NewStep:
    """Return the step that was filled in; raises StepError or AmountError, each naming its field."""
    texts = typed.texts
    happened_on = _day("happened_on", texts.get("happened_on", ""))
    if happened_on is None:
        raise StepError("missing_field", "say on which day it happened", "happened_on")
    values: dict[str, Any] = {}
    told: dict[str, Any] = {}
    for one in asked_of(rule):
        value = _read(one, texts.get(one.name, "").strip())
        if value is None:
            continue
        if one.name in COLUMNS:
            values[one.name] = value
        else:
            told[one.name] = value
    if "happened_at" in values:
        values["happened_at"] = datetime.combine(happened_on, values["happened_at"], BANGKOK)
    return NewStep(
        step=rule.code, track=rule.track, happened_on=happened_on, person=typed.number, details=told,
        note=texts.get("note", "").strip(), **values,
    )  # fmt: skip


def _read(one: Asked, typed: str) -> Any:
    """Read one field; None where nothing was typed."""
    if not typed:
        return None
    read = _READERS.get(one.name) or _READERS.get(one.kind)
    return read(one.name, typed) if read else typed


def _amount(_name: str, typed: str) -> int | None:
    satang = read_baht(typed)
    if satang is not None and satang < 0:
        raise StepError("amount_negative", "an amount is never negative", "amount")
    return satang


def _clock(_name: str, typed: str) -> time:
    found = _CLOCK.fullmatch(typed)
    if found is None:
        raise StepError("missing_field", "give the time as 14:30", "happened_at")
    return time(int(found[1]), int(found[2]))


def _whole(name: str, typed: str) -> int:
    if not _SMALL.fullmatch(typed):
        raise StepError("missing_field", "give a whole number", name)
    return int(typed)


def _basis_points(_name: str, typed: str) -> int:
    """Percent a year as hundredths of a percent."""
    found = _PERCENT.fullmatch(typed.removesuffix("%").strip())
    if found is None:
        raise StepError("missing_field", "give percent a year such as 5 or 7.5", "interest_rate")
    return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))


def _event(_name: str, typed: str) -> UUID:
    found = read_id(typed)
    if found is None:
        raise StepError("unknown_event", "choose one of the list", "about_id")
    return found


def _day(name: str, typed: str) -> date | None:
    """Read a day of either era, in figures of either script; None where nothing was typed."""
    plain = in_plain_figures(typed.strip())
    if not plain:
        return None
    parts = [*(_DAY.findall(plain)), *(one[::-1] for one in _WRITTEN.findall(plain))]
    if len(parts) != 1:
        raise StepError("missing_field", "give a day of the calendar", name)
    year, month, day = map(int, parts[0])
    try:
        return date(year - _ERA if year >= _BUDDHIST_FROM else year, month, day)
    except ValueError:
        raise StepError("missing_field", "give a day of the calendar", name) from None


def _iso(name: str, typed: str) -> str | None:
    found = _day(name, typed)
    return found.isoformat() if found else None


# By the field, else by its kind; what is in neither stays as it was typed.
_READERS: Mapping[str, Callable[[str, str], Any]] = {
    "amount": _amount,
    "happened_at": _clock,
    "people": _whole,
    "months": _whole,
    "about_id": _event,
    "interest_rate": _basis_points,
    "day": _iso,
    "whole": _whole,
    "list": lambda _name, typed: typed.splitlines(),
}


def fault_of(problem: InvalidInputError | None) -> str:
    """Return which field a refusal is about."""
    if isinstance(problem, AmountError):
        return problem.field
    if isinstance(problem, StepError):
        return "amount" if problem.code.startswith("amount_") else problem.field
    return ""
