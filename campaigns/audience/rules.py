"""Each rule as the people for whom it holds: a query of contacts, so that sets are joined and nobody is looked up alone.

No rule reads what came of a check or of a report, or whether there is one (invariant 8). Of who is under 18 by their own
word no rule looks at what they do.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from campaigns.audience.bounds import AudienceError
from campaigns.models import CampaignAnswer, ContactTag, ContactTrait
from campaigns.plans.audience import (
    AnsweredRule,
    ChannelRule,
    CheckedRule,
    LanguageRule,
    ProvinceRule,
    Rule,
    ScoreRule,
    SeenRule,
    SubjectRule,
    TagRule,
)
from core.consent import Consent
from core.contacts.models import ChannelIdentity, Contact
from screening.models import Screening

People = sa.Select[UUID]
# A table of the bots, who stand above; only when somebody last wrote is read of it.
_conversation = sa.table("conversation", sa.column("identity_id"), sa.column("last_inbound_at"))
_grown = sa.select(Contact.id).where(Contact.minor.is_(False)).subquery("grown")


def holders(rule: Rule, now: datetime) -> People:
    """The contacts for whom a rule holds, some of them more than once; raises AudienceError for no campaign's id."""
    return _HOLDERS[type(rule)](rule, now)


def agreed_to(*subjects: str) -> People:
    """Who agreed to news, and did not stop every one of these subjects."""
    chosen = sa.select(Consent.contact_id).where(Consent.topic == "campaigns", Consent.granted)
    if not subjects:
        return chosen
    stopped = aliased(Consent)
    stopping = sa.select(stopped.contact_id).where(stopped.topic.in_(subjects), sa.not_(stopped.granted))
    if len(set(subjects)) > 1:
        stopping = stopping.group_by(stopped.contact_id).having(sa.func.count() == len(set(subjects)))
    stops = stopping.subquery("stops")
    return chosen.where(sa.not_(sa.exists().where(stops.c.contact_id == Consent.contact_id)))


def _subject(rule: SubjectRule, _now: datetime) -> People:
    return agreed_to(*rule.subjects)


def _channel(rule: ChannelRule, _now: datetime) -> People:
    return sa.select(ChannelIdentity.contact_id).where(ChannelIdentity.channel.in_(rule.channels))


def _language(rule: LanguageRule, _now: datetime) -> People:
    return sa.select(Contact.id).where(Contact.language.in_(rule.languages))


def _province(rule: ProvinceRule, _now: datetime) -> People:
    return sa.select(ContactTrait.contact_id).where(ContactTrait.province.in_(rule.provinces))


def _tag(rule: TagRule, _now: datetime) -> People:
    return sa.select(ContactTag.contact_id).where(ContactTag.tag.in_(rule.tags))


def _seen(rule: SeenRule, now: datetime) -> People:
    return (
        sa.select(ChannelIdentity.contact_id)
        .join(_conversation, _conversation.c.identity_id == ChannelIdentity.id)
        .join(_grown, _grown.c.id == ChannelIdentity.contact_id)
        .where(_conversation.c.last_inbound_at > now - timedelta(days=rule.days))
    )


def _checked(rule: CheckedRule, now: datetime) -> People:
    return (
        sa.select(_grown.c.id)
        .join(Screening, Screening.contact_id == _grown.c.id)
        .where(Screening.created_at > now - timedelta(days=rule.days))
    )


def _answered(rule: AnsweredRule, _now: datetime) -> People:
    chosen = (
        sa.select(CampaignAnswer.contact_id)
        .join(_grown, _grown.c.id == CampaignAnswer.contact_id)
        .where(
            CampaignAnswer.campaign_id == _campaign(rule.campaign), CampaignAnswer.question == rule.question
        )
    )
    return chosen.where(CampaignAnswer.choice.in_(rule.choices)) if rule.choices else chosen


def _score(rule: ScoreRule, _now: datetime) -> People:
    given, right = sa.func.count(), sa.func.count().filter(CampaignAnswer.right.is_(True))
    return (
        sa.select(CampaignAnswer.contact_id)
        .join(_grown, _grown.c.id == CampaignAnswer.contact_id)
        .where(CampaignAnswer.campaign_id == _campaign(rule.campaign), CampaignAnswer.right.is_not(None))
        .group_by(CampaignAnswer.contact_id)
        .having((100 * right).between(rule.least * given, rule.most * given))
    )


def _campaign(written: str) -> UUID:
    try:
        return UUID(written)
    except ValueError:
        raise AudienceError("choose the campaign whose answers count") from None


_HOLDERS: Mapping[type[Any], Callable[[Any, datetime], People]] = {
    SubjectRule: _subject,
    ChannelRule: _channel,
    LanguageRule: _language,
    ProvinceRule: _province,
    SeenRule: _seen,
    AnsweredRule: _answered,
    ScoreRule: _score,
    CheckedRule: _checked,
    TagRule: _tag,
}
