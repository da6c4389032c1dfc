"""What a step says, field by field: what it must say, what it may, and in which form."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from core.clock import BANGKOK
from referrals.compensation.rules import MOST_SATANG
from referrals.compensation.sources import ITEMS
from referrals.tracks.errors import StepCode, StepError
from referrals.tracks.events import NewStep
from referrals.tracks.steps import COLUMNS, Kind, Step, details, steps

# No step of these tracks is older than the law that they follow (Anti-Trafficking in Persons Act 2008, §2).
FIRST_YEAR = 2008
BUDDHIST_FROM = 2400
LONGEST_DETAIL = 200
LONGEST_NOTE = 2_000
LONGEST_OUTSIDE_ID = 200
MOST_IN_LIST = 50
MOST_PEOPLE = 10_000
# A hundred years.
MOST_MONTHS = 1_200
MOST_WHOLE = 1_000_000
# Of a new step, beside what a step's rule names.
_FLAGS: Mapping[str, bool] = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def rule_of(new: NewStep) -> Step:
    """Return the rule of a step; raises StepError."""
    found = steps().get((new.track, new.step))
    if found is None:
        raise StepError("unknown_step", f"no step {new.track}.{new.step}; see the list of steps", "step")
    return found


def fit(new: NewStep, rule: Step, *, today: date, opened_on: date) -> NewStep:
    """Return a step as it is kept: the only source of money filled in, details in their forms; raises StepError."""
    _check_days(new, rule, today, opened_on)
    fitted = replace(
        new,
        person=(new.person or 1) if rule.per == "person" else new.person,
        fund=new.fund or _only_fund(rule),
        details=dict(_details(rule, new.details)),
        note=_text("note", new.note, LONGEST_NOTE),
        outside_id=_text("outside_id", new.outside_id, LONGEST_OUTSIDE_ID),
    )
    _check_given(fitted, rule)
    _check_numbers(fitted)
    _check_codes(fitted, rule)
    return fitted


def _only_fund(rule: Step) -> str | None:
    """What names no source is the court's, where the court may be it."""
    return "court" if "court" in rule.funds else None


def _check_days(new: NewStep, rule: Step, today: date, opened_on: date) -> None:
    if new.happened_on.year >= BUDDHIST_FROM or (new.happened_at and new.happened_at.year >= BUDDHIST_FROM):
        raise StepError("date_buddhist_era", "write years of the common era: 2026, not 2569", "happened_on")
    if new.happened_on > today:
        raise StepError("date_future", "this day has not come yet", "happened_on")
    first = min(new.happened_on.year, new.happened_at.year if new.happened_at else BUDDHIST_FROM)
    if first < FIRST_YEAR or (new.happened_on < opened_on and not rule.early):
        raise StepError("date_before_report", "this day is before the report; check it", "happened_on")
    if new.happened_at is not None:
        if new.happened_at.tzinfo is None:
            raise _wrong("happened_at", "say the zone: 2026-11-23T09:30:00+07:00")
        if new.happened_at.astimezone(BANGKOK).date() != new.happened_on:
            raise _wrong("happened_at", "is not of the day that happened_on says, in Bangkok")


def _check_given(new: NewStep, rule: Step) -> None:
    told = {name for name in COLUMNS if getattr(new, name) is not None} | set(new.details)
    # Any step may say when of the day it happened.
    for name in sorted(told - set(rule.fields) - {"happened_at"}):
        raise StepError("field_not_allowed", f"{rule.track}.{rule.code} does not tell `{name}`", name)
    for name in rule.must:
        if name not in told:
            code: StepCode = "amount_missing" if name == "amount" else "missing_field"
            raise StepError(code, f"{rule.track}.{rule.code} must tell `{name}`", name)


def _check_numbers(new: NewStep) -> None:
    if new.amount is not None and new.amount < 0:
        raise StepError("amount_negative", "an amount is never negative; correct what was wrong", "amount")
    if new.amount == 0:
        raise StepError("amount_missing", "an amount is of more than nothing, in satang", "amount")
    if (new.amount or 0) > MOST_SATANG:
        raise StepError("amount_over", "the amount is in satang: is it too large?", "amount")
    for name, most in (("people", MOST_PEOPLE), ("months", MOST_MONTHS)):
        number = getattr(new, name)
        if number is not None and not 0 <= number <= most:
            raise _wrong(name, f"a whole number from 0 to {most}")


def _check_codes(new: NewStep, rule: Step) -> None:
    allowed = {"outcome": rule.outcomes, "fund": rule.funds, "item": ITEMS}
    for name, codes in allowed.items():
        code = getattr(new, name)
        if code is not None and code not in codes:
            raise _wrong(name, f"one of {', '.join(codes)}")


def _details(rule: Step, given: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in given.items():
        kind = details().get(name)
        if kind is None or name not in rule.fields:
            raise StepError("field_not_allowed", f"{rule.track}.{rule.code} does not tell `{name}`", name)
        read = _read(name, kind, value)
        if read not in (None, "", []):
            yield name, read


def _read(name: str, kind: Kind, value: Any) -> Any:
    """Read one detail, from a program's JSON or from words of a form."""
    if value is None or value == "":
        return None
    if kind == "list":
        parts = value.splitlines() if isinstance(value, str) else value
        if not isinstance(parts, list | tuple) or len(parts) > MOST_IN_LIST:
            raise _wrong(name, f"a list of at most {MOST_IN_LIST} texts")
        return [text for part in parts if (text := _text(name, part, LONGEST_DETAIL))]
    if kind == "flag":
        found = value if isinstance(value, bool) else _FLAGS.get(str(value).strip().lower())
        if found is None:
            raise _wrong(name, "true or false")
        return found
    if kind == "whole":
        return _whole(name, value)
    return _day(name, value) if kind == "day" else _text(name, value, LONGEST_DETAIL)


def _whole(name: str, value: Any) -> int:
    text = str(value).strip()
    if isinstance(value, bool) or not (text.isascii() and text.isdigit()) or int(text[:9]) > MOST_WHOLE:
        raise _wrong(name, f"a whole number from 0 to {MOST_WHOLE}")
    return int(text)


def _day(name: str, value: Any) -> str:
    try:
        day = value if type(value) is date else date.fromisoformat(str(value).strip())
    except ValueError:
        raise _wrong(name, "a day such as 2026-01-31") from None
    if day.year >= BUDDHIST_FROM:
        raise StepError("date_buddhist_era", "write years of the common era: 2026, not 2569", name)
    return day.isoformat()


def _text(name: str, value: Any, longest: int) -> str:
    if not isinstance(value, str):
        raise _wrong(name, "a text")
    # Half a letter, as some programs send it, can't be kept.
    whole = value.encode("utf-8", "replace").decode()
    text = whole.replace("\r\n", "\n").replace("\0", "").strip()
    if len(text) > longest:
        raise _wrong(name, f"at most {longest} characters")
    return text


def _wrong(name: str, message: str) -> StepError:
    return StepError("unknown_value", f"{name}: {message}", name)
