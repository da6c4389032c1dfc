"""Forgetting a person whole, in every room: first a last message that says what goes and what stays, then the keys."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from bots.dialogues.rights import say_farewell
from bots.engine.steps import Language
from bots.models import Conversation
from core.audit.chain import record_audit
from core.clock import bangkok, utc_now
from core.contacts.erasure import farewell_is_over, forget_contact, menus_are_gone, proof_of
from core.contacts.models import ChannelIdentity, Contact, ErasureRequest
from core.crypto.data_keys import DataKey, DataKeys
from core.db.database import driver_connection
from core.jobs.queue import enqueue_on
from core.messages.queue import queue
from core.retention.lengths import lengths_in_force
from referrals.keeping.holding import holds_any
from referrals.models import Referral
from referrals.report_erasure import erase_report
from screening.retention import forget_person

_LOCK = """
SELECT c.id FROM conversation c JOIN channel_identity i ON i.id = c.identity_id WHERE i.contact_id = $1
ORDER BY c.id FOR UPDATE OF c
"""
# What arrived and was handled; something that came in this very moment is a stranger's.
_EVENTS = """
UPDATE inbound_event e SET body = NULL, address_key = NULL, message_key = NULL
FROM channel_identity i
WHERE i.contact_id = $1 AND e.channel = i.channel AND e.address_key = i.address_key AND e.handled_at IS NOT NULL
"""
_CONVERSATIONS = """
DELETE FROM conversation c USING channel_identity i WHERE i.id = c.identity_id AND i.contact_id = $1
"""


async def carry_out(session: AsyncSession, keys: DataKeys, request_id: UUID) -> bool:
    """Take a due wish one step further: say farewell, or forget; True once the person is forgotten. Safe to repeat."""
    found = await session.get_one(ErasureRequest, request_id)
    connection = await driver_connection(session)
    # Before the request, as a turn does it: the person may be taking it back at this moment.
    await connection.fetch(_LOCK, found.contact_id)
    request = await session.get_one(ErasureRequest, request_id, with_for_update=True, populate_existing=True)
    if request.done_at is not None or request.taken_back_at is not None or request.due_at > utc_now():
        return False
    if request.farewell_at is None:
        request.farewell_at = utc_now()
        request.farewell_id = await _queue_farewell(session, keys, request)
        await enqueue_on(connection, "forget_menus", [request.id])
    elif await farewell_is_over(session, request) and menus_are_gone(request):
        await _forget(session, connection, request)
        return True
    return False


async def _queue_farewell(session: AsyncSession, keys: DataKeys, request: ErasureRequest) -> UUID | None:
    """Write the last message to where the person last wrote from; None where nothing reaches them."""
    found = (
        await session.execute(
            sa.select(ChannelIdentity.id, Contact.language)
            .join(Contact, Contact.id == ChannelIdentity.contact_id)
            .join(DataKey, DataKey.id == Contact.data_key_id)
            .join(Conversation, Conversation.identity_id == ChannelIdentity.id)
            .where(
                ChannelIdentity.contact_id == request.contact_id,
                ChannelIdentity.blocked_at.is_(None),
                # Somebody else may be reading there.
                Conversation.hidden.is_(False),
                DataKey.wrapped.is_not(None),
            )
            .order_by(Conversation.last_inbound_at.desc().nulls_last())
            .limit(1)
        )
    ).one_or_none()
    if found is None:
        return None
    language = known_language(found.language)
    lengths = await lengths_in_force(await driver_connection(session))
    content = say_farewell(
        language,
        bangkok(utc_now()),
        proof_of(request.id),
        request_days=lengths["erasure_requests"].days,
        message_days=lengths["message_rows"].days,
        held=await holds_any(session, request.contact_id),
    )
    content = msgspec.structs.replace(content, language=language)
    return await queue(session, keys, identity_id=found.id, content=content, kind="answer", lane="reply")


def known_language(stored: str) -> Language:
    """The language that a contact chose, as far as there is copy in it."""
    return _KNOWN.get(stored, "th")


_KNOWN: Mapping[str, Language] = {"th": "th", "en": "en"}


async def _forget(session: AsyncSession, connection: Any, request: ErasureRequest) -> None:
    contact_id = request.contact_id
    reports = await session.scalars(
        sa.select(Referral).where(Referral.contact_id == contact_id).with_for_update()
    )
    for referral in reports.all():
        await erase_report(session, referral)
    await forget_person(connection, contact_id)
    await connection.execute(_EVENTS, contact_id)
    await connection.execute(_CONVERSATIONS, contact_id)
    await forget_contact(session, contact_id)
    request.done_at = utc_now()
    await session.flush()
    await record_audit(
        session, actor_id=None, action="contact.forget", object_kind="erasure_request", object_id=request.id
    )
