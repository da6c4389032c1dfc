"""One of everything, and the clock through years: each class goes at its time, a held report stays. Guards 18.

Rows are made from the schema, so that a table which comes later is in this test from its first day: it needs a class, or a
reason to be of nobody.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from app.chores import Chores
from app.models import METADATA
from app.runtime import Runtime
from core.crypto.boxed import Box, Sealed
from core.crypto.data_keys import DataKeys
from core.crypto.sealing import context, seal
from core.db.database import Database, driver_connection
from core.errors import KeyDestroyedError
from core.ids import new_id
from core.retention.classes import kept_classes
from core.settings import Settings
from referrals.keeping.holding import release_report
from referrals.report_erasure import CONTENT_TABLES
from screening.prints import bands, unpack
from tests.conftest import MovableClock

CANARY = "นกขมิ้นเหลืองอ่อน"
# What is about nobody, or belongs to the machinery: no time ends it.
OF_NOBODY = {
    "data_key", "quota_use", "rate_bucket", "worker_beat", "group_setting", "quiz_tally", "questionnaire", "team",
    "routing_rule", "calendar_day", "canned_answer", "hotline_version", "hotline_warning", "screening_trend",
    "licence_register", "licensed_recruiter", "licence_gram", "link_day", "entry_day", "unit_figure",
}  # fmt: skip
# Of every report there are two: one that is over, one that is held.
OF_REPORTS = [name for name, table in METADATA.tables.items() if "referral_id" in table.c]
SIGNATURE = bytes(range(128))
STEPS = (0.4, 1.1, 1.6, 2.2, 8, *(31 * n for n in range(1, 37)))


class Maker:
    """Makes rows from the schema: every required column gets something of its type, links get the row made last."""

    def __init__(self, connection: Any, keys: DataKeys, now: datetime) -> None:
        self._connection, self._keys, self._now = connection, keys, now
        self.last: dict[str, Any] = {}
        self.key = b""

    async def make(self, name: str, **given: Any) -> UUID | None:
        """Insert a row and return its id, where it has one."""
        table = METADATA.tables[name]
        row_id = given.get("id") or (new_id() if "id" in table.c else None)
        values = {
            column.name: self._value(column, row_id)
            for column in table.columns
            if not column.nullable or isinstance(column.type, Sealed)
        } | given
        names = ", ".join(f'"{column}"' for column in values)
        places = ", ".join(f"${n}" for n in range(1, len(values) + 1))
        await self._connection.execute(f"INSERT INTO {name} ({names}) VALUES ({places})", *values.values())
        self.last[name] = values
        return row_id

    def _value(self, column: sa.Column[Any], row_id: UUID | None) -> Any:
        for link in column.foreign_keys:
            return self.last[link.column.table.name][link.column.name]
        if column.name == "id":
            return row_id
        if isinstance(column.type, Sealed):
            bound = context(column.table.name, column.name, row_id or "")
            return Box(seal(self.key, CANARY.encode(), bound)).sealed
        return self._plain(column)

    def _plain(self, column: sa.Column[Any]) -> Any:
        made: tuple[tuple[type[Any], Any], ...] = (
            (sa.DateTime, self._now), (sa.Date, self._now.date()), (sa.Uuid, new_id()), (sa.LargeBinary, new_id().bytes),
            (sa.Boolean, False), (ARRAY, []), (JSONB, "{}"), (sa.Integer, 0), (sa.Float, 0.0),
        )  # fmt: skip
        return next((value for kind, value in made if isinstance(column.type, kind)), new_id().hex)


def given(now: datetime) -> Mapping[str, dict[str, Any]]:
    """What a row needs beside its types: allowed codes, and that it has ended at this moment."""
    return {
        "inbound_event": {"handled_at": now, "channel": "line"},
        "message": {"state": "sent", "finished_at": now},
        "erasure_request": {"done_at": now},
        "account_session": {"ended_at": now},
        "referral_note": {"level": "me"},
        "report_keeping": {"kind": "hold", "until": None},
        "shift": {"starts_at": now - timedelta(hours=8), "ends_at": now},
        "reported_handle": {"verdict": "confirmed", "decided_at": now},
        "screening_label": {"author": "staff"},
        "screening_trend": {"span": "day"},
        "hotline_version": {"act": "added"},
        "retention_change": {"code": "waves", "withdrawn_at": now},
        "breach": {"kind": "drill"},
        "campaign_test": {"kind": "line", "state": "sent"},
        "wave": {"signature": SIGNATURE},
        "consent": {"topic": "campaigns"},
        "campaign": {"state": "done"},
        "campaign_approval": {"verdict": "approved"},
        "campaign_run": {"state": "done", "ended_at": now},
        "agency": {"answers_within": 24, "kind": "police"},
        "agency_referral": {"state": "done", "identity": "withheld"},
        "case_event": {"track": "victim", "step": "possible", "source": "manual"},
    }


def links(table: str, last: Mapping[str, Any]) -> dict[str, Any]:
    """Return what ties a row to one made before where the schema does not demand it."""
    if table == "message_attempt":
        return {"message_id": last["message"]["id"]}
    if table in ("wave_print", "wave_day", "wave_sender"):
        return {"wave_id": last["wave"]["id"]}
    if table == "wave_band":
        return {"wave_id": last["wave"]["id"], "band": bands(unpack(SIGNATURE))[0]}
    if table == "agency_pairing":
        return {"taker_id": last["agency"]["id"]}
    return {}


async def make_everything(database: Database, keys: DataKeys, now: datetime) -> tuple[UUID, UUID]:
    """Make one of everything; of what a report has two. Return the report that is over and the held one."""
    special = given(now)
    async with database.unit_of_work() as session:
        connection = await driver_connection(session)
        maker = Maker(connection, keys, now)
        over, held = [await _report(session, maker, keys, special, now, held=held) for held in (False, True)]
        await maker.make("wave", **special["wave"])
        for table in METADATA.sorted_tables:
            if table.name in maker.last:
                continue
            await maker.make(table.name, **special.get(table.name, {}), **links(table.name, maker.last))
        lone = await maker.make("wave", senders=1)
        await connection.execute(
            "UPDATE wave SET senders = 3, last_day = $2 WHERE id <> $1", lone, now.date()
        )
    return over, held


async def _report(
    session: Any,
    maker: Maker,
    keys: DataKeys,
    special: Mapping[str, dict[str, Any]],
    now: datetime,
    *,
    held: bool,
) -> UUID:
    """Make a closed report with its person, staff and everything that hangs on it."""
    row, maker.key = keys.row("case")
    session.add(row)
    await session.flush()
    maker.last["data_key"] = {"id": row.id}
    for name in ("contact", "channel_identity", "account", "team", "message", "questionnaire", "agency"):
        if name not in maker.last or name == "message":
            role = {"role": "supervisor"} if name == "account" else {}
            await maker.make(name, **special.get(name, {}), **role)
    report = await maker.make(
        "referral", state="closed", closed_at=now, priority="P2", kept_for="prosecution" if held else None,
        claimed_by=maker.last["account"]["id"],
    )  # fmt: skip
    assert report is not None
    to_account = {"hand_over": {"to_account": maker.last["account"]["id"], "ended_at": now}}
    for name in OF_REPORTS:
        more = special.get(name, {}) | to_account.get(name, {})
        message = {"message_id": maker.last["message"]["id"]} if name == "referral_entry" else {}
        await maker.make(name, **more, **message)
    return report


async def counts(database: Database) -> dict[str, int]:
    async with database.unit_of_work() as session:
        connection = await driver_connection(session)
        return {
            name: await connection.fetchval(f"SELECT count(*) FROM {name}")
            for name in sorted(METADATA.tables)
        }


def lives(table: str) -> list[timedelta]:
    """Return how long each row of a table that a class's rows end with lives; empty where none ends so."""
    return [
        kept.span(kept.length)
        for kept in kept_classes().values()
        if kept.ends == "rows" and kept.length and table in kept.tables
    ]


