"""Campaigns as drafts: written, changed, read, listed, copied, and which state may follow which.

An edit is for one revision and raises it; whoever edits an older one is told so. Approvals are of a plan's hash, so an
edit voids them without touching them.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast, get_args
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from campaigns.models import Campaign, CampaignState
from campaigns.plans.plan import Plan, decode_plan, encode_plan, hash_plan
from core.clock import utc_now
from core.contacts.subjects import Subject
from core.errors import ConflictError, InvalidInputError, NotFoundError, TooLargeError
from core.ids import new_id

LONGEST_TITLE = 80
# A plan of a year's steps in two languages takes about a fifth of it.
MOST_PLAN_BYTES = 512 * 1024

# What may follow a state. Sending once begun, a plan stays as it was approved: who wants another copies it.
_NEXT: dict[CampaignState, frozenset[CampaignState]] = {
    "draft": frozenset({"submitted", "cancelled"}),
    "submitted": frozenset({"draft", "approved", "cancelled", "expired"}),
    "approved": frozenset({"draft", "scheduled", "running", "cancelled", "expired"}),
    "scheduled": frozenset({"draft", "running", "done", "cancelled", "expired"}),
    "running": frozenset({"paused", "scheduled", "done", "cancelled", "expired"}),
    "paused": frozenset({"running", "done", "cancelled", "expired"}),
    "done": frozenset(),
    "cancelled": frozenset(),
    "expired": frozenset(),
}
EDITABLE: tuple[CampaignState, ...] = tuple(
    state for state in get_args(CampaignState) if state == "draft" or "draft" in _NEXT[state]
)


class ChangedMeanwhileError(ConflictError):
    """Somebody else changed the plan since it was read."""

    code = "changed_meanwhile"


class CampaignStateError(ConflictError):
    """What was asked for does not go with the campaign's state."""

    code = "campaign_state"


class CampaignTitleError(InvalidInputError):
    code = "campaign_title"


class PlanUnreadableError(InvalidInputError):
    """The plan holds characters that no platform takes: NUL, halves of surrogate pairs."""

    code = "plan_unreadable"


class PlanTooLargeError(TooLargeError):
    code = "plan_too_large"


@dataclass(frozen=True, slots=True)
class CampaignView:
    """A campaign as it stands; `plan_hash` is of title and plan as they are now, which is what an approval must name."""

    id: UUID
    title: str
    state: CampaignState
    subject: Subject | None
    plan: Plan
    revision: int
    plan_hash: bytes
    # As it was submitted; None before that and after an edit.
    submitted_hash: bytes | None
    origin: str
    created_by: UUID
    created_at: datetime
    changed_by: UUID | None
    changed_at: datetime | None
    emergency_reason: str | None


async def create_campaign(
    session: AsyncSession, *, title: str, plan: Plan, author_id: UUID, origin: str = ""
) -> UUID:
    """Write a draft; raises CampaignTitleError, PlanUnreadableError, PlanTooLargeError."""
    title = tidy_title(title)
    campaign_id = new_id()
    session.add(
        Campaign(
            id=campaign_id,
            title=title,
            state="draft",
            subject=plan.subject or "",
            plan=_stored(plan),
            revision=1,
            origin=origin,
            created_by=author_id,
            created_at=utc_now(),
        )
    )
    await session.flush()
    return campaign_id


async def change_plan(
    session: AsyncSession, campaign_id: UUID, *, title: str, plan: Plan, revision: int, author_id: UUID
) -> int:
    """Put a plan in the place of revision `revision` and return the new one; what was submitted or approved is a draft again.

    The same title and plan change nothing. Raises NotFoundError, ChangedMeanwhileError, CampaignStateError once it was
    sent or ended, and what `create_campaign` raises.
    """
    title, stored = tidy_title(title), _stored(plan)
    campaign = await lock_campaign(session, campaign_id)
    if campaign.state not in EDITABLE:
        raise CampaignStateError("this campaign is under way or over: copy it and change the copy")
    if campaign.revision != revision:
        raise ChangedMeanwhileError(
            "somebody changed this campaign since you opened it: open it again and add your change"
        )
    if hash_plan(title, plan) == hash_plan(campaign.title, _plan_of(campaign)):
        return revision
    campaign.title, campaign.plan, campaign.subject = title, stored, plan.subject or ""
    campaign.state, campaign.revision = "draft", revision + 1
    campaign.plan_hash = campaign.emergency_reason = campaign.emergency_by = None
    campaign.changed_by, campaign.changed_at = author_id, utc_now()
    await session.flush()
    return campaign.revision


