"""How long what stands here is kept, and forgetting a person without emptying the waves they were part of."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core.ids import first_id_of
from screening.prints import bands, unpack

# A judgement without its words, for figures over a year.
SCREENINGS = timedelta(days=365)
# The words of an offer, for a label or for the example of a wave.
TEXTS = timedelta(days=30)
# Who sent a wave or named a handle: what is counted lies within seven days.
SENDERS = timedelta(days=30)
# A text that hardly anybody sent, and its prints.
LONE_WAVES = timedelta(days=30)
# A wave of several people; the same wording comes back for years (research: screening.md, lesson 8).
WAVES = timedelta(days=730)
LABELS = timedelta(days=730)
# Staff's verdict on a handle; one without a verdict goes once nobody names it any more.
VERDICTS = timedelta(days=730)
_BATCH = 5_000
# A wave has a print for each of its forms and twenty bands.
_WAVES_AT_ONCE = 500

_STEPS = (
    (
        "DELETE FROM screening WHERE id IN (SELECT id FROM screening WHERE created_at < $1 LIMIT $2)",
        SCREENINGS,
    ),
    (
        (
            "DELETE FROM wave_sender WHERE (wave_id, contact_id) IN"
            " (SELECT wave_id, contact_id FROM wave_sender WHERE first_at < $1 AND last_at < $1 LIMIT $2)"
        ),
        SENDERS,
    ),
    (
        (
            "DELETE FROM handle_report WHERE (print, contact_id) IN"
            " (SELECT print, contact_id FROM handle_report WHERE first_at < $1 AND last_at < $1 LIMIT $2)"
        ),
        SENDERS,
    ),
    (
        "DELETE FROM screening_label WHERE id IN (SELECT id FROM screening_label WHERE at < $1 LIMIT $2)",
        LABELS,
    ),
    (
        "DELETE FROM reported_handle WHERE id IN (SELECT id FROM reported_handle WHERE decided_at < $1 LIMIT $2)",
        VERDICTS,
    ),
    (
        (
            "DELETE FROM reported_handle WHERE id IN (SELECT id FROM reported_handle h WHERE decided_at IS NULL"
            " AND created_at < $1 AND NOT EXISTS (SELECT FROM handle_report r WHERE r.print = h.print) LIMIT $2)"
        ),
        SENDERS,
    ),
)
_TEXTS = """
DELETE FROM screening_text WHERE screening_id IN
  (SELECT screening_id FROM screening_text WHERE screening_id < $1 ORDER BY screening_id LIMIT $2)
"""
_LONE = """
SELECT id, signature FROM wave w WHERE senders < 3 AND id < $1
  AND NOT EXISTS (SELECT FROM wave_sender s WHERE s.wave_id = w.id)
  AND NOT EXISTS (SELECT FROM wave_example e WHERE e.wave_id = w.id)
ORDER BY id LIMIT $2
"""
_ENDED = "SELECT id, signature FROM wave WHERE senders >= 3 AND last_day < $1 LIMIT $2"
_REMOVE = (
    "DELETE FROM wave_print WHERE wave_id = ANY($1)",
    "DELETE FROM wave_day WHERE wave_id = ANY($1)",
    "DELETE FROM wave_example WHERE wave_id = ANY($1)",
    "DELETE FROM wave WHERE id = ANY($1)",
)
_REMOVE_BANDS = """
DELETE FROM wave_band b USING unnest($1::bigint[], $2::uuid[]) AS n(band, wave_id)
WHERE b.band = n.band AND b.wave_id = n.wave_id
"""
# Their place among the senders goes to nobody; how many there were stays.
_FORGET = (
    (
        "UPDATE wave_sender SET contact_id = gen_random_uuid() WHERE contact_id = $1"
        " AND wave_id IN (SELECT wave_id FROM screening WHERE contact_id = $1)"
    ),
    "UPDATE handle_report SET contact_id = gen_random_uuid() WHERE contact_id = $1",
    "DELETE FROM screening_text WHERE screening_id IN (SELECT id FROM screening WHERE contact_id = $1)",
    "UPDATE screening SET contact_id = NULL, wave_id = NULL WHERE contact_id = $1",
)


async def retain_screenings(connection: Any, now: datetime) -> int:
    """Remove what is past its time, a bounded number of rows a call; return how many. Call until nothing changes."""
    changed = _count(await connection.execute(_TEXTS, first_id_of(now - TEXTS), _BATCH))
    for statement, keep in _STEPS:
        changed += _count(await connection.execute(statement, now - keep, _BATCH))
    before = now - LONE_WAVES
    lone = await connection.fetch(_LONE, first_id_of(before), _WAVES_AT_ONCE)
    ended = await connection.fetch(_ENDED, (now - WAVES).date(), _WAVES_AT_ONCE)
    await _remove_waves(connection, [*lone, *ended])
    return changed + len(lone) + len(ended)


async def _remove_waves(connection: Any, waves: list[Any]) -> None:
    if not waves:
        return
    keys = [(b, w["id"]) for w in waves if w["signature"] is not None for b in bands(unpack(w["signature"]))]
    await connection.execute(_REMOVE_BANDS, [b for b, _ in keys], [w for _, w in keys])
    for statement in _REMOVE:
        await connection.execute(statement, [wave["id"] for wave in waves])


async def forget_person(connection: Any, contact_id: UUID) -> None:
    """Take a person out of everything here: judgements stay as figures, waves keep their counts and examples."""
    for statement in _FORGET:
        await connection.execute(statement, contact_id)


def _count(status: str) -> int:
    return int(status.rsplit(" ", 1)[-1])
