"""Whom an audience means, as one statement: sets joined with sets, so that a million people take seconds.

`members` knows nothing of holds, so that nothing which a manager sees can be made of them (invariant 8); `sendable` is
what goes out. Quiet hours, and who hides their chat at this moment, are looked at again by delivery.
"""

import hashlib
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from campaigns.audience.bounds import check_audience
from campaigns.audience.rules import People, agreed_to, holders
from campaigns.models import CampaignMember, CampaignRun
from campaigns.plans.audience import Audience, ChannelRule
from core.contacts.holds import broadcasts_held
from core.contacts.models import ChannelIdentity, Contact
from core.contacts.subjects import Subject

HOLDOUT = "holdout"
WEEK = timedelta(days=7)
# Shares are drawn in hundredths of a per cent.
SHARES = 10_000

Members = sa.Select[UUID, UUID, str, str]


def members(audience: Audience, subject: Subject | str | None, now: datetime) -> Members:
    """Who agreed and for whom the rules hold, at one address each: (contact_id, identity_id, channel, language).

    `subject` is the campaign's own; who stopped it is left out. The address is the newest that is not blocked, of the
    channels that the audience includes. Holds, blocks, caps, quiet hours and holdout play no part. Raises AudienceError.
    """
    check_audience(audience)
    address = _addresses(audience, ChannelIdentity)
    chosen = (
        sa.select(
            Contact.id.label("contact_id"), ChannelIdentity.id.label("identity_id"),
            ChannelIdentity.channel, Contact.language,
        )
        .join(ChannelIdentity, ChannelIdentity.contact_id == Contact.id)
        .where(Contact.erased_at.is_(None), *address, _is_newest(audience))
        .where(_among(agreed_to(*([subject] if subject else []))))
    )  # fmt: skip
    for rule in audience.include:
        chosen = chosen.where(_among(holders(rule, now)))
    for rule in audience.exclude:
        chosen = chosen.where(sa.not_(_among(holders(rule, now))))
    return chosen


def sendable(audience: Audience, subject: Subject | str | None, now: datetime) -> Members:
    """Return `members` without whom no campaign reaches now: held, blocked, or at the audience's weekly cap.

    For freezing alone; nothing of the difference between the two may be shown. Raises AudienceError.
    """
    chosen = members(audience, subject, now).where(
        ChannelIdentity.blocked_at.is_(None), sa.not_(broadcasts_held(_contact_id(), now))
    )
    if audience.weekly_cap:
        chosen = chosen.where(sa.not_(_among(at_cap(audience.weekly_cap, now))))
    return chosen


def at_cap(cap: int, now: datetime) -> People:
    """Who belonged to so many runs or more within seven days.

    Belonging counts, not arriving: who was held then had a place in the run all the same, so that a cap tells of no hold.
    """
    return (
        sa.select(CampaignMember.contact_id)
        .join(CampaignRun, CampaignRun.id == CampaignMember.run_id)
        .where(
            CampaignRun.frozen_at > now - WEEK,
            CampaignRun.state != "expired",
            CampaignMember.variant != HOLDOUT,
        )
        .group_by(CampaignMember.contact_id)
        .having(sa.func.count() >= cap)
    )


def share_of(run_id: UUID, contact_id: sa.ColumnElement[UUID], use: str) -> sa.ColumnElement[int]:
    """A person's place in 0 … SHARES - 1, drawn by hash: the same whenever it is asked, apart for each run and use."""
    seed = hashlib.blake2b(use.encode(), key=run_id.bytes, digest_size=8).digest()
    drawn = sa.func.uuid_hash_extended(
        contact_id, sa.cast(int.from_bytes(seed, signed=True), sa.BigInteger), type_=sa.BigInteger
    )
    # Twice the remainder: the first may be below zero.
    return sa.cast((drawn % SHARES + SHARES) % SHARES, sa.Integer)


def in_holdout(run_id: UUID, contact_id: sa.ColumnElement[UUID], percent: int) -> sa.ColumnElement[bool]:
    """SQL condition: this person of this run gets nothing, to compare with."""
    return share_of(run_id, contact_id, HOLDOUT) < percent * SHARES // 100


def _among(people: People) -> sa.ColumnElement[bool]:
    """SQL condition that the database joins: `IN` of a negated set would be asked row by row."""
    found = people.subquery()
    return sa.exists().where(next(iter(found.c)) == Contact.id)


def _contact_id() -> sa.ColumnElement[UUID]:
    return sa.type_coerce(Contact.id, sa.Uuid())


def _addresses(audience: Audience, identity: type[ChannelIdentity]) -> list[sa.ColumnElement[bool]]:
    """SQL conditions: the address is of the channels that are included."""
    return [identity.channel.in_(rule.channels) for rule in audience.include if isinstance(rule, ChannelRule)]


def _is_newest(audience: Audience) -> sa.ColumnElement[bool]:
    """SQL condition: the person has no better address; one that is not blocked is better, then the newer."""
    better = aliased(ChannelIdentity)
    return sa.not_(
        sa.exists().where(
            better.contact_id == ChannelIdentity.contact_id,
            *_addresses(audience, better),
            sa.tuple_(better.blocked_at.is_(None), better.created_at, better.id)
            > sa.tuple_(ChannelIdentity.blocked_at.is_(None), ChannelIdentity.created_at, ChannelIdentity.id),
        )
    )
