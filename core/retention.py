"""Nothing is kept longer than its class allows (invariant 18); the classes of this room and their lengths stand here."""

from datetime import timedelta
from typing import Any

from core.clock import bangkok, utc_now
from core.ids import first_id_of

# What a person wrote to the bot, after it was answered.
EVENT_BODIES = timedelta(hours=24)
# The event's row without its words, kept so that a late redelivery is still known.
EVENT_ROWS = timedelta(days=30)
# What we answered; a waiting message keeps its words until it was read.
MESSAGE_CONTENT = timedelta(days=7)
MESSAGE_ROWS = timedelta(days=400)
SIGN_IN_ATTEMPTS = timedelta(days=7)
# That somebody asked to be forgotten and when it was done, so that it can be shown; it names nobody any more.
ERASURE_REQUESTS = timedelta(days=400)
# The link to one's own data; it opens for a quarter of an hour.
COPY_LINKS = timedelta(days=1)
_BATCH = 5_000

_STEPS = (
    (
        (
            "UPDATE inbound_event SET body = NULL WHERE id IN (SELECT id FROM inbound_event"
            " WHERE handled_at IS NOT NULL AND body IS NOT NULL AND handled_at < $1 LIMIT $2)"
        ),
        EVENT_BODIES,
    ),
    (
        (
            "DELETE FROM inbound_event WHERE id IN (SELECT id FROM inbound_event WHERE id < $3 AND handled_at < $1"
            " ORDER BY id LIMIT $2)"
        ),
        EVENT_ROWS,
    ),
    (
        (
            "UPDATE message SET content = NULL WHERE id IN (SELECT id FROM message WHERE content IS NOT NULL"
            " AND finished_at < $1 LIMIT $2)"
        ),
        MESSAGE_CONTENT,
    ),
    (
        (
            "DELETE FROM message WHERE id IN (SELECT id FROM message WHERE id < $3 AND finished_at < $1"
            " AND batch_id IS NULL ORDER BY id LIMIT $2)"
        ),
        MESSAGE_ROWS,
    ),
    (
        "DELETE FROM sign_in_attempt WHERE id IN (SELECT id FROM sign_in_attempt WHERE at < $1 LIMIT $2)",
        SIGN_IN_ATTEMPTS,
    ),
    (
        (
            "DELETE FROM erasure_request WHERE id IN (SELECT id FROM erasure_request"
            " WHERE coalesce(done_at, taken_back_at) < $1 LIMIT $2)"
        ),
        ERASURE_REQUESTS,
    ),
    (
        "DELETE FROM copy_link WHERE id IN (SELECT id FROM copy_link WHERE asked_at < $1 LIMIT $2)",
        COPY_LINKS,
    ),
)
# Asked in two halves, each with an index of its own.
_SPENT_DAY_KEYS = """
UPDATE data_key k SET wrapped = NULL, destroyed_at = $1
WHERE k.purpose = 'day' AND k.destroyed_at IS NULL AND k.name < $2
  AND NOT EXISTS (SELECT 1 FROM inbound_event e
                  WHERE e.body_key_id = k.id AND e.body IS NOT NULL AND e.handled_at IS NOT NULL)
  AND NOT EXISTS (SELECT 1 FROM inbound_event e
                  WHERE e.body_key_id = k.id AND e.body IS NOT NULL AND e.handled_at IS NULL)
RETURNING k.id
"""


async def apply_retention(connection: Any) -> int:
    """Remove what is past its time, a bounded number of rows a call; return how many rows changed.

    Call again until nothing changes.
    """
    now, changed = utc_now(), 0
    for statement, keep in _STEPS:
        before = now - keep
        # Rows are named by the time they were made, so that the oldest are found by their key.
        limits = (before, _BATCH, first_id_of(before)) if "$3" in statement else (before, _BATCH)
        status: str = await connection.execute(statement, *limits)
        changed += int(status.rsplit(" ", 1)[-1])
    # A day's key goes once nothing it sealed is left; two days' grace for what is still being handled.
    last_day = f"inbox:{bangkok(now) - timedelta(days=2):%Y-%m-%d}"
    spent = await connection.fetch(_SPENT_DAY_KEYS, now, last_day)
    for row in spent:
        await connection.execute(
            "INSERT INTO erasure (data_key_id, erased_at) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            row["id"],
            now,
        )
    return changed + len(spent)
