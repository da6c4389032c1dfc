"""A message on its way: what the dispatcher hands to delivery, and what delivery reads back from the ledger."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from bots.channels.base import Mode
from core.languages import Language
from core.messages.content import Envelope
from core.messages.models import Kind

# Longer than any call may take; a claim that outlives it belongs to a process that died.
CLAIM = timedelta(seconds=15)


@dataclass(slots=True, eq=False)
class Outgoing:
    """One claimed message. The claim is ours as long as `tries` in the row is the one held here."""

    message_id: UUID
    identity_id: UUID
    channel: str
    kind: Kind
    envelope: Envelope
    # The platform's address in the clear; never logged.
    address: str
    answerable_until: datetime | None
    tries: int
    parts_done: int = 0
    created_at: datetime | None = None
    # When the person last wrote to us; the lock-screen rule looks at it.
    last_inbound_at: datetime | None = None
    may_be_double: bool = False
    # The attempt already written for the first part, when the dispatcher wrote it with the message.
    attempt_id: UUID | None = None
    # Until when that claim holds: a call that can't be over by then is not begun.
    claimed_until: datetime | None = None
    mode: Mode | None = None
    retry_key: UUID | None = None
    # Of a campaign: what it is counted under, and whether it arrives without a sound.
    unit: str = ""
    silent: bool = False
    # What the person reads; known of what staff wrote.
    language: Language = "th"

    def __repr__(self) -> str:
        return f"<Outgoing {self.message_id}>"
