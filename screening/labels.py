"""What people say of judgements: citizens' "this is not right", and the band and kind that staff would have given.

A label keeps the versions of the judgement it speaks of, so that it still says something once the screening is gone.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from core.accounts.models import Account
from core.audit.chain import record_audit
from core.clock import utc_now
from core.errors import InvalidInputError, NotFoundError
from core.ids import new_id
from nlp.findings import Band
from screening.desk import MAY_LABEL, require
from screening.kinds import NAMES
from screening.models import Screening, ScreeningLabel

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


async def label_screening(
    session: AsyncSession, screening_id: UUID, *, band: Band, kind: str = "", by: Account
) -> UUID:
    """Keep the band, and the kind where one is given, that staff find right; the newest label of a judgement counts.

    Raises ForbiddenError, NotFoundError, InvalidInputError for an unknown kind.
    """
    require(by, MAY_LABEL)
    if kind and kind not in NAMES:
        raise InvalidInputError(f"kinds are {', '.join(NAMES)}")
    judged = await session.get(Screening, screening_id)
    if judged is None:
        raise NotFoundError("no such screening")
    label = ScreeningLabel(
        id=new_id(), screening_id=screening_id, author="staff", account_id=by.id, band=band, kind=kind or None,
        judged_band=judged.band, judged_score=judged.score, rules=judged.rules, model=judged.model, at=utc_now(),
    )  # fmt: skip
    session.add(label)
    await session.flush()
    await record_audit(
        session, actor_id=by.id, action="screening.label", object_kind="screening", object_id=screening_id
    )
    return label.id


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
