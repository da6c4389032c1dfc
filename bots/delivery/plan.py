"""What to do next with a message: pure rules, so that every case of invariant 4 is a line in a table of tests."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple
from uuid import UUID

from bots.channels.base import Mode, Outcome, Result
from bots.outgoing import Outgoing
from core.ids import new_id
from core.messages.models import State

# LINE keeps a retry key for 24 h; a little is left for clocks that differ.
RETRY_KEY_LIFE = timedelta(hours=23, minutes=50)
MOST_TRIES = 8
_BACKOFF = (1.0, 2.0, 5.0, 15.0, 60.0, 300.0, 900.0)
_QUOTA_SECONDS = 60.0
# What we say to a person who wrote must arrive even if it arrives twice; of the rest a person decides.
_WORTH_A_DOUBLE = ("answer", "crisis", "notice")


class Attempt(NamedTuple):
    """An earlier attempt at the same part; `outcome` is None when it was never recorded."""

    mode: Mode
    outcome: Outcome | None
    retry_key: UUID | None
    started_at: datetime


class Go(NamedTuple):
    """Make a call."""

    mode: Mode
    retry_key: UUID | None = None
    # It may have arrived before: if it arrives now, the message is marked `resent`.
    may_be_double: bool = False


class End(NamedTuple):
    """Make no call: the message is over."""

    state: State
    reason: str


class Again(NamedTuple):
    """Try later; the claim is given back."""

    seconds: float


def is_doubtful(attempt: Attempt) -> bool:
    return attempt.outcome is None or attempt.outcome == "unclear"


def has_arrived(earlier: Sequence[Attempt]) -> bool:
    """Tell whether the part is known to have arrived: its sender lost the claim before it could settle the message."""
    return any(attempt.outcome in ("sent", "already") for attempt in earlier)


def plan_attempt(
    out: Outgoing, earlier: Sequence[Attempt], *, has_retry_keys: bool, now: datetime
) -> Go | End:
    """Decide on the next call for the current part, given the earlier attempts at it, oldest first."""
    last = earlier[-1] if earlier else None
    # A clear failure later on does not clear up what became of the attempt before it.
    doubtful = any(is_doubtful(attempt) for attempt in earlier)
    # Being asked to wait is no failure: however often a platform says so, the message keeps its place.
    if out.tries - sum(attempt.outcome in ("wait", "quota") for attempt in earlier) > MOST_TRIES:
        return End("unknown", "gave_up") if doubtful else End("failed", "gave_up")
    if not has_retry_keys:
        return _plan_without_keys(out, doubtful=doubtful)
    if last is None or (last.mode == "reply" and not doubtful):
        return _plan_line_afresh(out, last, now)
    if last.mode == "reply":
        if _token_alive(out, now):
            return Go("reply")
        return Go("push", new_id(), may_be_double=True)
    return _plan_push_again(earlier, last, doubtful=doubtful, now=now)


def _plan_without_keys(out: Outgoing, *, doubtful: bool) -> Go | End:
    if not doubtful:
        return Go("send")
    if out.kind in _WORTH_A_DOUBLE:
        return Go("send", may_be_double=True)
    return End("unknown", "no_answer_from_platform")


def _plan_line_afresh(out: Outgoing, last: Attempt | None, now: datetime) -> Go:
    # A token serves one call, so later parts of a long answer are pushed.
    if out.parts_done == 0 and _token_alive(out, now) and (last is None or last.outcome != "token_gone"):
        return Go("reply")
    return Go("push", new_id())


def _plan_push_again(earlier: Sequence[Attempt], last: Attempt, *, doubtful: bool, now: datetime) -> Go | End:
    first = min(a.started_at for a in earlier if a.retry_key == last.retry_key)
    if now - first < RETRY_KEY_LIFE:
        return Go("push", last.retry_key)
    return End("unknown", "retry_key_expired") if doubtful else Go("push", new_id())


def _token_alive(out: Outgoing, now: datetime) -> bool:
    return bool(out.envelope.handle) and out.answerable_until is not None and now < out.answerable_until


def settle(
    out: Outgoing, mode: Mode, result: Result, earlier: Sequence[Attempt]
) -> Literal["part_done", "now"] | Again | End:
    """Decide what an outcome means: the part is done, another way is tried at once, later, or it is over."""
    outcome = result.outcome
    if outcome in ("sent", "already"):
        return "part_done"
    if outcome == "token_gone":
        # Within its life a token that is gone was used, by the attempt of which we know no outcome: it was sent.
        used = any(a.mode == "reply" and is_doubtful(a) for a in earlier)
        return "part_done" if mode == "reply" and used else "now"
    if outcome == "wait":
        return Again(max(result.wait, 0.1))
    if outcome == "quota" and out.kind == "campaign":
        # Nobody waits for it: it keeps its place until the campaign was paused, and goes on or ends with it.
        return Again(_QUOTA_SECONDS)
    if outcome in ("quota", "blocked", "refused", "unfit"):
        return End("failed", "refused" if outcome == "unfit" else outcome)
    return Again(_BACKOFF[min(out.tries, len(_BACKOFF)) - 1])
