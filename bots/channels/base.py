"""What every channel offers, and the closed words for how a call to a platform can end."""

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple, Protocol, runtime_checkable
from uuid import UUID

from bots.engine.events import Event
from core.messages.content import Content

Mode = Literal["reply", "push", "multicast", "send"]

# How much of a message may show before the person taps (invariant 10).
Cover = Literal["plain", "covered", "notice"]

Outcome = Literal[
    "sent",        # the platform took it now
    "already",     # the platform says that it had taken it before (LINE 409)
    "token_gone",  # LINE: the reply token is used or too old
    "wait",        # too fast; nothing was sent; try after `wait` seconds
    "quota",       # LINE: the month's quota is used up; nothing was sent
    "blocked",     # the person blocked us or is gone
    "refused",     # the request itself is wrong; trying again won't help
    "unfit",       # what it says is wrong, whomever it is for; nobody got it
    "not_sent",    # the call never reached the platform
    "unclear",     # it may or may not have been sent: time-out, cut connection, 5xx
]  # fmt: skip
CLEAR_OUTCOMES: frozenset[Outcome] = frozenset(
    {"sent", "already", "token_gone", "wait", "quota", "blocked", "refused", "unfit", "not_sent"}
)


class Result(NamedTuple):
    """How one call ended."""

    outcome: Outcome
    status: int | None = None
    # Seconds that the platform asked us to wait.
    wait: float = 0.0
    # The platform's id of what was sent, where what we sent can be deleted (Telegram).
    message: int | None = None


class Arrival(NamedTuple):
    """One event as it came in, before anything but its envelope was read."""

    channel: str
    event_id: str
    # The platform's id of the person or group; None for events of nobody.
    address: str | None
    position: int
    # The platform's id of the message, of unsend's target, or "".
    message: str
    # The event's JSON; empty when nothing of it may be kept (unaddressed group talk).
    body: bytes


class Overheard(NamedTuple):
    """Talk in a group that is not meant for us: never stored, in memory only where the group asked for warnings."""

    arrival: Arrival
    text: str
    # One-time handle for a free answer, and until when it can be used (seconds since 1970).
    handle: str = ""
    handle_until: float = 0.0


# One platform call's worth of a message, already in the platform's own form.
Part = dict[str, Any]


class Check(NamedTuple):
    """One line of a connection check: what was looked at, and what to do where it failed."""

    ok: bool
    text: str


class Channel(Protocol):
    """A messaging platform: how its events read and how our content goes out."""

    name: str
    # The fastest honest retry policy differs: LINE keeps retry keys, Telegram has none.
    has_retry_keys: bool

    @property
    def public_id(self) -> str:
        """The name under which people find us there, as the platform told it; "" until it did."""
        ...

    def parse(self, body: dict[str, Any]) -> Event:
        """Read one stored event; unknown kinds become "other", wrong types never raise."""
        ...

    def address_of(self, body: dict[str, Any]) -> str | None:
        """Return whose conversation a stored event belongs to."""
        ...

    def render(self, content: Content, *, cover: Cover, message_id: UUID) -> list[Part]:
        """Turn content into the platform's calls, in order."""
        ...

    def mark(self, part: Part, *, unit: str, silent: bool) -> Part:
        """Return a call that is counted under a unit ("" for none) and, where `silent`, arrives without a sound."""
        ...

    async def send(
        self, part: Part, *, mode: Mode, address: str, handle: str = "", retry_key: UUID | None = None
    ) -> Result:
        """Make one call; never raises for anything the platform or the network does."""
        ...

    async def show_typing(self, address: str) -> None:
        """Show that we are at it; failing is fine."""
        ...

    async def acknowledge(self, handle: str) -> None:
        """Tell the platform that a press was noticed; failing is fine."""
        ...

    async def fetch_media(self, media: str, *, limit: int) -> bytes | None:
        """Return the bytes of something a person sent, None when it is gone or larger than `limit`."""
        ...

    async def learn_name(self) -> None:
        """Ask the platform for our public name; without an answer it stays unknown until the next try."""
        ...

    async def close(self) -> None: ...


@runtime_checkable
class MulticastChannel(Channel, Protocol):
    """A channel that can send one part to many people in one call."""

    async def send_many(self, part: Part, *, addresses: Sequence[str], retry_key: UUID) -> Result:
        """Send one part to many in one call (LINE multicast)."""
        ...


@runtime_checkable
class ClearingChannel(Channel, Protocol):
    """A channel on which we may delete messages of both sides from a person's chat (Telegram)."""

    async def delete_messages(self, address: str, messages: Sequence[int]) -> Result:
        """Delete at most 100 messages, none where one of them may not be deleted ("refused"). Never raises."""
        ...


@runtime_checkable
class PressedChannel(Channel, Protocol):
    """A channel whose buttons stay below a message after one of them was pressed (Telegram)."""

    async def leave_buttons(self, address: str, message: int, buttons: Sequence[dict[str, Any]]) -> None:
        """Leave only these below a message of ours; failing is fine."""
        ...


@runtime_checkable
class KeptChannel(Channel, Protocol):
    """A channel whose groups have keepers that it tells us of (Telegram; LINE knows none)."""

    async def is_keeper(self, group: str, member: str) -> bool | None:
        """Tell whether a member keeps the group; None where the platform did not answer. Never raises."""
        ...
