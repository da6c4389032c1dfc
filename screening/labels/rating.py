"""Staff's ratings of judgements: the band and kind they would have given, each blind to what others gave.

A label keeps the versions of the judgement it speaks of, so that it still says something once the screening is gone.
Whoever calls leaves the audit row.
"""

from datetime import datetime
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.models import Account
from core.clock import utc_now
from core.errors import InvalidInputError, NotFoundError
from core.ids import new_id
from nlp.findings import Band
from screening.desk import MAY_LABEL, MAY_READ, require
from screening.kinds import NAMES
from screening.models import Screening, ScreeningLabel


class Rating(msgspec.Struct, frozen=True):
    """What somebody gave a judgement last; `kind` is empty where they gave none."""

    by: str
    band: str
    kind: str
    at: datetime


class Ratings(msgspec.Struct, frozen=True):
    """One's own rating, how many others there are, and what they gave once one has given one's own."""

    mine: Rating | None
    others: int
    theirs: tuple[Rating, ...] = ()


async def label_screening(
    session: AsyncSession, screening_id: UUID, *, band: Band, kind: str = "", by: Account
) -> UUID:
    """Keep the band, and the kind where one is given, that staff find right; somebody's newest label counts.

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
    return label.id


async def ratings_of(session: AsyncSession, screening_id: UUID, *, by: Account) -> Ratings:
    """Return the ratings of a judgement as this person may see them; raises ForbiddenError."""
    require(by, MAY_READ)
    rows = await session.execute(
        sa.select(ScreeningLabel, Account.name)
        .join(Account, Account.id == ScreeningLabel.account_id)
        .where(ScreeningLabel.screening_id == screening_id, ScreeningLabel.author == "staff")
        .order_by(ScreeningLabel.id)
    )
    # Later rows of the same person stand in the place of their earlier ones.
    newest = {row.account_id: Rating(name, row.band or "", row.kind or "", row.at) for row, name in rows}
    mine = newest.pop(by.id, None)
    return Ratings(mine, len(newest), tuple(newest.values()) if mine else ())
