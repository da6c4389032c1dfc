"""The rooms of the console, in the order of the menu; whoever may enter one sees it, and starts in their first."""

from dataclasses import dataclass

from core.permissions import Scope


@dataclass(frozen=True, slots=True)
class Room:
    """A part of the console: `name` is its text under `frame.`, `scope` what one needs to enter."""

    scope: Scope
    address: str
    name: str


ROOMS: tuple[Room, ...] = (
    Room("referrals.read", "/console/referrals", "queue"),
    Room("campaigns.read", "/console/campaigns", "campaigns"),
    Room("accounts.manage", "/console/staff", "staff"),
)


def rooms_of(scopes: frozenset[Scope]) -> list[Room]:
    """Return the rooms that these scopes open."""
    return [room for room in ROOMS if room.scope in scopes]
