"""How long what stands here is kept, and forgetting a person without emptying the waves they were part of."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from core.ids import first_id_of
from core.retention.classes import shipped
from core.retention.lengths import lengths_in_force
from core.retention.steps import BATCH, Step, Sweep
from screening.prints import bands, unpack

# As they come; the lengths in force may be others.
SCREENINGS, TEXTS, SENDERS = shipped("screenings"), shipped("offer_words"), shipped("wave_senders")
LONE_WAVES, WAVES = shipped("lone_waves"), shipped("waves")
LABELS, VERDICTS = shipped("labels"), shipped("verdicts")
# A wave has a print for each of its forms and twenty bands.
_WAVES_AT_ONCE = 500

_LONE = """
SELECT id, signature FROM wave w WHERE senders < 3 AND id < $1
  AND NOT EXISTS (SELECT FROM wave_sender s WHERE s.wave_id = w.id)
  AND NOT EXISTS (SELECT FROM wave_example e WHERE e.wave_id = w.id)
ORDER BY id LIMIT $2
"""
# Hardly anybody sent it, but staff made an example of it.
_SHOWN = """
SELECT id, signature FROM wave w WHERE senders < 3 AND id < $1
  AND EXISTS (SELECT FROM wave_example e WHERE e.wave_id = w.id)
ORDER BY id LIMIT $2
"""
_ENDED = "SELECT id, signature FROM wave WHERE senders >= 3 AND last_day < $1 LIMIT $2"
_COUNT = "SELECT count(*) FROM ({chosen}) AS due"
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


@dataclass(frozen=True, slots=True)
class WaveSweep:
    """Removes waves with their prints, days and examples; `chosen` finds them by a day or, where `by_id`, by a first id."""

    code: str
    chosen: str
    by_id: bool

    async def remove(self, connection: Any, before: datetime, limit: int) -> int:
        waves = await connection.fetch(self.chosen, self._since(before), min(limit, _WAVES_AT_ONCE))
        await _remove_waves(connection, waves)
        return len(waves)

    async def count(self, connection: Any, before: datetime, most: int) -> int:
        found: int = await connection.fetchval(_COUNT.format(chosen=self.chosen), self._since(before), most)
        return found

    def _since(self, before: datetime) -> Any:
        return first_id_of(before) if self.by_id else before.date()


SWEEPS: tuple[Sweep, ...] = (
    # Words go by the id of their judgement, which is as old as they are; the moment itself only has to be named.
    Step("offer_words", "screening_text", "screening_id < $3 AND $1::timestamptz IS NOT NULL", key="screening_id"),
    Step("screenings", "screening", "created_at < $1"),
    Step(
        "wave_senders", "wave_sender", "first_at < $1 AND last_at < $1", key="wave_id, contact_id"
    ),
    Step("wave_senders", "handle_report", "first_at < $1 AND last_at < $1", key="print, contact_id"),
    Step("labels", "screening_label", "at < $1"),
    Step("verdicts", "reported_handle", "decided_at < $1"),
    # One without a verdict goes once nobody names it any more.
    Step(
        "wave_senders", "reported_handle",
        "decided_at IS NULL AND created_at < $1"
        " AND NOT EXISTS (SELECT FROM handle_report r WHERE r.print = reported_handle.print)",
    ),
    WaveSweep("lone_waves", _LONE, by_id=True),
    WaveSweep("waves", _ENDED, by_id=False),
    WaveSweep("waves", _SHOWN, by_id=True),
)  # fmt: skip


async def retain_screenings(connection: Any, now: datetime) -> int:
    """Remove what is past its time, a bounded number of rows a call; return how many. Call until nothing changes."""
    lengths, removed = await lengths_in_force(connection, now), 0
    for sweep in SWEEPS:
        removed += await sweep.remove(connection, now - lengths[sweep.code], BATCH)
    return removed


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
