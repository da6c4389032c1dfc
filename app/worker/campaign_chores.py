"""What looks after campaigns: beginning, freezing, watching and ending them, and LINE's figures of them."""

from datetime import timedelta
from uuid import UUID

from app.runtime import Runtime
from bots.channels.line.channel import LineChannel
from bots.delivery.unit_figures import read_due_units
from campaigns.reports.trials import decided_trials
from campaigns.scheduler.firing import fire_due
from campaigns.sender.resting import freeze_rest
from campaigns.sender.running import take_up
from campaigns.sender.watching import watch
from core.clock import utc_now
from core.jobs.repeating import Chore, repeat_all
from core.logs import get_logger

_log = get_logger()


class CampaignChores:
    """The chores of one bulk process. All of them may run in several processes at once."""

    def __init__(self, runtime: Runtime, line: LineChannel | None) -> None:
        self._runtime = runtime
        self._line = line

    async def run(self) -> None:
        """Run every chore at its own pace until cancelled."""
        await repeat_all(self._plan())

    def _plan(self) -> list[tuple[timedelta, Chore]]:
        plan: list[tuple[timedelta, Chore]] = [
            (timedelta(seconds=10), self._fire),
            (timedelta(seconds=1), self._take_up),
            (timedelta(seconds=2), self._watch),
            (timedelta(minutes=1), self._end_trials),
        ]
        if self._line is not None:
            plan.append((timedelta(minutes=2), self._read_units))
        return plan

    async def _fire(self) -> None:
        """Begin the campaigns whose time has come, and end what is late or over."""
        async with self._runtime.database.unit_of_work() as session:
            await fire_due(session, utc_now())

    async def _take_up(self) -> None:
        settings = self._runtime.settings
        await take_up(
            self._runtime.database, self._runtime.keys,
            base_url=settings.base_url, quota_reserve=settings.line_quota_reserve,
        )  # fmt: skip

    async def _watch(self) -> None:
        async with self._runtime.database.unit_of_work() as session:
            await watch(session)

    async def _end_trials(self) -> None:
        """Send the better wording to who waited for it, one run a transaction; at night again in the morning."""
        async with self._runtime.database.unit_of_work() as session:
            decided = await decided_trials(session, utc_now())
        for one in decided:
            try:
                await self._send_rest(one.run_id, one.variant)
            except Exception as error:  # noqa: BLE001 - the next time will do, and it holds up no other
                _log.error("rest_not_sent", error=error, kind=str(one.run_id))

    async def _send_rest(self, run_id: UUID, variant: str) -> None:
        keys, base_url = self._runtime.keys, self._runtime.settings.base_url
        async with self._runtime.database.unit_of_work() as session:
            await freeze_rest(session, keys, run_id, variant, base_url=base_url)

    async def _read_units(self) -> None:
        if self._line is not None:
            await read_due_units(self._runtime.database, self._line)
