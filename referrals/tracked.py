"""What a receipt shows, as plain data: the bare status by its code, more once the code word was said."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from referrals.progress import Progress

# Parcel-like on purpose: it says nothing of what the matter is.
Stage = Literal["", "waiting", "held", "answered", "closed"]

# Something urgent is erased so long after it was asked for.
LATE_HOURS = 72


class StaffAnswer(msgspec.Struct, frozen=True):
    """What staff wrote to the person."""

    text: str
    at: datetime


class Viewing(msgspec.Struct, frozen=True):
    """Somebody opened the report: their role and when, never who."""

    role: str
    at: datetime


class Agreed(msgspec.Struct, frozen=True):
    """What the person last said of one agency."""

    agency: str
    granted: bool
    with_identity: bool


class Tracked(msgspec.Struct, frozen=True):
    """One look at a receipt. Without `referral` nothing was found: wrong, too old and erased look the same."""

    # Seconds until the next try is looked at; this one was not.
    wait: int = 0
    referral: UUID | None = None
    stage: Stage = ""
    # Told from this very chat.
    mine: bool = False
    # More than the stage may be seen and changed.
    opened: bool = False
    answers: tuple[StaffAnswer, ...] = ()
    viewings: tuple[Viewing, ...] = ()
    agencies: tuple[Agreed, ...] = ()
    may_write_first: bool = False
    # Chosen hours in minutes after midnight, Asia/Bangkok; None for any hour.
    hours: tuple[int, int] | None = None
    # When it will be erased, where the person asked for that.
    erase_at: datetime | None = None
    # Erasing it would wait, and could be taken back meanwhile.
    erases_late: bool = False
    # The law keeps it for now: a wish to erase waits until a person ends that.
    held: bool = False
    # How the case goes on with agencies, courts and money.
    progress: Progress = Progress()
