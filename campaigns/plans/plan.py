"""The plan of a campaign: what it says, to whom, when. Its hash is what people approve, so that any edit voids it."""

import hashlib
from typing import Any

import msgspec

from campaigns.plans.audience import Audience
from campaigns.plans.blocks import Wording
from campaigns.plans.times import Once, Schedule
from core.contacts.subjects import Subject


class Trial(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Two or more wordings against each other, on a share of the audience first; the better one goes to the rest.

    `share` in per cent of the audience; 100 compares only. `counts` is what better means.
    """

    share: int = 100
    counts: str = "answered"
    # The winner is picked by itself when the test is sure, and no later than this; nobody is sure: "a".
    hours: int = 24
    picks_itself: bool = False


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What goes out at once; a campaign of one step unless it drips."""

    wordings: tuple[Wording, ...]


class Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    steps: tuple[Step, ...]
    audience: Audience = msgspec.field(default_factory=Audience)
    schedule: Schedule = msgspec.field(default_factory=Once)
    subject: Subject | None = None
    trial: Trial | None = None
    # What has not gone out so many minutes after its time is not sent any more.
    late_minutes: int = 180
    # May go out between 21.00 and 8.00; only with a reason and a second person.
    emergency: bool = False
    # Without a sound, where the platform can.
    silent: bool = False


def encode_plan(plan: Plan) -> dict[str, Any]:
    """The plan as it stands in the database."""
    encoded: dict[str, Any] = msgspec.to_builtins(plan)
    return encoded


def decode_plan(stored: dict[str, Any]) -> Plan:
    """Raises msgspec.ValidationError for what is no plan."""
    return msgspec.convert(stored, Plan)


def hash_plan(title: str, plan: Plan) -> bytes:
    """SHA-256 of title and plan in one canonical form."""
    return hashlib.sha256(msgspec.json.encode([title, encode_plan(plan)], order="sorted")).digest()
