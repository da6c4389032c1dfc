"""When the chunks of a batch may not go out: asked when they are taken up, and again after the wait for the limiter."""

from datetime import datetime, timedelta

from bots.delivery.chunks import Chunk
from core.clock import bangkok

# Nobody is woken for a campaign.
QUIET_FROM, QUIET_UNTIL = 21, 8
# What was paused or has ended is looked at again so soon.
_LOOK_AGAIN = 1.0


def quiet_seconds(now: datetime) -> float:
    """Seconds until the quiet hours (21.00 to 8.00 in Bangkok) end; 0 outside of them."""
    local = bangkok(now)
    if QUIET_UNTIL <= local.hour < QUIET_FROM:
        return 0.0
    end = local.replace(hour=QUIET_UNTIL, minute=0, second=0, microsecond=0)
    if local.hour >= QUIET_FROM:
        end += timedelta(days=1)
    return (end - local).total_seconds()


def not_now(chunk: Chunk, now: datetime) -> float:
    """Seconds for which a chunk may not go out: paused, ended, or in quiet hours; 0 when it may."""
    if chunk.paused or chunk.cancelled or (chunk.expires_at is not None and now > chunk.expires_at):
        return _LOOK_AGAIN
    return quiet_seconds(now) if chunk.kind == "campaign" and not chunk.any_hour else 0.0