async def copy_campaign(session: AsyncSession, campaign_id: UUID, *, title: str, author_id: UUID) -> UUID:
    """Write a draft with the same plan; leave to wake people up is not copied. Raises NotFoundError, CampaignTitleError."""
    copied = await read_campaign(session, campaign_id)
    plan = msgspec.structs.replace(copied.plan, emergency=False)
    return await create_campaign(
        session, title=title, plan=plan, author_id=author_id, origin=f"copy:{campaign_id}"
    )


async def read_campaign(session: AsyncSession, campaign_id: UUID) -> CampaignView:
    """Raises NotFoundError."""
    campaign = await session.get(Campaign, campaign_id)
    if campaign is None:
        raise NotFoundError("no such campaign")
    return view_campaign(campaign)


async def list_campaigns(
    session: AsyncSession,
    states: Collection[CampaignState] = (),
    limit: int = 50,
    after: UUID | None = None,
) -> Sequence[CampaignView]:
    """Campaigns in any of `states` (all where empty), newest first, those made before `after`."""
    wanted = sa.select(Campaign).order_by(Campaign.id.desc()).limit(limit)
    if states:
        wanted = wanted.where(Campaign.state.in_(states))
    if after is not None:
        wanted = wanted.where(Campaign.id < after)
    return [view_campaign(campaign) for campaign in await session.scalars(wanted)]


async def lock_campaign(session: AsyncSession, campaign_id: UUID) -> Campaign:
    """The row as it is now, kept from all others until the unit of work ends; raises NotFoundError."""
    # Its id stays: a run that is being frozen may go on to write rows that refer to it, and neither waits for the other.
    held = {"key_share": True}
    campaign = await session.get(Campaign, campaign_id, with_for_update=held, populate_existing=True)
    if campaign is None:
        raise NotFoundError("no such campaign")
    return campaign


def move_campaign(campaign: Campaign, state: CampaignState) -> None:
    """Bring a locked campaign into the next state; raises CampaignStateError where that may not follow."""
    if state not in _NEXT[cast("CampaignState", campaign.state)]:
        raise CampaignStateError(
            f"a campaign that is {campaign.state} can't become {state}: look at it again"
        )
    campaign.state = state


def view_campaign(campaign: Campaign) -> CampaignView:
    plan = _plan_of(campaign)
    return CampaignView(
        id=campaign.id,
        title=campaign.title,
        state=cast("CampaignState", campaign.state),
        subject=plan.subject,
        plan=plan,
        revision=campaign.revision,
        plan_hash=hash_plan(campaign.title, plan),
        submitted_hash=campaign.plan_hash,
        origin=campaign.origin,
        created_by=campaign.created_by,
        created_at=campaign.created_at,
        changed_by=campaign.changed_by,
        changed_at=campaign.changed_at,
        emergency_reason=campaign.emergency_reason,
    )


def tidy_title(title: str) -> str:
    """Blanks as one; raises CampaignTitleError where nothing or too much is left."""
    title = " ".join(title.replace("\0", "").split())
    if not 1 <= len(title) <= LONGEST_TITLE or not _is_utf8(title):
        raise CampaignTitleError(f"give the campaign a title of 1 to {LONGEST_TITLE} characters")
    return title


def _plan_of(campaign: Campaign) -> Plan:
    """What was sent before plans were kept has none."""
    return decode_plan(campaign.plan) if campaign.plan else Plan(steps=())


def _stored(plan: Plan) -> dict[str, object]:
    stored = encode_plan(plan)
    try:
        encoded = msgspec.json.encode(stored)
    except UnicodeEncodeError as error:
        raise PlanUnreadableError("a text holds half of a character: delete and type it again") from error
    # NUL is written so; what somebody typed with a backslash has two.
    if b"\\u0000" in encoded.replace(rb"\\", b""):
        raise PlanUnreadableError("a text holds a character that can't be sent: delete and type it again")
    if len(encoded) > MOST_PLAN_BYTES:
        raise PlanTooLargeError(
            f"a campaign takes at most {MOST_PLAN_BYTES // 1024} KiB: spread it over several"
        )
    return stored


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
