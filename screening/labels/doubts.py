"""Citizens' "this is not right", kept with the versions of the judgement it speaks of."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from core.ids import new_id
from screening.models import ScreeningLabel

# "ไม่ตรง" on a card older than this is about something else by now.
DOUBT_WITHIN = timedelta(days=2)

_DOUBT = """
INSERT INTO screening_label (id, screening_id, author, judged_band, judged_score, rules, model, at)
SELECT $1, id, 'citizen', band, score, rules, model, $3 FROM screening
WHERE contact_id = $2 AND created_at > $4 ORDER BY id DESC LIMIT 1
ON CONFLICT (screening_id) WHERE author = 'citizen' DO NOTHING
"""


async def note_doubt(connection: Any, contact_id: UUID, now: datetime) -> None:
    """Note that a person finds the last judgement they got wrong; once a judgement, and nothing where they got none."""
    await connection.execute(_DOUBT, new_id(), contact_id, now, now - DOUBT_WITHIN)


async def doubted(session: AsyncSession, *, limit: int = 200) -> list[UUID]:
    """Return the screenings that citizens found wrong and staff have not labelled yet, newest first."""
    staff = aliased(ScreeningLabel)
    labelled = sa.exists().where(staff.screening_id == ScreeningLabel.screening_id, staff.author == "staff")
    rows = await session.scalars(
        sa.select(ScreeningLabel.screening_id)
        .where(ScreeningLabel.author == "citizen", ScreeningLabel.screening_id.is_not(None), ~labelled)
        .order_by(ScreeningLabel.id.desc())
        .limit(limit)
    )
    return [row for row in rows if row is not None]
