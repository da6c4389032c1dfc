"""The radar: trends by week, province and kind, and the waves of now, from figures rolled up beside the turns.

A page reads hundreds of rows, whatever the number of screenings: `refresh_radar` counts the current and the last week
anew every few minutes, so that a day's late figures still come in and running it twice changes nothing. What is shown
is floored: a cell of fewer than five people says nothing, and others are rounded down to fives, so that neither a cell
nor the difference of two points at somebody.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from uuid import UUID

import msgspec

from core.clock import BANGKOK, bangkok

Span = Literal["day", "week"]
SMALLEST_CELL = 5
# Fewer senders make no wave.
FEWEST_SENDERS = 3
# Somebody new to the service counts a day after they wrote, so three days are counted anew.
_RECOUNTED_DAYS = 3

_FORGET_SPAN = "DELETE FROM screening_trend WHERE span = $1 AND starts_on = $2"
_ROLL_UP = """
INSERT INTO screening_trend (span, starts_on, province, kind, screenings, flagged, senders)
SELECT $1, $2, CASE WHEN grouping(province) = 1 THEN '' ELSE province END,
       CASE WHEN grouping(kind) = 1 THEN '' ELSE kind END,
       count(*), count(*) FILTER (WHERE band IN ('danger', 'caution')), count(DISTINCT contact_id)
FROM (SELECT coalesce(province, '-') AS province, kind, band, contact_id FROM screening
      WHERE created_at >= $3 AND created_at < $4) s
GROUP BY CUBE (province, kind) HAVING count(*) > 0
"""
_WAVE_DAYS = """
INSERT INTO wave_day AS d (wave_id, day, senders)
SELECT wave_id, (first_at AT TIME ZONE 'Asia/Bangkok')::date, count(*) FROM wave_sender
WHERE first_at >= $1 AND known_since < $2 GROUP BY 1, 2 ORDER BY 1, 2
ON CONFLICT (wave_id, day) DO UPDATE SET senders = greatest(d.senders, excluded.senders)
WHERE d.senders < excluded.senders
"""
_WAVES = """
UPDATE wave w SET senders = n.senders, last_day = n.last_day
FROM (SELECT wave_id, sum(senders)::int AS senders, max(day) AS last_day FROM wave_day
      WHERE wave_id IN (SELECT wave_id FROM wave_day WHERE day >= $1) GROUP BY wave_id) n
WHERE w.id = n.wave_id AND (w.senders, w.last_day) IS DISTINCT FROM (n.senders, n.last_day)
"""
_HANDLES = """
INSERT INTO reported_handle AS h (id, print, kind, senders, created_at)
SELECT gen_random_uuid(), print, min(kind), count(*), $1 FROM handle_report
WHERE print IN (SELECT print FROM handle_report WHERE first_at >= $2) AND known_since < $3
GROUP BY print HAVING count(*) >= $4
ON CONFLICT (print) DO UPDATE SET senders = greatest(h.senders, excluded.senders)
WHERE h.senders < excluded.senders
"""
# Two workers that refresh at once would only do the same work twice.
_LOCK = 0x5261646172
_TREND = """
SELECT starts_on, province, kind, screenings, flagged, senders FROM screening_trend
WHERE span = $1 AND starts_on >= $2 AND starts_on <= $3
  AND ($4::text IS NULL OR province = $4) AND ($5::text IS NULL OR kind = $5)
ORDER BY starts_on, province, kind
"""
# A wave stands for all that were merged into it. `senders` of a family count somebody in two of its waves twice.
_LARGEST = """
SELECT r.id, r.band, r.kind, r.name, r.founded_at, live.last_day, live.recent, family.senders, family.parts
FROM (SELECT coalesce(w.merged_into, w.id) AS root, max(w.last_day) AS last_day, sum(recent.senders)::int AS recent,
             sum(w.senders) AS senders
      FROM wave w, LATERAL (SELECT coalesce(sum(d.senders), 0) AS senders FROM wave_day d
                            WHERE d.wave_id = w.id AND d.day >= $1) recent
      WHERE w.senders >= $2 AND w.last_day >= $1 GROUP BY 1
      ORDER BY 3 DESC, 4 DESC, 1 DESC LIMIT $3) live
JOIN wave r ON r.id = live.root,
LATERAL (SELECT sum(f.senders)::int AS senders, count(*)::int AS parts FROM wave f
         WHERE f.id = r.id OR f.merged_into = r.id) family
