"""Sending a message of a campaign to staff to try it: to their own proven addresses, marked as a test, without approval.

It counts for nothing: no run, no quota reserve, no answer kept, no link counted. Each sending is a row before it goes.
"""

import tomllib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from importlib import resources
from typing import Literal, NamedTuple, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from campaigns.composer.rendering import media_of, render
from campaigns.drafting import read_campaign
from campaigns.media import read_media
from campaigns.models import CampaignTest
from campaigns.plans.blocks import Wording
from campaigns.plans.plan import Plan
from core.accounts.models import Account, StaffAddress
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.crypto.sealing import context
from core.errors import AppError, InvalidInputError, NotFoundError
from core.ids import new_id
from core.jobs.queue import enqueue
from core.languages import Language, in_language
from core.messages.content import Content, Text
from core.permissions import SCOPES

TRY_CAMPAIGN = "try_campaign"
# By one member of staff: enough to mend a word and look again, too little to reach people with.
PACE, MOST = timedelta(minutes=10), 30
# No call takes longer: a worker that died in one leaves it unknown.
CLAIM = timedelta(seconds=60)
_SHOWN = 20

State = Literal["pending", "sending", "sent", "failed", "unknown"]


class TooManyTestsError(AppError):
    """Too many tests within ten minutes."""

    code = "test_pace"
    status = 429


class NobodyToTestError(InvalidInputError):
    """Nobody who was chosen has proven an address."""

    code = "test_nobody"


class Receiver(NamedTuple):
    """A member of staff who works on campaigns, and where they can be reached."""

    account_id: UUID
    name: str
    kinds: tuple[str, ...]


class Tried(NamedTuple):
    """One test as its page shows it; `reason` is an outcome of the channel, "" where there is nothing to say."""

    name: str
    kind: str
    language: Language
    state: State
    reason: str
    asked_at: datetime


class Trying(NamedTuple):
    """A claimed test; the address is in the clear and never logged."""

    test_id: UUID
    kind: str
    address: str
    content: Content


async def list_receivers(session: AsyncSession) -> Sequence[Receiver]:
    """Who may be sent a test: those who may read campaigns, and proved an address in a chat."""
    roles = [role for role, scopes in SCOPES.items() if "campaigns.read" in scopes]
    rows = await session.execute(
        sa.select(Account.id, Account.name, sa.func.array_agg(StaffAddress.kind).label("kinds"))
        .join(StaffAddress, StaffAddress.account_id == Account.id)
        .where(
            Account.role.in_(roles),
            Account.disabled_at.is_(None),
            StaffAddress.kind.in_(("line", "telegram")),
            StaffAddress.proven_at.is_not(None),
        )
        .group_by(Account.id, Account.name)
        .order_by(Account.name, Account.id)
    )
    return [Receiver(row.id, row.name, tuple(sorted(row.kinds))) for row in rows]


async def ask_tests(
    session: AsyncSession,
    campaign_id: UUID,
    *,
    receivers: Collection[UUID],
    step: int,
    variant: str,
    language: Language,
    by: UUID,
) -> int:
    """Write a test for each address of these members of staff, and the job that sends them; return how many.

    Raises NotFoundError for a message that the plan does not have, NobodyToTestError, TooManyTestsError.
    """
    find_wording((await read_campaign(session, campaign_id)).plan, step, variant)
    chosen = [
        (one.account_id, kind)
        for one in await list_receivers(session)
        if one.account_id in receivers
        for kind in one.kinds
    ]
    if not chosen:
        raise NobodyToTestError("choose somebody who has proven an address")
    # One at a time for a member of staff, so that two presses in the same instant count as two.
    await session.execute(sa.select(Account.id).where(Account.id == by).with_for_update())
    now = utc_now()
    lately = sa.select(sa.func.count()).where(CampaignTest.asked_by == by, CampaignTest.asked_at > now - PACE)
    if (await session.scalar(lately) or 0) + len(chosen) > MOST:
        raise TooManyTestsError("wait some minutes before the next test")
    rows = [
        CampaignTest(
            id=new_id(), campaign_id=campaign_id, account_id=account_id, kind=kind, step=step, variant=variant,
            language=language, state="pending", asked_by=by, asked_at=now,
        )
        for account_id, kind in chosen
    ]  # fmt: skip
    session.add_all(rows)
    await session.flush()
    await enqueue(session, TRY_CAMPAIGN, [row.id for row in rows])
    return len(rows)


