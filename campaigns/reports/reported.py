"""Whether more people came to the hotline after a campaign: one blurred figure, late, and only of very many.

Who makes campaigns must never learn that one person reported (invariant 8), whatever else they know and however they
choose their audiences. So the figure is of at least 1,000 people, not of hand-picked ones; it is told when the last
window has been over for a fortnight and then never changes; and it is blurred by chance that our key fixes, enough that
any one person's report could as well not be in it (docs/decisions/0027).
"""

import math
from datetime import datetime, timedelta
from typing import Literal, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from campaigns.figures import SMALLEST_COUNT
from campaigns.models import CampaignRun
from campaigns.plans.audience import AnsweredRule, Audience, ScoreRule, TagRule
from campaigns.plans.plan import Plan
from campaigns.reports.afterwards import MEMBERS, WINDOW
from core.crypto.keyset import Keyset

FEWEST = 1_000
SETTLES = timedelta(days=14)
# One person's report changes the odds of any figure by at most a tenth (e to the 0.1).
EPSILON = 0.1
MOST_CAP = 3
_STEP = 20
_ENDED = ("done", "cancelled", "expired")
# "chosen": of people who can be picked one by one, or reached without a cap · "early": not over for long enough · "few":
# of fewer people than that.
Withheld = Literal["", "chosen", "early", "few"]
_COUNTS = sa.text(
    MEMBERS
    + """
SELECT held_out, count(*) AS people, count(*) FILTER (WHERE NOT m.minor AND EXISTS (
  SELECT FROM referral f WHERE f.contact_id = m.contact_id AND f.opened_at >= m.since AND f.opened_at < m.since + :window
)) AS reported
FROM members m GROUP BY held_out
"""
).bindparams(
    sa.bindparam("campaign", type_=sa.Uuid()),
    sa.bindparam("run", type_=sa.Uuid()),
    sa.bindparam("window", type_=sa.Interval()),
)


class Reported(NamedTuple):
    """About how many members, and how many of the holdout, opened a report; in twenties, None for fewer."""

    withheld: Withheld = ""
    members: int | None = None
    holdout: int | None = None


async def read_reported(
    session: AsyncSession, keyset: Keyset, campaign_id: UUID, plan: Plan, now: datetime
) -> Reported:
    """Return the figure of a whole campaign; of a run, a wording or a channel there is none."""
    if not _is_wide(plan.audience):
        return Reported("chosen")
    if not await _is_settled(session, campaign_id, now):
        return Reported("early")
    rows = await session.execute(_COUNTS, {"campaign": campaign_id, "run": None, "window": WINDOW})
    counts = {held_out: (people, reported) for held_out, people, reported in rows}
    shown = {
        held_out: _shown(reported, keyset, f"{campaign_id} {held_out}")
        for held_out, (people, reported) in counts.items()
        if people >= FEWEST
    }
    if False not in shown:
        return Reported("few")
    return Reported("", shown[False], shown.get(True))


def _is_wide(audience: Audience) -> bool:
    """Tags and answers pick people one by one; without a cap somebody could be put into any number of campaigns."""
    picks = any(
        isinstance(rule, TagRule | AnsweredRule | ScoreRule)
        for rule in (*audience.include, *audience.exclude)
    )
    return not picks and 1 <= audience.weekly_cap <= MOST_CAP


async def _is_settled(session: AsyncSession, campaign_id: UUID, now: datetime) -> bool:
    """Whether every run ended and its window has been over for a fortnight."""
    rows = await session.execute(
        sa.select(CampaignRun.state, CampaignRun.frozen_at).where(CampaignRun.campaign_id == campaign_id)
    )
    runs = rows.all()
    frozen = [frozen_at for _, frozen_at in runs if frozen_at is not None]
    return (
        bool(frozen) and all(state in _ENDED for state, _ in runs) and max(frozen) + WINDOW + SETTLES <= now
    )


def _shown(count: int, keyset: Keyset, what: str) -> int | None:
    blurred = count + blur(keyset, what)
    return None if blurred < SMALLEST_COUNT else blurred - blurred % _STEP


def blur(keyset: Keyset, what: str) -> int:
    """The chance that is added to a figure: always the same one for the same figure, so that asking again tells nothing.

    Two-sided geometric (Ghosh, Roughgarden, Sundararajan, SIAM J. Comput. 41, 2012), drawn by our key.
    """
    return _geometric(keyset, f"{what} up") - _geometric(keyset, f"{what} down")


def _geometric(keyset: Keyset, what: str) -> int:
    """How many tries fail before one succeeds that fails with e to the -EPSILON."""
    drawn = (int.from_bytes(keyset.index("campaign-figure", what)[:8]) + 1) / 2**64
    return math.floor(math.log(drawn) / -EPSILON)
