"""LINE's statistics of aggregation units: which to ask for next within 60 calls an hour, and what was said last.

Of a unit, never of a person; under 20 people LINE says nothing, and what it says is floored like all figures here. LINE
counts in days of UTC+9, for 14 days after a sending (LINE, "Unit-based statistics aggregation").
"""

from datetime import date, datetime, timedelta, timezone
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from campaigns.figures import floored
from campaigns.models import CampaignPart, CampaignRun, UnitFigure

LINE_DAYS = timezone(timedelta(hours=9))
# From the first day to the last; LINE takes no longer span.
_SPAN = timedelta(days=30)
# What was sent long ago changes rarely and no more in the end: asked for every so often, by age, and once more when nothing counts any more.
_FRESH, _RECENT, _COUNTED = timedelta(days=1), timedelta(days=3), timedelta(days=16)
_EVERY = {_FRESH: timedelta(hours=2), _RECENT: timedelta(hours=8), _COUNTED: timedelta(days=1)}
_DUE = """
WITH sent AS (
  SELECT p.unit, min(r.frozen_at) AS since, max(r.frozen_at) AS latest
  FROM campaign_part p JOIN campaign_run r ON r.id = p.run_id
  WHERE p.unit IS NOT NULL AND r.frozen_at IS NOT NULL GROUP BY p.unit
), due AS (
  SELECT s.unit, s.since, u.read_at,
    extract(epoch FROM $1 - coalesce(u.read_at, s.latest)) / CASE
      WHEN $1 < s.latest + $2::interval THEN extract(epoch FROM $5::interval)
      WHEN $1 < s.latest + $3::interval THEN extract(epoch FROM $6::interval)
      ELSE extract(epoch FROM $7::interval) END AS overdue
  FROM sent s LEFT JOIN unit_figure u USING (unit)
  WHERE coalesce(u.read_at, s.latest) < s.latest + $4::interval
), chosen AS (
  SELECT unit, since FROM due WHERE overdue >= 1 ORDER BY overdue DESC, unit LIMIT $8
)
"""
# Of who asks at once only one gets a unit: its time of reading is moved on in the same statement.
_CLAIM = f"""
{_DUE}, claimed AS (
  INSERT INTO unit_figure AS kept (unit, read_at) SELECT unit, $1 FROM chosen ORDER BY unit
  ON CONFLICT (unit) DO UPDATE SET read_at = excluded.read_at WHERE kept.read_at < excluded.read_at
  RETURNING unit
)
SELECT c.unit, c.since FROM chosen c JOIN claimed USING (unit) ORDER BY c.unit
"""  # noqa: S608 - constants
_COUNT = f"{_DUE} SELECT count(*)::int FROM chosen"  # noqa: S608 - constants
_PACES = (_FRESH, _RECENT, _COUNTED, *_EVERY.values())


class Due(NamedTuple):
    """A unit to be asked for, with the first and last day in LINE's own days."""

    unit: str
    first: date
    last: date


class Unit(NamedTuple):
    """What LINE last said of a wording; counts in tens, None where it hides them or was not asked yet."""

    variant: str
    language: str
    read_at: datetime | None
    impressions: int | None
    clicks: int | None


async def count_due(connection: Any, now: datetime, most: int) -> int:
    """How many units are due, `most` at the most."""
    found: int = await connection.fetchval(_COUNT, now, *_PACES, most)
    return found


async def claim_due(connection: Any, now: datetime, most: int) -> list[Due]:
    """Take up to `most` units whose figures are due, the longest overdue first; whoever takes one asks for it.

    On an asyncpg connection inside a transaction. A call that fails is made up for when the unit is due again.
    """
    rows = await connection.fetch(_CLAIM, now, *_PACES, most)
    return [Due(row["unit"], *_days(row["since"], now)) for row in rows]


def _days(since: datetime, now: datetime) -> tuple[date, date]:
    first = since.astimezone(LINE_DAYS).date()
    return first, min(first + _SPAN, now.astimezone(LINE_DAYS).date())


async def keep_figures(connection: Any, unit: str, impressions: int | None, clicks: int | None) -> None:
    await connection.execute(
        "UPDATE unit_figure SET impressions = $2, clicks = $3 WHERE unit = $1", unit, impressions, clicks
    )


async def read_units(session: AsyncSession, campaign_id: UUID) -> list[Unit]:
    """What is known of each wording of a campaign that went to LINE."""
    rows = await session.execute(
        sa.select(
            CampaignPart.variant, CampaignPart.language, UnitFigure.read_at, UnitFigure.impressions, UnitFigure.clicks
        )
        .join(CampaignRun, CampaignRun.id == CampaignPart.run_id)
        .outerjoin(UnitFigure, UnitFigure.unit == CampaignPart.unit)
        .where(CampaignRun.campaign_id == campaign_id, CampaignPart.unit.is_not(None))
        .order_by(CampaignRun.due_at, CampaignPart.variant, CampaignPart.language)
    )  # fmt: skip
    return [
        Unit(variant, language, read_at, _hidden(impressions), _hidden(clicks))
        for variant, language, read_at, impressions, clicks in rows
    ]


def _hidden(count: int | None) -> int | None:
    return None if count is None else floored(count)
