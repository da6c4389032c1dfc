"""Telling agencies that something changed: what is due is taken, sent, and written down, in any number of workers."""

import asyncio
from datetime import datetime, timedelta

from app.runtime import Runtime
from core.clock import utc_now
from referrals.agencies.hook_posting import HookPoster
from referrals.agencies.hooks import DueCall, note_answer, take_due
from referrals.referring.telling import last_told, note_changes

# Longer than any transaction lasts, so that none ends unseen behind what was looked at.
_OVERLAP = timedelta(minutes=10)
_AT_ONCE = 20


class HookTelling:
    """The telling of one worker; it knows up to when it looked."""

    def __init__(self, runtime: Runtime, poster: HookPoster | None = None) -> None:
        self._runtime = runtime
        self._poster = poster or HookPoster()
        self._looked_at: datetime | None = None

    async def tell_due(self) -> int:
        """Find what changed, and make the calls that are due; return how many."""
        await self._look()
        now = utc_now()
        async with self._runtime.database.unit_of_work() as session:
            due = await take_due(session, self._runtime.keys, _AT_ONCE, now=now)
        await asyncio.gather(*(self._tell(call) for call in due))
        return len(due)

    async def _look(self) -> None:
        now = utc_now()
        async with self._runtime.database.unit_of_work() as session:
            since = self._looked_at or await last_told(session)
            if since is None:
                return
            await note_changes(session, since - _OVERLAP, now=now)
        self._looked_at = now

    async def _tell(self, call: DueCall) -> None:
        answer = await self._poster.post(call, utc_now())
        async with self._runtime.database.unit_of_work() as session:
            await note_answer(session, call.id, answer.status, is_private=answer.is_private, now=utc_now())
