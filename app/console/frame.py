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
    Room("partner.read", "/console/portal", "portal"),
    Room("partner.read", "/console/portal/cases", "portal_inbox"),
    Room("partner.read", "/console/portal/exchange", "portal_exchange"),
    Room("referrals.read", "/console/tasks", "tasks"),
    Room("referrals.read", "/console/ending", "ending"),
    Room("referrals.write", "/console/telephone", "telephone"),
    Room("referrals.read", "/console/ready-answers", "ready_answers"),
    Room("tracks.read", "/console/clocks", "clocks"),
    Room("referrals.assign", "/console/owed", "owed"),
    Room("referrals.assign", "/console/teams", "teams"),
    Room("screening.read", "/console/screening", "screening"),
    Room("referrals.assign", "/console/statistics", "statistics"),
    Room("audit.read", "/console/audit", "audit"),
    Room("yearly.read", "/console/yearly", "yearly"),
    Room("campaigns.read", "/console/campaigns", "campaigns"),
    Room("accounts.confirm", "/console/staff", "staff"),
    Room("hotlines.read", "/console/hotlines", "hotlines"),
    Room("agencies.read", "/console/agencies", "agencies"),
    Room("retention.read", "/console/retention", "retention"),
    Room("privacy.read", "/console/privacy", "privacy"),
)


def room_at(path: str, scopes: frozenset[Scope]) -> Room | None:
    """Return the room that an address lies in, of those that these scopes open."""
    inside = (
        room for room in rooms_of(scopes) if path == room.address or path.startswith(f"{room.address}/")
    )
    return max(inside, key=lambda room: len(room.address), default=None)


def rooms_of(scopes: frozenset[Scope]) -> list[Room]:
    """Return the rooms that these scopes open."""
    return [room for room in ROOMS if room.scope in scopes]
