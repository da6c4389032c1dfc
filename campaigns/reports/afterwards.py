"""What members of a campaign did within a fortnight, against those who were chosen at random to get nothing.

Counted are people, of two groups, never who. What minors do is not looked at; they are members like all others, for a
number without them would tell who is one. Everything else that is told is worked out from the floored counts, so that it
tells no more than they do.
"""

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from campaigns.figures import floored

WINDOW = timedelta(days=14)
Deed = Literal["answered", "checked", "danger", "stopped"]
DEEDS: tuple[Deed, ...] = ("answered", "checked", "danger", "stopped")
# In which counts are floored (campaigns.figures).
_STEP = 10
# Standard normal, both sides of 95 %.
_Z = 1.959964

# A person's window begins with the first run that brought them something; of who got nothing, with the first run. Who
# waits for the better wording of a trial is in neither group until it went out.
MEMBERS = """
WITH members AS MATERIALIZED (
  SELECT m.contact_id, bool_and(m.variant = 'holdout') AS held_out,
         coalesce(min(r.frozen_at) FILTER (WHERE m.variant <> 'holdout'), min(r.frozen_at)) AS since,
         bool_or(t.minor) AS minor
  FROM campaign_run r JOIN campaign_member m ON m.run_id = r.id
  JOIN contact t ON t.id = m.contact_id
  WHERE r.campaign_id = :campaign AND (CAST(:run AS uuid) IS NULL OR r.id = :run) AND r.frozen_at IS NOT NULL
    AND (m.variant <> 'rest' OR EXISTS (
      SELECT FROM campaign_part p WHERE p.run_id = r.id AND p.of_rest))
  GROUP BY m.contact_id)
"""
_COUNTS = sa.text(
    MEMBERS
    + """
SELECT 'people' AS deed, held_out, count(*) AS n FROM members GROUP BY held_out
UNION ALL
SELECT 'answered', held_out, count(DISTINCT m.contact_id) FROM members m
JOIN campaign_answer a ON a.contact_id = m.contact_id AND a.campaign_id = :campaign
  AND a.at >= m.since AND a.at < m.since + :window
WHERE NOT m.minor
GROUP BY held_out
UNION ALL
SELECT 'checked', held_out, count(DISTINCT m.contact_id) FROM members m
JOIN screening s ON s.contact_id = m.contact_id AND s.created_at >= m.since AND s.created_at < m.since + :window
WHERE NOT m.minor
GROUP BY held_out
UNION ALL
SELECT 'danger', held_out, count(DISTINCT m.contact_id) FROM members m
JOIN screening s ON s.contact_id = m.contact_id AND s.created_at >= m.since AND s.created_at < m.since + :window
WHERE s.band = 'danger' AND NOT m.minor
GROUP BY held_out
UNION ALL
SELECT 'stopped', held_out, count(DISTINCT m.contact_id) FROM members m
JOIN campaign c ON c.id = :campaign
JOIN consent_event e ON e.contact_id = m.contact_id AND NOT e.granted AND e.topic IN ('campaigns', c.subject)
  AND e.at >= m.since AND e.at < m.since + :window
WHERE NOT m.minor
GROUP BY held_out
"""
).bindparams(
    sa.bindparam("campaign", type_=sa.Uuid()),
    sa.bindparam("run", type_=sa.Uuid()),
    sa.bindparam("window", type_=sa.Interval()),
)


@dataclass(frozen=True, slots=True)
class Group:
    """How many people, and how many of them did what; counts in tens, None for fewer than 20."""

    people: int | None = None
    answered: int | None = None
    checked: int | None = None
    danger: int | None = None
    stopped: int | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """Share of members less share of the holdout, in per cent points: with 95 % confidence between `low` and `high`."""

    low: float
    high: float

    @property
    def is_sure(self) -> bool:
        return self.low > 0 or self.high < 0


async def read_groups(
    session: AsyncSession, campaign_id: UUID, run_id: UUID | None = None
) -> tuple[Group, Group]:
    """Return members and holdout of a campaign, of all its runs or of one."""
    rows = await session.execute(_COUNTS, {"campaign": campaign_id, "run": run_id, "window": WINDOW})
    counts = {(held_out, deed): floored(count) for deed, held_out, count in rows}
    members, holdout = (
        Group(
            people=counts.get((held_out, "people")), **{deed: counts.get((held_out, deed)) for deed in DEEDS}
        )
        for held_out in (False, True)
    )
    return members, holdout


def compare(members: Group, holdout: Group, deed: Deed) -> Difference | None:
    """How far members differ from the holdout; None where a count on either side is hidden.

    Newcombe's interval for two shares (Statistics in Medicine 17, 1998, method 10), widened by what flooring may hide.
    """
    here, there = (_share(getattr(group, deed), group.people) for group in (members, holdout))
    if here is None or there is None:
        return None
    middle = here[1] - there[1]
    low = middle - math.hypot(here[1] - here[0], there[2] - there[1])
    high = middle + math.hypot(here[2] - here[1], there[1] - there[0])
    return Difference(round(100 * low, 1), round(100 * high, 1))


def _share(count: int | None, people: int | None) -> tuple[float, float, float] | None:
    """Low end, middle and high end of a share of which only floored counts are known."""
    if count is None or people is None:
        return None
    most = min(count + _STEP - 1, people)
    middle = (count + most) / 2 / (people + _STEP / 2)
    return _wilson(count, people + _STEP - 1)[0], middle, _wilson(most, people)[1]


def _wilson(count: int, people: int) -> tuple[float, float]:
    share, square = count / people, _Z * _Z
    middle = (share + square / (2 * people)) / (1 + square / people)
    around = (
        _Z * math.sqrt(share * (1 - share) / people + square / (4 * people * people)) / (1 + square / people)
    )
    return max(0.0, middle - around), min(1.0, middle + around)
