"""Days as people say them, in the calendar of their language."""

from datetime import date

from bots.copy import copy
from bots.engine.steps import Language

# The Buddhist era of Thailand's calendar is ahead of the common one by so many years.
_BUDDHIST_YEARS = 543


def say_day(language: Language, day: date) -> str:
    added = _BUDDHIST_YEARS if copy().say(language, "numbers.calendar") == "buddhist" else 0
    month = copy().lines(language, "numbers.months")[day.month - 1]
    return copy().say(language, "numbers.day", day=day.day, month=month, year=day.year + added)
