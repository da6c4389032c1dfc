"""Statistics of aggregation units: how many people opened a message, how many opened a link in it.

Source: LINE insight.yml, "Get statistics per unit", and LINE documentation, "Get statistics of sent messages": values under
20 are null; days are of UTC+9; what people do counts for 14 days after the sending; 60 calls an hour.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone

import msgspec

from simulator.asgi import Request, Response
from simulator.line.account import LineAccount, Unit
from simulator.line.errors import RATE_LIMIT, RefusalError, error

_FEW = 20
_DAY = timezone(timedelta(hours=9))
_LONGEST = timedelta(days=30)
_COUNTED_SECONDS = 14 * 24 * 3_600.0
_CALLS_AN_HOUR, _HOUR = 60, 3_600.0
_NAME, _DATE = re.compile(r"[a-zA-Z0-9_]{1,30}"), re.compile(r"\d{8}")
_PARAMETERS = ("customAggregationUnit", "from", "to")


class Overview(msgspec.Struct, kw_only=True, rename="camel"):
    unique_impression: int | None
    unique_click: int | None
    unique_media_played: int | None = None
    unique_media_played_100_percent: int | None = msgspec.field(
        default=None, name="uniqueMediaPlayed100Percent"
    )


class Bubble(msgspec.Struct, kw_only=True, rename="camel"):
    seq: int
    impression: int | None
    media_played: int | None = None
    unique_impression: int | None = None


class Click(msgspec.Struct, kw_only=True, rename="camel"):
    seq: int
    url: str
    click: int | None
    unique_click: int | None
    unique_click_of_request: int | None


class Statistics(msgspec.Struct, kw_only=True):
    overview: Overview
    messages: list[Bubble]
    clicks: list[Click]


async def unit_statistics(line: LineAccount, request: Request) -> Response:
    _count_call(line)
    name, first, last = _asked(request.query())
    unit = line.units.get(name)
    return Response(200, msgspec.json.encode(_statistics(unit, first, last) if unit else _nothing()))


def look(line: LineAccount, person: str) -> None:
    """The person has the chat before them: what a unit brought there is opened."""
    now = line.world.clock.now()
    for name, sent_at in line.unseen.pop(person, {}).items():
        if now - sent_at <= _COUNTED_SECONDS:
            line.units[name].opened.setdefault(_day(now), set()).add(person)


def click(line: LineAccount, person: str, request_id: str, url: str) -> None:
    """The person opens a link of a message that a unit brought."""
    found = line.unit_of.get(request_id)
    now = line.world.clock.now()
    if found is not None and now - found[1] <= _COUNTED_SECONDS:
        line.units[found[0]].clicked.append((_day(now), person, url))


def _count_call(line: LineAccount) -> None:
    now, calls = line.world.clock.now(), line.insight_calls
    while calls and calls[0] <= now - _HOUR:
        calls.popleft()
    if len(calls) >= _CALLS_AN_HOUR:
        raise RefusalError(error(429, RATE_LIMIT))
    calls.append(now)


def _asked(query: dict[str, str]) -> tuple[str, date, date]:
    for name in _PARAMETERS:
        if not query.get(name):
            raise RefusalError(error(400, f"{name} is required"))
    if _NAME.fullmatch(query["customAggregationUnit"]) is None:
        raise _wrong("customAggregationUnit")
    first, last = _read_day(query, "from"), _read_day(query, "to")
    if not first <= last <= first + _LONGEST:
        raise _wrong("to")
    return query["customAggregationUnit"], first, last


def _read_day(query: dict[str, str], name: str) -> date:
    try:
        if _DATE.fullmatch(query[name]) is not None:
            return datetime.strptime(query[name], "%Y%m%d").replace(tzinfo=UTC).date()
    except ValueError:
        pass
    raise _wrong(name)


def _wrong(name: str) -> RefusalError:
    return RefusalError(error(400, f"The value for the '{name}' parameter is invalid"))


def _nothing() -> Statistics:
    return Statistics(overview=Overview(unique_impression=None, unique_click=None), messages=[], clicks=[])


def _statistics(unit: Unit, first: date, last: date) -> Statistics:
    opened = {one for day, people in unit.opened.items() if first <= day <= last for one in people}
    clicks = [(person, url) for day, person, url in unit.clicked if first <= day <= last]
    urls = dict.fromkeys(url for _, url in clicks)
    return Statistics(
        overview=Overview(
            unique_impression=_shown(len(opened)), unique_click=_shown(len({one for one, _ in clicks}))
        ),
        messages=[
            Bubble(seq=seq, impression=_shown(len(opened)), unique_impression=_shown(len(opened)))
            for seq in range(1, unit.bubbles + 1)
        ],
        clicks=[_click(url, [person for person, which in clicks if which == url]) for url in urls],
    )


def _click(url: str, people: Iterable[str]) -> Click:
    opened = list(people)
    unique = _shown(len(set(opened)))
    return Click(
        seq=1, url=url, click=_shown(len(opened)), unique_click=unique, unique_click_of_request=unique
    )


def _shown(count: int) -> int | None:
    return None if count < _FEW else count


def _day(at: float) -> date:
    return datetime.fromtimestamp(at, _DAY).date()
