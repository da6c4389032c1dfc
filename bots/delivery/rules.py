"""What every sender must obey, looked up at the moment of sending: contact wishes and the lock screen."""

from datetime import datetime, timedelta

from bots.channels.base import Cover
from core.clock import bangkok
from core.messages.models import Kind

# Invariant 9: a staff answer goes out within this time of the person's last message, or at an hour they chose.
FRESH = timedelta(minutes=15)
# Invariant 10: within this time of the person's message they are looking at the chat.
AT_THE_SCREEN = timedelta(seconds=60)


def may_go_out(
    kind: Kind,
    *,
    last_inbound_at: datetime | None,
    may_write_first: bool,
    hours: tuple[int | None, int | None],
    now: datetime,
    hidden: bool = False,
) -> bool:
    """Tell whether a message may be sent now. Answers may; what staff write waits for the person, unless allowed.

    While the person hides behind the decoy face (`hidden`) only answers go out, whatever else was allowed.
    """
    if kind in ("answer", "crisis"):
        return True
    if hidden:
        return False
    if last_inbound_at is not None and now - last_inbound_at <= FRESH:
        return True
    return may_write_first and _within(hours, now)


def _within(hours: tuple[int | None, int | None], now: datetime) -> bool:
    start, end = hours
    if start is None or end is None:
        return True
    local = bangkok(now)
    minute = local.hour * 60 + local.minute
    return start <= minute < end if start <= end else minute >= start or minute < end


def cover_for(kind: Kind, *, last_inbound_at: datetime | None, now: datetime) -> Cover:
    """Decide how much may show before a tap. News answers nothing, so it is always covered; late answers only
    announce themselves.
    """
    if kind == "campaign":
        return "covered"
    if last_inbound_at is not None and now - last_inbound_at <= AT_THE_SCREEN:
        return "plain"
    return "notice"