def expected(before: Mapping[str, int], age: timedelta) -> dict[str, int]:
    """How many rows of each table there are at an age, of how many there were."""
    content = {model.__tablename__ for model in CONTENT_TABLES}
    report_over = age > kept_classes()["report_words"].span(90)
    left: dict[str, int] = {}
    for table, count in before.items():
        ends = sorted(lives(table))
        if len(ends) > 1:
            # Waves: the lone one goes first.
            left[table] = sum(end >= age for end in ends) if table == "wave" else count * (max(ends) >= age)
        elif ends and ends[0] < age:
            left[table] = 0
        else:
            left[table] = count - (table in content and report_over)
    return left


# What the test itself or the sweep adds to.
_GROWS = {"retention_tally", "erasure", "data_key", "audit_event", "audit_head", "worker_beat"}


@pytest.fixture
def from_now(standing_clock: MovableClock) -> MovableClock:
    """Ids are made by the machine's own clock, so the tests' clock starts there."""
    standing_clock.moment = datetime.now(UTC)
    return standing_clock


async def retain(chores: Chores) -> None:
    await chores._retain()
    await chores._look_after_reports()


async def test_through_years_each_class_goes_at_its_time_and_a_held_report_stays(
    database: Database, keys: DataKeys, settings: Settings, from_now: MovableClock
) -> None:
    begun = from_now()
    over, held = await make_everything(database, keys, begun)
    before = await counts(database)
    assert [table for table, count in before.items() if not count] == []
    chores = Chores(Runtime(settings, database, keys), None)
    for days in STEPS:
        from_now.moment = begun + timedelta(days=days)
        await retain(chores)
        wanted = expected(before, timedelta(days=days))
        found = await counts(database)
        assert {t: n for t, n in found.items() if t not in _GROWS} == {
            t: n for t, n in wanted.items() if t not in _GROWS
        }, days
        assert await _words_of(database, "inbound_event", "body") == int(days < 1), days
        assert await _words_of(database, "message", "content") == 2 * int(days < 7), days
        assert await _readable(database, keys, over) is (days < 90), days
        assert await _readable(database, keys, held), days
    await _release(database, held)
    from_now.advance(days=15)
    await retain(chores)
    assert not await _readable(database, keys, held)
    left = await counts(database)
    assert {model.__tablename__: left[model.__tablename__] for model in CONTENT_TABLES} == {
        model.__tablename__: 0 for model in CONTENT_TABLES
    }
    assert await _where_it_stands(database, CANARY) == []
    assert await _tallied(database, "report_words") == 2


