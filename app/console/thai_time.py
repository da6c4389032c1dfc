"""Times as people here read them: Bangkok, 24 hours, in Thai in the Buddhist era."""

from datetime import date, datetime

from app.console.texts import say, spoken
from core.clock import bangkok

# Years to add to the common era.
_ERA = {"th": 543}


def exact(moment: datetime) -> str:
    """23 พ.ย. 2569 10:05"""
    local = bangkok(moment)
    return say(
        "time.exact",
        day=local.day,
        month=say(f"time.months.{local.month}"),
        year=year_of_era(local.year),
        clock=f"{local:%H:%M}",
    )


def day(one: date) -> str:
    """23 พ.ย. 2569"""
    return say("time.day", day=one.day, month=say(f"time.months.{one.month}"), year=year_of_era(one.year))


def year_of_era(year: int) -> int:
    """Return a year of the common era as readers of the language count."""
    return year + _ERA.get(spoken.get(), 0)


def stamp(moment: datetime, now: datetime) -> str:
    """Say the clock, with the date where it is not today's: for lines that stay on a page for hours."""
    local = bangkok(moment)
    return f"{local:%H:%M}" if local.date() == bangkok(now).date() else exact(moment)


def ago(moment: datetime, now: datetime) -> str:
    """Say how long ago, in the largest fitting unit; older than a week as a date."""
    seconds = (now - moment).total_seconds()
    if seconds < 60:
        return say("time.just_now")
    if seconds < 7 * 86_400:
        return say("time.ago", span=span(seconds))
    return exact(moment)


def span(seconds: float) -> str:
    """Say a length of time in one unit, rounded down."""
    minutes = int(seconds // 60)
    if minutes < 1:
        return say("time.under_a_minute")
    if minutes < 60:
        return say("time.minutes", n=minutes)
    if minutes < 48 * 60:
        return say("time.hours", n=minutes // 60)
    return say("time.days", n=minutes // (24 * 60))


def remaining(due: datetime, now: datetime) -> str:
    """Say what is left of a clock, or by how much it was missed."""
    left = (due - now).total_seconds()
    return say("time.left", span=span(left)) if left > 0 else say("time.over", span=span(-left))
