"""Where an agency's cases stand, as rows of a file: ids, codes and times, nothing of anybody."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa

from app.console.portal_desk import Desk
from core.clock import bangkok
from referrals.agencies.kinds import AgencyKind
from referrals.referring.models import AgencyReferral
from referrals.referring.stepping import REFUSED
from referrals.tracks.models import CaseStanding
from referrals.tracks.steps import Track
from referrals.tracks.visibility import shown_state

_TRACKS: tuple[Track, ...] = ("victim", "prosecution", "compensation")
STATE_COLUMNS = ("case", "state", "sent_at", "due_at", "answered_at", "ended_at", *_TRACKS)
# A file of more is for nobody to open; the newest are in it.
MOST_CASES = 20_000


async def read_states(desk: Desk) -> list[Mapping[str, Any]]:
    """Return the agency's cases, the newest first, with the state of each track that its kind may know."""
    kind = cast("AgencyKind", desk.agency.kind)
    rows = await desk.session.execute(
        sa.select(AgencyReferral, CaseStanding)
        .outerjoin(
            CaseStanding,
            sa.and_(
                CaseStanding.referral_id == AgencyReferral.referral_id, AgencyReferral.state.not_in(REFUSED)
            ),
        )
        .where(AgencyReferral.agency_id == desk.agency.id)
        .order_by(AgencyReferral.id.desc())
        .limit(MOST_CASES)
    )
    return [
        {
            "case": str(row.id), "state": row.state, "sent_at": _at(row.sent_at), "due_at": _at(row.due_at),
            "answered_at": _at(row.answered_at), "ended_at": _at(row.ended_at),
            **({track: shown_state(kind, track, getattr(standing, track)) for track in _TRACKS} if standing else {}),
        }
        for row, standing in rows
    ]  # fmt: skip


def _at(moment: datetime | None) -> str | None:
    return None if moment is None else bangkok(moment).isoformat(timespec="seconds")
