"""What the service knows of an offer beside its words, as plain data for a card or a page."""

from datetime import date
from typing import Literal

import msgspec

HandleKind = Literal["line_id", "telegram", "facebook", "phone", "url", "email", "bank_account", "promptpay"]
How = Literal["number", "name", "unknown_number"]


class ConfirmedHandle(msgspec.Struct, frozen=True):
    """A handle of the offer that staff confirmed as used for deceiving people; `start` and `end` as of its entity."""

    kind: HandleKind
    start: int
    end: int
    confirmed_on: date


class LicenceMatch(msgspec.Struct, frozen=True):
    """What the register of licensed recruiters says of a number or a company that the offer names.

    `number`: the number stands in the register, for `company`. `name`: a company of a like name does (`likeness` from 0
    to 1), which proves nothing about who wrote the offer. `unknown_number`: the number does not stand there.
    """

    how: How
    claimed: str
    as_of: date
    number: str = ""
    company: str = ""
    expired: bool = False
    likeness: float = 1.0


class Standing(msgspec.Struct, frozen=True):
    """How many other established people sent the like in seven days, confirmed handles, and the register's word."""

    similar: int = 0
    handles: tuple[ConfirmedHandle, ...] = ()
    licences: tuple[LicenceMatch, ...] = ()