async def _words_of(database: Database, table: str, column: str) -> int:
    async with database.unit_of_work() as session:
        connection = await driver_connection(session)
        count: int = await connection.fetchval(f"SELECT count(*) FROM {table} WHERE {column} IS NOT NULL")
        return count


async def _readable(database: Database, keys: DataKeys, referral_id: UUID) -> bool:
    async with database.unit_of_work() as session:
        connection = await driver_connection(session)
        key_id = await connection.fetchval("SELECT data_key_id FROM referral WHERE id = $1", referral_id)
        bodies = await connection.fetchval(
            "SELECT count(*) FROM referral_entry WHERE referral_id = $1 AND body IS NOT NULL", referral_id
        )
        try:
            await keys.load(session, key_id)
        except KeyDestroyedError:
            assert bodies == 0
            return False
        return bool(bodies == 1)


async def _release(database: Database, referral_id: UUID) -> None:
    async with database.unit_of_work() as session:
        by = await session.scalar(sa.text("SELECT id FROM account LIMIT 1"))
        await release_report(session, referral_id, by=by)


async def _where_it_stands(database: Database, words: str) -> list[str]:
    """Look for words in every column of every table, as they are and as hex."""
    async with database.unit_of_work() as session:
        connection = await driver_connection(session)
        names = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return [
            row["tablename"]
            for row in names
            if await connection.fetchval(
                f'SELECT EXISTS (SELECT FROM "{row["tablename"]}" AS t WHERE t::text LIKE ANY($1))',
                [f"%{words}%", f"%{words.encode().hex()}%"],
            )
        ]


async def _tallied(database: Database, code: str) -> int:
    async with database.unit_of_work() as session:
        connection = await driver_connection(session)
        removed: int = await connection.fetchval(
            "SELECT sum(removed)::int FROM retention_tally WHERE code = $1", code
        )
        return removed


def test_every_table_has_a_class_or_is_of_nobody() -> None:
    classed = {table for kept in kept_classes().values() for table in kept.tables}
    assert (classed | OF_NOBODY) & set(METADATA.tables) == set(METADATA.tables)
    assert not classed & OF_NOBODY
