"""One limiter a channel over all hosts: a token bucket in the database, replies ahead of bulk (invariant 7)."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from core.clock import utc_now
from core.messages.models import Lane

# Of a full bucket this share is left to replies and staff where nothing else is said; bulk takes what stands above it.
BULK_LEAVES = 0.3

# Of what is promised ahead one host takes this share at once: whoever asks a little late must find the rest still there.
_OF_AHEAD = 0.6

# Clocks of hosts differ: time that one of them has filled in must not be filled in again by the next.
_TAKE = """
WITH filled AS (
  SELECT channel, closed_until,
         least($3::float8, tokens + $2::float8 * greatest(0, extract(epoch FROM $4::timestamptz - at))) AS tokens
  FROM {rate_bucket} WHERE channel = $1 FOR UPDATE OF rate_bucket
), granted AS (
  SELECT channel, tokens, closed_until,
         CASE WHEN closed_until > $4 OR floor(tokens - $6::float8 + $7::float8) < $8::int THEN 0
              ELSE greatest(0, least($5::int, floor(tokens - $6::float8 + $7::float8)::int)) END AS n
  FROM filled
)
UPDATE rate_bucket b SET tokens = g.tokens - g.n, at = greatest(b.at, $4)
FROM granted g WHERE b.channel = g.channel
RETURNING g.n, b.tokens, b.closed_until
"""
_TAKE_DURABLY = _TAKE.format(rate_bucket="rate_bucket")
# What a crash of the database takes back of a bucket is a moment's calls: whoever takes nothing else waits for no disk.
_AT_EASE = "(SELECT set_config('synchronous_commit', 'off', true)) AS at_ease CROSS JOIN rate_bucket"
_TAKE_AT_EASE = _TAKE.format(rate_bucket=_AT_EASE)


class Rate(NamedTuple):
    """Calls a second, and how many may go at once after a pause."""

    per_second: float
    burst: float
    # Of these so many may go to bulk; 0 for the usual share. It always has one, else it would wait for ever.
    bulk: float = 0.0
    # Bulk may be promised what will be there so many seconds later: whoever asks late has lost nothing.
    ahead: float = 0.0

    @property
    def left_to_answers(self) -> float:
        """Tokens that bulk never takes."""
        return max(0.0, self.burst - max(1.0, self.bulk or self.burst * (1 - BULK_LEAVES)))

    @property
    def handful(self) -> int:
        """How many bulk may ask for at once: what is promised ahead, some of it left to other hosts."""
        return max(1, int(self.bulk), int(self.per_second * self.ahead * _OF_AHEAD))


class Grant(NamedTuple):
    granted: int
    # Seconds until what was granted may be used; where nothing was, until it makes sense to ask again.
    wait: float


async def take_tokens(
    connection: Any,
    channel: str,
    rate: Rate,
    lane: Lane,
    wanted: int,
    *,
    at_least: int = 1,
    alone: bool = False,
) -> Grant:
    """Take up to `wanted` tokens on an asyncpg connection, none where there are fewer than `at_least`.

    `alone`: outside of a transaction, so that nobody waits at the bucket for more than this statement.
    """
    take = _TAKE_AT_EASE if alone else _TAKE_DURABLY
    now = utc_now()
    reserve = rate.left_to_answers if lane == "bulk" else 0.0
    promised = rate.ahead * rate.per_second if lane == "bulk" else 0.0
    asked = (channel, rate.per_second, rate.burst, now, wanted, reserve, promised, at_least)
    row = await connection.fetchrow(take, *asked)
    if row is None:
        await connection.execute(
            "INSERT INTO rate_bucket (channel, tokens, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            channel, rate.burst, now,
        )  # fmt: skip
        row = await connection.fetchrow(take, *asked)
    needed = reserve if row["n"] else reserve + at_least - promised
    return Grant(row["n"], _wait(row, rate, needed, now))


def _wait(row: Any, rate: Rate, needed: float, now: datetime) -> float:
    """Seconds until the bucket holds what is `needed`, or opens again."""
    if row["n"]:
        return max(0.0, float(needed - row["tokens"]) / rate.per_second)
    if row["closed_until"] is not None and row["closed_until"] > now:
        return float((row["closed_until"] - now).total_seconds())
    return max(0.005, float(needed - row["tokens"]) / rate.per_second)


async def close_for(connection: Any, channel: str, seconds: float) -> None:
    """The platform asked to wait: nothing goes out on this channel, from any host, before then."""
    now = utc_now()
    await connection.execute(
        "INSERT INTO rate_bucket (channel, tokens, at, closed_until) VALUES ($1, 0, $2, $3)"
        " ON CONFLICT (channel) DO UPDATE SET tokens = 0, at = greatest(rate_bucket.at, $2),"
        " closed_until = greatest(rate_bucket.closed_until, $3)",
        channel, now, now + timedelta(seconds=seconds),
    )  # fmt: skip
