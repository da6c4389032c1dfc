"""How a case goes on, as its person may know it: plain data, with nothing of accused people or of what they own."""

from collections.abc import Mapping
from datetime import date
from typing import Literal
from uuid import UUID

import msgspec

from core.languages import Language

# As of `agency_referral`, and "read": opened, but not acknowledged yet.
AgencyState = Literal[
    "sent", "read", "acknowledged", "accepted", "in_service", "done", "declined", "expired", "recalled"
]
Answer = Literal["", "confirmed", "denied"]
# Tracks that are told beside the agencies, in the order in which they are told.
TRACKS = ("victim", "prosecution", "compensation")


class AgencyTold(msgspec.Struct, frozen=True):
    """One agency that the case was referred to."""

    name: Mapping[Language, str]
    state: AgencyState
    # Since when (Bangkok day).
    on: date
    # Who was asked after this one declined or let its time run out; None where nobody was yet.
    next_name: Mapping[Language, str] | None = None
    # What it wrote for the person when it was done.
    text: str = ""


class Stop(msgspec.Struct, frozen=True):
    """The last step of a track, as its code in `referrals/tracks/steps.toml`; where the person said something of all that
    was paid, the compensation track stands at "receipt_confirmed", "part_confirmed" or "receipt_denied".
    """

    track: str
    step: str
    on: date
    # Agencies say different things of it, and staff have not settled it yet.
    is_disputed: bool = False


class Payment(msgspec.Struct, frozen=True):
    """Money that an agency says was paid to the person, in satang, and what the person said of it."""

    id: UUID
    amount: int
    on: date
    answer: Answer = ""


class Money(msgspec.Struct, frozen=True):
    """Sums in satang over all sources; `left` is what is still owed, what never came among it."""

    ordered: int = 0
    # What has grown until the day of reading, where an order bears any.
    interest: int = 0
    paid: int = 0
    confirmed: int = 0
    left: int = 0
    # Oldest first.
    payments: tuple[Payment, ...] = ()
    is_closed: bool = False
    # A court ordered some of it, so that Legal Execution must go after it.
    is_of_court: bool = False

    @property
    def asked(self) -> Payment | None:
        """The oldest payment that the person said nothing of; none is asked about once the track is closed."""
        waiting = (one for one in self.payments if not one.answer)
        return None if self.is_closed else next(waiting, None)

    def payment(self, payment_id: UUID) -> Payment | None:
        return next((one for one in self.payments if one.id == payment_id), None)


class Progress(msgspec.Struct, frozen=True):
    """What is told of one case. Who told of somebody else's matter reads no amounts: `money` is None for them."""

    agencies: tuple[AgencyTold, ...] = ()
    stops: tuple[Stop, ...] = ()
    money: Money | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.agencies or self.stops)

    def stop(self, track: str) -> Stop | None:
        return next((one for one in self.stops if one.track == track), None)
