"""Like offers and handles looked up among millions: what a turn pays for knowing what others sent.

Half of the work is making the millions: waves with about ten senders each (one with a hundredth of all), their prints and
bands, handles with as many reporters, and the screenings themselves, copied in before the indexes are made. Some of
the waves have signatures of texts put together from the clauses of real offers, which share stock phrases and so crowd
into the same bands as in life; the others have random ones. Asked are copies as sent, edited copies and new texts.
"""

import argparse
import asyncio
import atexit
import random
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg

from app.schema import migrate
from benchmarks.storing import drop_indexes, p95
from core.clock import utc_now
from core.crypto.keyset import Keyset, new_keyset
from core.db.database import Database
from core.db.embedded import start_embedded
from core.ids import new_id
from nlp.judgement import judge
from screening.handles import Handle, print_of_handle
from screening.offers import Offer, consult, offer_of
from screening.prints import BANDS, PERMUTATIONS, bands, pack, print_of, sign, unpack
from screening.radar import list_waves, refresh_radar, trend
from screening.reports import find_confirmed

ROWS = 5_000_000
_SENDERS_A_WAVE = 10
_TEXTS = Path(__file__).parents[1] / "nlp" / "training" / "texts" / "offers"
# More composed texts would only take longer to make.
_MOST_COMPOSED = 20_000
_ASKED = 600
_INDEXED = ("wave_print", "wave_band", "wave_sender", "handle_report", "screening")


class Lookups(NamedTuple):
    """Rows stored, seconds to store them, and 95th percentiles in ms."""

    rows: int
    filling: float
    offers: float
    handles: float
    radar: float


class Ground(NamedTuple):
    """What was stored, as far as it is asked for."""

    keyset: Keyset
    texts: list[str]
    handles: list[Handle]


async def measure_lookups(rows: int = ROWS) -> Lookups:
    folder = Path(tempfile.mkdtemp(prefix="rootan-lookups-"))
    # Registered before the server starts, so it runs after the server's own end.
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    database = Database(await asyncio.to_thread(start_embedded, folder))
    await migrate(database)
    connection = await asyncpg.connect(database.asyncpg_address)
    try:
        began = time.perf_counter()
        ground = await _fill(connection, rows)
        filling = time.perf_counter() - began
        print(f"  stored {rows:,} rows in {filling:.0f} s", flush=True)
        offers = _offers(ground)
        return Lookups(
            rows,
            filling,
            await p95(lambda n: consult(connection, ground.keyset, [offers[n]], utc_now()), len(offers)),
            await p95(
                lambda n: find_confirmed(connection, ground.keyset, [ground.handles[n]]), len(ground.handles)
            ),
            await p95(lambda _: _radar(connection), 60),
        )
    finally:
        await connection.close()
        await database.close()


def _offers(ground: Ground) -> list[Offer]:
    """A third as sent, a third edited, a third never seen; with the handles that the texts name."""
    draw = random.Random(2569)
    new = _composed(random.Random(2570))
    texts = []
    for number in range(_ASKED):
        stored = draw.choice(ground.texts)
        texts.append((stored, _edited(stored, draw), next(new))[number % 3])
    return [offer_of(text, judge(text), new_id()) for text in texts]


def _edited(text: str, draw: random.Random) -> str:
    at = draw.randrange(max(1, len(text) - 20))
    changed = re.sub(r"\d", lambda _: str(draw.randrange(10)), text[:at] + text[at + 8 :])
    return f"ด่วนค่ะ {changed} ทักไลน์ @boss{draw.randrange(10_000)}"


def _composed(draw: random.Random) -> Iterator[str]:
    """Texts of clauses from authored offers, each a new mixture of four to seven."""
    blocks = "\n".join(file.read_text("utf-8") for file in sorted(_TEXTS.glob("*.txt")))
    lines = [line for line in blocks.splitlines() if line and not line.startswith("@@")]
    clauses = sorted({part for line in lines for part in re.split(r"\s{1,}", line) if 12 <= len(part) <= 80})
    while True:
        yield " ".join(draw.sample(clauses, draw.randint(4, 7))) + f" โทร 08{draw.randrange(10**8):08}"


async def _fill(connection: Any, rows: int) -> Ground:
    await connection.execute("SET synchronous_commit = off; SET maintenance_work_mem = '256MB'")
    definitions = await drop_indexes(connection, _INDEXED)
    keyset, now = new_keyset(), utc_now()
    waves = rows // _SENDERS_A_WAVE
    texts = await _fill_waves(connection, keyset, waves, now)
    await _fill_people(connection, rows, waves)
    handles = await _fill_handles(connection, keyset, rows, now)
    for definition in definitions:
        await connection.execute(definition)
    await connection.execute("VACUUM (ANALYZE)")
    await refresh_radar(connection, now)
    await _past_weeks(connection)
    return Ground(keyset, texts, handles)


