"""Codes of tracks in words of staff."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from app.console.agency_words import say_named
from app.console.texts import say, say_or
from app.console.thai_time import day as say_day
from app.console.thai_time import exact
from core.clock import bangkok
from referrals.agencies.templates import templates


def say_step(track: str, step: str) -> str:
    return say_or(f"step.{track}.{step}", "step.other")


def say_outcome(track: str, code: str) -> str:
    """Say a result: of a report how it was closed, else of a step."""
    return say_or(f"outcome.{code}" if track == "report" else f"step_outcome.{code}", "step_outcome.other")


def say_fund(code: str) -> str:
    return say_or(f"fund.{code}", "fund.other")


def say_item(code: str) -> str:
    return say_or(f"item.{code}", "item.other")


def say_clock_code(code: str) -> str:
    return say_or(f"track_clock.of.{code}", "track_clock.of.other")


def say_due(moment: datetime) -> str:
    """Say by when a clock runs out: one of days ends with its last day."""
    local = bangkok(moment)
    return say_day(local.date() - timedelta(days=1)) if local.time() == time() else exact(moment)


def say_detail(name: str, value: Any) -> tuple[str, str]:
    """Say one detail as its name and words."""
    words = _words(name, value)
    return say_or(f"detail.{name}", "detail.other"), words


def _words(name: str, value: Any) -> str:
    match value:
        case bool():
            return say("hotline.yes" if value else "hotline.no")
        case list() | tuple():
            return ", ".join(str(one) for one in value)
        case int() if name == "interest_rate":
            return f"{value // 100}.{value % 100:02} %"
        case str() if name == "reason":
            known = templates().decline.get(value) or templates().recall.get(value)
            return say_named(known, value)
        case str() if name == "interest":
            return say_or(f"interest.{value}", "detail.other")
        case str() if name == "interest_from":
            return say_day(date.fromisoformat(value))
    return str(value)


def standing_words(standing: Mapping[str, str]) -> dict[str, str]:
    """Say where each track stands; "" where it has not begun."""
    return {track: say_step(track, code) if code != "none" else "" for track, code in standing.items()}
