"""What has to be done now and then: retention, signed audit heads, the job log, LINE's quota, the heart-beat."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.partner_api.telling import HookTelling
from app.runtime import Runtime
from bots.channels.line.channel import LineChannel
from bots.dispatch.drafts import tidy_conversations
from bots.dispatch.forgetting import carry_out
from core import metrics
from core.audit.heads import heads_path, sign_heads
from core.clock import utc_now
from core.contacts.erasure import due_wishes
from core.db.database import driver_connection
from core.ids import new_id
from core.jobs.heartbeat import beat
from core.jobs.repeating import Chore, repeat_all
from core.logs import get_logger
from core.messages.quota import note_quota
from core.retention.lengths import lengths_in_force
from core.retention.steps import Sweep, run_sweep
from nlp.judgement import judge
from referrals.desk.handing_over import expire_offers
from referrals.desk.presence import forget_presence
from referrals.desk.snoozing import wake_due
from referrals.desk.tasks import tell_due_tasks
from referrals.desk.terms import fill_due_terms
from referrals.handing_back import end_silent, find_silent
from referrals.hotline_desk.warning import warn_owners
from referrals.keeping.ending import find_ended, find_unwarned, warn_of_end
from referrals.packets.note_names import look_at_note
from referrals.referring.expiring import expire_due
from referrals.referring.links import end_due_links
from referrals.report_erasure import erase_due_report, find_due_reports
from referrals.retention import SWEEPS, end_report, erase_come_back, find_come_back
from referrals.statistics.days import count_due_days
from referrals.teams.awaiting import fill_awaiting
from referrals.teams.escalation import escalate, find_due
from referrals.teams.posting import take_up_posts
from referrals.tracks.alarms import find_due as find_due_tracks
from referrals.tracks.alarms import ring
from screening.radar import refresh_radar
from screening.reputation import name_handles

# Of 5,000 rows each, every ten minutes: enough for some 1,000 messages a second.
_MOST_RETENTION_CALLS = 200
# Of a few reports each, every five seconds.
_MOST_FILLINGS = 20
# Of a few days each, every minute.
_MOST_DAYS_COUNTED = 20
_log = get_logger()


class Chores:
    """The chores of one worker. All of them may run in several workers at once."""

    def __init__(self, runtime: Runtime, line: LineChannel | None) -> None:
        self._runtime = runtime
        self._line = line
        self._worker_id = new_id()
        self._hooks = HookTelling(runtime)

    async def run(self) -> None:
        """Run every chore at its own pace until cancelled."""
        await repeat_all(self._plan())

    def _plan(self) -> list[tuple[timedelta, Chore]]:
        plan: list[tuple[timedelta, Chore]] = [
            (timedelta(seconds=10), self._beat),
            (timedelta(seconds=5), self._forget),
            (timedelta(seconds=5), self._fill_terms),
            (timedelta(seconds=15), self._keep_queue),
            (timedelta(seconds=15), self._count),
            (timedelta(seconds=10), self._escalate),
            (timedelta(minutes=1), self._ring_tracks),
            (timedelta(seconds=5), self._tell_agencies),
            (timedelta(minutes=1), self._end_requests),
            (timedelta(minutes=10), self._retain),
            (timedelta(hours=1), self._tidy),
            (timedelta(hours=1), self._look_after_reports),
            (timedelta(minutes=1), self._count_days),
            (timedelta(minutes=10), self._tell_due_tasks),
            (timedelta(minutes=5), self._refresh_radar),
            (timedelta(minutes=5), self._sign_heads),
            (timedelta(hours=1), self._warn_of_hotlines),
        ]
        if self._line is not None:
            plan.append((timedelta(hours=1), self._read_quota))
        return plan

    async def _with_connection(self, work: Callable[[Any], Awaitable[object]]) -> None:
        async with self._runtime.database.unit_of_work() as session:
            await work(await driver_connection(session))

    async def _beat(self) -> None:
        await self._with_connection(lambda connection: beat(connection, self._worker_id))

    async def _forget(self) -> None:
        """Erase what people asked to be erased and is due; one person a transaction, so that no failure holds up others."""
        async with self._runtime.database.unit_of_work() as session:
            reports = await find_due_reports(session)
            due = await due_wishes(session)
        await self._one_by_one(reports, erase_due_report)
        await self._one_by_one(due, self._carry_out, "request_id")

    async def _carry_out(self, session: AsyncSession, request_id: UUID) -> bool:
        return await carry_out(session, self._runtime.keys, request_id)

    async def _escalate(self) -> None:
        """Tell of missed clocks, one report a transaction, and take up the alerts that did not get out."""
        async with self._runtime.database.unit_of_work() as session:
            due = await find_due(session)
        await self._one_by_one(due, escalate)
        async with self._runtime.database.unit_of_work() as session:
            await take_up_posts(session)

    async def look_at_notes(self, event_ids: list[UUID]) -> None:
        """The job that flags notes of steps which seem to name somebody."""
        async with self._runtime.database.unit_of_work() as session:
            for event_id in event_ids:
                await look_at_note(session, self._runtime.keys, event_id)

    async def _tell_agencies(self) -> None:
        """Tell agencies' programs that something changed."""
        await self._hooks.tell_due()

    async def _ring_tracks(self) -> None:
        """Tell of clocks of the tracks that ran out, one case a transaction."""
        async with self._runtime.database.unit_of_work() as session:
            due = await find_due_tracks(session, utc_now())
        await self._one_by_one(due, ring)

    async def _fill_terms(self) -> None:
        """Let search find what was told lately, then what was stored before there was a search."""
        for _ in range(_MOST_FILLINGS):
            async with self._runtime.database.unit_of_work() as session:
                if not await fill_due_terms(session, self._runtime.keys):
                    break

    async def _keep_queue(self) -> None:
        """Bring back what was put aside or offered until now."""
        async with self._runtime.database.unit_of_work() as session:
            await wake_due(session)
        async with self._runtime.database.unit_of_work() as session:
            await expire_offers(session)
            await forget_presence(session)

    async def _end_requests(self) -> None:
        """Bring back requests that no agency answered in time, and take packets away that nobody fetched."""
        async with self._runtime.database.unit_of_work() as session:
            await expire_due(session, self._runtime.keys, now=utc_now())
        async with self._runtime.database.unit_of_work() as session:
            await end_due_links(session, now=utc_now())

    async def _tell_due_tasks(self) -> None:
        async with self._runtime.database.unit_of_work() as session:
            await tell_due_tasks(session)

    async def _retain(self) -> None:
        """Remove what is past its time; a class or a report that fails holds up no other."""
        async with self._runtime.database.unit_of_work() as session:
            lengths = await lengths_in_force(await driver_connection(session))
        for sweep in SWEEPS:
            try:
                await self._sweep(sweep, lengths[sweep.code])
            except Exception as error:  # noqa: BLE001 - the next time will do
                _log.error("not_swept", error=error, kind=sweep.code)
        await self._end_reports()

    async def _sweep(self, sweep: Sweep, length: timedelta) -> None:
        for _ in range(_MOST_RETENTION_CALLS):
            async with self._runtime.database.unit_of_work() as session:
                if not await run_sweep(await driver_connection(session), sweep, length):
                    break

    async def _end_reports(self) -> None:
        tried: set[UUID] = set()
        for _ in range(_MOST_RETENTION_CALLS):
            async with self._runtime.database.unit_of_work() as session:
                ended = await find_ended(session, tried)
            if not ended:
                return
            tried |= set(await self._one_by_one(ended, end_report))

    async def _look_after_reports(self) -> None:
        """Tell of reports that end soon, erase again what a restored backup brought back, take back what the bot waits with."""
        async with self._runtime.database.unit_of_work() as session:
            soon, back = await find_unwarned(session), await find_come_back(session)
        await self._one_by_one(soon, warn_of_end)
        await self._one_by_one(back, erase_come_back)
        async with self._runtime.database.unit_of_work() as session:
            await fill_awaiting(session)
            silent = await find_silent(session)
        await self._one_by_one(silent, end_silent)

    async def _one_by_one(
        self,
        ids: list[UUID],
        act: Callable[[AsyncSession, UUID], Awaitable[object]],
        named: str = "referral_id",
    ) -> list[UUID]:
        """Do it to each in a transaction of its own, so that none holds up another; return where it was in vain."""
        in_vain: list[UUID] = []
        for one in ids:
            try:
                async with self._runtime.database.unit_of_work() as session:
                    if not await act(session, one):
                        in_vain.append(one)
            except Exception as error:  # noqa: BLE001 - the next time will do
                _log.error("chore_left_one", error=error, kind=act.__name__, **{named: str(one)})
                in_vain.append(one)
        return in_vain

    async def _tidy(self) -> None:
        await tidy_conversations(self._runtime.database, self._runtime.keys, utc_now())

    async def _refresh_radar(self) -> None:
        await self._with_connection(lambda connection: refresh_radar(connection, utc_now()))
        async with self._runtime.database.unit_of_work() as session:
            await name_handles(session, self._runtime.keys, judge)

    async def _count_days(self) -> None:
        """Keep the figures of past days ready."""
        for _ in range(_MOST_DAYS_COUNTED):
            async with self._runtime.database.unit_of_work() as session:
                if not await count_due_days(session):
                    break

    async def _warn_of_hotlines(self) -> None:
        async with self._runtime.database.unit_of_work() as session:
            await warn_owners(session)

    async def _sign_heads(self) -> None:
        async with self._runtime.database.unit_of_work() as session:
            await sign_heads(session, self._runtime.keys.keyset, heads_path(self._runtime.settings.data_dir))

    async def _read_quota(self) -> None:
        if self._line is None:
            return
        limit, used = await self._line.read_quota()
        await self._with_connection(lambda connection: note_quota(connection, "line", limit=limit, used=used))

    async def _count(self) -> None:
        await self._with_connection(_count_open)


# Single messages and members of batches apart: each half is served by its own index.
_OPEN = """
SELECT state, sum(n)::int AS n FROM (
  SELECT state, count(*) AS n FROM message
  WHERE state IN ('pending', 'sending') AND batch_id IS NULL GROUP BY state
  UNION ALL
  SELECT m.state, count(*) FROM message m
  WHERE m.batch_id IN (SELECT batch_id FROM message_chunk WHERE done_at IS NULL) AND m.state IN ('pending', 'sending')
  GROUP BY m.state) AS parts
GROUP BY state
"""


async def _count_open(connection: Any) -> None:
    rows = await connection.fetch(_OPEN)
    counts = {row["state"]: row["n"] for row in rows}
    for state in ("pending", "sending"):
        metrics.PENDING.labels(state).set(counts.get(state, 0))
    oldest = await connection.fetchval("SELECT min(received_at) FROM inbound_event WHERE handled_at IS NULL")
    metrics.QUEUE_AGE.set(0 if oldest is None else (utc_now() - oldest).total_seconds())
