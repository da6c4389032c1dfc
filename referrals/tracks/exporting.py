"""What happened in an agency's cases, as a file: codes, ids, days and satang, as far as it may know; no words at all."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from referrals.agencies.kinds import AgencyKind
from referrals.tracks.lines import Form, write_file
from referrals.tracks.models import CaseEvent
from referrals.tracks.partners import REFERRED, TOLD_STATES
from referrals.tracks.steps import steps
from referrals.tracks.visibility import group_of, sees

COLUMNS: Final = (
    "event", "case", "track", "step", "happened_on", "is_own", "reverses", "happened_at", "recorded_at", "person",
    "amount", "fund", "item", "outcome", "people", "months", "about",
)  # fmt: skip
_BARE: Final = 7
MOST_ROWS = 5_000


@dataclass(frozen=True, slots=True)
class Export:
    """A file; `next` is behind which event the next one goes on, None at the end."""

    content: bytes
    next: UUID | None


async def export_steps(
    session: AsyncSession, agency_id: UUID, kind: AgencyKind, form: Form, *, after: UUID | None = None
) -> Export:
    """Return what happened in the agency's cases, in the order in which it was told."""
    asked = (
        sa.select(CaseEvent, REFERRED.c.id.label("case_id"))
        .join(REFERRED, REFERRED.c.referral_id == CaseEvent.referral_id)
        .where(
            REFERRED.c.agency_id == agency_id,
            REFERRED.c.state.in_(TOLD_STATES),
            sa.or_(CaseEvent.track != "referral", CaseEvent.agency_referral_id == REFERRED.c.id),
        )
        .order_by(CaseEvent.id, REFERRED.c.id)
        .limit(MOST_ROWS + 1)
    )
    if after is not None:
        asked = asked.where(CaseEvent.id > after)
    found = (await session.execute(asked)).all()
    # A step of a case that was referred here twice stands twice, on one page.
    page = [one for one in found[:MOST_ROWS] if len(found) <= MOST_ROWS or one[0].id != found[-1][0].id]
    rows = [row for event, case_id in page if (row := _row(event, case_id, agency_id, kind)) is not None]
    end = page[-1][0].id if len(found) > MOST_ROWS else None
    return Export(write_file(rows, COLUMNS, form), end)


def _row(event: CaseEvent, case_id: UUID, agency_id: UUID, kind: AgencyKind) -> dict[str, Any] | None:
    """Return what the agency may know of an event; None where that is nothing."""
    is_own = event.agency_id == agency_id
    rule = steps()[event.track, event.step]
    level = "full" if is_own else sees(kind, group_of(rule.track, event.step))
    if level == "none":
        return None
    whole = {
        "event": str(event.id), "case": str(case_id), "track": event.track, "step": event.step,
        "happened_on": event.happened_on.isoformat(), "is_own": int(is_own),
        "reverses": str(event.reverses_id or ""),
        "happened_at": event.happened_at.isoformat() if event.happened_at else "",
        "recorded_at": event.recorded_at.isoformat(), "person": event.person, "amount": event.amount,
        "fund": event.fund, "item": event.item, "outcome": event.outcome, "people": event.people,
        "months": event.months, "about": str(event.about_id or ""),
    }  # fmt: skip
    return whole if level == "full" else {name: whole[name] for name in COLUMNS[:_BARE]}
