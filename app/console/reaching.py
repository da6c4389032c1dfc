"""What would happen to an answer that is sent now, by the very rules that the sender obeys."""

from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from bots.delivery.rules import FRESH, may_go_out
from bots.models import Conversation
from core.clock import utc_now
from core.contacts.models import ChannelIdentity, Contact, ContactRule
from core.crypto.data_keys import DataKey
from referrals.models import Referral
from referrals.reaching import PHONE

# "phone", "blocked" and "erased": nothing can be sent. "hidden": the person hides behind the decoy face. "fresh": they
# wrote a moment ago. "any", "within": they may be written to, at any hour or at this one. "hours": at their hours.
# "waits": when they write or open it.
Code = Literal["phone", "blocked", "erased", "hidden", "fresh", "any", "within", "hours", "waits"]
UNREACHABLE: tuple[Code, ...] = ("phone", "blocked", "erased")


@dataclass(frozen=True, slots=True)
class Outlook:
    """The fate of an answer; `hours` are the person's own, minutes after midnight in Bangkok."""

    code: Code
    hours: tuple[int, int] | None = None

    @property
    def is_reachable(self) -> bool:
        return self.code not in UNREACHABLE


async def read_outlook(session: AsyncSession, referral: Referral) -> Outlook:
    """Foretell what an answer to this referral's person would meet."""
    row = (
        await session.execute(
            sa.select(
                ChannelIdentity.blocked_at,
                Conversation.last_inbound_at,
                Conversation.hidden,
                ContactRule,
                Contact.erased_at,
            )
            .select_from(ChannelIdentity)
            .join(Contact, Contact.id == ChannelIdentity.contact_id)
            .outerjoin(Conversation, Conversation.identity_id == ChannelIdentity.id)
            .outerjoin(ContactRule, ContactRule.contact_id == Contact.id)
            .where(ChannelIdentity.id == referral.identity_id)
        )
    ).one()
    gone = await session.scalar(sa.select(DataKey.destroyed_at).where(DataKey.id == referral.data_key_id))
    if gone is not None or row.erased_at is not None:
        return Outlook("erased")
    if referral.channel == PHONE:
        return Outlook("phone", _hours(row.ContactRule))
    if row.blocked_at is not None:
        return Outlook("blocked")
    return _by_rules(row)


def _by_rules(row: Any) -> Outlook:
    rule: ContactRule | None = row.ContactRule
    hours, now, last = _hours(rule), utc_now(), row.last_inbound_at
    if row.hidden:
        return Outlook("hidden", hours)
    goes = may_go_out(
        "staff",
        last_inbound_at=last,
        may_write_first=rule is not None and rule.may_write_first,
        hours=hours or (None, None),
        now=now,
    )
    if goes and last is not None and now - last <= FRESH:
        return Outlook("fresh", hours)
    if goes:
        return Outlook("within" if hours else "any", hours)
    return Outlook("hours" if hours else "waits", hours)


def _hours(rule: ContactRule | None) -> tuple[int, int] | None:
    if rule is None or not rule.may_write_first or rule.from_minute is None or rule.until_minute is None:
        return None
    return rule.from_minute, rule.until_minute