def find_wording(plan: Plan, step: int, variant: str) -> Wording:
    """Raises NotFoundError."""
    wordings = plan.steps[step].wordings if 0 <= step < len(plan.steps) else ()
    found = next((wording for wording in wordings if wording.variant == variant), None)
    if found is None:
        raise NotFoundError("this campaign has no such message")
    return found


async def claim_test(session: AsyncSession, keys: DataKeys, test_id: UUID, *, base_url: str) -> Trying | None:
    """Claim a test; None where it was claimed before, or ended because its address or message is gone."""
    test = await session.get(CampaignTest, test_id, with_for_update=True)
    if test is None or test.state != "pending":
        return None
    address = await _address(session, keys, test)
    if address is None:
        test.state, test.reason = "failed", "no_address"
        return None
    try:
        content = await _content(session, test, base_url)
    except NotFoundError:
        test.state, test.reason = "failed", "gone"
        return None
    test.state, test.claimed_at = "sending", utc_now()
    await session.flush()
    return Trying(test_id, test.kind, address, content)


async def settle_test(session: AsyncSession, test_id: UUID, state: State, reason: str = "") -> None:
    """Write down how a claimed test ended."""
    await session.execute(
        sa.update(CampaignTest)
        .where(CampaignTest.id == test_id, CampaignTest.state == "sending")
        .values(state=state, reason=reason or None)
    )


async def list_tests(session: AsyncSession, campaign_id: UUID) -> Sequence[Tried]:
    """The newest tests of a campaign. One whose worker died in the call is unknown."""
    rows = await session.execute(
        sa.select(CampaignTest, Account.name)
        .join(Account, Account.id == CampaignTest.account_id)
        .where(CampaignTest.campaign_id == campaign_id)
        .order_by(CampaignTest.id.desc())
        .limit(_SHOWN)
    )
    now = utc_now()
    return [
        Tried(name, one.kind, one.language, _state(one, now), one.reason or "", one.asked_at)
        for one, name in rows
    ]


def _state(test: CampaignTest, now: datetime) -> State:
    is_lost = test.state == "sending" and test.claimed_at is not None and test.claimed_at < now - CLAIM
    return "unknown" if is_lost else cast("State", test.state)


async def _address(session: AsyncSession, keys: DataKeys, test: CampaignTest) -> str | None:
    found = (
        await session.execute(
            sa.select(StaffAddress, Account.data_key_id)
            .join(Account, Account.id == StaffAddress.account_id)
            .where(
                StaffAddress.account_id == test.account_id,
                StaffAddress.kind == test.kind,
                StaffAddress.proven_at.is_not(None),
                Account.disabled_at.is_(None),
            )
        )
    ).one_or_none()
    if found is None:
        return None
    address, data_key_id = found
    key = await keys.load(session, data_key_id)
    clear: bytes = address.address.open(key, context("staff_address", "address", address.id))
    return clear.decode()


async def _content(session: AsyncSession, test: CampaignTest, base_url: str) -> Content:
    plan = (await read_campaign(session, test.campaign_id)).plan
    wording = find_wording(plan, test.step, test.variant)
    media = await read_media(session, media_of(plan), base_url)
    content = render(wording, test.language, person={}, links={}, campaign_id=test.campaign_id, media=media)
    return mark_test(content)


def mark_test(content: Content) -> Content:
    """The content with a word before it, on the lock screen too, that it is a test."""
    words = in_language(_words(), content.language)
    return Content(
        bubbles=(Text(words["lead"]), *content.bubbles),
        choices=content.choices,
        notice=f"{words['mark']} {content.notice}".strip(),
        language=content.language,
    )


@cache
def _words() -> Mapping[Language, Mapping[str, str]]:
    return tomllib.loads(resources.files("campaigns.sender").joinpath("trying.toml").read_text("utf-8"))
