"""Whose clock: people abroad speak of the time there, the service goes by Bangkok's."""

from datetime import datetime
from zoneinfo import ZoneInfo

from referrals.questionnaires.places import place_of, zone_of
from referrals.questionnaires.questionnaire import Answers

_HOME = "Asia/Bangkok"
_DAY = 24 * 60


def zone_there(answers: Answers) -> str | None:
    """The zone of the place that was told, where it is another than Thailand's."""
    place = place_of(answers)
    zone = zone_of(place) if place else None
    return None if zone == _HOME else zone


def say_time(moment: datetime, zone: str = _HOME) -> str:
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local.hour}.{local.minute:02}"


def minutes_here(minute: int, zone: str | None, now: datetime) -> int:
    """A minute of the day there as one of the day in Bangkok."""
    if zone is None:
        return minute
    ahead = now.astimezone(ZoneInfo(_HOME)).utcoffset(), now.astimezone(ZoneInfo(zone)).utcoffset()
    here, there = (int(offset.total_seconds()) // 60 if offset else 0 for offset in ahead)
    return (minute + here - there) % _DAY
