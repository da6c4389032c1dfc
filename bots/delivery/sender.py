"""Sending: attempts written before each call, outcomes after it, the rest by the rules of `plan`."""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from bots.channels.base import Channel, Cover, Part, PressedChannel, Result
from bots.delivery.claims import Claimed
from bots.delivery.ledger import Begin, Finish, LedgerWriter
from bots.delivery.plan import Again, Attempt, End, Go, has_arrived, plan_attempt, settle
from bots.delivery.rules import cover_for, may_go_out
from bots.delivery.staff_words import from_staff
from bots.delivery.tokens import TokenStore
from bots.outgoing import Outgoing
from core.clock import utc_now
from core.ids import new_id
from core.logs import get_logger
from core.messages.models import State

# The longest a call takes, connecting included.
_CALL = timedelta(seconds=11)
# Two people who are told to wait within this time: it is about us, not about them.
_TOGETHER = timedelta(seconds=10)

_log = get_logger()


class Sender:
    """Sends for one process. Every task it starts is known, so that stopping waits for what is on the wire."""

    def __init__(self, channels: Mapping[str, Channel], ledger: LedgerWriter, tokens: TokenStore) -> None:
        self._channels = channels
        self._ledger = ledger
        self._tokens = tokens
        self._tasks: set[asyncio.Task[None]] = set()
        # Whom each channel's last "wait" was about, and when it came.
        self._slowed: dict[str, tuple[UUID, datetime]] = {}
        # Set whenever something ended, so that the pump looks for what queued up behind it.
        self.settled = asyncio.Event()

    @property
    def under_way(self) -> int:
        return len(self._tasks)

    def may_send_now(self, channel: str, count: int) -> bool:
        """Take from the tokens at hand; False when an answer has to go through the queue instead."""
        return self._tokens.take_at_hand(channel, count)

    def send_soon(self, outgoing: Sequence[Outgoing]) -> None:
        """Send what the dispatcher claimed and whose first attempt it wrote."""
        for out in outgoing:
            self._start(self.deliver(out, ()))

    def send_claimed(self, claimed: Sequence[Claimed]) -> None:
        for one in claimed:
            self._start(self._deliver_claimed(one))

    def show_typing(self, channel: str, address: str) -> None:
        self._start(self._channels[channel].show_typing(address))

    def acknowledge(self, channel: str, handle: str) -> None:
        self._start(self._channels[channel].acknowledge(handle))

    def leave_buttons(
        self, channel: str, address: str, message: int, buttons: Sequence[dict[str, Any]]
    ) -> None:
        """Take away what was pressed, as far as there is room: answers go before it."""
        where = self._channels[channel]
        if isinstance(where, PressedChannel) and self._tokens.take_at_hand(channel, 1):
            self._start(where.leave_buttons(address, message, buttons))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self.settled.set()
        if not task.cancelled() and task.exception() is not None:
            # The claim runs out and the recovery takes the message up.
            _log.error("sending_failed", error=task.exception())

    async def drain(self, seconds: float) -> None:
        """Wait for what is on the wire, at most so long."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)

    async def _deliver_claimed(self, claimed: Claimed) -> None:
        now = utc_now()
        out = claimed.out
        if out is None:
            await self._end_unsendable(claimed, End("failed", "unreadable"))
        elif claimed.blocked:
            await self._end_unsendable(claimed, End("failed", "blocked"))
        elif claimed.expires_at is not None and now > claimed.expires_at:
            await self._end_unsendable(claimed, End("skipped", "expired"))
        elif (claimed.hidden or not claimed.attempts) and not may_go_out(
            out.kind, last_inbound_at=out.last_inbound_at, may_write_first=claimed.may_write_first,
            hours=claimed.hours, now=now, hidden=claimed.hidden,
        ):  # fmt: skip
            await self._hold(claimed)
        else:
            await self.deliver(out, claimed.attempts)

    async def _hold(self, claimed: Claimed) -> None:
        """Let it wait, unsent, until the person writes: we don't write first (invariant 9)."""
        await self._ledger.write(_unsent(claimed, "pending", "held"))

    async def _end_unsendable(self, claimed: Claimed, end: End) -> None:
        await self._ledger.write(_unsent(claimed, end.state, end.reason))

    async def deliver(self, out: Outgoing, earlier: Sequence[Attempt]) -> None:
        """Send a claimed message part by part until it is over or has to wait."""
        channel = self._channels[out.channel]
        try:
            parts = _render(channel, out)
        except Exception as error:  # noqa: BLE001 - what can't be drawn would be claimed again for ever
            _log.error("unrenderable", error=error, message_id=str(out.message_id))
            await self._finish(
                out, End("failed", "unrenderable"), Result("not_sent"), End("failed", "unrenderable"), 0
            )
            return
        attempts = list(earlier)
        if out.parts_done >= len(parts):
            await self._finish(out, None, None, End(_shown(out), "shown_before"), 0)
        while out.parts_done < len(parts):
            next_move = await self._attempt(channel, out, parts, attempts)
            if next_move == "stop":
                return
            if next_move == "next_part":
                attempts = []

    async def _attempt(
        self, channel: Channel, out: Outgoing, parts: list[Part], attempts: list[Attempt]
    ) -> str:
        """Make one call and settle it; returns "next_part", "now" (another way at once) or "stop"."""
        if has_arrived(attempts):
            await self._finish(out, None, None, "part_done", len(parts))
            out.parts_done += 1
            return "next_part"
        go = await self._begin(channel, out, attempts)
        if go is None:
            return "stop"
        if isinstance(go, End):
            await self._finish(out, go, None, End(go.state, go.reason), len(parts))
            return "stop"
        result = await channel.send(
            parts[out.parts_done], mode=go.mode, address=out.address, handle=out.envelope.handle,
            retry_key=go.retry_key,
        )  # fmt: skip
        move = settle(out, go.mode, result, attempts)
        attempts.append(Attempt(go.mode, result.outcome, go.retry_key, utc_now()))
        if result.outcome == "wait" and self._is_for_everybody(out):
            await self._tokens.close(out.channel, result.wait)
        await self._finish(out, go, result, move, len(parts))
        if move == "part_done":
            out.parts_done += 1
            return "next_part"
        return "now" if move == "now" else "stop"

    def _is_for_everybody(self, out: Outgoing) -> bool:
        """Tell whether the platform slows us down as a whole. It says the same of one chat that got too much.

        One person who floods us must not silence the channel for all others, so it takes two people to close it.
        """
        now, last = utc_now(), self._slowed.get(out.channel)
        self._slowed[out.channel] = (out.identity_id, now)
        return last is not None and last[0] != out.identity_id and now - last[1] < _TOGETHER

    async def _begin(self, channel: Channel, out: Outgoing, attempts: list[Attempt]) -> Go | End | None:
        """Write the attempt down, unless the dispatcher already did; None when the claim is lost or too old to use."""
        if out.attempt_id is not None and out.mode is not None:
            go = Go(out.mode, out.retry_key)
            return go if await self._in_time(out, go, out.claimed_until) else None
        planned = plan_attempt(out, attempts, has_retry_keys=channel.has_retry_keys, now=utc_now())
        if isinstance(planned, End):
            return planned
        out.attempt_id, out.may_be_double = new_id(), out.may_be_double or planned.may_be_double
        until = await self._ledger.write(
            Begin(
                out.attempt_id, out.message_id, out.parts_done, planned.mode, planned.retry_key,
                planned.may_be_double, out.tries,
            )
        )  # fmt: skip
        if until is None:
            # Somebody took it over while the database was away; it is theirs now.
            return None
        return planned if await self._in_time(out, planned, until) else None

    async def _in_time(self, out: Outgoing, go: Go, until: datetime | None) -> bool:
        """Tell whether the call can be over before the claim runs out; else give the message back, unsent."""
        if until is None or utc_now() + _CALL <= until:
            return True
        _log.info("claim_too_old", message_id=str(out.message_id))
        await self._finish(out, go, Result("not_sent"), Again(0.0), 0)
        return False

    async def _finish(
        self, out: Outgoing, go: Go | End | None, result: Result | None, move: str | Again | End, parts: int
    ) -> None:
        done = out.parts_done + (move == "part_done")
        state, reason, not_before = "sending", None, None
        if isinstance(move, End):
            state, reason = move.state, move.reason
        elif isinstance(move, Again):
            state, not_before = "pending", utc_now() + timedelta(seconds=move.seconds)
        elif done == parts:
            state = _shown(out)
        await self._ledger.write(
            Finish(
                out.attempt_id, result.outcome if result else None, result.status if result else None,
                out.message_id, out.identity_id, out.channel, go.mode if isinstance(go, Go) else None, out.tries,
                state, reason, done, not_before,  # type: ignore[arg-type] # one of the closed set above
                result.message if result else None,
            )
        )  # fmt: skip
        out.attempt_id = None


def _render(channel: Channel, out: Outgoing) -> list[Part]:
    cover: Cover = "plain"
    if not out.envelope.content.harmless:
        cover = cover_for(out.kind, last_inbound_at=out.last_inbound_at, now=utc_now())
    content = out.envelope.content
    if out.kind == "staff":
        content = from_staff(content, out.language)
    parts = channel.render(content, cover=cover, message_id=out.message_id)
    if out.unit or out.silent:
        parts = [channel.mark(part, unit=out.unit, silent=out.silent) for part in parts]
    # Where some of it was shown in the open, the rest hides behind the neutral line and a tap.
    return [{}] * out.parts_done + parts if cover == "notice" else parts


def _shown(out: Outgoing) -> State:
    return "resent" if out.may_be_double else "sent"


def _unsent(claimed: Claimed, state: Any, reason: str) -> Finish:
    """Settle a claim without a call; a part that was already sent stays counted."""
    out = claimed.out
    return Finish(
        None, None, None, claimed.message_id, claimed.identity_id, out.channel if out else "", None, claimed.tries,
        state, reason, out.parts_done if out else 0, None,
    )  # fmt: skip