async def _fill_waves(connection: Any, keyset: Keyset, waves: int, now: datetime) -> list[str]:
    draw, composed = random.Random(1), _composed(random.Random(2))
    own = min(waves // 5, _MOST_COMPOSED)
    texts = [next(composed) for _ in range(own)]
    prints = [print_of(keyset, text) for text in texts]
    signed = [pack(sign(keyset, p.letters)) for p in prints]
    ids = [new_id() for _ in range(waves)]
    draw.shuffle(ids)

    def signatures() -> Iterator[bytes]:
        yield from signed
        for _ in range(waves - own):
            yield draw.randbytes(2 * PERMUTATIONS)

    await connection.copy_records_to_table(
        "wave", columns=["id", "signature", "band", "kind", "founded_at"],
        records=((i, s, "danger", "online_task", now) for i, s in zip(ids, signatures(), strict=True)),
    )  # fmt: skip
    await connection.copy_records_to_table(
        "wave_print", columns=["print", "wave_id"],
        records=((prints[n].exact if n < own else draw.randbytes(16), i) for n, i in enumerate(ids)),
    )  # fmt: skip
    await connection.copy_records_to_table(
        "wave_band", columns=["band", "wave_id"], records=_bands(signed, ids, draw)
    )
    return texts


def _bands(signed: list[bytes], ids: list[UUID], draw: random.Random) -> Iterator[tuple[int, UUID]]:
    from_texts = (bands(unpack(stored)) for stored in signed)
    for wave_id in ids:
        keys = next(from_texts, None) or [draw.getrandbits(64) - 2**63 for _ in range(BANDS)]
        yield from ((key, wave_id) for key in keys)


# Senders spread over thirty days and all waves; one wave has a hundredth of them, all of this week.
_SENDERS = """
INSERT INTO wave_sender (wave_id, contact_id, known_since, first_at, last_at)
SELECT w.id, gen_random_uuid(), now() - interval '90 days', at, at
FROM (SELECT n, CASE WHEN n % 100 = 0 THEN 0 ELSE n % $2 END AS wave,
             now() - interval '30 days' * (CASE WHEN n % 100 = 0 THEN 0.2 ELSE 1 END) * (1 - n::float8 / $1) AS at
      FROM generate_series(1, $1::int) n) s
JOIN (SELECT id, row_number() OVER () - 1 AS n FROM wave) w ON w.n = s.wave
"""
_SCREENINGS = """
INSERT INTO screening (id, contact_id, channel, band, score, kind, indicators, province, rules, model, wave_id, created_at)
SELECT gen_random_uuid(), contact_id, 'line', 'danger', 0.9, (ARRAY['online_task', 'scam_centre', 'home_work', 'other'])
       [1 + (hashtext(wave_id::text) & 3)], '{}', 'p' || (hashtext(contact_id::text) & 63), 'r', 'm', wave_id, first_at
FROM wave_sender
"""
_PAST = """
INSERT INTO screening_trend SELECT 'week', starts_on - 7 * n, province, kind, screenings, flagged, senders
FROM screening_trend, generate_series(2, 52) n
WHERE span = 'week' AND starts_on = (SELECT max(starts_on) FROM screening_trend WHERE span = 'week')
"""


async def _fill_people(connection: Any, rows: int, waves: int) -> None:
    await connection.execute(_SENDERS, rows, waves)
    await connection.execute(_SCREENINGS)


async def _past_weeks(connection: Any) -> None:
    """A year of figures: the radar reads weeks that were rolled up when they were new."""
    await connection.execute(_PAST)


async def _fill_handles(connection: Any, keyset: Keyset, rows: int, now: datetime) -> list[Handle]:
    """A tenth as many handles as rows, every fiftieth of them confirmed; half of those asked for are stored."""
    draw = random.Random(3)
    handles = [Handle("line_id", f"boss{n}", 0, 5) for n in range(rows // 10)]
    prints = [print_of_handle(keyset, h.kind, h.value) for h in handles]
    when = now - timedelta(days=20)

    def reports() -> Iterator[tuple[bytes, UUID, str, UUID, datetime, datetime, datetime]]:
        for _ in range(rows):
            someone = UUID(int=draw.getrandbits(128))
            yield draw.choice(prints), someone, "line_id", someone, when, when, when

    await connection.copy_records_to_table(
        "handle_report", records=reports(),
        columns=["print", "contact_id", "kind", "screening_id", "known_since", "first_at", "last_at"],
    )  # fmt: skip
    await connection.copy_records_to_table(
        "reported_handle", columns=["id", "print", "kind", "senders", "verdict", "decided_at", "created_at"],
        records=(
            (new_id(), p, "line_id", 10, "open" if n % 50 else "confirmed", None if n % 50 else now, now)
            for n, p in enumerate(prints)
        ),
    )  # fmt: skip
    stranger = [Handle("line_id", f"nobody{n}", 0, 5) for n in range(_ASKED // 2)]
    return draw.sample([*draw.sample(handles, min(len(handles), _ASKED // 2)), *stranger], _ASKED // 2)


async def _radar(connection: Any) -> None:
    """What a page of the radar asks: a year by week, this week by province and kind, the waves of now."""
    today = utc_now().date()
    await trend(connection, "week", today - timedelta(days=365), today)
    await trend(connection, "week", today - timedelta(days=14), today, province=None, kind=None)
    await list_waves(connection, utc_now())


def main() -> None:
    parser = argparse.ArgumentParser(description="Look like offers and handles up among many stored ones.")
    parser.add_argument("--rows", type=int, default=ROWS)
    print(asyncio.run(measure_lookups(parser.parse_args().rows)))


if __name__ == "__main__":
    main()