ORDER BY live.recent DESC, live.senders DESC, r.id DESC
"""
_COURSE = """
SELECT day, sum(senders)::int AS senders FROM wave_day
WHERE wave_id IN (SELECT id FROM wave WHERE id = $1 OR merged_into = $1) GROUP BY day ORDER BY day
"""
_WEEKS = """
SELECT coalesce(w.merged_into, w.id) AS wave_id, date_trunc('week', d.day)::date AS monday, sum(d.senders)::int AS senders
FROM wave_day d JOIN wave w ON w.id = d.wave_id
WHERE d.day >= $2 AND (w.id = ANY($1) OR w.merged_into = ANY($1)) GROUP BY 1, 2
"""
_NEW_HANDLES = """
SELECT date_trunc('week', created_at AT TIME ZONE 'Asia/Bangkok')::date AS monday, kind, count(*)::int AS handles
FROM reported_handle WHERE created_at >= $1 GROUP BY 1, 2 ORDER BY 1, 2
"""

# What stands for all in a column, and for offers that name no province.
ALL, NOWHERE = "", "-"


class Cell(msgspec.Struct, frozen=True):
    """Figures of one day or week, province and kind, rounded down to fives; None where too few people stand behind."""

    starts_on: date
    province: str
    kind: str
    screenings: int | None
    flagged: int | None
    senders: int | None


class WaveOnRadar(msgspec.Struct, frozen=True):
    """A wave that goes around: established people who sent it for the first time in the days asked for, and ever.

    `parts` counts the waves that staff found to be this one, itself included.
    """

    id: UUID
    band: str
    kind: str
    recent: int
    senders: int
    founded_at: datetime
    last_day: date
    name: str = ""
    parts: int = 1


async def refresh_radar(connection: Any, now: datetime) -> bool:
    """Count the newest figures anew; False where another worker is at it."""
    if not await connection.fetchval("SELECT pg_try_advisory_xact_lock($1)", _LOCK):
        return False
    today = bangkok(now).date()
    for span, starts_on in _open_spans(today):
        await _roll_up(connection, span, starts_on)
    recounted = today - timedelta(days=_RECOUNTED_DAYS)
    established = now - timedelta(days=1)
    await connection.execute(_WAVE_DAYS, _midnight(recounted), established)
    await connection.execute(_WAVES, recounted)
    await connection.execute(_HANDLES, now, _midnight(recounted), established, FEWEST_SENDERS)
    return True


def _open_spans(today: date) -> list[tuple[Span, date]]:
    """The spans that may still change: a transaction that began before midnight ends after it."""
    monday = today - timedelta(days=today.weekday())
    return [
        ("day", today - timedelta(days=1)), ("day", today), ("week", monday - timedelta(days=7)), ("week", monday),
    ]  # fmt: skip


async def _roll_up(connection: Any, span: Span, starts_on: date) -> None:
    ends_on = starts_on + timedelta(days=7 if span == "week" else 1)
    await connection.execute(_FORGET_SPAN, span, starts_on)
    await connection.execute(_ROLL_UP, span, starts_on, _midnight(starts_on), _midnight(ends_on))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), BANGKOK)


async def trend(
    connection: Any,
    span: Span,
    since: date,
    until: date,
    *,
    province: str | None = ALL,
    kind: str | None = ALL,
) -> list[Cell]:
    """Return the cells of the days or weeks that begin in a stretch of time.

    `province` and `kind` choose one, `ALL` stands for the sum over all of them, None asks for each.
    """
    rows = await connection.fetch(_TREND, span, since, until, province, kind)
    return [_cell(row) for row in rows]


def _cell(row: Any) -> Cell:
    few = row["senders"] < SMALLEST_CELL
    figures = [None if few else floored(row[name]) for name in ("screenings", "flagged", "senders")]
    return Cell(row["starts_on"], row["province"], row["kind"], *figures)


def floored(count: int) -> int:
    return count // SMALLEST_CELL * SMALLEST_CELL


async def list_waves(
    connection: Any, now: datetime, *, days: int = 7, limit: int = 50
) -> Sequence[WaveOnRadar]:
    """Return the waves with most new senders in the last days; figures are for staff and are not floored."""
    since = bangkok(now).date() - timedelta(days=days)
    rows = await connection.fetch(_LARGEST, since, FEWEST_SENDERS, limit)
    return [
        WaveOnRadar(
            r["id"], r["band"], r["kind"], r["recent"], r["senders"], r["founded_at"], r["last_day"], r["name"] or "",
            r["parts"],
        )
        for r in rows
    ]  # fmt: skip


async def course_of(connection: Any, wave_id: UUID) -> list[tuple[date, int]]:
    """Return, day by day, how many established people sent a wave for the first time."""
    return [(row["day"], row["senders"]) for row in await connection.fetch(_COURSE, wave_id)]


async def weeks_of(connection: Any, wave_ids: Sequence[UUID], since: date) -> dict[UUID, dict[date, int]]:
    """Return, for each wave with all that were merged into it, its new senders by the Monday of their week."""
    found: dict[UUID, dict[date, int]] = {wave_id: {} for wave_id in wave_ids}
    for row in await connection.fetch(_WEEKS, list(wave_ids), since):
        found[row["wave_id"]][row["monday"]] = row["senders"]
    return found


async def new_handles(connection: Any, since: datetime) -> dict[date, dict[str, int]]:
    """Return how many handles of each kind several people named, or staff entered, by the Monday of the week."""
    found: dict[date, dict[str, int]] = {}
    for row in await connection.fetch(_NEW_HANDLES, since):
        found.setdefault(row["monday"], {})[row["kind"]] = row["handles"]
    return found
